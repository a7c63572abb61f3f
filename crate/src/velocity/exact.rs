//! Closed-form fields: the truth to compare with.

use crate::distribution::{Gaussian, Mixture};
use crate::path::Schedule;

/// The exact marginal velocity between a Gaussian mixture at t = 0 and N(0, I) at t = 1, along any schedule
/// (algorithms, section 8.1): with C_k = α² S_k + σ² I and r_k = x - α μ_k,
/// u = Σ g_k (α' μ_k + A_k r_k), A_k = (α α' S_k + σ σ' I) C_k⁻¹, where g are the posterior weights of the components.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactMixture {
    /// The distribution at t = 0.
    pub data: Mixture,
    /// The schedule of the conditional paths.
    pub schedule: Schedule,
}

/// All that is known at one (x, t), in f64.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactPoint {
    /// ln p_t(x).
    pub log_density: f64,
    /// ∇ ln p_t(x).
    pub score: Vec<f64>,
    /// The marginal velocity u(x, t).
    pub velocity: Vec<f64>,
    /// div u(x, t).
    pub divergence: f64,
    /// E[x(0) | x(t) = x].
    pub data_prediction: Vec<f64>,
    /// E[x(1) | x(t) = x].
    pub noise_prediction: Vec<f64>,
}

/// One component's share at (x, t).
struct Share {
    log_weight: f64,
    score: Vec<f64>,
    velocity: Vec<f64>,
    trace: f64,
    data_prediction: Vec<f64>,
}

impl ExactMixture {
    /// The field at `x` and `t` in [0, 1].
    pub fn at(&self, x: &[f64], t: f64) -> ExactPoint {
        let terms = self.data.weights.iter().zip(&self.data.components);
        let shares: Vec<Share> = terms.map(|(weight, component)| self.share(*weight, component, x, t)).collect();
        let largest = shares.iter().map(|share| share.log_weight).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = shares.iter().map(|share| (share.log_weight - largest).exp()).sum();
        let posterior: Vec<f64> = shares.iter().map(|share| (share.log_weight - largest).exp() / total).collect();
        let mean = |of: &dyn Fn(&Share) -> &Vec<f64>| -> Vec<f64> {
            let coordinate = |i: usize| posterior.iter().zip(&shares).map(|(g, share)| g * of(share)[i]).sum();
            (0..x.len()).map(coordinate).collect()
        };
        let score = mean(&|share| &share.score);
        let divergence = posterior.iter().zip(&shares).map(|(g, share)| {
            let excess = share.score.iter().zip(&score).zip(&share.velocity).map(|((s, mean), b)| (s - mean) * b);
            g * (share.trace + excess.sum::<f64>())
        });
        let sigma = self.schedule.at(t).sigma;
        ExactPoint {
            log_density: largest + total.ln(),
            velocity: mean(&|share| &share.velocity),
            divergence: divergence.sum(),
            data_prediction: mean(&|share| &share.data_prediction),
            noise_prediction: score.iter().map(|s| -sigma * s).collect(),
            score,
        }
    }

    fn share(&self, weight: f64, component: &Gaussian, x: &[f64], t: f64) -> Share {
        let c = self.schedule.at(t);
        let dim = x.len();
        let mean: Vec<f64> = component.mean.iter().map(|m| c.alpha * m).collect();
        // c_data S + c_noise I, for the covariance C and for the two products of section 8.1.
        let blend = |c_data: f64, c_noise: f64| -> Vec<f64> {
            let entry = |at: usize| if at / dim == at % dim { c_noise } else { 0.0 };
            component.covariance.iter().enumerate().map(|(at, s)| c_data * s + entry(at)).collect()
        };
        let marginal = Gaussian::new(mean.clone(), blend(c.alpha * c.alpha, c.sigma * c.sigma));
        let residual: Vec<f64> = x.iter().zip(&mean).map(|(x, m)| x - m).collect();
        let solved = marginal.solve(&residual);
        let drift = blend(c.alpha * c.d_alpha, c.sigma * c.d_sigma);
        let times = |matrix: &[f64], v: &[f64]| -> Vec<f64> {
            matrix.chunks_exact(dim).map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
        };
        let drifted = times(&drift, &solved);
        let pulled = times(&component.covariance, &solved);
        let basis = |i: usize| -> Vec<f64> { (0..dim).map(|k| f64::from(u8::from(k == i))).collect() };
        let trace = (0..dim).map(|i| times(&drift, &marginal.solve(&basis(i)))[i]).sum();
        Share {
            log_weight: weight.ln() + marginal.log_density(x),
            score: solved.iter().map(|s| -s).collect(),
            velocity: component.mean.iter().zip(&drifted).map(|(m, a)| c.d_alpha * m + a).collect(),
            trace,
            data_prediction: component.mean.iter().zip(&pulled).map(|(m, p)| m + c.alpha * p).collect(),
        }
    }
}
