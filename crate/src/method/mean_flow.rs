//! MeanFlow (Geng 2025): the mean velocity from a time back to any earlier one, learned from its own derivative along the path. At a
//! jump of 0 it is the velocity; one jump of 1 is a sample.

use super::jumping::{Jump, examples_of_jumps, num_jumps, passes};
use super::{ConditionalPath, Ends, Method};
use crate::error::{FlowError, check_range};
use crate::fused::Examples;
use crate::path::Schedule;
use crate::velocity::{Model, Network, Weights};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// How much of a batch jumps, and what its errors weigh.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct MeanFlowConfig {
    /// The share of the batch that jumps, 0.01 to 1; the rest regresses the velocity.
    pub jumps: f64,
    /// p of the weight 1/(|error|² + 0.001)^p of each point, 0 to 1: with 0 all weigh the same, with 1 all errors pull alike.
    pub adaptive: f64,
}

impl Default for MeanFlowConfig {
    fn default() -> Self {
        Self { jumps: 0.5, adaptive: 0.0 }
    }
}

/// v - d · du/dt at the jumps of points `x` `[_, dim]`, whose paths have the velocities v: the derivative is along the path, with
/// the jump's end held (Geng 2025, the MeanFlow identity). Of the exact mean velocity it is that, in the mean over paths through x.
/// The network is `told` of each point its time, its jump d, and what else there is, row-major.
pub fn mean_flow_target(model: &dyn Model, x: Tensor<2>, velocity: Tensor<2>, told: &[f32]) -> Tensor<2> {
    let size = [x.dims()[0], told.len() / x.dims()[0]];
    // The end t - d is held: d grows as t does, and all else stays.
    let change = (0..told.len()).map(|i| f32::from(u8::from(i % size[1] < 2))).collect();
    let [context, of_context] =
        [told.to_vec(), change].map(|rows| Tensor::<2>::from_data(TensorData::new(rows, size), &x.device()));
    let lengths = context.clone().narrow(1, 1, 1);
    let along = model.forward_and_product(x, context, velocity.clone(), of_context);
    let (_, change) = along.expect("a network knows its tangents");
    velocity - lengths * change
}

/// c: below this an error's square weighs no more.
const LEAST_SQUARE: f32 = 1e-3;

/// The mean over points of what their squared errors `[batch, dim]` add up to, over a power of it plus c that has no gradient.
fn weighed(ends: &Ends<'_>, squares: Tensor<2>, power: f64) -> Tensor<1> {
    let sizes = squares.sum_dim(1);
    let weights = sizes.clone().detach().add_scalar(LEAST_SQUARE).log().mul_scalar(-power as f32).exp();
    ends.mean(weights * sizes)
}

impl MeanFlowConfig {
    /// Points that regress the target of [`mean_flow_target`], which has no gradient; both ends of a jump are uniform.
    fn drawn(&self, ends: &mut Ends<'_>, weights: &dyn Fn() -> Weights) -> Examples {
        let ones = ends.draw_strata(num_jumps(ends, self.jumps));
        let jumps: Vec<Jump> = ones.into_iter().map(|one| between(one, ends.draw_strata(1)[0])).collect();
        let network = ends.problem.network;
        examples_of_jumps(ends, &jumps, |x, velocity, told| {
            mean_flow_target(&Network::new(network, x.dims()[1], &weights()), x, velocity, told)
        })
    }
}

impl Method for MeanFlowConfig {
    /// None where they weigh: the weights are of errors, which are known with the loss.
    fn examples(&self, ends: &mut Ends<'_>, weights: &dyn Fn() -> Weights) -> Option<Examples> {
        (self.adaptive == 0.0).then(|| self.drawn(ends, weights))
    }

    /// E w |u(x_t, t, d) - target|², each point with its weight w (Geng 2025, section 4.3).
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let examples = self.drawn(ends, &|| weights.settled());
        let network = Network::new(ends.problem.network, ends.dim(), weights);
        match self.adaptive {
            0.0 => ends.regression(&network, examples),
            power => weighed(ends, ends.squares(&network, examples), power),
        }
    }

    /// With a forward pass and a tangent's of what jumps.
    fn passes_per_step(&self, _dim: usize) -> usize {
        passes(self.jumps)
    }

    fn jumps(&self) -> bool {
        true
    }

    fn takes_condition(&self) -> bool {
        true
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        Some(ConditionalPath::of(Schedule::Linear))
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.jumps", self.jumps, 0.01..=1.0)?;
        check_range("method.adaptive", self.adaptive, 0.0..=1.0)
    }
}

/// The jump from the later of two times to the earlier.
fn between(one: f64, other: f64) -> Jump {
    [one.max(other), (one - other).abs()]
}
