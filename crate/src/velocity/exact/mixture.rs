//! Gaussian mixtures at both ends, independent, along any schedule and with a bridge's noise.

use super::{ClosedForm, ExactPoint, Frozen};
use crate::distribution::{Gaussian, Mixture};
use crate::path::Schedule;

/// The exact marginal velocity of x_t = α x(0) + σ x(1) + √(bridge · t (1 - t)) z (algorithms, sections 8.1 and 8.3): with
/// C = α² S + σ² R + bridge t (1 - t) I and r = x - α μ - σ ν for each pair of components N(μ, S) of the data and N(ν, R) of the
/// noise, u = Σ g (α' μ + σ' ν + A r), A = (α α' S + σ σ' R + ½ bridge (1 - 2t) I) C⁻¹, where g are the pairs' posterior weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactMixture {
    /// The distribution at t = 0.
    pub data: Mixture,
    /// The distribution at t = 1.
    pub noise: Mixture,
    /// The schedule of the conditional paths.
    pub schedule: Schedule,
    /// The variance of the noise between the ends, over t (1 - t).
    pub bridge: f64,
}

/// One pair of components at one time. Matrices are row-major `[dim, dim]`.
struct Pair {
    log_weight: f64,
    mean: Vec<f64>,
    drift: Vec<f64>,
    inverse: Vec<f64>,
    slope: Vec<f64>,
    trace: f64,
    /// E[x(0) | x] = its component's mean + this · C⁻¹ r, and so for x(1).
    pull: [Vec<f64>; 2],
    ends: [Vec<f64>; 2],
}

impl ExactMixture {
    /// The field between a mixture and N(0, I).
    pub fn to_gaussian(data: Mixture, schedule: Schedule) -> Self {
        let dim = data.components[0].mean.len();
        Self { data, noise: Mixture::standard_normal(dim), schedule, bridge: 0.0 }
    }

    /// The field at one point and time.
    pub fn at_point(&self, x: &[f64], t: f64) -> ExactPoint {
        self.at(t)(x)
    }

    fn pair(&self, weight: f64, data: &Gaussian, noise: &Gaussian, t: f64) -> Pair {
        let c = self.schedule.at(t);
        let dim = data.mean.len();
        let combine = |of_data: f64, of_noise: f64| -> Vec<f64> {
            data.mean.iter().zip(&noise.mean).map(|(m, n)| of_data * m + of_noise * n).collect()
        };
        let blend = |of_data: f64, of_noise: f64, of_identity: f64| -> Vec<f64> {
            let entry = |at: usize| if at / dim == at % dim { of_identity } else { 0.0 };
            let both = data.covariance.iter().zip(&noise.covariance).enumerate();
            both.map(|(at, (s, r))| of_data * s + of_noise * r + entry(at)).collect()
        };
        let covariance = blend(c.alpha * c.alpha, c.sigma * c.sigma, self.bridge * t * (1.0 - t));
        let drift_of = blend(c.alpha * c.d_alpha, c.sigma * c.d_sigma, 0.5 * self.bridge * (1.0 - 2.0 * t));
        let mean = combine(c.alpha, c.sigma);
        let marginal = Gaussian::new(mean.clone(), covariance);
        let basis = |i: usize| -> Vec<f64> { (0..dim).map(|k| f64::from(u8::from(k == i))).collect() };
        // Symmetric, so that rows are columns.
        let inverse: Vec<f64> = (0..dim).flat_map(|i| marginal.solve(&basis(i))).collect();
        let slope: Vec<f64> = drift_of.chunks_exact(dim).flat_map(|row| multiply(&inverse, row)).collect();
        Pair {
            log_weight: libm::log(weight) + marginal.log_density(&mean),
            trace: (0..dim).map(|i| slope[i * dim + i]).sum(),
            drift: combine(c.d_alpha, c.d_sigma),
            mean,
            inverse,
            slope,
            pull: [blend(c.alpha, 0.0, 0.0), blend(0.0, c.sigma, 0.0)],
            ends: [data.mean.clone(), noise.mean.clone()],
        }
    }
}

/// M v for a row-major matrix.
fn multiply(matrix: &[f64], v: &[f64]) -> Vec<f64> {
    matrix.chunks_exact(v.len()).map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
}

impl ClosedForm for ExactMixture {
    fn dim(&self) -> usize {
        self.data.components[0].mean.len()
    }

    fn earliest_time(&self) -> f64 {
        self.schedule.earliest_time()
    }

    fn at(&self, t: f64) -> Frozen<'_> {
        let noises = || self.noise.weights.iter().zip(&self.noise.components);
        let datas = self.data.weights.iter().zip(&self.data.components);
        let pairs: Vec<Pair> =
            datas.flat_map(|(w, data)| noises().map(move |(v, noise)| self.pair(w * v, data, noise, t))).collect();
        Box::new(move |x| at_point(&pairs, x))
    }
}

fn at_point(pairs: &[Pair], x: &[f64]) -> ExactPoint {
    let residuals = pairs.iter().map(|pair| -> Vec<f64> { x.iter().zip(&pair.mean).map(|(x, m)| x - m).collect() });
    let solved: Vec<(Vec<f64>, Vec<f64>)> =
        residuals.zip(pairs).map(|(r, pair)| (multiply(&pair.inverse, &r), r)).collect();
    let logs: Vec<f64> = pairs
        .iter()
        .zip(&solved)
        .map(|(pair, (s, r))| pair.log_weight - 0.5 * s.iter().zip(r).map(|(s, r)| s * r).sum::<f64>())
        .collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| libm::exp(log - largest)).sum();
    let zeros = || vec![0.0; x.len()];
    let mut point = ExactPoint {
        log_density: largest + libm::log(total),
        score: zeros(),
        velocity: zeros(),
        divergence: 0.0,
        data_prediction: zeros(),
        noise_prediction: zeros(),
    };
    let add = |sum: &mut [f64], weight: f64, term: &[f64]| {
        sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += weight * term);
    };
    for ((pair, (s, r)), log) in pairs.iter().zip(&solved).zip(&logs) {
        // A weight below e^-60 changes no digit.
        if log - largest < -60.0 {
            continue;
        }
        let g = libm::exp(log - largest) / total;
        let mut velocity = multiply(&pair.slope, r);
        add(&mut velocity, 1.0, &pair.drift);
        add(&mut point.score, -g, s);
        add(&mut point.velocity, g, &velocity);
        point.divergence += g * (pair.trace - s.iter().zip(&velocity).map(|(s, b)| s * b).sum::<f64>());
        for (prediction, k) in [(&mut point.data_prediction, 0), (&mut point.noise_prediction, 1)] {
            add(prediction, g, &pair.ends[k]);
            add(prediction, g, &multiply(&pair.pull[k], s));
        }
    }
    // Σ g (s_k - s̄) · b_k, of which the first term is summed above.
    point.divergence -= point.score.iter().zip(&point.velocity).map(|(s, u)| s * u).sum::<f64>();
    point
}
