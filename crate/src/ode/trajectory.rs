//! What a solve is asked for and what it leaves behind.

use super::tableau::SolverKind;
use crate::error::{FlowError, check_range};
use crate::points::Points;
use serde::{Deserialize, Serialize};

/// Which solver, and how many equal steps it takes over the whole of [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SolverConfig {
    /// The method.
    pub kind: SolverKind,
    /// Solver steps between t = 0 and t = 1, 1 to 1000.
    pub steps: usize,
}

impl Default for SolverConfig {
    fn default() -> Self {
        Self { kind: SolverKind::Rk4, steps: 20 }
    }
}

impl SolverConfig {
    /// Right-hand-side evaluations of one solve (NFE).
    pub fn evaluations(&self) -> usize {
        self.steps * self.kind.tableau().stages()
    }

    /// Refuses a number of steps that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("solver.steps", self.steps, 1..=1000)
    }
}

/// Solution curves of a batch of points: its position at each recorded time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The times, in the order they were reached.
    pub times: Vec<f64>,
    /// The batch at each time.
    pub positions: Vec<Points>,
    /// Right-hand-side evaluations spent.
    pub evaluations: usize,
}
