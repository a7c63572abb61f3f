//! A mixture of von Mises–Fisher laws on the sphere.

use super::mixture::log_sum_exp;
use super::von_mises::chosen;
use super::{Density, Distribution, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use crate::space::{Space, SpaceKind, Sphere};
use std::f64::consts::TAU;
use std::rc::Rc;

/// The law κ e^(κ μ·x) / 4π sinh κ of a direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VonMisesFisher {
    /// μ, of length 1.
    pub mean: [f64; 3],
    /// κ, above 0.
    pub concentration: f64,
}

impl VonMisesFisher {
    /// ln p of a point.
    pub fn log_density(self, x: &[f64]) -> f64 {
        let Self { mean, concentration } = self;
        let cos: f64 = mean.iter().zip(x).map(|(m, x)| m * x).sum();
        let mass = 1.0 - libm::exp(-2.0 * concentration);
        concentration * (cos - 1.0) + libm::log(concentration) - libm::log(TAU * mass)
    }

    /// A point: its height along μ by the inverse of its law, which is exponential, and any direction around.
    pub fn draw(self, rng: &mut Rng) -> [f64; 3] {
        let Self { mean, concentration } = self;
        let share = rng.uniform();
        let height = 1.0 + libm::log(share + (1.0 - share) * libm::exp(-2.0 * concentration)) / concentration;
        let normal = [rng.normal(), rng.normal(), rng.normal()];
        let aside = Sphere.project(&mean, &normal);
        let length = libm::sqrt(aside.iter().map(|x| x * x).sum());
        let radius = libm::sqrt((1.0 - height * height).max(0.0));
        std::array::from_fn(|k| height * mean[k] + radius * aside[k] / length)
    }
}

const fn law(mean: [f64; 3], concentration: f64) -> VonMisesFisher {
    VonMisesFisher { mean, concentration }
}

/// Each with its weight.
const PARTS: [(f64, VonMisesFisher); 3] =
    [(0.4, law([0.8, 0.0, 0.6], 15.0)), (0.35, law([-0.6, 0.64, 0.48], 8.0)), (0.25, law([0.0, -0.8, -0.6], 25.0))];

struct OnSphere;

pub(super) fn von_mises_fisher() -> Distribution {
    Distribution { space: SpaceKind::Sphere, ..Distribution::new(Rc::new(OnSphere)) }
}

impl Sampler for OnSphere {
    fn dim(&self) -> usize {
        Sphere.coordinates()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Points::draw(len, |_| chosen(&PARTS, rng).draw(rng)).into()
    }
}

impl Density for OnSphere {
    fn log_density(&self, x: &[f64]) -> f64 {
        let x = Sphere.own(x);
        log_sum_exp(PARTS.iter().map(|(weight, law)| libm::log(*weight) + law.log_density(&x)))
    }

    /// By quadrature.
    fn entropy(&self) -> Option<f64> {
        Some(1.294_259_545)
    }
}
