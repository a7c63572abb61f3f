//! What samples are asked to be: a class, with a guidance weight; and the data that is then the truth.

use super::Session;
use super::measure::Metric;
use super::truth::Floors;
use crate::distribution::Distribution;
use crate::error::FlowError;
use crate::method::Asked;

impl Session {
    /// The names of the data's classes, in the order of their numbers; none where it has none.
    pub fn classes(&self) -> Vec<&str> {
        self.data.classes.iter().map(|class| class.name.as_str()).collect()
    }

    /// Asks everything from now on for a class, or again for no class in particular: samples, trajectories, densities and
    /// metrics, and the data that they are compared with.
    pub fn ask(&mut self, asked: Option<Asked>) -> Result<(), FlowError> {
        if let Some(asked) = asked {
            if self.experiment.condition.is_none() {
                let allowed = "none in an experiment without a condition";
                return Err(FlowError::invalid("class", asked.class, allowed));
            }
            asked.check(self.data.classes.len())?;
        }
        let of_class = |asked: Asked| Ok([self.data.given(asked.class)?, self.heldout.given(asked.class)?]);
        let given = asked.map(of_class).transpose()?;
        self.given = given.filter(|_| asked.is_some_and(|asked| asked.guidance != 0.0));
        self.asked = asked;
        self.floors = Floors::default();
        Ok(())
    }

    /// What is asked for.
    pub fn asked(&self) -> Option<Asked> {
        self.asked
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
        self.asked.map(|asked| asked.guidance).filter(|&guidance| guidance != 0.0 && guidance != 1.0)
    }

    /// Network passes of one right-hand-side evaluation: guidance asks the network twice, with the class and without, in what
    /// counts as one evaluation (NFE).
    pub fn passes_per_evaluation(&self) -> usize {
        if self.guided().is_some() { 2 } else { 1 }
    }

    /// Why there is no truth to compare samples with, in one sentence; `None` where there is one.
    pub fn why_no_truth(&self) -> Option<String> {
        let guidance = self.guided()?;
        Some(format!(
            "Guidance of {guidance} makes a law that is not the data's, so there is nothing to compare it with."
        ))
    }

    /// Those of `metrics` that make sense without a truth, where there is none.
    pub(super) fn meaningful<'a>(&self, metrics: &'a [Metric]) -> &'a [Metric] {
        match self.guided() {
            None => metrics,
            Some(_) if metrics.contains(&Metric::Straightness) => &[Metric::Straightness],
            Some(_) => &[],
        }
    }
}
