//! What a network is told beside the time: a class of the data or numbers, or that nothing is known. One network learns the
//! field given each and that of all, because training hides what is known now and then (Ho and Salimans 2022).

use super::{ConditionalPath, Ends, Method, Problem};
use crate::distribution::{Given, Labelled};
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
    /// Numbers that are known of each point: what was observed, of a parameter.
    Numbers,
}

/// Among which points a coupling pairs data with noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Pairs {
    /// Among those of one class and as many noise points: the noise given the class stays what it is. No two points share
    /// their numbers: among those whose numbers are near, which nearly does (Kerrigan 2024).
    #[default]
    Within,
    /// Among all. The nearest noise depends on the class, so that the noise given the class is no longer Q, from which its
    /// samples start: they skew (Cheng and Schwing 2025).
    Across,
}

/// What samples are asked to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What is known of them.
    pub given: Given,
    /// The guidance weight w of w f(x, t, given) + (1 - w) f(x, t, none), 0 to 10.
    pub guidance: f64,
}

impl Asked {
    /// Of this class, as much as guidance draws them there.
    pub fn class(class: usize, guidance: f64) -> Self {
        Self { given: Given::Class(class), guidance }
    }

    /// Given these numbers likewise.
    pub fn numbers(numbers: Vec<f64>, guidance: f64) -> Self {
        Self { given: Given::Numbers(numbers), guidance }
    }

    /// Refuses a guidance weight out of range.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("guidance", self.guidance, 0.0..=10.0)
    }
}

/// Standard deviations of a number cost a coupling as much as this many units of way.
const FAR: f32 = 10.0;

impl Problem<'_> {
    /// Columns of the network's context: the time, how far to jump where it is told, and, where there is a condition, one for
    /// each class or number and the last for none.
    pub fn context(&self) -> usize {
        1 + self.columns(None).len()
    }

    /// The pieces of the velocity network.
    pub fn layout(&self) -> Layout {
        self.network.layout_in(self.dim(), self.context())
    }

    /// The velocity network of these weights, told what is asked for.
    pub fn network(&self, weights: &Weights) -> Told<Network> {
        let none = self.columns(None);
        let given = |asked: &Asked| self.columns(Some(&asked.given));
        let beside = match self.asked {
            _ if none.is_empty() => Beside::Nothing,
            Some(asked) if asked.guidance == 1.0 => Beside::Condition(given(asked)),
            Some(asked) if asked.guidance != 0.0 => {
                Beside::Guided { given: given(asked), none, weight: asked.guidance }
            }
            _ => Beside::Condition(none),
        };
        Told { model: Network::new(self.network, self.dim(), weights), beside }
    }

    /// Classes or numbers that the network can be told.
    fn known(&self) -> usize {
        let is_class = self.condition.is_none_or(|condition| condition.kind == ConditionKind::Class);
        if is_class { self.data.classes.len() } else { self.data.numbers.len() }
    }

    /// The context beside the time: the jump where it is told, and where there is a condition what is given, numbers in their
    /// standard deviations, or none.
    fn columns(&self, given: Option<&Given>) -> Vec<f32> {
        let jump = self.jump.map(|jump| jump as f32);
        let none = self.known();
        let told = |column: usize| match given {
            Some(Given::Numbers(_)) if column == none => 0.0,
            Some(Given::Numbers(numbers)) => self.data.numbers[column].standardized(numbers[column]),
            Some(Given::Class(class)) => f32::from(u8::from(column == *class)),
            None => f32::from(u8::from(column == none)),
        };
        jump.into_iter().chain((0..self.condition.map_or(0, |_| none + 1)).map(told)).collect()
    }

    /// Points with their numbers as more coordinates, so long that a coupling hardly mixes them.
    fn beside(&self, points: &Points, numbers: &Points<f64>) -> Points {
        let row = |(point, numbers): (&[f32], &[f64])| {
            let scaled = numbers.iter().zip(&self.data.numbers).map(|(&x, known)| FAR * known.standardized(x));
            point.iter().copied().chain(scaled).collect::<Vec<_>>()
        };
        let values = points.rows().zip(numbers.rows()).flat_map(row).collect();
        Points::new(values, points.dim() + numbers.dim()).expect("finite points and numbers")
    }

    /// How `method` joins data and noise where these live; `None` for one that joins none.
    pub fn conditional_path(&self, method: &dyn Method) -> Option<ConditionalPath> {
        Some(ConditionalPath { space: self.data.space, ..method.conditional_path()? })
    }

    /// The noise point that `method` joins each data point to: one of its own class's where the coupling must not mix them.
    pub fn pair(&self, method: &dyn Method, data: &Labelled, noise: &Points, rng: &mut Rng) -> Vec<usize> {
        let within = self.condition.is_some_and(|condition| condition.pairs == Pairs::Within);
        let Some(path) = self.conditional_path(method) else { return (0..noise.len()).collect() };
        if let Some(numbers) = data.numbers.as_ref().filter(|_| within) {
            // The noise drawn beside a point knows nothing of its numbers.
            return path.pair(&self.beside(&data.points, numbers), &self.beside(noise, numbers), rng);
        }
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
    /// A batch of data points, each with what is known of it where the network is told that.
    pub fn draw_labelled(&mut self) -> Labelled {
        match self.problem.condition {
            Some(_) => self.problem.data.sample_labelled(self.batch, &mut self.streams.data),
            None => self.draw_data().into(),
        }
    }

    /// What the network is told of each point of a batch, row-major: its time, its jump, and what is known of it or that it is
    /// hidden.
    pub fn context(&mut self, times: &[f64], data: &Labelled) -> Vec<f32> {
        let mut context = Vec::with_capacity(times.len() * self.problem.context());
        for (i, &t) in times.iter().enumerate() {
            let given = self.problem.condition.zip(data.given(i)).and_then(|(condition, given)| {
                let hidden = self.streams.condition.uniform() < condition.drop;
                (!hidden).then_some(given)
            });
            context.push(t as f32);
            context.extend(self.problem.columns(given.as_ref()));
        }
        context
    }
}
