//! Two spirals.

use super::curve::Curve;
use super::mixture::log_sum_exp;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::{LN_2, PI};
use std::rc::Rc;
use std::sync::LazyLock;

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

/// One of them: as it is for 1, turned by half a turn for -1.
struct Spiral(f64);

const SIGNS: [f64; 2] = [1.0, -1.0];

impl From<TwoSpirals> for Distribution {
    fn from(both: TwoSpirals) -> Self {
        let classes = Class::equally([("spiral 1", Spiral(SIGNS[0])), ("spiral 2", Spiral(SIGNS[1]))]);
        Self { classes, ..Self::new(Rc::new(both)) }
    }
}

impl Sampler for TwoSpirals {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let angle = 3.0 * PI * libm::sqrt(rng.uniform());
            let (sin, cos) = libm::sincos(angle);
            let along = [-cos * angle + 0.5 * rng.uniform(), sin * angle + 0.5 * rng.uniform()];
            let spiral = rng.below(2);
            (along.map(|x| SIGNS[spiral] * x / 3.0 + SPIRAL_NOISE * rng.normal()), spiral)
        })
    }
}

impl Density for Spiral {
    fn log_density(&self, x: &[f64]) -> f64 {
        SPIRAL.log_density_in_squares(&[self.0 * x[0], self.0 * x[1]], ASIDE, SPIRAL_NOISE)
    }
}

impl Density for TwoSpirals {
    fn log_density(&self, x: &[f64]) -> f64 {
        log_sum_exp(SIGNS.iter().map(|&sign| Spiral(sign).log_density(x))) - LN_2
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.645450)
    }
}
