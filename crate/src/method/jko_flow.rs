//! JKO-iFlow (Xu 2023): a chain of blocks, each of which descends the free energy KL(p ‖ N(0, I)) by one step of Jordan,
//! Kinderlehrer and Otto's scheme and is then frozen.

use super::normalizing_flow::normal_constant;
use super::{Ends, Method, MethodConfig, Preparation, Problem, Rounds};
use crate::divergence::{Divergence, DivergenceKind};
use crate::error::{FlowError, check_range};
use crate::ode::{SolverConfig, SolverKind, Span, solve};
use crate::velocity::{Blocks, Conditioning, Layout, NetworkConfig, Perceptron, VelocityField, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The blocks and how far each may go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct JkoFlowConfig {
    /// Blocks, 1 to 32. The budget is shared equally among them.
    pub blocks: usize,
    /// h of the first block, 0.001 to 1000: the larger, the farther it goes.
    pub step_size: f64,
    /// The factor from one block's h to the next one's, 0.1 to 10.
    pub growth: f64,
    /// The largest h, 0.001 to 1000.
    pub largest_step_size: f64,
    /// Whether the last block goes as far as it likes: h infinite.
    pub free_last: bool,
    /// Solver steps (the 3/8 rule) through a block in training, 1 to 16.
    pub substeps: usize,
    /// How the divergence is found in training.
    pub divergence: DivergenceKind,
    /// Data points that are carried from block to block to train on, 100 to 1 million.
    pub pool: usize,
}

impl Default for JkoFlowConfig {
    fn default() -> Self {
        Self {
            blocks: 6,
            step_size: 0.25,
            growth: 1.4,
            largest_step_size: 3.0,
            free_last: true,
            substeps: 3,
            divergence: DivergenceKind::FiniteDifference,
            pool: 50_000,
        }
    }
}

impl JkoFlowConfig {
    /// h_k of block `k`, from 0; infinite for a free one.
    pub fn step_size(&self, k: usize) -> f64 {
        if self.free_last && k + 1 == self.blocks {
            return f64::INFINITY;
        }
        (self.step_size * libm::pow(self.growth, k as f64)).min(self.largest_step_size)
    }

    /// A block is autonomous, as in the released code.
    fn network(&self, problem: &Problem<'_>) -> NetworkConfig {
        NetworkConfig { conditioning: Conditioning::None, ..problem.network }
    }
}

impl Method for JkoFlowConfig {
    fn layout(&self, problem: &Problem<'_>) -> Layout {
        self.network(problem).layout(problem.dim())
    }

    /// E [ |x(1)|²/2 + (d/2) ln 2π - ∫ div f ds + |x(1) - x(0)|² / 2h ] of one block (Xu 2023, equation (9)): the free energy
    /// behind it and the entropy before it, with what the way there costs. Probes are drawn anew for each solver step.
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let start = ends.draw_data();
        let start = ends.upload(&start);
        let field = Perceptron::new(self.network(&ends.problem), weights);
        let mut state = [start.clone(), Tensor::zeros([ends.batch, 1], ends.device)];
        for substep in 0..self.substeps {
            let divergence = ends.draw_divergence(self.divergence);
            let rhs = |[x, _]: &[Tensor<2>; 2], t: f64| <[_; 2]>::from(divergence.of(&field, x.clone(), t));
            let [from, to] = [substep, substep + 1].map(|i| i as f64 / self.substeps as f64);
            let tableau = SolverKind::Rk4ThreeEighths.tableau();
            state = solve(tableau, Span { from, to, steps: 1 }, state, rhs, |_, _| {});
        }
        let [end, gained] = state;
        let moved = end.clone() - start;
        let cost = (moved.clone() * moved).sum_dim(1).mul_scalar((0.5 / self.step_size(ends.round)) as f32);
        let energy = (end.clone() * end).sum_dim(1).mul_scalar(0.5) - gained;
        ends.mean(energy + cost).add_scalar(normal_constant(ends.dim()))
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let network = self.network(problem);
        Box::new(Blocks(rounds.iter().map(|weights| Perceptron::new(network, weights)).collect()))
    }

    fn passes_per_step(&self, dim: usize) -> usize {
        2 * 4 * self.substeps * Divergence::passes(self.divergence, 1, dim)
    }

    fn rounds(&self) -> Rounds {
        let solver = SolverConfig { kind: SolverKind::Rk4ThreeEighths, steps: 2 * self.substeps, tolerance: None };
        let longer = MethodConfig::JkoFlow(Self { blocks: self.blocks + 1, ..*self });
        Rounds {
            count: self.blocks,
            kept: true,
            preparation: Preparation::Push { points: self.pool, solver },
            student: None,
            longer: (self.blocks < 32).then_some(longer),
        }
    }

    fn takes_unet(&self) -> bool {
        false
    }

    fn needs_gaussian(&self) -> Option<&'static str> {
        Some("JKO-iFlow, which descends towards it")
    }

    fn recommended(&self) -> Value {
        json!({
            "network": { "conditioning": "none" },
            "optimizer": { "batch": 512, "learningRate": 1e-3, "finalLearningRate": 1e-4 },
            "solver": { "steps": 60 },
            "budget": { "steps": 1200 * self.blocks.min(32) },
        })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.blocks", self.blocks, 1..=32)?;
        check_range("method.stepSize", self.step_size, 1e-3..=1e3)?;
        check_range("method.growth", self.growth, 0.1..=10.0)?;
        check_range("method.largestStepSize", self.largest_step_size, 1e-3..=1e3)?;
        check_range("method.substeps", self.substeps, 1..=16)?;
        check_range("method.pool", self.pool, 100..=1_000_000)
    }
}
