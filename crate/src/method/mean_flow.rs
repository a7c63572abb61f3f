//! MeanFlow (Geng 2025): the mean velocity from a time back to any earlier one, learned from its own derivative along the path. At a
//! jump of 0 it is the velocity; one jump of 1 is a sample.

use super::jumping::{Jump, context_of, examples_of_jumps, num_jumps, passes};
use super::{ConditionalPath, Ends, Method};
use crate::error::{FlowError, check_range};
use crate::fused::Examples;
use crate::path::Schedule;
use crate::velocity::{Model, Network, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// How much of a batch jumps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct MeanFlowConfig {
    /// The share of the batch that jumps, 0.01 to 1; the rest regresses the velocity.
    pub jumps: f64,
}

impl Default for MeanFlowConfig {
    fn default() -> Self {
        Self { jumps: 0.5 }
    }
}

/// v - d · du/dt at the jumps of points `x` `[_, dim]`, whose paths have the velocities v: the derivative is along the path, with
/// the jump's end held (Geng 2025, the MeanFlow identity). Of the exact mean velocity it is that, in the mean over paths through x.
pub fn mean_flow_target(model: &dyn Model, x: Tensor<2>, velocity: Tensor<2>, jumps: &[Jump]) -> Tensor<2> {
    let context = context_of(jumps, &x.device());
    let lengths = context.clone().narrow(1, 1, 1);
    // The end t - d is held: d grows as t does.
    let along = model.forward_and_product(x, context.clone(), velocity.clone(), context.ones_like());
    let (_, change) = along.expect("a network knows its tangents");
    velocity - lengths * change
}

impl Method for MeanFlowConfig {
    /// E |u(x_t, t, d) - target|² with the target of [`mean_flow_target`], which has no gradient, and both ends of a jump uniform.
    /// The paper weighs each point's error by its size; that is left out.
    fn examples(&self, ends: &mut Ends<'_>, weights: &dyn Fn() -> Weights) -> Option<Examples> {
        let ones = ends.draw_strata(num_jumps(ends, self.jumps));
        let jumps: Vec<Jump> = ones.into_iter().map(|one| between(one, ends.draw_strata(1)[0])).collect();
        let network = ends.problem.network;
        Some(examples_of_jumps(ends, &jumps, |x, velocity| {
            mean_flow_target(&Network::new(network, &weights()), x, velocity, &jumps)
        }))
    }

    /// With a forward pass and a tangent's of what jumps.
    fn passes_per_step(&self, _dim: usize) -> usize {
        passes(self.jumps)
    }

    fn jumps(&self) -> bool {
        true
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        Some(ConditionalPath::of(Schedule::Linear))
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.jumps", self.jumps, 0.01..=1.0)
    }
}

/// The jump from the later of two times to the earlier.
fn between(one: f64, other: f64) -> Jump {
    [one.max(other), (one - other).abs()]
}
