//! Two interleaved moons.

use super::mixture::log_sum_exp;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::PI;
use std::rc::Rc;
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

/// One of them: the upper or the lower one.
#[derive(Clone, Copy)]
enum Moon {
    Upper,
    Lower,
}

impl From<Moons> for Distribution {
    fn from(moons: Moons) -> Self {
        let classes = Class::equally([("upper moon", Moon::Upper), ("lower moon", Moon::Lower)]);
        Self { classes, ..Self::new(Rc::new(moons)) }
    }
}

impl Sampler for Moons {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let moon = rng.below(2);
            let (sin, cos) = libm::sincos(PI * rng.uniform());
            let [x, y] = if moon == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
            let [x, y] = [x + NOISE * rng.normal(), y + NOISE * rng.normal()];
            ([2.0 * x - 1.0, 2.0 * y - 0.2], moon)
        })
    }
}

impl Moon {
    /// ln p(x) but for the constant, in the units of the circles, before they are scaled; the lower one is the upper one
    /// turned by half a turn.
    fn log_term(self, x: &[f64]) -> f64 {
        let (x, y) = ((x[0] + 1.0) / 2.0, (x[1] + 0.2) / 2.0);
        match self {
            Self::Upper => near_half_circle(x, y),
            Self::Lower => near_half_circle(1.0 - x, 0.5 - y),
        }
    }
}

/// (1/π) (π / 3 nodes) / (2π noise²), and the area of the scaling.
const FACTOR: f64 = 1.0 / (3.0 * ARC_NODES as f64) / (2.0 * PI * NOISE * NOISE) / 4.0;

/// The integral over the half circle by Simpson's rule, whose nodes are an eighth of the noise apart: exact to seven digits.
impl Density for Moon {
    fn log_density(&self, x: &[f64]) -> f64 {
        self.log_term(x) + libm::log(FACTOR)
    }
}

impl Density for Moons {
    fn log_density(&self, x: &[f64]) -> f64 {
        let both = [Moon::Upper, Moon::Lower].map(|moon| moon.log_term(x));
        log_sum_exp(both.into_iter()) + libm::log(0.5 * FACTOR)
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.393879)
    }
}
