//! A mixture of products of von Mises laws on the torus: two angles, of which some reach over the seams.

use super::mixture::log_sum_exp;
use super::{Density, Distribution, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use crate::space::{Space, SpaceKind, Torus};
use std::f64::consts::{PI, TAU};
use std::rc::Rc;

/// The law e^(κ cos(θ - μ)) / 2π I₀(κ) of an angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VonMises {
    /// μ, in radians.
    pub mean: f64,
    /// κ, above 0.
    pub concentration: f64,
}

impl VonMises {
    /// ln p of an angle.
    pub fn log_density(self, angle: f64) -> f64 {
        let Self { mean, concentration } = self;
        concentration * libm::cos(angle - mean) - libm::log(TAU) - log_bessel(concentration)
    }

    /// An angle, by rejection from a wrapped Cauchy law (Best and Fisher 1979).
    pub fn draw(self, rng: &mut Rng) -> f64 {
        let Self { mean, concentration } = self;
        let root = 1.0 + libm::sqrt(1.0 + 4.0 * concentration * concentration);
        let narrow = (root - libm::sqrt(2.0 * root)) / (2.0 * concentration);
        let ratio = (1.0 + narrow * narrow) / (2.0 * narrow);
        loop {
            let z = libm::cos(PI * rng.uniform());
            let cos = (1.0 + ratio * z) / (ratio + z);
            let excess = concentration * (ratio - cos);
            let level = 1.0 - rng.uniform();
            if libm::log(excess / level) + 1.0 - excess >= 0.0 {
                let aside = libm::acos(cos.clamp(-1.0, 1.0));
                return mean + if rng.below(2) == 0 { aside } else { -aside };
            }
        }
    }
}

/// ln I₀(κ) by its power series, all of whose terms are positive.
fn log_bessel(concentration: f64) -> f64 {
    let square = 0.25 * concentration * concentration;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 0.0);
    while term > f64::EPSILON * sum {
        k += 1.0;
        term *= square / (k * k);
        sum += term;
    }
    libm::log(sum)
}

const fn law(mean: f64, concentration: f64) -> VonMises {
    VonMises { mean, concentration }
}

/// Each with its weight: the law of either angle.
const PARTS: [(f64, [VonMises; 2]); 3] = [
    (0.4, [law(-1.2, 8.0), law(-0.7, 8.0)]),
    (0.4, [law(-2.0, 5.0), law(2.6, 5.0)]),
    (0.2, [law(2.9, 10.0), law(0.9, 6.0)]),
];

/// One of the parts of a mixture, by their weights, which add up to 1.
pub(super) fn chosen<'a, T>(parts: &'a [(f64, T)], rng: &mut Rng) -> &'a T {
    let mut left = rng.uniform();
    let found = parts.iter().find(|(weight, _)| {
        left -= weight;
        left < 0.0
    });
    &found.unwrap_or(&parts[parts.len() - 1]).1
}

struct OnTorus;

pub(super) fn von_mises() -> Distribution {
    Distribution { space: SpaceKind::Torus, ..Distribution::new(Rc::new(OnTorus)) }
}

impl Sampler for OnTorus {
    fn dim(&self) -> usize {
        Torus.coordinates()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let draw = |_| {
            let angles = chosen(&PARTS, rng).map(|law| law.draw(rng));
            let point = Torus.point(&angles);
            [point[0], point[1], point[2], point[3]]
        };
        Points::draw(len, draw).into()
    }
}

impl Density for OnTorus {
    fn log_density(&self, x: &[f64]) -> f64 {
        let angles = Torus.own(x);
        let of = |(weight, laws): &(f64, [VonMises; 2])| {
            libm::log(*weight) + laws[0].log_density(angles[0]) + laws[1].log_density(angles[1])
        };
        log_sum_exp(PARTS.iter().map(of))
    }

    /// By quadrature.
    fn entropy(&self) -> Option<f64> {
        Some(2.088_510_391)
    }
}
