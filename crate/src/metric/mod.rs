//! What is reported about a trained flow: a number, its spread, and what it was measured on.

mod mmd;
mod nll;
mod straightness;
mod wasserstein;

pub use mmd::{Bandwidth, Discrepancy, NullBand, mmd, null_band};
pub use nll::{Densities, Gate, Likelihood, kl, likelihood, log_density};
pub use straightness::{Straightness, normalized_path_energy, relative_movement, straightness, straightness_of_field};
pub use wasserstein::{
    nearest_distance, sliced_wasserstein, sliced_wasserstein_estimate, sliced_wasserstein_pairs, wasserstein,
};

/// A mean with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Estimate {
    /// The mean of independent values; `None` for fewer than two, or where one is not finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let standard_error = (squares / (n - 1.0) / n).sqrt();
        (mean.is_finite() && standard_error.is_finite()).then_some(Self { mean, standard_error })
    }
}
