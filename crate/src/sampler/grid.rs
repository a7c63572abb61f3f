//! The times of a sampler's steps.

use crate::path::{Coefficients, Schedule};
use serde::{Deserialize, Serialize};

/// What a sampler's steps are equal in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum TimeGrid {
    /// t.
    Uniform,
    /// √t.
    RootTime,
    /// The half-log-SNR ln(α/σ).
    HalfLogSnr,
    /// (σ/α)^(1/7), from 80 to 0.002 as far as the path goes there, and then t = 0 (Karras 2022, equation (5)).
    Karras,
}

/// Karras' noise levels and exponent.
const HIGHEST_LEVEL: f64 = 80.0;
const LOWEST_LEVEL: f64 = 0.002;
const RHO: f64 = 7.0;

/// Where a path has less data than this at t = 1, ln(α/σ) and σ/α go too far there.
const LEAST_DATA: f64 = 1e-3;

/// The latest time at which ln(α/σ) and σ/α may be used.
pub fn latest_time(schedule: Schedule) -> f64 {
    if schedule.at(1.0).alpha < LEAST_DATA { 1.0 - LEAST_DATA } else { 1.0 }
}

impl TimeGrid {
    /// Whether it needs a path's signal and noise.
    pub fn needs_path(self) -> bool {
        matches!(self, Self::HalfLogSnr | Self::Karras)
    }

    /// `steps` steps between `[from, to]`, falling: that many times and the first. Karras' lie between them, but for
    /// the last, which is 0.
    pub fn times(self, schedule: Schedule, [from, to]: [f64; 2], steps: usize) -> Vec<f64> {
        let shares = |of: usize| (0..=of).map(move |i| i as f64 / of as f64);
        let level = |t: f64| schedule.at(t).sigma / schedule.at(t).alpha;
        let mut times: Vec<f64> = match self {
            Self::Uniform => shares(steps).map(|share| from + (to - from) * share).collect(),
            Self::RootTime => {
                let [first, last] = [from.sqrt(), to.sqrt()];
                shares(steps).map(|share| (first + (last - first) * share).powi(2)).collect()
            }
            Self::HalfLogSnr => {
                let [first, last] = [from, to].map(|t| Self::half_log_snr(schedule.at(t)));
                shares(steps).map(|share| Self::time_of(schedule, first + (last - first) * share)).collect()
            }
            Self::Karras => {
                let [first, last] = [level(from).min(HIGHEST_LEVEL), level(to).max(LOWEST_LEVEL)]
                    .map(|level| libm::pow(level, 1.0 / RHO));
                let at = |share: f64| libm::pow(first + (last - first) * share, RHO);
                let levels: Vec<f64> = if steps == 1 { vec![at(0.0)] } else { shares(steps - 1).map(at).collect() };
                return levels.iter().map(|level| Self::time_of(schedule, -libm::log(*level))).chain([0.0]).collect();
            }
        };
        // The ends themselves, without rounding.
        times[0] = from;
        times[steps] = to;
        times
    }

    /// ln(α/σ).
    pub fn half_log_snr(at: Coefficients) -> f64 {
        libm::log(at.alpha / at.sigma)
    }

    /// The time at which ln(α/σ), which falls from data to noise, is `half_log_snr`: by bisection.
    pub fn time_of(schedule: Schedule, half_log_snr: f64) -> f64 {
        let [mut low, mut high] = [0.0, 1.0];
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return middle;
            }
            if Self::half_log_snr(schedule.at(middle)) > half_log_snr { low = middle } else { high = middle }
        }
    }
}
