//! Rectified flow (Liu 2023) and its distillation (InstaFlow, Liu 2024): flow matching, then again on the pairs of noise and
//! what the flow before made of it, which straightens the trajectories until one step suffices.

use super::flow_matching::examples;
use super::{ConditionalPath, Ends, Method, MethodConfig, Preparation, Regression, Rounds};
use crate::error::{FlowError, check_range};
use crate::fused::Examples;
use crate::ode::{SolverConfig, SolverKind};
use crate::path::Schedule;
use crate::velocity::Weights;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How often a flow is straightened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ReflowConfig {
    /// Reflow rounds after the first flow, 0 to 8.
    pub rounds: usize,
    /// Steps of a student that is distilled from the last round, 0 (none) to 16. It jumps and has no density.
    pub distill: usize,
    /// Pairs that a round trains on, 100 to 1 million. With fewer than 20,000 a flow learns them by heart.
    pub pairs: usize,
    /// RK4 steps that make a pair, 1 to 1000.
    pub pair_steps: usize,
}

impl Default for ReflowConfig {
    fn default() -> Self {
        Self { rounds: 1, distill: 0, pairs: 20_000, pair_steps: 25 }
    }
}

impl Method for ReflowConfig {
    /// E |v(x_t, t) - (x(1) - x(0))|² over straight lines between the pairs (Liu 2023, equation (1)). Distillation is the
    /// same at the student's own times only: t = 1 for one step.
    fn examples(&self, ends: &mut Ends<'_>, _weights: &dyn Fn() -> Weights) -> Option<Examples> {
        let (data, noise) = match ends.draw_pairs() {
            Some(pairs) => pairs,
            None => (ends.draw_data(), ends.draw_noise()),
        };
        let mut times = ends.draw_times(0.0);
        if ends.round > self.rounds {
            let steps = self.distill as f64;
            times.iter_mut().for_each(|t| *t = ((*t * steps).floor() + 1.0) / steps);
        }
        Some(examples(Schedule::Linear, [&data, &noise], &times))
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        2
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        Some(ConditionalPath { pooled: true, ..ConditionalPath::of(Schedule::Linear) })
    }

    /// Euler's steps are the student's own.
    fn rounds(&self) -> Rounds {
        let distilled = self.distill > 0;
        let maker = SolverConfig { kind: SolverKind::Rk4, steps: self.pair_steps, tolerance: None };
        let student = SolverConfig { kind: SolverKind::Euler, steps: self.distill, tolerance: None };
        let longer = MethodConfig::Reflow(Self { rounds: self.rounds + 1, ..*self });
        Rounds {
            count: 1 + self.rounds + usize::from(distilled),
            kept: false,
            preparation: Preparation::Generate { pairs: self.pairs, solver: maker },
            student: distilled.then_some(student),
            longer: (!distilled && self.rounds < 8).then_some(longer),
        }
    }

    /// The first flow's; the rounds after it have pairs that are not independent.
    fn regression(&self, round: usize) -> Option<Regression> {
        (round == 0).then(|| Regression::of_velocity(Schedule::Linear))
    }

    fn recommended(&self) -> Value {
        json!({ "budget": { "steps": 5000 * self.rounds().count } })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.rounds", self.rounds, 0..=8)?;
        check_range("method.distill", self.distill, 0..=16)?;
        check_range("method.pairs", self.pairs, 100..=1_000_000)?;
        check_range("method.pairSteps", self.pair_steps, 1..=1000)
    }
}
