//! The user's own points as a distribution.

use super::{Distribution, Exact, Labelled, Sampler};
use crate::error::FlowError;
use crate::points::Points;
use crate::rng::Rng;
use std::rc::Rc;

/// The empirical distribution of given points: each drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    points: Rc<Points>,
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
        Ok(Self { points: Rc::new(points) })
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
        let mut values = Vec::with_capacity(len * self.dim());
        for _ in 0..len {
            values.extend_from_slice(self.points.row(rng.below(self.points.len())));
        }
        Points::new(values, self.dim()).expect("the points were checked when they came in").into()
    }
}
