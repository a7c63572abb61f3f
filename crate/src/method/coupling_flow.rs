//! Coupling flows (Dinh 2014 and 2017; Kingma and Dhariwal 2018; Durkan 2019), what most people mean by "normalizing flow": maximum likelihood
//! of a map that is inverted by a formula, so that no ODE is solved in training.

use super::normalizing_flow::normal_constant;
use super::reverse_kl::free_energy;
use super::{Ends, Method, Objective, Problem};
use crate::error::{FlowError, check_range};
use crate::velocity::{CouplingKind, Couplings, CouplingsConfig, Layout, Passed, VelocityField, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CouplingFlowConfig {
    /// Which maps are chained.
    pub maps: CouplingKind,
    /// Coupling layers, 1 to 32. Each moves half of the coordinates, the next the other half.
    pub layers: usize,
    /// What training minimizes.
    #[serde(skip_serializing_if = "Objective::is_likelihood")]
    pub objective: Objective,
}

impl Default for CouplingFlowConfig {
    fn default() -> Self {
        Self { maps: CouplingKind::default(), layers: 8, objective: Objective::default() }
    }
}

impl CouplingFlowConfig {
    /// Numbers that a training step keeps of each point beside its networks'.
    pub(crate) fn kept(&self, dim: usize) -> u64 {
        (self.layers * self.maps.kept(dim)) as u64
    }

    fn couplings(&self, problem: &Problem<'_>) -> CouplingsConfig {
        let Self { maps: kind, layers, .. } = *self;
        CouplingsConfig { kind, layers, dim: problem.dim(), network: problem.network }
    }
}

impl Method for CouplingFlowConfig {
    fn layout(&self, problem: &Problem<'_>) -> Layout {
        self.couplings(problem).layout()
    }

    /// E [ |x(1)|²/2 + (d/2) ln 2π - ln |det ∂x(1)/∂x(0)| ], for noise N(0, I): the exact NLL. Or the free energy
    /// of samples.
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let flow = Couplings::new(self.couplings(&ends.problem), weights);
        if self.objective == Objective::ReverseKl {
            return free_energy(ends, |_, noise| {
                let Passed { position, log_det, .. } = flow.carry(noise, [1.0, 0.0], 1, &mut |_, _| {});
                [position, log_det]
            });
        }
        let data = ends.draw_data();
        let Passed { position, log_det, .. } = flow.carry(ends.upload(&data), [0.0, 1.0], 1, &mut |_, _| {});
        let square = (position.clone() * position).sum_dim(1);
        ends.mean(square.mul_scalar(0.5) - log_det).add_scalar(normal_constant(ends.dim()))
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let last = rounds.last().expect("the round in training");
        Box::new(Couplings::new(self.couplings(problem), last))
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        2 * self.layers
    }

    fn takes_unet(&self) -> bool {
        false
    }

    fn needs_gaussian(&self) -> Option<&'static str> {
        Some("a coupling flow, whose loss is its density")
    }

    fn least_loss(&self, problem: &Problem<'_>) -> Option<f64> {
        self.objective.least_loss(problem)
    }

    fn check_problem(&self, problem: &Problem<'_>) -> Result<(), FlowError> {
        self.objective.check(problem)?;
        if problem.dim() > 1 {
            return Ok(());
        }
        let allowed = "another method for data of one coordinate, where there is no half to keep";
        Err(FlowError::invalid("method.kind", "\"coupling-flow\"", allowed))
    }

    fn recommended(&self) -> Value {
        json!({ "network": { "depth": 2, "conditioning": "none" } })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.layers", self.layers, 1..=32)
    }
}
