//! The variance-preserving diffusion: DDPM (Ho 2020), Score-SDE (Song 2021) and ScoreFlow's weighting (Song 2021b).

use super::ends::{examples_of, mix};
use super::{ConditionalPath, Ends, Method, Problem, Regression, Weighting};
use crate::error::FlowError;
use crate::fused::Examples;
use crate::path::{Prediction, Schedule};
use crate::velocity::{Predicted, VelocityField, Weights};
use serde::{Deserialize, Serialize};

/// What the network predicts, and where it is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct DiffusionConfig {
    /// The network's output: the noise, the score (times σ) or the data.
    pub prediction: Prediction,
    /// How times are weighted.
    pub weighting: Weighting,
}

impl Default for DiffusionConfig {
    fn default() -> Self {
        Self { prediction: Prediction::Noise, weighting: Weighting::Uniform }
    }
}

const PATH: Schedule = Schedule::VariancePreserving;

impl DiffusionConfig {
    /// A score network is scaled by σ, so that its target is -z: as hard to predict as z.
    fn on_noise_or_data(&self) -> Regression {
        let prediction = if self.prediction == Prediction::Data { Prediction::Data } else { Prediction::Noise };
        Regression { schedule: PATH, prediction, weighting: self.weighting }
    }
}

impl Method for DiffusionConfig {
    /// E |g(x_t, t) - z|² for the noise (Ho 2020, equation (14)), |g + z|² for the score, |g - x(0)|² for the data.
    fn examples(&self, ends: &mut Ends<'_>, _weights: &dyn Fn() -> Weights) -> Option<Examples> {
        let data = ends.draw_labelled();
        let noise = ends.draw_normal();
        let regression = self.on_noise_or_data();
        let times: Vec<f64> = ends.draw_shares().into_iter().map(|share| regression.time(share)).collect();
        let context = ends.context(&times, &data);
        let data = data.points;
        let position = mix([&data, &noise], |i| [PATH.at(times[i]).alpha, PATH.at(times[i]).sigma]);
        let target = match self.prediction {
            Prediction::Score => mix([&noise], |_| [-1.0]),
            Prediction::Data => data,
            Prediction::Noise | Prediction::Velocity => noise,
        };
        Some(Examples { context, ..examples_of(position, &times, target, regression.scale()) })
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let model = problem.network(rounds.last().expect("the round in training"));
        Box::new(Predicted { model, prediction: self.prediction, schedule: PATH })
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        2
    }

    fn takes_condition(&self) -> bool {
        true
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        Some(ConditionalPath::of(PATH))
    }

    fn regression(&self, _round: usize) -> Option<Regression> {
        Some(self.on_noise_or_data())
    }

    fn needs_gaussian(&self) -> Option<&'static str> {
        Some("a diffusion, which ends at it")
    }

    fn check(&self) -> Result<(), FlowError> {
        match (self.prediction, self.weighting) {
            (Prediction::Velocity, _) => {
                let allowed = "\"noise\", \"score\" or \"data\"; flow matching regresses the velocity";
                Err(FlowError::invalid("method.prediction", "\"velocity\"", allowed))
            }
            (Prediction::Data, Weighting::Likelihood) => {
                let allowed = "\"uniform\" for a data prediction";
                Err(FlowError::invalid("method.weighting", "\"likelihood\"", allowed))
            }
            _ => Ok(()),
        }
    }
}
