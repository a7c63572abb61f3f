//! The user's own points as a distribution.

use super::{Class, Distribution, Exact, KnownNumber, Labelled, Sampler};
use crate::error::FlowError;
use crate::points::Points;
use crate::rng::Rng;
use std::rc::Rc;

/// The empirical distribution of given points: each drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    points: Rc<Points>,
    labels: Option<Vec<u32>>,
    numbers: Option<Points<f64>>,
}

/// What class each of a user's points is of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The classes' names, in the order of their numbers.
    pub names: Vec<String>,
    /// The number of each point's class.
    pub of: Vec<u32>,
}

/// More classes than this are no few.
pub const MOST_CLASSES: usize = 64;
/// With fewer points of a class none of them can be held out.
pub const FEWEST_OF_CLASS: usize = 5;

impl Labels {
    /// Refuses labels of other points, classes that there are none of, and those of too few points.
    pub fn check(&self, points: usize) -> Result<(), FlowError> {
        let refused = |reason| Err(FlowError::InvalidPoints { reason });
        if self.of.len() != points {
            return refused(format!("there are {points} and {} labels", self.of.len()));
        }
        if !(2..=MOST_CLASSES).contains(&self.names.len()) {
            return refused(format!("they are of {} classes; allowed: 2 to {MOST_CLASSES}", self.names.len()));
        }
        if let Some(label) = self.of.iter().find(|&&label| label as usize >= self.names.len()) {
            return refused(format!("one is of class {label}, and there are {}", self.names.len()));
        }
        for (class, name) in self.names.iter().enumerate() {
            let count = self.of.iter().filter(|&&label| label as usize == class).count();
            if count < FEWEST_OF_CLASS {
                return refused(format!("class “{name}” has {count} and at least {FEWEST_OF_CLASS} are needed"));
            }
        }
        Ok(())
    }
}

/// Fewer points than this say nothing about a density.
pub const FEWEST_POINTS: usize = 16;

impl Resampled {
    /// Takes the points; at least [`FEWEST_POINTS`].
    pub fn new(points: Points) -> Result<Self, FlowError> {
        if points.len() < FEWEST_POINTS {
            let reason = format!("there are {} and at least {FEWEST_POINTS} are needed", points.len());
            return Err(FlowError::InvalidPoints { reason });
        }
        Ok(Rc::new(points).into())
    }

    /// The points with their numbers, of which this is known.
    pub fn observed(
        Labelled { points, numbers, .. }: Labelled,
        known: &[KnownNumber],
    ) -> Result<Distribution, FlowError> {
        let resampled = Self { numbers, ..Self::new(points)? };
        Ok(Distribution { numbers: known.to_vec(), ..resampled.into() })
    }

    /// The points with their classes, of these names; without labels those of [`new`](Self::new).
    pub fn of_classes(labelled: Labelled, names: &[String]) -> Result<Distribution, FlowError> {
        let Labelled { points, labels: Some(labels), .. } = labelled else {
            return Ok(Self::new(labelled.points)?.into());
        };
        let class = |(class, name): (usize, &String)| {
            let members: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] as usize == class).collect();
            let probability = members.len() as f64 / labels.len() as f64;
            let exact = Some(Exact::Points(Rc::new(points.pick(&members))));
            Class { name: name.clone(), probability, density: None, exact }
        };
        let classes = names.iter().enumerate().map(class).collect();
        let resampled = Self { labels: Some(labels.clone()), ..Self::new(points.clone())? };
        Ok(Distribution { classes, ..resampled.into() })
    }
}

impl From<Rc<Points>> for Resampled {
    fn from(points: Rc<Points>) -> Self {
        Self { points, labels: None, numbers: None }
    }
}

impl From<Resampled> for Distribution {
    fn from(resampled: Resampled) -> Self {
        let exact = Some(Exact::Points(resampled.points.clone()));
        Self { exact, ..Self::sampled(Rc::new(resampled)) }
    }
}

impl Sampler for Resampled {
    fn dim(&self) -> usize {
        self.points.dim()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let chosen: Vec<usize> = (0..len).map(|_| rng.below(self.points.len())).collect();
        let labels = self.labels.as_ref().map(|labels| chosen.iter().map(|&i| labels[i]).collect());
        let numbers = self.numbers.as_ref().map(|numbers| numbers.pick(&chosen));
        Labelled { points: self.points.pick(&chosen), labels, numbers }
    }
}
