//! What trains a velocity field: a loss, and what it costs.
//!
//! A new method is one file with its settings and its [`Method`], one entry of [`MethodConfig`], and a line in the
//! README's table.

mod closed_form;
mod condition;
mod conditional_path;
mod coupling_flow;
mod diffusion;
mod ends;
mod flow_matching;
mod interpolant;
mod jko_flow;
mod jumping;
mod likelihood_times;
mod mean_flow;
mod normalizing_flow;
mod ot_flow;
mod reflow;
mod regression;
mod reverse_kl;
mod rounds;
mod shortcut;

pub use closed_form::ClosedFormConfig;
pub use condition::{Asked, ConditionConfig, ConditionKind, Pairs};
pub use conditional_path::ConditionalPath;
pub use coupling_flow::CouplingFlowConfig;
pub use diffusion::DiffusionConfig;
pub use ends::{Ends, Pool, Problem, Streams};
pub use flow_matching::FlowMatchingConfig;
pub use interpolant::InterpolantConfig;
pub use jko_flow::JkoFlowConfig;
pub use jumping::Jump;
pub use mean_flow::{MeanFlowConfig, mean_flow_target};
pub use normalizing_flow::NormalizingFlowConfig;
pub use ot_flow::OtFlowConfig;
pub use reflow::ReflowConfig;
pub use regression::{Regression, Weighting};
pub use reverse_kl::Objective;
pub use rounds::{Preparation, Rounds};
pub use shortcut::{ShortcutConfig, shortcut_target};

use crate::error::FlowError;
use crate::fused::Examples;
use crate::velocity::{Layout, Network, VelocityField, Weights};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A way of training a velocity field.
///
/// It says what one training step minimizes and what field the weights are; beside that, how it joins data and noise
/// ([`ConditionalPath`]) and what rounds it has ([`Rounds`]).
pub trait Method {
    /// How the packed weights are cut. A velocity network unless said otherwise.
    fn layout(&self, problem: &Problem<'_>) -> Layout {
        problem.layout()
    }

    /// What the network regresses on in one training step, for a loss that is no more than that; `None`, and nothing
    /// drawn, for all others. `weights` are for targets that the network itself has a part in: no gradient goes through them.
    fn examples(&self, _ends: &mut Ends<'_>, _weights: &dyn Fn() -> Weights) -> Option<Examples> {
        None
    }

    /// The loss `[1]` of one batch drawn from `ends`: nats where it is a likelihood; summed over coordinates, averaged over
    /// the batch. That of the [`examples`](Self::examples) unless said otherwise.
    fn loss(&self, weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        let examples = self.examples(ends, &|| weights.settled());
        let examples = examples.expect("a method has examples, or a loss of its own");
        ends.regression(&Network::new(ends.problem.network, ends.dim(), weights), examples)
    }

    /// The velocity field of the weights of every round so far, the last of which may be in training. That of the last
    /// round's network unless said otherwise.
    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let last = rounds.last().expect("the round in training");
        Box::new(problem.network(last))
    }

    /// Network passes of one training step over its batch: forward, tangent and backward passes count one each.
    fn passes_per_step(&self, dim: usize) -> usize;

    /// How data and noise are joined; `None` for a method that joins none.
    fn conditional_path(&self) -> Option<ConditionalPath> {
        None
    }

    /// How often training starts anew, and from what. Once unless said otherwise.
    fn rounds(&self) -> Rounds {
        Rounds::default()
    }

    /// What the network regresses on in this round, where the ends are independent and Q is N(0, I); `None` for a loss of
    /// another kind.
    fn regression(&self, _round: usize) -> Option<Regression> {
        None
    }

    /// Whether its network is told beside the time how far to jump from it, so that it is a map of few steps too.
    fn jumps(&self) -> bool {
        false
    }

    /// The least that a loss of another kind can come to, where it is known.
    fn least_loss(&self, _problem: &Problem<'_>) -> Option<f64> {
        None
    }

    /// Whether its network can be told a condition.
    fn takes_condition(&self) -> bool {
        false
    }

    /// Whether its network can be a U-Net of pictures.
    fn takes_unet(&self) -> bool {
        true
    }

    /// Why Q must be N(0, I), for a method that needs it.
    fn needs_gaussian(&self) -> Option<&'static str> {
        None
    }

    /// The parts of an experiment that suit the method where nothing else is asked for.
    fn recommended(&self) -> Value {
        json!({})
    }

    /// Refuses ends that the method cannot join, once they are known.
    fn check_problem(&self, _problem: &Problem<'_>) -> Result<(), FlowError> {
        Ok(())
    }

    /// Refuses settings that cannot be run.
    fn check(&self) -> Result<(), FlowError>;
}

/// The methods that can be chosen, with their settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MethodConfig {
    /// Regress the velocity of conditional paths (Lipman 2023).
    FlowMatching(FlowMatchingConfig),
    /// Straighten a flow by training on its own pairs, and distill it into few steps (Liu 2023).
    Reflow(ReflowConfig),
    /// Regress the mean velocity over any stretch of time, by its derivative (Geng 2025).
    MeanFlow(MeanFlowConfig),
    /// Regress the mean velocity over stretches, each made of two halves (Frans 2024).
    Shortcut(ShortcutConfig),
    /// Regress the velocity of noisy paths, and a denoiser beside it (Albergo 2023).
    StochasticInterpolant(InterpolantConfig),
    /// Predict the noise of a variance-preserving diffusion (Ho 2020; Song 2021).
    Diffusion(DiffusionConfig),
    /// Maximize the likelihood by integrating the ODE in training (Chen 2018; the deck's equation (7)).
    NormalizingFlow(NormalizingFlowConfig),
    /// Maximize the likelihood of a potential flow with transport costs (Onken 2021).
    OtFlow(OtFlowConfig),
    /// Maximize the likelihood of a chain of maps that are inverted by a formula (Dinh 2017).
    CouplingFlow(CouplingFlowConfig),
    /// Descend the free energy block by block (Xu 2023).
    JkoFlow(JkoFlowConfig),
    /// The exact field, with nothing to train.
    ClosedForm(ClosedFormConfig),
}

impl Default for MethodConfig {
    fn default() -> Self {
        Self::FlowMatching(FlowMatchingConfig::default())
    }
}

impl MethodConfig {
    /// The chosen method.
    pub fn method(&self) -> &dyn Method {
        match self {
            Self::FlowMatching(config) => config,
            Self::Reflow(config) => config,
            Self::MeanFlow(config) => config,
            Self::Shortcut(config) => config,
            Self::StochasticInterpolant(config) => config,
            Self::Diffusion(config) => config,
            Self::NormalizingFlow(config) => config,
            Self::OtFlow(config) => config,
            Self::CouplingFlow(config) => config,
            Self::JkoFlow(config) => config,
            Self::ClosedForm(config) => config,
        }
    }
}
