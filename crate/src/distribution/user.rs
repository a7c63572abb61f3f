//! The user's own points as a distribution.

use super::Distribution;
use crate::error::FlowError;
use crate::points::Points;
use crate::rng::Rng;

/// The empirical distribution of given points: each drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    points: Points,
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
        Ok(Self { points })
    }
}

impl Distribution for Resampled {
    fn dim(&self) -> usize {
        self.points.dim()
    }

    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        let mut values = Vec::with_capacity(len * self.dim());
        for _ in 0..len {
            values.extend_from_slice(self.points.row(rng.below(self.points.len())));
        }
        Points::new(values, self.dim()).expect("the points were checked when they came in")
    }

    fn as_points(&self) -> Option<&Points> {
        Some(&self.points)
    }
}
