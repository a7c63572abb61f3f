//! OT-Flow (Onken 2021): maximum likelihood of a potential flow, with its transport cost and the Hamilton-Jacobi-Bellman
//! equation that the optimal potential satisfies as penalties.

use super::normalizing_flow::normal_constant;
use super::{Ends, Method, Problem};
use crate::error::{FlowError, check_range};
use crate::ode::{SolverKind, Span, solve};
use crate::velocity::{Layout, Potential, PotentialConfig, VelocityField, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The weights of the loss's parts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct OtFlowConfig {
    /// RK4 steps from t = 0 to t = 1 in training, 1 to 64.
    pub training_steps: usize,
    /// The weight of the NLL beside the transport cost's 1, 0.01 to 10,000.
    pub likelihood_weight: f64,
    /// The weight of the Hamilton-Jacobi-Bellman penalty, 0 to 1,000.
    pub hjb_weight: f64,
}

impl Default for OtFlowConfig {
    fn default() -> Self {
        Self { training_steps: 8, likelihood_weight: 8.0, hjb_weight: 1.0 }
    }
}

fn potential(problem: &Problem<'_>) -> PotentialConfig {
    PotentialConfig { dim: problem.dim(), width: problem.network.width, depth: problem.network.depth }
}

impl Method for OtFlowConfig {
    /// The network's width and depth are those of the potential; its activation is OT-Flow's own.
    fn layout(&self, problem: &Problem<'_>) -> Layout {
        potential(problem).layout()
    }

    /// E v(1) + a₁ E [ |x(1)|²/2 + (d/2) ln 2π - ∫ div f dt ] + a₂ E r(1), with v' = |f|²/2 and r' = |v' - ∂Φ/∂t| (Onken 2021,
    /// equation (9)).
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let data = ends.draw_data();
        let field = Potential::new(potential(&ends.problem), &weights.pieces);
        let zeros: Tensor<2> = Tensor::zeros([ends.batch, 1], ends.device);
        // x, ∫ div f, the transport cost and the penalty.
        let start = [ends.upload(&data), zeros.clone(), zeros.clone(), zeros];
        let rhs = |[x, ..]: &[Tensor<2>; 4], t: f64| {
            let slopes = field.slopes(x.clone(), Tensor::full([1, 1], t as f32, ends.device));
            let cost = (slopes.velocity.clone() * slopes.velocity.clone()).sum_dim(1).mul_scalar(0.5);
            let penalty = (cost.clone() - slopes.d_time).abs();
            [slopes.velocity, slopes.trace, cost, penalty]
        };
        let span = Span { from: 0.0, to: 1.0, steps: self.training_steps };
        let [x, gained, cost, penalty] = solve(SolverKind::Rk4.tableau(), span, start, rhs, |_, _| {});
        let nll = (x.clone() * x).sum_dim(1).mul_scalar(0.5).add_scalar(normal_constant(ends.dim())) - gained;
        let weighted = nll.mul_scalar(self.likelihood_weight as f32) + penalty.mul_scalar(self.hjb_weight as f32);
        ends.mean(cost + weighted)
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        Box::new(Potential::new(potential(problem), &rounds.last().expect("the round in training").pieces))
    }

    /// The trace costs as much as `dim` tangents through all but the first layer.
    fn passes_per_step(&self, dim: usize) -> usize {
        2 * 4 * self.training_steps * (1 + dim)
    }

    fn takes_unet(&self) -> bool {
        false
    }

    fn needs_gaussian(&self) -> Option<&'static str> {
        Some("OT-Flow, whose loss is its density")
    }

    fn recommended(&self) -> Value {
        json!({
            "network": { "width": 32, "depth": 2 },
            "optimizer": { "batch": 512, "learningRate": 0.03, "finalLearningRate": 3e-4 },
            "budget": { "steps": 2000 },
        })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.trainingSteps", self.training_steps, 1..=64)?;
        check_range("method.likelihoodWeight", self.likelihood_weight, 0.01..=10_000.0)?;
        check_range("method.hjbWeight", self.hjb_weight, 0.0..=1000.0)
    }
}
