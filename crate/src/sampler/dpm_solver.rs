//! DPM-Solver++(2M) (Lu, Zhou, Bao, Chen, Li and Zhu 2022, algorithm 2).

use super::stepping::{Draw, Move};
use super::{Denoising, TimeGrid};
use crate::ode::State;
use crate::path::Schedule;

/// DDIM's step with D extrapolated through the one before: (1 + 1/2ρ) D - 1/2ρ D_before, ρ the ratio of the step before to
/// this one in half-log-SNR. Of order 1 in the first step, and in one from pure noise or to pure data, of infinite length.
pub fn dpm_solver<S: State>(
    schedule: Schedule,
    mut data_prediction: impl FnMut(&S, f64) -> S,
) -> impl FnMut(&S, [f64; 2], Draw<'_, S>) -> Move<S> {
    let mut before: Option<(S, f64)> = None;
    move |x, [t, to], _| {
        let half_log_snr = |t| TimeGrid::half_log_snr(schedule.at(t));
        let length = half_log_snr(to) - half_log_snr(t);
        let Denoising { state, data, .. } = Denoising::ddim(schedule.at(t), schedule.at(to));
        let predicted = data_prediction(x, t);
        let extrapolated = match &before {
            Some((old, length_before)) if length.is_finite() && length_before.is_finite() => {
                let slope = 0.5 * length / length_before;
                predicted.add_scaled(&[(slope, &predicted), (-slope, old)])
            }
            _ => predicted.clone(),
        };
        before = Some((predicted, length));
        Move { mean: x.add_scaled(&[(state - 1.0, x), (data, &extrapolated)]), noise: 0.0 }
    }
}
