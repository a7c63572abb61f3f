//! FFJORD's toy sets whose points are all of a kind.

use super::curve::Curve;
use super::{Density, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use std::f64::consts::PI;
use std::sync::LazyLock;

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

impl Sampler for SwissRoll {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Points::draw(len, |_| {
            let angle = 1.5 * PI * (1.0 + 2.0 * rng.uniform());
            let (sin, cos) = libm::sincos(angle);
            [(angle * cos + rng.normal()) / 5.0, (angle * sin + rng.normal()) / 5.0]
        })
        .into()
    }
}

impl Density for SwissRoll {
    fn log_density(&self, x: &[f64]) -> f64 {
        ROLL.log_density(x, 0.2)
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.669646)
    }
}

/// The diagonal from (-2.5, -2.5) to (2.5, 2.5).
pub struct Line;

impl Sampler for Line {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Points::draw(len, |_| [5.0 * rng.uniform() - 2.5; 2]).into()
    }
}

/// FFJORD's "cos": y = 2.5 sin x.
pub struct Cosine;

impl Sampler for Cosine {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Points::draw(len, |_| {
            let x = 5.0 * rng.uniform() - 2.5;
            [x, 2.5 * libm::sin(x)]
        })
        .into()
    }
}
