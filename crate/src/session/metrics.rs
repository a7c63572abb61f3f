//! What can be measured.

use serde::{Deserialize, Serialize};

/// What can be measured, each with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// The NLL, the KL divergence and their gates.
    Likelihood,
    /// The sliced Wasserstein-2 distance and its floor.
    SlicedW2,
    /// The exact Wasserstein-2 distance.
    W2,
    /// MMD² and its null band.
    Mmd,
    /// Straightness, path energy and transport cost.
    Straightness,
    /// The NLL of generated points under the data's own density.
    GeneratedNll,
    /// The Fréchet distance of pictures, its floor, and how many are of the class asked for: by a classifier, where one was read.
    Frechet,
    /// How far each snapshot in time is from what the flow makes of the one before it.
    Snapshots,
    /// Samples weighted by the law that they should have: their effective number, ln Z and a difference of free energies.
    Reweighting,
}

impl Metric {
    /// All that is measured where nothing is named: weights, which take three more solves, have to be.
    pub const ALL: [Self; 8] = [
        Self::Likelihood,
        Self::SlicedW2,
        Self::W2,
        Self::Mmd,
        Self::Straightness,
        Self::GeneratedNll,
        Self::Frechet,
        Self::Snapshots,
    ];
}
