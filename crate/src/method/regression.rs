//! Regression on paths with independent ends and normal noise: what is drawn, and what is predicted of it. Of these losses
//! the least value is known (algorithms, section 3.7).

use crate::path::{Prediction, Schedule, likelihood_normalizer, likelihood_time};
use serde::{Deserialize, Serialize};

/// How the times of a diffusion's loss are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// λ = σ²: the same for the noise at every time (DDPM, Score-SDE).
    #[default]
    Uniform,
    /// λ = g²: an upper bound of the NLL (ScoreFlow), by times drawn where g²/σ² is large.
    Likelihood,
}

/// The loss scale · E |g(x_t, t) - target|² at x_t = α x(0) + σ z with z ~ N(0, I), whose target is affine in x(0) given x_t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regression {
    /// The schedule of α and σ.
    pub schedule: Schedule,
    /// What the target is: the path's velocity, z, or x(0).
    pub prediction: Prediction,
    /// Which times are drawn.
    pub weighting: Weighting,
}

impl Regression {
    /// On the velocity, at uniform times.
    pub fn of_velocity(schedule: Schedule) -> Self {
        Self { schedule, prediction: Prediction::Velocity, weighting: Weighting::Uniform }
    }

    /// The time below which the share `share` of the loss's times lies.
    pub fn time(&self, share: f64) -> f64 {
        let earliest = self.schedule.earliest_time();
        match self.weighting {
            Weighting::Uniform => earliest + (1.0 - earliest) * share,
            Weighting::Likelihood => likelihood_time(share, earliest),
        }
    }

    /// What the mean over these times is multiplied by.
    pub fn scale(&self) -> f64 {
        match self.weighting {
            Weighting::Uniform => 1.0,
            Weighting::Likelihood => likelihood_normalizer(self.schedule.earliest_time()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No sampler and no likelihood goes nearer to the data than the path's earliest time: what would be trained there is
    /// never used.
    #[test]
    fn no_weighting_draws_a_time_that_nobody_solves() {
        let schedule = Schedule::VariancePreserving;
        for weighting in [Weighting::Uniform, Weighting::Likelihood] {
            let regression = Regression { schedule, prediction: Prediction::Noise, weighting };
            let times = (0..=1000).map(|i| regression.time(f64::from(i) / 1000.0));
            let earliest = times.fold(1.0, f64::min);
            assert!((earliest - schedule.earliest_time()).abs() < 1e-12, "{weighting:?} draws {earliest}");
        }
    }
}
