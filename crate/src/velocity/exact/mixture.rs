//! Between two mixtures of Gaussians.

use super::{ClosedForm, ExactPoint, Frozen};
use crate::distribution::{Gaussian, Mixture};
use crate::path::{Coefficients, Schedule};

/// The exact marginal field between independent Gaussian mixtures, along
/// x(t) = α x(0) + σ x(1) + γ z with z ~ N(0, I), where γ² = g t (1 - t) and g is the bridge.
///
/// A data component N(m, S) and a noise component N(n, R) make x(t) a Gaussian of mean αm + σn and covariance
/// C = α²S + σ²R + γ²I, so that everything is a mean over such pairs with their posterior weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactMixture {
    /// The distribution at t = 0.
    pub data: Mixture,
    /// The distribution at t = 1.
    pub noise: Mixture,
    /// The schedule of the conditional paths.
    pub schedule: Schedule,
    /// g, the strength of the bridge's noise: 0 for none, 2 for Albergo's interpolant.
    pub bridge: f64,
}

impl ExactMixture {
    /// The field between `data` and N(0, I), without a bridge.
    pub fn to_gaussian(data: Mixture, schedule: Schedule) -> Self {
        let noise = Mixture::standard_normal(data.components[0].mean.len());
        Self { data, noise, schedule, bridge: 0.0 }
    }

    /// The field at one point and time.
    pub fn at_point(&self, x: &[f64], t: f64) -> ExactPoint {
        self.at(t)(x)
    }
}

impl ClosedForm for ExactMixture {
    fn dim(&self) -> usize {
        self.data.components[0].mean.len()
    }

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn earliest_time(&self) -> f64 {
        self.schedule.earliest_time()
    }

    fn at(&self, t: f64) -> Frozen<'_> {
        let slice = Slice {
            at: self.schedule.at(t),
            variance: self.bridge * t * (1.0 - t),
            half_slope: 0.5 * self.bridge * (1.0 - 2.0 * t),
        };
        let mut pairs = Vec::with_capacity(self.data.components.len() * self.noise.components.len());
        for (a, data) in self.data.weights.iter().zip(&self.data.components) {
            for (b, noise) in self.noise.weights.iter().zip(&self.noise.components) {
                pairs.push(slice.pair(a * b, data, noise));
            }
        }
        Box::new(move |x| slice.point(&pairs, x))
    }
}

/// A symmetric matrix `[dim, dim]`, row-major. Most covariances are diagonal, and in 128 dimensions that is 128 times less
/// work.
#[derive(Clone, Copy)]
struct Symmetric<'a> {
    values: &'a [f64],
    diagonal: bool,
}

impl<'a> Symmetric<'a> {
    fn new(values: &'a [f64], dim: usize) -> Self {
        let diagonal = values.iter().enumerate().all(|(at, value)| at / dim == at % dim || *value == 0.0);
        Self { values, diagonal }
    }

    /// Writes the product with `v`.
    fn apply(self, v: &[f64], out: &mut [f64]) {
        let dim = v.len();
        if self.diagonal {
            out.iter_mut().zip(v).enumerate().for_each(|(i, (out, v))| *out = self.values[i * dim + i] * v);
        } else {
            let rows = self.values.chunks_exact(dim);
            out.iter_mut().zip(rows).for_each(|(out, row)| *out = dot(row, v));
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// One end of a pair: a component's mean and covariance.
struct End<'a> {
    mean: &'a [f64],
    covariance: Symmetric<'a>,
}

impl<'a> End<'a> {
    fn new(component: &'a Gaussian) -> Self {
        let mean = &component.mean;
        Self { mean, covariance: Symmetric::new(&component.covariance, mean.len()) }
    }
}

/// A data component and a noise component at one time.
struct Pair<'a> {
    data: End<'a>,
    noise: End<'a>,
    /// αm + σn.
    mean: Vec<f64>,
    /// C⁻¹.
    precision: Vec<f64>,
    diagonal: bool,
    /// ln of the pair's weight and of its Gaussian's normalizer.
    log_scale: f64,
    /// tr A, where A = (αα'S + σσ'R + γγ'I) C⁻¹ is the Jacobian of the pair's own velocity.
    trace: f64,
}

/// The path at one time.
struct Slice {
    at: Coefficients,
    /// γ².
    variance: f64,
    /// γγ', which stays finite at the ends.
    half_slope: f64,
}

impl Slice {
    fn pair<'a>(&self, weight: f64, data: &'a Gaussian, noise: &'a Gaussian) -> Pair<'a> {
        let Coefficients { alpha, sigma, d_alpha, d_sigma } = self.at;
        let dim = data.mean.len();
        let mean: Vec<f64> = data.mean.iter().zip(&noise.mean).map(|(m, n)| alpha * m + sigma * n).collect();
        // a S + b R + c I
        let blend = |a: f64, b: f64, c: f64| -> Vec<f64> {
            let both = data.covariance.iter().zip(&noise.covariance).enumerate();
            both.map(|(at, (s, r))| a * s + b * r + if at / dim == at % dim { c } else { 0.0 }).collect()
        };
        let (data, noise) = (End::new(data), End::new(noise));
        let diagonal = data.covariance.diagonal && noise.covariance.diagonal;
        let (precision, log_determinant) = inverse(blend(alpha * alpha, sigma * sigma, self.variance), dim, diagonal);
        // Both are symmetric, so the trace of their product is their inner product.
        let trace = dot(&blend(alpha * d_alpha, sigma * d_sigma, self.half_slope), &precision);
        let log_scale = libm::log(weight) - 0.5 * (log_determinant + dim as f64 * libm::log(std::f64::consts::TAU));
        Pair { data, noise, mean, precision, diagonal, log_scale, trace }
    }

    fn point(&self, pairs: &[Pair<'_>], x: &[f64]) -> ExactPoint {
        let Coefficients { alpha, sigma, d_alpha, d_sigma } = self.at;
        let dim = x.len();
        let mut scores = vec![0.0; pairs.len() * dim];
        let [mut from_data, mut from_noise] = [(); 2].map(|()| vec![0.0; dim]);
        let each = || pairs.iter().zip(0..).map(|(pair, k)| (pair, k * dim..(k + 1) * dim));
        let log_weights: Vec<f64> = each().map(|(pair, k)| pair.score(x, &mut from_data, &mut scores[k])).collect();
        let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let [mut score, mut data_prediction, mut noise_prediction] = [(); 3].map(|()| vec![0.0; dim]);
        let (mut total, mut divergence) = (0.0, 0.0);
        for ((pair, k), log_weight) in each().zip(log_weights) {
            let weight = libm::exp(log_weight - largest);
            total += weight;
            if weight == 0.0 {
                continue;
            }
            let s = &scores[k];
            pair.data.covariance.apply(s, &mut from_data);
            pair.noise.covariance.apply(s, &mut from_noise);
            let mut along = 0.0;
            for i in 0..dim {
                let data = pair.data.mean[i] - alpha * from_data[i];
                let noise = pair.noise.mean[i] - sigma * from_noise[i];
                score[i] += weight * s[i];
                data_prediction[i] += weight * data;
                noise_prediction[i] += weight * noise;
                along += s[i] * (d_alpha * data + d_sigma * noise - self.half_slope * s[i]);
            }
            divergence += weight * (pair.trace + along);
        }
        let mut means = [&mut score, &mut data_prediction, &mut noise_prediction];
        means.iter_mut().for_each(|mean| mean.iter_mut().for_each(|value| *value /= total));
        // u = α' E[x(0)|x] + σ' E[x(1)|x] + γ' E[z|x], and E[z|x] = -γ ∇ ln p.
        let velocity: Vec<f64> = (0..dim)
            .map(|i| d_alpha * data_prediction[i] + d_sigma * noise_prediction[i] - self.half_slope * score[i])
            .collect();
        ExactPoint {
            log_density: largest + libm::log(total),
            divergence: divergence / total - dot(&score, &velocity),
            score,
            velocity,
            data_prediction,
            noise_prediction,
        }
    }
}

impl Pair<'_> {
    /// Writes the pair's own score -C⁻¹ (x - mean) and gives ln of its weighted density.
    fn score(&self, x: &[f64], residual: &mut [f64], score: &mut [f64]) -> f64 {
        residual.iter_mut().zip(self.mean.iter().zip(x)).for_each(|(r, (m, x))| *r = m - x);
        Symmetric { values: &self.precision, diagonal: self.diagonal }.apply(residual, score);
        self.log_scale + -0.5 * dot(residual, score)
    }
}

/// The inverse of a positive definite matrix `[dim, dim]` and ln of its determinant.
fn inverse(mut matrix: Vec<f64>, dim: usize, diagonal: bool) -> (Vec<f64>, f64) {
    if diagonal {
        let entries = || (0..dim).map(|i| i * dim + i);
        let log_determinant = entries().map(|at| libm::log(matrix[at])).sum();
        entries().for_each(|at| matrix[at] = 1.0 / matrix[at]);
        return (matrix, log_determinant);
    }
    let gaussian = Gaussian::new(vec![0.0; dim], matrix);
    let mut basis = vec![0.0; dim];
    let mut column = |i: usize| {
        basis.fill(0.0);
        basis[i] = 1.0;
        gaussian.solve(&basis)
    };
    let inverse = (0..dim).flat_map(&mut column).collect();
    (inverse, gaussian.log_determinant())
}
