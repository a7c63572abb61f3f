//! What a solve is asked for and what it leaves behind.

use super::adaptive::Adaptive;
use super::tableau::SolverKind;
use crate::error::{FlowError, check_range};
use crate::points::Points;
use serde::{Deserialize, Serialize};

/// Which solver, and how its steps are chosen: equal, or as long as a tolerance allows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SolverConfig {
    /// The method.
    pub kind: SolverKind,
    /// Solver steps between t = 0 and t = 1, 1 to 1000, where they are equal.
    pub steps: usize,
    /// The error allowed in one solver step, absolute and relative, 1e-9 to 0.1, for a solver that estimates it: bosh3,
    /// dopri5 or tsit5. Without it the steps are equal.
    pub tolerance: Option<f64>,
}

impl Default for SolverConfig {
    fn default() -> Self {
        Self { kind: SolverKind::Rk4, steps: 20, tolerance: None }
    }
}

impl SolverConfig {
    /// Right-hand-side evaluations of one solve in equal steps over the whole of [0, 1] (NFE).
    pub fn evaluations(&self) -> usize {
        self.steps * self.kind.tableau().stages()
    }

    /// The adaptive solver, where a tolerance asks for one.
    pub fn adaptive(&self) -> Option<Adaptive> {
        Adaptive::new(self.kind, self.tolerance?)
    }

    /// A finer solver of the same kind: twice the steps, or a tenth of the tolerance.
    pub fn refined(&self) -> Self {
        Self { steps: 2 * self.steps, tolerance: self.tolerance.map(|tolerance| 0.1 * tolerance), ..*self }
    }

    /// Refuses what cannot be run: a number of steps, a tolerance, or a tolerance for a solver without an error
    /// estimate.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("solver.steps", self.steps, 1..=1000)?;
        let Some(tolerance) = self.tolerance else { return Ok(()) };
        let refused = |allowed| Err(FlowError::invalid("solver.tolerance", format!("{tolerance:e}"), allowed));
        if !(1e-9..=0.1).contains(&tolerance) {
            return refused("1e-9 to 0.1, or null for equal steps");
        }
        if self.adaptive().is_none() {
            return refused("null for this solver.kind; only \"bosh3\", \"dopri5\" and \"tsit5\" estimate their error");
        }
        Ok(())
    }
}

/// Solution curves of a batch of points: its position at each recorded time, in f64 where that is in the data's own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory<T = f32> {
    /// The times, in the order they were reached.
    pub times: Vec<f64>,
    /// The batch at each time.
    pub positions: Vec<Points<T>>,
    /// Right-hand-side evaluations spent.
    pub evaluations: usize,
}

/// Where an adaptive solve ended, what it cost, and whether that is the end asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution<S> {
    /// The state at the last time reached.
    pub state: S,
    /// What was spent.
    pub statistics: Statistics,
    /// Whether the end was reached and, if not, why.
    pub outcome: Outcome,
}

/// The cost of an adaptive solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Right-hand-side evaluations (NFE), the initial probe and rejected steps included.
    pub evaluations: usize,
    /// Solver steps that met the tolerance.
    pub accepted: usize,
    /// Solver steps that did not and were tried again, shorter.
    pub rejected: usize,
}

/// How an adaptive solve ended, as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Outcome {
    /// At the end asked for.
    #[error("The solver reached the end.")]
    Reached,
    /// With too many steps, as in a stiff field or at a tolerance below the rounding error.
    #[error(
        "The solver stopped at t = {time:.4}: {steps} steps were not enough; a looser tolerance or equal steps may be."
    )]
    StepLimit {
        /// The last time reached.
        time: f64,
        /// The steps tried.
        steps: usize,
    },
    /// With steps too short to be told from none, as in a field that explodes.
    #[error(
        "The solver stopped at t = {time:.4}: no step is short enough for the tolerance; the field may explode there."
    )]
    StepTooSmall {
        /// The last time reached.
        time: f64,
    },
    /// At a field that is not finite.
    #[error("The solver stopped at t = {time:.4}: the velocity is no longer a finite number there.")]
    Diverged {
        /// The last time at which it was.
        time: f64,
    },
}

impl Outcome {
    /// The same at the time that `time` makes of the one it was found at: a solve need not be in units of t.
    pub fn at(mut self, time_of: impl Fn(f64) -> f64) -> Self {
        match &mut self {
            Self::Reached => {}
            Self::StepLimit { time, .. } | Self::StepTooSmall { time } | Self::Diverged { time } => {
                *time = time_of(*time);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn refusal(config: Value) -> String {
        serde_json::from_value::<SolverConfig>(config).unwrap().check().unwrap_err().to_string()
    }

    #[test]
    fn a_tolerance_is_for_solvers_that_estimate_their_error() {
        let config = |json: Value| serde_json::from_value::<SolverConfig>(json).unwrap();
        for fixed in [json!({}), json!({ "kind": "dopri5", "tolerance": null })] {
            assert!(config(fixed.clone()).check().is_ok() && config(fixed).adaptive().is_none());
        }
        for kind in ["bosh3", "dopri5", "tsit5"] {
            for tolerance in [1e-9, 1e-5, 0.1] {
                let adaptive = config(json!({ "kind": kind, "tolerance": tolerance }));
                assert!(adaptive.check().is_ok() && adaptive.adaptive().is_some());
            }
        }
        assert_eq!(
            refusal(json!({ "kind": "rk4", "tolerance": 1e-5 })),
            "solver.tolerance is 1e-5; allowed: null for this solver.kind; only \"bosh3\", \"dopri5\" and \"tsit5\" \
             estimate their error."
        );
    }

    #[test]
    fn a_tolerance_out_of_range_is_refused() {
        assert_eq!(
            refusal(json!({ "kind": "dopri5", "tolerance": 1e-12 })),
            "solver.tolerance is 1e-12; allowed: 1e-9 to 0.1, or null for equal steps."
        );
        for tolerance in [-1e-3, 0.0, 0.11, f64::NAN, f64::INFINITY] {
            let config =
                SolverConfig { kind: SolverKind::Tsit5, tolerance: Some(tolerance), ..SolverConfig::default() };
            assert!(config.check().is_err());
        }
    }
}
