//! What was refused and how a run ended, as values that print as one sentence.

use std::fmt::Display;

/// Every way in which the library says no. [`code`](FlowError::code) is stable, the sentence is for people.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FlowError {
    /// A setting or an argument outside what is allowed.
    #[error("{field} is {value}; allowed: {allowed}.")]
    InvalidValue {
        /// The field's path as in the JSON, such as `network.width`.
        field: String,
        /// What was given.
        value: String,
        /// What may be given, in words.
        allowed: String,
    },
    /// Points that no distribution can be made of.
    #[error("The points cannot be used: {reason}.")]
    InvalidPoints {
        /// What is wrong with them.
        reason: String,
    },
    /// A density that there is none of.
    #[error("{reason}")]
    NoDensity {
        /// Why, in one sentence.
        reason: String,
    },
    /// Weights that do not belong to this network.
    #[error("The weights cannot be loaded: {reason}.")]
    InvalidWeights {
        /// What is wrong with them.
        reason: String,
    },
    /// A loss that is no longer a number. The last good weights are kept.
    #[error(
        "Training diverged at step {step}: the loss is no longer a number. The last good weights are kept; a lower learning rate may help."
    )]
    Diverged {
        /// The first training step whose loss was not finite.
        step: usize,
    },
    /// The engine could not start or did not answer.
    #[error("The {engine} engine failed: {reason}.")]
    EngineFailed {
        /// `cpu` or `webgpu`.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// A solve that did not reach its end, or not at finite numbers.
    #[error("{outcome}")]
    SolverStopped {
        /// Where it stopped and why, as a sentence.
        outcome: String,
    },
    /// A call that arrived while another one on the same session was still running.
    #[error("The session is busy with an earlier call; wait for it to finish.")]
    Busy,
}

impl FlowError {
    /// The refusal of one field's value.
    pub fn invalid(field: impl Into<String>, value: impl Display, allowed: impl Into<String>) -> Self {
        Self::InvalidValue { field: field.into(), value: value.to_string(), allowed: allowed.into() }
    }

    /// A name for programs that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidValue { .. } => "invalid-value",
            Self::InvalidPoints { .. } => "invalid-points",
            Self::NoDensity { .. } => "no-density",
            Self::InvalidWeights { .. } => "invalid-weights",
            Self::Diverged { .. } => "diverged",
            Self::EngineFailed { .. } => "engine-failed",
            Self::SolverStopped { .. } => "solver-stopped",
            Self::Busy => "busy",
        }
    }
}

impl FlowError {
    /// What an engine said, in one sentence: its first line, without the causes and traces under it.
    pub(crate) fn engine(engine: &'static str, error: impl Display) -> Self {
        let reason = error.to_string();
        let reason = reason.lines().next().unwrap_or_default().trim_end_matches('.').to_string();
        Self::EngineFailed { engine, reason }
    }
}

/// Refuses `value` unless it lies in `range`, naming the field.
pub(crate) fn check_range<T: PartialOrd + Display>(
    field: &str,
    value: T,
    range: std::ops::RangeInclusive<T>,
) -> Result<(), FlowError> {
    if range.contains(&value) {
        return Ok(());
    }
    let allowed = format!("{} to {}", range.start(), range.end());
    Err(FlowError::invalid(field, value, allowed))
}

/// "1 coordinate", "2 coordinates": what points have.
pub(crate) fn coordinates(dim: usize) -> String {
    if dim == 1 { "1 coordinate".into() } else { format!("{dim} coordinates") }
}
