//! Stochastic interpolants (Albergo, Boffi and Vanden-Eijnden 2023) and the Schrödinger bridge among them (Tong 2023).

use super::conditional_path::bridge_noise;
use super::ends::mix;
use super::{ConditionalPath, Ends, Method, Problem};
use crate::coupling::{Coupling, DEFAULT_BLOCK};
use crate::error::{FlowError, check_range};
use crate::path::{NEAREST_TO_ENDS, Schedule};
use crate::velocity::{Layout, Model, Network, Scored, VelocityField, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The interpolant x_t = α x(0) + σ x(1) + γ z with normal z and γ² = bridge · t (1 - t).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct InterpolantConfig {
    /// The schedule of α and σ.
    pub path: Schedule,
    /// γ² / (t (1 - t)), 0.0001 to 100: 2 in Albergo 2023, σ² for a Schrödinger bridge of noise σ, whose coupling is
    /// Sinkhorn's with the regularization 2 σ².
    pub bridge: f64,
    /// How data and noise points are paired.
    pub coupling: Coupling,
    /// Points in a block that is paired by optimal transport, 1 to 1 million; the whole batch where that is smaller.
    pub coupling_batch: usize,
}

impl Default for InterpolantConfig {
    fn default() -> Self {
        Self { path: Schedule::Linear, bridge: 2.0, coupling: Coupling::default(), coupling_batch: DEFAULT_BLOCK }
    }
}

impl Method for InterpolantConfig {
    /// Two networks: the velocity b, then the denoiser η.
    fn layout(&self, problem: &Problem<'_>) -> Layout {
        let one = problem.layout();
        one.clone().named("velocity").then(one.named("denoiser"))
    }

    /// E [½|b|² - (I' + γ' z) · b] + E [½|η|² - z · η] at x_t (Albergo 2023, equations (2.13) and (2.16)): below zero by half
    /// the mean squares of what is learned.
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let data = ends.draw_labelled();
        let noise = ends.draw_noise();
        let noise = noise.pick(&ends.problem.pair(self, &data, &noise, &mut ends.streams.coupling));
        let normal = ends.draw_normal();
        let times: Vec<f64> =
            ends.draw_times(0.0).iter().map(|t| t.clamp(NEAREST_TO_ENDS, 1.0 - NEAREST_TO_ENDS)).collect();
        let context = ends.context(&times, &data);
        let three = [&data.points, &noise, &normal];
        let at = |i: usize| (self.path.at(times[i]), bridge_noise(self.bridge, times[i]));
        let position = mix(three, |i| {
            let (at, [gamma, _]) = at(i);
            [at.alpha, at.sigma, gamma]
        });
        let velocity = mix(three, |i| {
            let (at, [_, d_gamma]) = at(i);
            [at.d_alpha, at.d_sigma, d_gamma]
        });
        let [position, velocity, normal] = [&position, &velocity, &normal].map(|points| ends.upload(points));
        let context = ends.rows(context, ends.problem.context());
        let [first, second] = weights.halves();
        let loss = |weights: &Weights, target: Tensor<2>| {
            let output =
                Network::new(ends.problem.network, ends.dim(), weights).forward(position.clone(), context.clone());
            ends.mean(output.clone() * (output.mul_scalar(0.5) - target))
        };
        loss(&first, velocity) + loss(&second, normal)
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let halves = rounds.last().expect("the round in training").halves();
        let [velocity, denoiser] = halves.map(|weights| problem.network(&weights));
        Box::new(Scored { velocity, denoiser, bridge: self.bridge })
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        4
    }

    fn takes_condition(&self) -> bool {
        true
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        let Self { path, coupling, coupling_batch: block, bridge } = *self;
        Some(ConditionalPath { coupling, block, bridge: Some(bridge), ..ConditionalPath::of(path) })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.bridge", self.bridge, 1e-4..=100.0)?;
        if self.path == Schedule::VariancePreserving {
            let allowed = "\"linear\", \"linear-smoothed\" or \"cosine\" for a stochastic interpolant";
            return Err(FlowError::invalid("method.path", "\"variance-preserving\"", allowed));
        }
        self.coupling.check("method.coupling", self.coupling_batch, "method.couplingBatch")
    }
}
