//! A fractal tree, our own in place of pictures that may not be shipped.

use super::curve::log_normal_mass;
use super::mixture::log_sum_exp;
use super::{Density, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use std::f64::consts::{SQRT_2, TAU};

/// A branch: from a start along a unit direction.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Branch {
    start: [f64; 2],
    direction: [f64; 2],
    length: f64,
    weight: f64,
}

/// A trunk whose every branch bears two more, turned by 26° and 0.74 times as long, seven levels deep; uniform along
/// each branch, with noise 0.03.
#[derive(Debug, Clone, PartialEq)]
pub struct FractalTree {
    branches: Vec<Branch>,
}

const DEPTH: usize = 7;
const SHRINK: f64 = 0.74;
const TURN_DEGREES: f64 = 26.0;
const DEVIATION: f64 = 0.03;

impl Default for FractalTree {
    fn default() -> Self {
        let trunk = Branch { start: [0.0, -3.6], direction: [0.0, 1.0], length: 1.9, weight: 1.9 };
        let mut branches = vec![trunk];
        let mut level = vec![trunk];
        for _ in 1..DEPTH {
            level = level.iter().flat_map(children).collect();
            branches.extend(&level);
        }
        let total: f64 = branches.iter().map(|branch| branch.weight).sum();
        for branch in &mut branches {
            branch.weight /= total;
        }
        Self { branches }
    }
}

fn children(parent: &Branch) -> [Branch; 2] {
    [TURN_DEGREES, -TURN_DEGREES].map(|degrees| {
        let (sin, cos) = libm::sincos(degrees.to_radians());
        let [dx, dy] = parent.direction;
        Branch {
            start: [parent.start[0] + parent.length * dx, parent.start[1] + parent.length * dy],
            direction: [cos * dx - sin * dy, sin * dx + cos * dy],
            length: parent.length * SHRINK,
            // The weight is length · 0.74^level, so both factors shrink.
            weight: parent.weight * SHRINK * SHRINK,
        }
    })
}

impl Sampler for FractalTree {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let point = |_| {
            let mut left = rng.uniform();
            let chosen = self.branches.iter().find(|branch| {
                left -= branch.weight;
                left < 0.0
            });
            let branch = chosen.unwrap_or(&self.branches[0]);
            let along = branch.length * rng.uniform();
            [0, 1].map(|i| branch.start[i] + along * branch.direction[i] + DEVIATION * rng.normal())
        };
        Points::draw(len, point).into()
    }
}

/// Across a branch a Gaussian, along it a Gaussian-blurred uniform.
impl Density for FractalTree {
    fn log_density(&self, x: &[f64]) -> f64 {
        log_sum_exp(self.branches.iter().map(|branch| {
            let offset = [x[0] - branch.start[0], x[1] - branch.start[1]];
            let [dx, dy] = branch.direction;
            let along = (offset[0] * dx + offset[1] * dy) / DEVIATION;
            let across = (offset[1] * dx - offset[0] * dy) / DEVIATION;
            let start = along - branch.length / DEVIATION;
            let inside = normal_mass(start, along) / branch.length;
            // So far out that the mass is no normal number any more, but its logarithm is.
            let lost = inside < f64::MIN_POSITIVE;
            let log_inside =
                || log_normal_mass(start, branch.length / DEVIATION) + libm::log(branch.weight / branch.length);
            let log_weighted = if lost { log_inside() } else { libm::log(branch.weight * inside) };
            log_weighted - 0.5 * across * across - libm::log(DEVIATION * libm::sqrt(TAU))
        }))
    }

    fn entropy(&self) -> Option<f64> {
        Some(1.653649)
    }
}

/// Φ(b) - Φ(a) for a < b, taken in the tail where the two do not cancel.
fn normal_mass(a: f64, b: f64) -> f64 {
    let upper_tail = |x: f64| 0.5 * libm::erfc(x / SQRT_2);
    if a > 0.0 { upper_tail(a) - upper_tail(b) } else { upper_tail(-b) - upper_tail(-a) }
}
