//! FFJORD's toy sets that are neither mixtures of Gaussians nor of rings.

use super::Distribution;
use super::mixture::log_sum_exp;
use crate::points::Points;
use crate::rng::Rng;
use std::f64::consts::{PI, TAU};

/// The moons' noise, and the intervals that each half circle is cut into for their density.
const NOISE: f64 = 0.1;
const ARC_NODES: usize = 256;

/// Two interleaved half circles with noise 0.1, times 2, moved by (-1, -0.2).
pub struct Moons;

impl Distribution for Moons {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let upper = rng.below(2) == 0;
            let (sin, cos) = libm::sincos(PI * rng.uniform());
            let [x, y] = if upper { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
            let [x, y] = [x + NOISE * rng.normal(), y + NOISE * rng.normal()];
            [2.0 * x - 1.0, 2.0 * y - 0.2]
        })
    }

    /// The integral over each half circle by Simpson's rule, whose nodes are an eighth of the noise apart: exact to seven
    /// digits.
    fn log_density(&self, x: &[f64]) -> Option<f64> {
        // In the units of the circles, before they are scaled.
        let (x, y) = ((x[0] + 1.0) / 2.0, (x[1] + 0.2) / 2.0);
        let weight = |i: usize| match i {
            0 | ARC_NODES => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let term = |i: usize, dx: f64, dy: f64| libm::log(weight(i)) - (dx * dx + dy * dy) / (2.0 * NOISE * NOISE);
        let angles = (0..=ARC_NODES).map(|i| (i, libm::sincos(PI * i as f64 / ARC_NODES as f64)));
        let terms =
            angles.flat_map(|(i, (sin, cos))| [term(i, x - cos, y - sin), term(i, x - 1.0 + cos, y - 0.5 + sin)]);
        // ½ (1/π) (π / 3 nodes) / (2π noise²), and the area of the scaling.
        let factor = 0.5 / (3.0 * ARC_NODES as f64) / (2.0 * PI * NOISE * NOISE) / 4.0;
        Some(log_sum_exp(terms) + libm::log(factor))
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.393879)
    }
}

/// Two spirals of three half turns.
pub struct TwoSpirals;

impl Distribution for TwoSpirals {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let angle = 3.0 * PI * libm::sqrt(rng.uniform());
            let (sin, cos) = libm::sincos(angle);
            let along = [-cos * angle + 0.5 * rng.uniform(), sin * angle + 0.5 * rng.uniform()];
            let sign = if rng.below(2) == 0 { 1.0 } else { -1.0 };
            along.map(|x| sign * x / 3.0 + 0.1 * rng.normal())
        })
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.637)
    }
}

/// The side of a checkerboard's square.
pub const SQUARE_SIDE: f64 = 2.0;

/// The lower left corners of its eight squares.
pub const SQUARES: [[f64; 2]; 8] =
    [[-4.0, -4.0], [-4.0, 0.0], [-2.0, -2.0], [-2.0, 2.0], [0.0, -4.0], [0.0, 0.0], [2.0, -2.0], [2.0, 2.0]];

/// Uniform on eight squares of side 2.
pub struct Checkerboard;

impl Distribution for Checkerboard {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let x = 4.0 * rng.uniform() - 2.0;
            let row = rng.uniform() - 2.0 * rng.below(2) as f64;
            [2.0 * x, 2.0 * (row + libm::floor(x).rem_euclid(2.0))]
        })
    }

    fn log_density(&self, x: &[f64]) -> Option<f64> {
        let column = libm::floor(x[0] / 2.0);
        let row = libm::floor(x[1] / 2.0);
        let on_board = (-2.0..2.0).contains(&column) && (-2.0..2.0).contains(&row);
        let filled = on_board && (column + row).rem_euclid(2.0) == 0.0;
        Some(if filled { -libm::log(32.0) } else { f64::NEG_INFINITY })
    }

    fn entropy(&self) -> Option<f64> {
        Some(libm::log(32.0))
    }

    fn is_checkerboard(&self) -> bool {
        true
    }
}

/// Five arms, bent the more the farther out.
pub struct Pinwheel;

impl Distribution for Pinwheel {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let arm = rng.below(5) as f64;
            let (radial, tangential) = (1.0 + 0.3 * rng.normal(), 0.1 * rng.normal());
            let (sin, cos) = libm::sincos(TAU * arm / 5.0 + 0.25 * libm::exp(radial));
            [2.0 * (radial * cos + tangential * sin), 2.0 * (tangential * cos - radial * sin)]
        })
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.308)
    }
}

/// A band rolled up one turn and a half, with noise 1, divided by 5.
pub struct SwissRoll;

impl Distribution for SwissRoll {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let angle = 1.5 * PI * (1.0 + 2.0 * rng.uniform());
            let (sin, cos) = libm::sincos(angle);
            [(angle * cos + rng.normal()) / 5.0, (angle * sin + rng.normal()) / 5.0]
        })
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.669646)
    }
}

/// The diagonal from (-2.5, -2.5) to (2.5, 2.5).
pub struct Line;

impl Distribution for Line {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| [5.0 * rng.uniform() - 2.5; 2])
    }
}

/// FFJORD's "cos": y = 2.5 sin x.
pub struct Cosine;

impl Distribution for Cosine {
    fn dim(&self) -> usize {
        2
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        Points::draw(len, |_| {
            let x = 5.0 * rng.uniform() - 2.5;
            [x, 2.5 * libm::sin(x)]
        })
    }
}
