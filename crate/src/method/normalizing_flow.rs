//! Continuous normalizing flow (Chen 2018; FFJORD, Grathwohl 2019; the deck's equation (7)): maximum likelihood, with the ODE
//! solved in training.

use super::reverse_kl::free_energy;
use super::{Ends, Method, Objective, Problem};
use crate::divergence::{Divergence, DivergenceKind};
use crate::error::{FlowError, check_range};
use crate::flow_map::FlowMap;
use crate::ode::{SolverConfig, SolverKind};
use crate::velocity::{Network, Weights};
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
    /// The weight of the kinetic energy E ∫ |f|² dt, 0 to 100: the deck's regularizer R, times two. With few training steps
    /// and a weight of 0 the network learns to cheat the solver: on moons, 8 steps gave a training NLL below the entropy and a
    /// true KL of 0.295.
    pub kinetic_penalty: f64,
    /// How the divergence is found in training; one probe for each point and training step where it is estimated (FFJORD).
    pub divergence: DivergenceKind,
    /// What training minimizes.
    #[serde(skip_serializing_if = "Objective::is_likelihood")]
    pub objective: Objective,
}

impl Default for NormalizingFlowConfig {
    fn default() -> Self {
        let (divergence, objective) = (DivergenceKind::Exact, Objective::default());
        Self { training_steps: 8, kinetic_penalty: 0.05, divergence, objective }
    }
}

impl NormalizingFlowConfig {
    fn solver(&self) -> SolverConfig {
        SolverConfig { kind: SolverKind::Rk4, steps: self.training_steps, tolerance: None }
    }

    /// Samples, and ∫ div f dt from noise to them less the penalty. The energy is integrated backward too, and so negative.
    fn generate(&self, weights: &Weights, ends: &mut Ends<'_>, noise: Tensor<2>) -> [Tensor<2>; 2] {
        let divergence = ends.draw_divergence(self.divergence);
        let field = Network::new(ends.problem.network, ends.dim(), weights);
        let end = FlowMap { field: &field, solver: self.solver() }.integrate(noise, [1.0, 0.0], &divergence);
        [end.position, end.divergence + end.energy.mul_scalar(self.kinetic_penalty as f32)]
    }
}

impl Method for NormalizingFlowConfig {
    /// E [ |x(1)|²/2 + (d/2) ln 2π - ∫ div f dt ] + λ E ∫ |f|² dt, for noise N(0, I), by discretise-then-optimise: the gradient is
    /// exact for what the solver computes. Or the free energy of samples, with the same penalty.
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        if self.objective == Objective::ReverseKl {
            return free_energy(ends, |ends, noise| self.generate(weights, ends, noise));
        }
        let data = ends.draw_data();
        let divergence = ends.draw_divergence(self.divergence);
        let field = Network::new(ends.problem.network, ends.dim(), weights);
        let map = FlowMap { field: &field, solver: self.solver() };
        let end = map.integrate(ends.upload(&data), [0.0, 1.0], &divergence);
        let square = (end.position.clone() * end.position).sum_dim(1);
        let per_point = square.mul_scalar(0.5) - end.divergence + end.energy.mul_scalar(self.kinetic_penalty as f32);
        ends.mean(per_point).add_scalar(normal_constant(ends.dim()))
    }

    fn passes_per_step(&self, dim: usize) -> usize {
        2 * self.solver().evaluations() * Divergence::passes(self.divergence, 1, dim)
    }

    fn needs_gaussian(&self) -> Option<&'static str> {
        Some("a normalizing flow, whose loss is its density")
    }

    fn least_loss(&self, problem: &Problem<'_>) -> Option<f64> {
        self.objective.least_loss(problem).filter(|_| self.kinetic_penalty == 0.0)
    }

    fn check_problem(&self, problem: &Problem<'_>) -> Result<(), FlowError> {
        self.objective.check(problem)
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.trainingSteps", self.training_steps, 1..=64)?;
        check_range("method.kineticPenalty", self.kinetic_penalty, 0.0..=100.0)
    }
}

/// (d/2) ln 2π: what -ln N(z; 0, I) exceeds |z|²/2 by.
pub(super) fn normal_constant(dim: usize) -> f32 {
    (0.5 * dim as f64 * libm::log(TAU)) as f32
}
