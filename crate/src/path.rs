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
    /// alpha = 1 - t, sigma = s + (1 - s) t with s = 0.01: Lipman's OT conditional path, which starts at slightly blurred
    /// data and so is smooth at t = 0.
    LinearSmoothed,
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

/// Lipman's sigma_min.
const SMOOTHED: f64 = 0.01;

/// beta(t) = BETA_MIN + (BETA_MAX - BETA_MIN) t of the variance-preserving SDE (Song 2021, appendix C).
pub(crate) const BETA_MIN: f64 = 0.1;
pub(crate) const BETA_MAX: f64 = 20.0;

/// How near the ends of a path anything is drawn, trained or solved whose formula has none there: a score where sigma is 0,
/// the velocity where sigma's slope is infinite, an interpolant's noise. The one cut-off: what training draws, samplers and
/// likelihoods use, and none of them anything else.
pub const NEAREST_TO_ENDS: f64 = 1e-3;

impl Schedule {
    /// The coefficients at `t` in [0, 1].
    pub fn at(self, t: f64) -> Coefficients {
        match self {
            Self::Linear => Coefficients { alpha: 1.0 - t, sigma: t, d_alpha: -1.0, d_sigma: 1.0 },
            Self::LinearSmoothed => {
                let slope = 1.0 - SMOOTHED;
                Coefficients { alpha: 1.0 - t, sigma: SMOOTHED + slope * t, d_alpha: -1.0, d_sigma: slope }
            }
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
            Self::Linear | Self::LinearSmoothed | Self::Cosine => 0.0,
            Self::VariancePreserving => NEAREST_TO_ENDS,
        }
    }

    /// The same for data with edges, or of points: where sigma is 0 at t = 0, they have no velocity there.
    pub fn earliest_with_edges(self) -> f64 {
        if self.at(0.0).sigma > 0.0 { 0.0 } else { NEAREST_TO_ENDS }
    }
}

impl Schedule {
    /// Whether the path's velocity is smooth in √t only: where σ grows like √t, which the velocity has in a denominator.
    pub fn smooth_in_root(self) -> bool {
        self == Self::VariancePreserving
    }
}

/// What a network can predict of a Gaussian path x(t) = alpha x(0) + sigma z; each gives the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// u = E[x'(t) | x(t)].
    #[default]
    Velocity,
    /// s = ∇ ln p_t.
    Score,
    /// E[z | x(t)].
    Noise,
    /// E[x(0) | x(t)].
    Data,
}

impl Coefficients {
    /// `[a, b]` of the velocity a x + b g for a prediction g.
    pub fn velocity_from(self, prediction: Prediction) -> [f64; 2] {
        let Self { alpha, sigma, d_alpha, d_sigma } = self;
        match prediction {
            Prediction::Velocity => [0.0, 1.0],
            Prediction::Noise => [d_alpha / alpha, d_sigma - d_alpha * sigma / alpha],
            Prediction::Score => [d_alpha / alpha, sigma * (d_alpha * sigma / alpha - d_sigma)],
            Prediction::Data => [d_sigma / sigma, d_alpha - d_sigma * alpha / sigma],
        }
    }

    /// The factor of x(0) in what is predicted, which is affine in it given x(t): the noise is (x(t) - alpha x(0)) / sigma.
    /// Infinite where sigma is 0.
    pub fn of_data(self, prediction: Prediction) -> f64 {
        match prediction {
            Prediction::Velocity => self.velocity_from(Prediction::Data)[1],
            Prediction::Score => self.alpha / (self.sigma * self.sigma),
            Prediction::Noise => -self.alpha / self.sigma,
            Prediction::Data => 1.0,
        }
    }

    /// `[a, b]` of the prediction a x + b u for a velocity u. Finite wherever sigma is above 0, unlike the way back, which
    /// divides by alpha.
    pub fn from_velocity(self, prediction: Prediction) -> [f64; 2] {
        let Self { alpha, sigma, d_alpha, d_sigma } = self;
        let turn = alpha * d_sigma - d_alpha * sigma;
        match prediction {
            Prediction::Velocity => [0.0, 1.0],
            Prediction::Noise => [-d_alpha / turn, alpha / turn],
            Prediction::Score => [d_alpha / (turn * sigma), -alpha / (turn * sigma)],
            Prediction::Data => [d_sigma / turn, -sigma / turn],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Schedule; 4] =
        [Schedule::Linear, Schedule::LinearSmoothed, Schedule::Cosine, Schedule::VariancePreserving];

    #[test]
    fn every_schedule_starts_at_data_and_ends_at_noise() {
        for schedule in ALL {
            let (start, end) = (schedule.at(0.0), schedule.at(1.0));
            let blur = if schedule == Schedule::LinearSmoothed { SMOOTHED } else { 0.0 };
            assert!((start.alpha - 1.0).abs() < 1e-12 && (start.sigma - blur).abs() < 1e-12);
            // The variance-preserving path stops 6.6e-3 short of pure noise (Song 2021).
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

    #[test]
    fn predictions_convert_both_ways() {
        for schedule in ALL {
            for t in [0.05, 0.4, 0.95] {
                let at = schedule.at(t);
                for prediction in [Prediction::Velocity, Prediction::Score, Prediction::Noise, Prediction::Data] {
                    let ([a, b], [c, d]) = (at.velocity_from(prediction), at.from_velocity(prediction));
                    let (x, g) = (0.7, -1.3);
                    let u = a * x + b * g;
                    assert!((c * x + d * u - g).abs() < 1e-9, "{schedule:?} {prediction:?} at {t}");
                }
                // A point that is all data, and one that is all noise.
                let [a, b] = at.velocity_from(Prediction::Data);
                assert!((a * at.alpha * 2.0 + b * 2.0 - at.d_alpha * 2.0).abs() < 1e-9);
                let [a, b] = at.velocity_from(Prediction::Noise);
                assert!((a * at.sigma * 2.0 + b * 2.0 - at.d_sigma * 2.0).abs() < 1e-9);
            }
        }
    }
}
