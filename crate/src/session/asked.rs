//! What samples are asked to be: of a class, or given numbers, with a guidance weight; and the data that is then the truth.

use super::Session;
use super::metrics::Metric;
use super::truth::Floors;
use crate::distribution::{Distribution, Given, KnownNumber};
use crate::error::FlowError;
use crate::method::{Asked, ConditionKind};

impl Session {
    /// The names of the data's classes, of snapshots their times, in the order of their numbers; none where it has none.
    pub fn classes(&self) -> Vec<&str> {
        self.data.together().classes.iter().map(|class| class.name.as_str()).collect()
    }

    /// The numbers that are known of every data point; none where there are none.
    pub fn numbers(&self) -> &[KnownNumber] {
        &self.data.numbers
    }

    /// Asks everything from now on for a class, or for what is given numbers, or again for nothing in particular: samples,
    /// trajectories, densities and metrics, and the data that they are compared with.
    pub fn ask(&mut self, asked: Option<Asked>) -> Result<(), FlowError> {
        let both = |asked: &Asked| {
            self.check_told(&asked.given)?;
            asked.check()?;
            Ok(self.data.known(&asked.given)?.zip(self.heldout.known(&asked.given)?))
        };
        let given = asked.as_ref().map(both).transpose()?.flatten();
        let weighed = asked.as_ref().is_some_and(|asked| asked.guidance != 0.0);
        self.given = given.filter(|_| weighed).map(|(data, heldout)| [data, heldout]);
        self.asked = asked;
        self.floors = Floors::default();
        Ok(())
    }

    /// Refuses what the network is not told.
    fn check_told(&self, given: &Given) -> Result<(), FlowError> {
        let (kind, field, value) = match given {
            Given::Class(class) => (ConditionKind::Class, "class", class.to_string()),
            Given::Numbers(numbers) => (ConditionKind::Numbers, "observed", format!("{numbers:?}")),
        };
        match self.experiment.condition {
            Some(condition) if condition.kind == kind => given.check(&self.data),
            Some(_) => {
                let other = if kind == ConditionKind::Class { "numbers" } else { "class" };
                let allowed = format!("none where condition.kind is \"{other}\"");
                Err(FlowError::invalid(field, value, allowed))
            }
            None => Err(FlowError::invalid(field, value, "none in an experiment without a condition")),
        }
    }

    /// What is asked for.
    pub fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// The data of what is asked for: of its class, or all of it.
    pub(super) fn wanted(&self) -> &Distribution {
        self.given.as_ref().map_or(&self.data, |[data, _]| data)
    }

    /// Held-out data likewise.
    pub(super) fn wanted_heldout(&self) -> &Distribution {
        self.given.as_ref().map_or(&self.heldout, |[_, heldout]| heldout)
    }

    /// The guidance weight, where it is one that makes a law of its own.
    fn guided(&self) -> Option<f64> {
        let guidance = self.asked.as_ref().map(|asked| asked.guidance);
        guidance.filter(|&guidance| guidance != 0.0 && guidance != 1.0)
    }

    /// Network passes of one right-hand-side evaluation: guidance asks the network twice, with the condition and without, in
    /// what counts as one evaluation (NFE).
    pub fn passes_per_evaluation(&self) -> usize {
        if self.guided().is_some() { 2 } else { 1 }
    }

    /// Why there is no truth to compare samples with, in one sentence; `None` where there is one.
    pub fn why_no_truth(&self) -> Option<String> {
        if let Some(guidance) = self.guided() {
            return Some(format!(
                "Guidance of {guidance} makes a law that is not the data's, so there is nothing to compare it with."
            ));
        }
        self.asked.as_ref().filter(|asked| asked.guidance != 0.0 && self.given.is_none())?;
        Some("The law of these data given these numbers is not known, so there is nothing to compare with.".into())
    }

    /// Those of `metrics` that make sense where points live, and without a truth where there is none.
    pub(super) fn meaningful(&self, metrics: &[Metric]) -> Vec<Metric> {
        let compares_nothing = |metric: &&Metric| matches!(metric, Metric::Straightness | Metric::Frechet);
        let metrics = metrics.iter().filter(|&&metric| self.is_of_space(metric));
        match self.why_no_truth() {
            None => metrics.copied().collect(),
            Some(_) => metrics.filter(compares_nothing).copied().collect(),
        }
    }
}
