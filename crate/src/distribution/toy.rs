//! FFJORD's toy sets that are neither mixtures of Gaussians nor of rings.

use super::Distribution;
use super::curve::Curve;
use super::mixture::log_sum_exp;
use crate::points::Points;
use crate::rng::Rng;
use std::f64::consts::{LN_2, PI};
use std::sync::LazyLock;

/// The moons' noise, and the intervals that each half circle is cut into for their density.
const NOISE: f64 = 0.1;
const ARC_NODES: usize = 256;

/// Cosine, sine and Simpson's weight of each node of a half circle: most of a density's time, were they computed anew.
static ARC: LazyLock<Vec<[f64; 3]>> = LazyLock::new(|| {
    let node = |i: usize| {
        let (sin, cos) = libm::sincos(PI * i as f64 / ARC_NODES as f64);
        let weight = if i.is_multiple_of(ARC_NODES) { 1.0 } else { [2.0, 4.0][i % 2] };
        [cos, sin, weight]
    };
    (0..=ARC_NODES).map(node).collect()
});

/// ln Σ weight · exp(-d²/2 noise²) over the nodes of the upper half of the unit circle. d² = x² + y² + 1 - 2 (x, y) · node,
/// so that only the last part is different for each.
fn near_half_circle(x: f64, y: f64) -> f64 {
    let variance = NOISE * NOISE;
    let along = |[cos, sin, _]: &[f64; 3]| x * cos + y * sin;
    let largest = ARC.iter().map(along).fold(f64::NEG_INFINITY, f64::max);
    // Terms below e^-30 of the largest, which most are, are not worth their exponential.
    let near = ARC.iter().filter(|node| along(node) >= largest - 30.0 * variance);
    let total: f64 = near.map(|node| node[2] * libm::exp((along(node) - largest) / variance)).sum();
    libm::log(total) - (x * x + y * y + 1.0 - 2.0 * largest) / (2.0 * variance)
}

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
        // In the units of the circles, before they are scaled; the lower one is the upper one turned by half a turn.
        let (x, y) = ((x[0] + 1.0) / 2.0, (x[1] + 0.2) / 2.0);
        let both = [near_half_circle(x, y), near_half_circle(1.0 - x, 0.5 - y)];
        // ½ (1/π) (π / 3 nodes) / (2π noise²), and the area of the scaling.
        let factor = 0.5 / (3.0 * ARC_NODES as f64) / (2.0 * PI * NOISE * NOISE) / 4.0;
        Some(log_sum_exp(both.into_iter()) + libm::log(factor))
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.393879)
    }
}

/// The uniform noise of a spiral's coordinates, all to one side, and the Gaussian one.
const ASIDE: f64 = 0.5 / 3.0;
const SPIRAL_NOISE: f64 = 0.1;

/// One spiral, whose angle is 3π √u. Equal steps of the nodes' parameter are about equal lengths: the speed along the curve
/// is √(1 + angle²) / 3.
static SPIRAL: LazyLock<Curve> = LazyLock::new(|| {
    let end = 3.0 * PI;
    let stretch = (1.0 + end) * (1.0 + end) - 1.0;
    Curve::open(48, |parameter| {
        let angle = libm::sqrt(1.0 + stretch * parameter) - 1.0;
        let (sin, cos) = libm::sincos(angle);
        let speed = stretch / (2.0 * (1.0 + angle));
        ([-cos * angle / 3.0, sin * angle / 3.0], 2.0 * angle / (end * end) * speed)
    })
});

/// Two spirals of three half turns, one the other turned by half a turn.
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
            along.map(|x| sign * x / 3.0 + SPIRAL_NOISE * rng.normal())
        })
    }

    fn log_density(&self, x: &[f64]) -> Option<f64> {
        let of_one = |sign: f64| SPIRAL.log_density_in_squares(&[sign * x[0], sign * x[1]], ASIDE, SPIRAL_NOISE);
        Some(log_sum_exp([of_one(1.0), of_one(-1.0)].into_iter()) - LN_2)
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.645450)
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

/// The band in 40 parts, of at most three and a half deviations of its noise.
static ROLL: LazyLock<Curve> = LazyLock::new(|| {
    Curve::open(40, |parameter| {
        let angle = 1.5 * PI * (1.0 + 2.0 * parameter);
        let (sin, cos) = libm::sincos(angle);
        ([angle * cos / 5.0, angle * sin / 5.0], 1.0)
    })
});

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

    fn log_density(&self, x: &[f64]) -> Option<f64> {
        Some(ROLL.log_density(x, 0.2))
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
