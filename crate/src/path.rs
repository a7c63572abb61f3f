//! What lies between the ends: schedules, the conditional path and its velocity.
//!
//! Given a data point x(0) and a noise point x(1), the conditional path is x(t) = alpha(t) x(0) + sigma(t) x(1), and
//! its velocity the derivative of that. Time is the deck's: t = 0 is data, so alpha falls from 1 and sigma rises from 0.

use serde::{Deserialize, Serialize};

/// A schedule: how much of the data and how much of the noise is in x(t).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// alpha = 1 - t, sigma = t: straight lines (the deck's equation (5); rectified flow, Lipman's OT path at
    /// sigma_min = 0).
    #[default]
    Linear,
    /// alpha = cos(pi t / 2), sigma = sin(pi t / 2) (Albergo and Vanden-Eijnden 2023).
    Cosine,
    /// The variance-preserving diffusion (Song 2021): alpha = exp(-B/2), sigma = sqrt(1 - exp(-B)), with B(t) = 0.1 t +
    /// 9.95 t^2.
    VariancePreserving,
}

/// A schedule at one time, with its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficients {
    /// The share of the data end.
    pub alpha: f64,
    /// The share of the noise end.
    pub sigma: f64,
    /// d alpha / dt.
    pub d_alpha: f64,
    /// d sigma / dt.
    pub d_sigma: f64,
}

/// beta(t) = BETA_MIN + (BETA_MAX - BETA_MIN) t of the variance-preserving SDE (Song 2021, appendix C).
const BETA_MIN: f64 = 0.1;
const BETA_MAX: f64 = 20.0;

impl Schedule {
    /// The coefficients at `t` in [0, 1].
    pub fn at(self, t: f64) -> Coefficients {
        match self {
            Self::Linear => Coefficients { alpha: 1.0 - t, sigma: t, d_alpha: -1.0, d_sigma: 1.0 },
            Self::Cosine => {
                let quarter = std::f64::consts::FRAC_PI_2;
                let (sin, cos) = libm::sincos(quarter * t);
                Coefficients { alpha: cos, sigma: sin, d_alpha: -quarter * sin, d_sigma: quarter * cos }
            }
            Self::VariancePreserving => {
                let beta = BETA_MIN + (BETA_MAX - BETA_MIN) * t;
                let integral = BETA_MIN * t + 0.5 * (BETA_MAX - BETA_MIN) * t * t;
                let alpha = libm::exp(-0.5 * integral);
                let sigma = libm::sqrt(-libm::expm1(-integral));
                Coefficients {
                    alpha,
                    sigma,
                    d_alpha: -0.5 * beta * alpha,
                    d_sigma: 0.5 * libm::exp(-integral) * beta / sigma,
                }
            }
        }
    }

    /// The earliest time at which the velocity may be used. The variance-preserving sigma has an infinite slope at
    /// t = 0; the others are smooth throughout.
    pub fn earliest_time(self) -> f64 {
        match self {
            Self::Linear | Self::Cosine => 0.0,
            Self::VariancePreserving => 1e-3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Schedule; 3] = [Schedule::Linear, Schedule::Cosine, Schedule::VariancePreserving];

    #[test]
    fn every_schedule_starts_at_data_and_ends_at_noise() {
        for schedule in ALL {
            let (start, end) = (schedule.at(0.0), schedule.at(1.0));
            assert!((start.alpha - 1.0).abs() < 1e-12 && start.sigma.abs() < 1e-12);
            // The variance-preserving path stops 6.6e-3 short of pure noise (algorithms, section 7).
            assert!(end.alpha.abs() < 7e-3 && (end.sigma - 1.0).abs() < 3e-5);
        }
    }

    #[test]
    fn derivatives_match_differences() {
        let h = 1e-6;
        for schedule in ALL {
            for t in [0.05, 0.3, 0.7, 0.95] {
                let (before, at, after) = (schedule.at(t - h), schedule.at(t), schedule.at(t + h));
                assert!(((after.alpha - before.alpha) / (2.0 * h) - at.d_alpha).abs() < 1e-6);
                assert!(((after.sigma - before.sigma) / (2.0 * h) - at.d_sigma).abs() < 1e-6);
            }
        }
    }
}
