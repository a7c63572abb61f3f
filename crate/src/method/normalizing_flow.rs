//! Continuous normalizing flow (Chen 2018; the deck's equation (7)): maximum likelihood, with the ODE solved in training.

use super::{Ends, Method};
use crate::divergence::Divergence;
use crate::error::{FlowError, check_range};
use crate::flow_map::FlowMap;
use crate::ode::{SolverConfig, SolverKind};
use crate::velocity::{Network, tensor_from_points};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// How the likelihood is computed in training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NormalizingFlowConfig {
    /// RK4 steps from t = 0 to t = 1 in training, 1 to 64.
    pub training_steps: usize,
    /// The weight of the kinetic energy E ∫ |f|² dt, 0 to 100. With few training steps and a weight of 0 the network learns to
    /// cheat the solver: on moons, 8 steps gave a training NLL below the entropy and a true KL of 0.295.
    pub kinetic_penalty: f64,
}

impl Default for NormalizingFlowConfig {
    fn default() -> Self {
        Self { training_steps: 8, kinetic_penalty: 0.05 }
    }
}

impl NormalizingFlowConfig {
    fn solver(&self) -> SolverConfig {
        SolverConfig { kind: SolverKind::Rk4, steps: self.training_steps, tolerance: None }
    }
}

impl Method for NormalizingFlowConfig {
    /// E [ |x(1)|²/2 + (d/2) ln 2π - ∫ div f dt ] + λ E ∫ |f|² dt, for noise N(0, I), by discretise-then-optimise: the gradient is
    /// exact for what the solver computes.
    fn loss(&self, network: &Network, ends: &mut Ends<'_>) -> Tensor<1> {
        let data = tensor_from_points(&ends.draw_data(), ends.device);
        let dim = data.dims()[1];
        let end = FlowMap { field: network, solver: self.solver() }.integrate(data, [0.0, 1.0]);
        let square = (end.position.clone() * end.position).sum_dim(1);
        let per_point = square.mul_scalar(0.5) - end.divergence + end.energy.mul_scalar(self.kinetic_penalty as f32);
        let constant = 0.5 * dim as f64 * libm::log(TAU);
        per_point.sum().div_scalar(ends.batch as f32).add_scalar(constant as f32)
    }

    fn passes_per_step(&self, dim: usize) -> usize {
        2 * self.solver().evaluations() * Divergence::Exact.passes(dim)
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.trainingSteps", self.training_steps, 1..=64)?;
        check_range("method.kineticPenalty", self.kinetic_penalty, 0.0..=100.0)
    }
}
