//! Steps that are linear in the state and in the data prediction: DDIM's, ancestral sampling's.

use super::stepping::{Draw, Move};
use crate::ode::State;
use crate::path::{Coefficients, Schedule};

/// The coefficients of a step from x(t) to x(s), s < t: x(s) = `state` · x(t) + `data` · D(x(t), t) + `noise` · z,
/// where D is the data prediction E[x(0) | x(t)].
///
/// Written in D and not in the noise prediction so that t = 1 is no special case: there x(t) may hold no data (alpha =
/// 0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Denoising {
    /// What remains of x(t).
    pub state: f64,
    /// The share of the data prediction.
    pub data: f64,
    /// The standard deviation of the fresh noise.
    pub noise: f64,
}

/// The sampler's step on `schedule` that `coefficients` ([`Denoising::ddim`] or [`Denoising::ancestral`]) describe,
/// with the data prediction D(x, t).
pub fn denoise<S: State>(
    schedule: Schedule,
    coefficients: fn(Coefficients, Coefficients) -> Denoising,
    mut data_prediction: impl FnMut(&S, f64) -> S,
) -> impl FnMut(&S, [f64; 2], Draw<'_, S>) -> Move<S> {
    move |x, [t, to], _| {
        let Denoising { state, data, noise } = coefficients(schedule.at(t), schedule.at(to));
        Move { mean: x.add_scaled(&[(state - 1.0, x), (data, &data_prediction(x, t))]), noise }
    }
}
