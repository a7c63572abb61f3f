//! The stepping, once, for every sampler and every state.

use crate::ode::State;

/// Draws the z ~ N(0, I) of a step, of the state's shape.
pub type Draw<'a, S> = &'a mut dyn FnMut() -> S;

/// One solver step of a sampler: x' = `mean` + `noise` · z with z ~ N(0, I).
#[derive(Debug, Clone, PartialEq)]
pub struct Move<S> {
    /// Where the state goes on average.
    pub mean: S,
    /// The standard deviation of the noise added to it; 0 for a deterministic step.
    pub noise: f64,
}

/// Where a sampler ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<S> {
    /// The state after the last step.
    pub state: S,
    /// The same without the last step's noise: the cleaner picture where a diffusion stops just short of the data
    /// (Song 2021's final denoising).
    pub mean: S,
}

/// Moves `start` through `times` by `step`, which sees x(t), t, the time the step goes to, and may draw noise itself.
/// `noise` draws the z of a step; it is asked in the order of the steps, and not at all for a deterministic one.
/// `observe` sees the start and the state after every step, with its time.
pub fn sample<S: State>(
    times: &[f64],
    start: S,
    mut step: impl FnMut(&S, [f64; 2], Draw<'_, S>) -> Move<S>,
    mut noise: impl FnMut() -> S,
    mut observe: impl FnMut(f64, &S),
) -> Sample<S> {
    let mut reached = Sample { mean: start.clone(), state: start };
    observe(times[0], &reached.state);
    for ends in times.windows(2) {
        let Move { mean, noise: deviation } = step(&reached.state, [ends[0], ends[1]], &mut noise);
        let state = if deviation == 0.0 { mean.clone() } else { mean.add_scaled(&[(deviation, &noise())]) };
        reached = Sample { state, mean };
        observe(ends[1], &reached.state);
    }
    reached
}
