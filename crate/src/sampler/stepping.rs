//! A step of a sampler: where the state goes on average, and how much noise is added.

use crate::ode::{State, walk};

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
    observe: impl FnMut(f64, &S),
) -> Sample<S> {
    let mut last = start.clone();
    let state = walk(
        times.iter().copied(),
        start,
        |state, ends| {
            let Move { mean, noise: deviation } = step(state, ends, &mut noise);
            let moved = if deviation == 0.0 { mean.clone() } else { mean.add_scaled(&[(deviation, &noise())]) };
            last = mean;
            moved
        },
        observe,
    );
    Sample { state, mean: last }
}
