//! DDIM: the path's own next point, were the prediction right.

use super::Denoising;
use crate::path::Coefficients;

impl Denoising {
    /// DDIM (Song, Meng and Ermon 2021): x(s) = alpha(s) D + sigma(s) E[x(1) | x(t)], without fresh noise. An
    /// exponential integrator of the probability-flow ODE, of order 1, exact where the data is one point.
    pub fn ddim(from: Coefficients, to: Coefficients) -> Self {
        let state = to.sigma / from.sigma;
        Self { state, data: to.alpha - from.alpha * state, noise: 0.0 }
    }
}
