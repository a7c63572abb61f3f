//! What a network is told beside the time: a class of the data, or that none is named. One network learns the field of each
//! class and that of all, because training hides the class now and then (Ho and Salimans 2022).

use super::{Ends, Method, Problem};
use crate::distribution::Labelled;
use crate::error::{FlowError, check_range};
use crate::points::Points;
use crate::rng::Rng;
use crate::velocity::{Beside, Layout, Network, Told, Weights};
use serde::{Deserialize, Serialize};

/// What samples can be asked to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionConfig {
    /// What the network is told.
    pub kind: ConditionKind,
    /// The probability that training hides it, 0 to 0.9: what is learned then is the field without a condition, which guidance
    /// needs.
    pub drop: f64,
    /// Which noise points a coupling may join a data point to.
    pub pairs: Pairs,
}

impl Default for ConditionConfig {
    fn default() -> Self {
        Self { kind: ConditionKind::Class, drop: 0.1, pairs: Pairs::Within }
    }
}

impl ConditionConfig {
    /// Refuses a probability that leaves too little to learn.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("condition.drop", self.drop, 0.0..=0.9)
    }
}

/// What a condition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    /// One of the classes that the data is a mixture of.
    #[default]
    Class,
}

/// Among which points a coupling pairs data with noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Pairs {
    /// Among those of one class and as many noise points: the noise given the class stays what it is.
    #[default]
    Within,
    /// Among all. The nearest noise depends on the class, so that the noise given the class is no longer Q, from which its
    /// samples start: they skew (Cheng and Schwing 2025).
    Across,
}

/// What samples are asked to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// The number of a class.
    pub class: usize,
    /// The guidance weight w of w f(x, t, class) + (1 - w) f(x, t, none), 0 to 10.
    pub guidance: f64,
}

impl Asked {
    /// Refuses a class that there is none of, and a guidance weight out of range.
    pub fn check(&self, classes: usize) -> Result<(), FlowError> {
        check_range("class", self.class, 0..=classes.saturating_sub(1))?;
        check_range("guidance", self.guidance, 0.0..=10.0)
    }
}

impl Problem<'_> {
    /// Columns of the network's context: the time, how far to jump where it is told, and, where there is a condition, one for
    /// each class and the last for none.
    pub fn context(&self) -> usize {
        1 + usize::from(self.jump.is_some()) + self.condition.map_or(0, |_| self.data.classes.len() + 1)
    }

    /// The pieces of the velocity network.
    pub fn layout(&self) -> Layout {
        self.network.layout_in(self.dim(), self.context())
    }

    /// The velocity network of these weights, told what is asked for.
    pub fn network(&self, weights: &Weights) -> Told<Network> {
        let none = self.columns(None);
        let of_class = |asked: Asked| self.columns(Some(asked.class));
        let beside = match self.asked {
            _ if self.condition.is_none() => {
                self.jump.map_or(Beside::Nothing, |jump| Beside::Condition(vec![jump as f32]))
            }
            Some(asked) if asked.guidance == 1.0 => Beside::Condition(of_class(asked)),
            Some(asked) if asked.guidance != 0.0 => {
                Beside::Guided { given: of_class(asked), none, weight: asked.guidance }
            }
            _ => Beside::Condition(none),
        };
        Told { model: Network::new(self.network, weights), beside }
    }

    /// The context beside the time for a class, or for none.
    fn columns(&self, class: Option<usize>) -> Vec<f32> {
        let classes = self.data.classes.len();
        let mut columns = vec![0.0; classes + 1];
        columns[class.unwrap_or(classes)] = 1.0;
        columns
    }

    /// The noise point that `method` joins each data point to: one of its own class's where the coupling must not mix them.
    pub fn pair(&self, method: &dyn Method, data: &Labelled, noise: &Points, rng: &mut Rng) -> Vec<usize> {
        let within = self.condition.is_some_and(|condition| condition.pairs == Pairs::Within);
        let Some(path) = method.conditional_path() else { return (0..noise.len()).collect() };
        let Some(labels) = data.labels.as_ref().filter(|_| within) else {
            return path.pair(&data.points, noise, rng);
        };
        let mut pairs = vec![0; labels.len()];
        for class in 0..self.data.classes.len() {
            // The noise drawn beside a class's points knows nothing of the class.
            let members: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] as usize == class).collect();
            let found = path.pair(&data.points.pick(&members), &noise.pick(&members), rng);
            members.iter().zip(found).for_each(|(&i, chosen)| pairs[i] = members[chosen]);
        }
        pairs
    }
}

impl Ends<'_> {
    /// A batch of data points, each with its class where the network is told classes.
    pub fn draw_labelled(&mut self) -> Labelled {
        match self.problem.condition {
            Some(_) => self.problem.data.sample_labelled(self.batch, &mut self.streams.data),
            None => self.draw_data().into(),
        }
    }

    /// What the network is told of each point of a batch, row-major: its time, and its class or that it is hidden.
    pub fn context(&mut self, times: &[f64], data: &Labelled) -> Vec<f32> {
        let Some((condition, labels)) = self.problem.condition.zip(data.labels.as_ref()) else {
            return times.iter().map(|&t| t as f32).collect();
        };
        let mut context = Vec::with_capacity(times.len() * self.problem.context());
        for (&t, &label) in times.iter().zip(labels) {
            let hidden = self.streams.condition.uniform() < condition.drop;
            context.push(t as f32);
            context.extend(self.problem.columns((!hidden).then_some(label as usize)));
        }
        context
    }
}
