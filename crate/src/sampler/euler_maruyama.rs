//! Euler-Maruyama, and the SDEs whose marginals are a flow's.

use super::stepping::{Draw, Move};
use crate::ode::State;
use crate::path::Coefficients;

/// The step of Euler and Maruyama for dx = `drift`(x, t) dt + `diffusion`(t) dW, in either direction of time: weak
/// order 1, and strong order 1 as well, the noise being additive.
pub fn euler_maruyama<S: State>(
    mut drift: impl FnMut(&S, f64) -> S,
    diffusion: impl Fn(f64) -> f64,
) -> impl FnMut(&S, [f64; 2], Draw<'_, S>) -> Move<S> {
    move |x, [t, to], _| Move {
        mean: x.add_scaled(&[(to - t, &drift(x, t))]),
        noise: diffusion(t) * (to - t).abs().sqrt(),
    }
}

/// The drift f - ½ g² s of the SDE that generates, run from t = 1 to t = 0, whose marginals are those of the ODE dx/dt
/// = f(x, t) for every `diffusion` g ≥ 0: f is the velocity, s the score at the same x and t. g = 0 is the ODE, g² = 2
/// ε the family of stochastic interpolants (Albergo 2023), g as in [`diffusion`] the reverse SDE of Song 2021.
pub fn generative_drift<S: State>(velocity: &S, score: &S, diffusion: f64) -> S {
    velocity.add_scaled(&[(-0.5 * diffusion * diffusion, score)])
}

/// g(t) of the noising SDE dx = (alpha'/alpha) x dt + g dW whose marginals are the path's: g² = 2 sigma (sigma' -
/// sigma alpha'/alpha), which is beta(t) for the variance-preserving schedule. Infinite where alpha is 0, at the noise
/// end of the linear and the cosine schedule.
pub fn diffusion(at: Coefficients) -> f64 {
    libm::sqrt(2.0 * at.sigma * (at.d_sigma - at.sigma * at.d_alpha / at.alpha))
}
