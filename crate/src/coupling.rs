//! Two batches in, a pairing out: which noise point each data point is joined to.

use serde::{Deserialize, Serialize};

/// The joint law that pairs of ends are drawn from in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Coupling {
    /// P × Q: each data point meets whichever noise point was drawn beside it.
    #[default]
    Independent,
}

impl Coupling {
    /// For a batch of `len` data and `len` noise points: the noise index that each data point is paired with.
    pub fn pair(self, len: usize) -> Vec<usize> {
        match self {
            Self::Independent => (0..len).collect(),
        }
    }
}
