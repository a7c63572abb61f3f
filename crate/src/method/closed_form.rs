//! The exact marginal field of a mixture, the checkerboard or a finite data set: the truth to compare with.

use super::{Asked, ConditionalPath, Ends, Method, Problem, Rounds};
use crate::distribution::Distribution;
use crate::error::{FlowError, check_range};
use crate::path::Schedule;
use crate::rng::{Rng, Stream};
use crate::velocity::{ClosedForm, ExactEmpirical, Guided, Layout, OnHost, VelocityField, Weights, closed_form};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The path whose marginal field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ClosedFormConfig {
    /// The schedule of the conditional path.
    pub path: Schedule,
    /// Data points drawn of P that the field is exact for where P itself has no closed form, 1 to 10,000: the limit that
    /// training on so many points would memorize. A user's own points are all taken, once each, thinned evenly above 10,000.
    pub points: usize,
}

impl Default for ClosedFormConfig {
    fn default() -> Self {
        Self { path: Schedule::default(), points: 500 }
    }
}

impl ClosedFormConfig {
    /// The field of `data`, the problem's or a class of it.
    fn exact(&self, problem: &Problem<'_>, data: &Distribution) -> Box<dyn ClosedForm> {
        closed_form(data, problem.noise, self.path).unwrap_or_else(|| {
            if let Some(points) = data.points() {
                return Box::new(ExactEmpirical::of(points, self.path));
            }
            let mut rng = Rng::new(u64::from(problem.seed), Stream::Data);
            Box::new(ExactEmpirical { points: data.sample(self.points, &mut rng), schedule: self.path })
        })
    }
}

impl Method for ClosedFormConfig {
    /// None.
    fn layout(&self, _problem: &Problem<'_>) -> Layout {
        Layout::default()
    }

    /// Never asked for: there is nothing to train.
    fn loss(&self, _weights: &Weights, ends: &mut Ends<'_>) -> Tensor<1> {
        Tensor::zeros([1], ends.device)
    }

    fn field(&self, problem: &Problem<'_>, _rounds: &[Weights]) -> Box<dyn VelocityField> {
        let none = self.exact(problem, problem.data);
        let Some(Asked { given, guidance }) = problem.asked.filter(|asked| asked.guidance != 0.0) else {
            return Box::new(OnHost(none));
        };
        let data = problem.data.known(given).ok().flatten();
        let data = data.expect("only what has points is asked for");
        let given = self.exact(problem, &data);
        Box::new(OnHost(if *guidance == 1.0 { given } else { Box::new(Guided { given, none, weight: *guidance }) }))
    }

    fn takes_condition(&self) -> bool {
        true
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        0
    }

    fn rounds(&self) -> Rounds {
        Rounds { count: 0, ..Rounds::default() }
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        Some(ConditionalPath::of(self.path))
    }

    fn check_problem(&self, problem: &Problem<'_>) -> Result<(), FlowError> {
        let Problem { data, noise, .. } = problem;
        if !data.numbers.is_empty() && data.posterior.is_none() {
            let allowed = "\"class\" or none for an exact field of points of your own, of which numbers leave none";
            return Err(FlowError::invalid("condition.kind", "\"numbers\"", allowed));
        }
        if noise.is_standard_normal() || [data, noise].iter().all(|end| end.mixture().is_some()) {
            return Ok(());
        }
        let allowed = "\"gaussian\" for a closed form, or Gaussian mixtures at both ends";
        Err(FlowError::invalid("noise.kind", "another distribution", allowed))
    }

    fn recommended(&self) -> Value {
        json!({ "budget": { "steps": 1 } })
    }

    fn check(&self) -> Result<(), FlowError> {
        check_range("method.points", self.points, 1..=10_000)
    }
}
