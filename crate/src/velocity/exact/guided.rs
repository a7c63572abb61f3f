//! Guidance of exact fields: what a network that had learned both perfectly would make of them.

use super::{ClosedForm, ExactPoint, Frozen};
use crate::path::Schedule;

/// w · the field given a condition + (1 - w) · that without, along one path.
///
/// Its score is that of pʷ p₁^(1-w), the law tilted towards the condition, at each time; but no flow has those marginals, so that
/// what it generates is another law than the tilted one, and another by an SDE than by the ODE.
pub struct Guided {
    /// The field given the condition.
    pub given: Box<dyn ClosedForm>,
    /// The field without.
    pub none: Box<dyn ClosedForm>,
    /// The guidance weight w.
    pub weight: f64,
}

impl ClosedForm for Guided {
    fn dim(&self) -> usize {
        self.given.dim()
    }

    fn schedule(&self) -> Schedule {
        self.given.schedule()
    }

    fn earliest_time(&self) -> f64 {
        self.given.earliest_time().max(self.none.earliest_time())
    }

    fn at(&self, t: f64) -> Frozen<'_> {
        let (given, none, weight) = (self.given.at(t), self.none.at(t), self.weight);
        let number = move |a: f64, b: f64| weight * a + (1.0 - weight) * b;
        let vector = move |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| number(a, b)).collect();
        Box::new(move |x| {
            let (a, b) = (given(x), none(x));
            ExactPoint {
                // Of the tilted law, up to a constant.
                log_density: number(a.log_density, b.log_density),
                score: vector(a.score, b.score),
                velocity: vector(a.velocity, b.velocity),
                divergence: number(a.divergence, b.divergence),
                data_prediction: vector(a.data_prediction, b.data_prediction),
                noise_prediction: vector(a.noise_prediction, b.noise_prediction),
            }
        })
    }
}
