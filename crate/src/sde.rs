//! Stochastic samplers: Euler-Maruyama for any SDE, ancestral sampling and DDIM for a probability path.
//!
//! Each is a solver step that says where the state goes on average and how much noise is added; the stepping is
//! written once, in [`sample`], for any [`State`]. Noise comes in as a closure, so that it can be drawn on the host
//! from a named stream. Time is the deck's, so generating runs from t = 1 to t = 0; formulas are of algorithms,
//! sections 2.9 and 7.

use crate::error::{FlowError, check_range};
use crate::ode::{Span, State};
use crate::path::{Coefficients, Schedule};
use serde::{Deserialize, Serialize};

/// The samplers that can be chosen beside the ODE solvers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SamplerKind {
    /// Euler-Maruyama on the SDE of the same marginals (Song 2021; Albergo 2023).
    #[default]
    EulerMaruyama,
    /// DDPM's sampler (Ho 2020).
    Ancestral,
    /// DDIM (Song, Meng and Ermon 2021): without noise.
    Ddim,
}

impl SamplerKind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::EulerMaruyama => "euler-maruyama",
            Self::Ancestral => "ancestral",
            Self::Ddim => "ddim",
        }
    }
}

/// A sampler and its steps; each evaluates the field once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SamplerConfig {
    /// The sampler.
    pub kind: SamplerKind,
    /// Steps from t = 1 to t = 0, 1 to 10,000.
    pub steps: usize,
    /// ε of Euler-Maruyama's noise, g² = 2 ε, 0 to 100: any gives the same marginals. That of the diffusion itself, or 1 for
    /// other paths, if not given.
    pub epsilon: Option<f64>,
}

impl Default for SamplerConfig {
    fn default() -> Self {
        Self { kind: SamplerKind::default(), steps: 200, epsilon: None }
    }
}

impl SamplerConfig {
    /// Refuses what cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("sampler.steps", self.steps, 1..=10_000)?;
        check_range("sampler.epsilon", self.epsilon.unwrap_or(0.0), 0.0..=100.0)
    }
}

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

/// Moves `start` through `span` by `step`, which sees x(t), t and the time the step goes to. `noise` draws the z of a
/// step, of the state's shape; it is asked in the order of the steps, and not at all for a deterministic one.
/// `observe` sees the start and the state after every step, with its time. One step evaluates the field once.
pub fn sample<S: State>(
    span: Span,
    start: S,
    mut step: impl FnMut(&S, f64, f64) -> Move<S>,
    mut noise: impl FnMut() -> S,
    mut observe: impl FnMut(f64, &S),
) -> Sample<S> {
    let mut reached = Sample { mean: start.clone(), state: start };
    observe(span.from, &reached.state);
    for i in 0..span.steps {
        let Move { mean, noise: deviation } = step(&reached.state, span.time(i), span.time(i + 1));
        let state = if deviation == 0.0 { mean.clone() } else { mean.add_scaled(&[(deviation, &noise())]) };
        reached = Sample { state, mean };
        observe(span.time(i + 1), &reached.state);
    }
    reached
}

/// The step of Euler and Maruyama for dx = `drift`(x, t) dt + `diffusion`(t) dW, in either direction of time: weak
/// order 1, and strong order 1 as well, the noise being additive.
pub fn euler_maruyama<S: State>(
    mut drift: impl FnMut(&S, f64) -> S,
    diffusion: impl Fn(f64) -> f64,
) -> impl FnMut(&S, f64, f64) -> Move<S> {
    move |x, t, to| Move { mean: x.add_scaled(&[(to - t, &drift(x, t))]), noise: diffusion(t) * (to - t).abs().sqrt() }
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

impl Denoising {
    /// DDIM (Song, Meng and Ermon 2021): x(s) = alpha(s) D + sigma(s) E[x(1) | x(t)], without fresh noise. An
    /// exponential integrator of the probability-flow ODE, of order 1, exact where the data is one point.
    pub fn ddim(from: Coefficients, to: Coefficients) -> Self {
        let state = to.sigma / from.sigma;
        Self { state, data: to.alpha - from.alpha * state, noise: 0.0 }
    }

    /// Ancestral sampling (DDPM; Ho 2020, with the larger of its two variances): the mean of x(s) given x(t) and x(0)
    /// = D, and noise of the variance that x(t) has given x(s). For the variance-preserving schedule that variance is
    /// DDPM's b = 1 - (alpha(t)/alpha(s))² and the mean is (x + b s) / sqrt(1 - b), with s the score.
    pub fn ancestral(from: Coefficients, to: Coefficients) -> Self {
        let kept = from.alpha / to.alpha;
        let variance = (from.sigma + kept * to.sigma) * (from.sigma - kept * to.sigma);
        let noise_left = to.sigma / from.sigma;
        Self {
            state: kept * noise_left * noise_left,
            data: to.alpha * variance / (from.sigma * from.sigma),
            noise: libm::sqrt(variance),
        }
    }
}

/// The sampler's step on `schedule` that `coefficients` ([`Denoising::ddim`] or [`Denoising::ancestral`]) describe,
/// with the data prediction D(x, t).
pub fn denoise<S: State>(
    schedule: Schedule,
    coefficients: fn(Coefficients, Coefficients) -> Denoising,
    mut data_prediction: impl FnMut(&S, f64) -> S,
) -> impl FnMut(&S, f64, f64) -> Move<S> {
    move |x, t, to| {
        let Denoising { state, data, noise } = coefficients(schedule.at(t), schedule.at(to));
        Move { mean: x.add_scaled(&[(state - 1.0, x), (data, &data_prediction(x, t))]), noise }
    }
}
