//! Shortcut models (Frans 2024): a jump is two jumps of half its length, down to the shortest, whose halves go by the velocity. One
//! jump of 1 is a sample.

use super::jumping::{Jump, examples_of_jumps, num_jumps, passes};
use super::{ConditionalPath, Ends, Method};
use crate::error::{FlowError, check_range};
use crate::fused::Examples;
use crate::path::Schedule;
use crate::velocity::{Model, Network, Weights};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// How much of a batch jumps, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ShortcutConfig {
    /// The share of the batch that jumps, 0.01 to 0.9; the rest regresses the velocity.
    pub jumps: f64,
    /// How often the whole way is halved until the velocity is taken, 1 to 10: jumps are of 1, 1/2, 1/4, ..
    pub halvings: usize,
}

impl Default for ShortcutConfig {
    fn default() -> Self {
        Self { jumps: 0.25, halvings: 7 }
    }
}

/// The mean velocity of the two halves of each jump of points `x` `[_, dim]`, of which those shorter than `shortest` go by the
/// velocity (Frans 2024, section 3). Of the exact mean velocity it is that. The network is `told` of each point its time, its jump,
/// and what else there is, row-major.
pub fn shortcut_target(model: &dyn Model, x: Tensor<2>, told: &[f32], shortest: f64) -> Tensor<2> {
    let size = [x.dims()[0], told.len() / x.dims()[0]];
    let rows = |values| Tensor::<2>::from_data(TensorData::new(values, size), &x.device());
    let [first, second] = [0.0, 1.0].map(|behind| {
        let mut halves = told.to_vec();
        for half in halves.chunks_exact_mut(size[1]) {
            let length = half[1] / 2.0;
            half[0] -= behind * length;
            half[1] = if f64::from(length) < shortest { 0.0 } else { length };
        }
        rows(halves)
    });
    let lengths = rows(told.to_vec()).narrow(1, 1, 1).mul_scalar(0.5);
    let one = model.forward(x.clone(), first);
    let other = model.forward(x - lengths * one.clone(), second);
    (one + other).mul_scalar(0.5)
}

impl Method for ShortcutConfig {
    /// E |s(x_t, t, d) - target|² with the target of [`shortcut_target`], which has no gradient, from times that are whole numbers of
    /// jumps away from the data. The paper's targets are those of the averaged weights, these the trained ones'.
    fn examples(&self, ends: &mut Ends<'_>, weights: &dyn Fn() -> Weights) -> Option<Examples> {
        let shares = ends.draw_strata(num_jumps(ends, self.jumps));
        let jumps: Vec<Jump> = shares.iter().enumerate().map(|(i, share)| grid(*share, i % self.halvings)).collect();
        let (network, shortest) = (ends.problem.network, 0.75 * length(self.halvings - 1));
        Some(examples_of_jumps(ends, &jumps, |x, _, told| {
            shortcut_target(&Network::new(network, x.dims()[1], &weights()), x, told, shortest)
        }))
    }

    /// With two forward passes of what jumps.
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
        check_range("method.jumps", self.jumps, 0.01..=0.9)?;
        check_range("method.halvings", self.halvings, 1..=10)
    }
}

/// The whole way, halved so often.
fn length(halvings: usize) -> f64 {
    1.0 / (1 << halvings) as f64
}

/// The jump of that length from the end of one of its stretches.
fn grid(share: f64, halvings: usize) -> Jump {
    let d = length(halvings);
    [d * ((share / d).floor() + 1.0), d]
}
