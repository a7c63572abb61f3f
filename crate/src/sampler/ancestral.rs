//! Ancestral sampling: the posterior of the step before.

use super::Denoising;
use crate::path::Coefficients;

impl Denoising {
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
