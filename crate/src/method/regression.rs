//! Regression on paths with independent ends and normal noise: what is drawn, and what is predicted of it. Of these losses
//! the least value is known.

use super::likelihood_times;
use crate::path::{Prediction, Schedule};
use serde::{Deserialize, Serialize};

/// How the times of a loss are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// λ = σ²: the same for the noise at every time (DDPM, Score-SDE).
    #[default]
    Uniform,
    /// λ = g²: an upper bound of the NLL (ScoreFlow), by times drawn where g²/σ² is large.
    Likelihood,
    /// Times whose logit is N(0, 1): more of them in the middle, where there is most to learn (Esser 2024, section 3.1).
    LogitNormal,
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
            Weighting::LogitNormal => (1.0 / (1.0 + libm::exp(-normal_quantile(share)))).max(earliest),
            Weighting::Likelihood => likelihood_times::time(share, earliest),
        }
    }

    /// What the mean over these times is multiplied by.
    pub fn scale(&self) -> f64 {
        match self.weighting {
            Weighting::Uniform | Weighting::LogitNormal => 1.0,
            Weighting::Likelihood => likelihood_times::normalizer(self.schedule.earliest_time()),
        }
    }
}

/// The z below which the share `share` of N(0, 1) lies, by Newton's method, whose steps are at most 1.
fn normal_quantile(share: f64) -> f64 {
    // Shares nearer to 0 or 1 than this are times nearer to the ends than any that matters.
    let share = share.clamp(1e-12, 1.0 - 1e-12);
    let mut z = 0.0;
    for _ in 0..64 {
        let below = 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
        let density = libm::exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt();
        let step = ((share - below) / density).clamp(-1.0, 1.0);
        z += step;
        if step.abs() < 1e-12 {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No sampler and no likelihood goes nearer to the data than the path's earliest time: what would be trained there is
    /// never used.
    #[test]
    fn no_weighting_draws_a_time_that_nobody_solves() {
        let schedule = Schedule::VariancePreserving;
        for weighting in [Weighting::Uniform, Weighting::Likelihood, Weighting::LogitNormal] {
            let regression = Regression { schedule, prediction: Prediction::Noise, weighting };
            let times = (0..=1000).map(|i| regression.time(f64::from(i) / 1000.0));
            let earliest = times.fold(1.0, f64::min);
            assert!((earliest - schedule.earliest_time()).abs() < 1e-12, "{weighting:?} draws {earliest}");
        }
    }

    #[test]
    fn logit_normal_times_have_a_normal_logit() {
        let regression =
            Regression { weighting: Weighting::LogitNormal, ..Regression::of_velocity(Schedule::default()) };
        // Quantiles of N(0, 1).
        for (share, z) in [(0.5, 0.0), (0.841_344_746_068_543, 1.0), (0.001_349_898_031_630_09, -3.0)] {
            let t = regression.time(share);
            assert!(((t / (1.0 - t)).ln() - z).abs() < 1e-9, "{share}: {t}");
        }
        assert!(regression.time(0.0) < 1e-3 && regression.time(1.0) > 0.999);
        assert_eq!(regression.scale(), 1.0);
    }
}
