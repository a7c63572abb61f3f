//! What is reported about a trained flow: a number, its spread, and what it was measured on.

mod classifier;
mod frechet;
mod mmd;
mod nll;
mod reweighting;
mod straightness;
mod wasserstein;

pub use crate::estimate::Estimate;
pub use classifier::{CLASSIFIED_SIDE, CONVOLUTIONS, Classifier, Convolution};
pub use frechet::{Moments, frechet};
pub use mmd::{Bandwidth, Discrepancy, NullBand, mmd, null_band};
pub use nll::{Gate, Likelihood, kl, likelihood};
pub use reweighting::{FEWEST_EFFECTIVE, Reweighting};
pub use straightness::{
    Straightness, normalized_path_energy, relative_movement, straightness, straightness_of_field, straightness_on,
};
pub use wasserstein::{
    nearest_distance, nearest_distance_on, sliced_wasserstein, sliced_wasserstein_estimate, sliced_wasserstein_pairs,
    wasserstein, wasserstein_on, wasserstein_one,
};
