//! The parameter θ ~ N(0, 1) of the observation x = θ + N(0, ¼): given x it is N(4x/5, 1/5).

use super::mixture::{Gaussian, Mixture};
use super::{Distribution, KnownNumber, Labelled, Sampler};
use crate::rng::Rng;
use std::rc::Rc;

/// The standard deviation of what is observed about the parameter.
const NOISE: f64 = 0.5;
/// Precisions add: that of the prior is 1.
const PRECISION: f64 = 1.0 + 1.0 / (NOISE * NOISE);

struct LinearGaussian;

pub(super) fn linear_gaussian() -> Distribution {
    let deviation = libm::sqrt(1.0 + NOISE * NOISE);
    let x = KnownNumber { name: "x".into(), mean: 0.0, deviation, least: -3.0, greatest: 3.0 };
    let prior = Mixture::standard_normal(1).into();
    Distribution { sampler: Rc::new(LinearGaussian), numbers: vec![x], posterior: Some(posterior), ..prior }
}

fn posterior(observed: &[f64]) -> Distribution {
    let mean = observed[0] / (NOISE * NOISE * PRECISION);
    Mixture::of_one(Gaussian::new(vec![mean], vec![1.0 / PRECISION])).into()
}

impl Sampler for LinearGaussian {
    fn dim(&self) -> usize {
        1
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::observed(len, || {
            let parameter = rng.normal();
            ([parameter], [parameter + NOISE * rng.normal()])
        })
    }
}
