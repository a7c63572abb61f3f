//! What x(0) may have been, given x(t) = α x(0) + σ z with z ~ N(0, I): points with the probability of each.
//!
//! Points of P, weighted by how likely they lead to x(t), say it where the noise is wide. Near the data hardly any of them
//! does. There, points around x(t) join them where P's density is known, and each is weighted by how often both ways
//! together would draw it: the balance heuristic of multiple importance sampling (Veach and Guibas 1995), which is good
//! where either way is.

use crate::distribution::Distribution;
use crate::path::Coefficients;
use crate::rng::Rng;
use std::f64::consts::TAU;

/// A point x(t), with the schedule at its time. σ is above 0.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// x(t), `[dim]`.
    pub x: &'a [f64],
    /// α and σ.
    pub at: Coefficients,
}

impl Observed<'_> {
    /// z = (x(t) - α x(0)) / σ, the noise that led from `data` to here, `[dim]`.
    pub fn noise(&self, data: &[f64]) -> Vec<f64> {
        self.x.iter().zip(data).map(|(x, data)| (x - self.at.alpha * data) / self.at.sigma).collect()
    }

    /// ln N(x(t); α x(0), σ² I) but for the constant.
    fn exponent(&self, data: &[f64]) -> f64 {
        let residual = |(x, data): (&f64, &f64)| (x - self.at.alpha * data) / self.at.sigma;
        -0.5 * self.x.iter().zip(data).map(residual).map(|z| z * z).sum::<f64>()
    }
}

/// Candidates for x(0), each with its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    dim: usize,
    points: Vec<f64>,
    /// Adding up to 1.
    weights: Vec<f64>,
}

/// P's points alone are enough where their effective number is this share of the points that would join them, which are
/// seldom worth more.
const ENOUGH: f64 = 1.0 / 6.0;
/// Weights smaller than e^-40 of the largest change nothing that is added up in f64.
const NEGLIGIBLE: f64 = 40.0;
/// Nor do those of P's points that all together are below e^-8 of it, of which there are many, and each of which costs a
/// density.
const NOT_WORTH_A_DENSITY: f64 = 8.0;
/// What is drawn around x(t) by dividing by α makes no sense where x(t) says nothing of x(0).
const LITTLE_DATA: f64 = 1e-3;

/// The posterior of x(0) from `pool`, flat points drawn from `data`, and where those are too few from `local` points drawn
/// around x(t); `None` where no weight is a number, however small.
pub fn posterior(
    data: &Distribution,
    observed: Observed<'_>,
    pool: &[f32],
    local: usize,
    rng: &mut Rng,
) -> Option<Posterior> {
    let dim = observed.x.len();
    let points: Vec<f64> = pool.iter().map(|&value| f64::from(value)).collect();
    let exponents: Vec<f64> = points.chunks_exact(dim).map(|point| observed.exponent(point)).collect();
    let density_known = || data.log_density(&points[..dim]).is_some();
    let alone = Posterior::weigh(dim, points.clone(), &exponents)?;
    if alone.effective() >= ENOUGH * local as f64 || observed.at.alpha < LITTLE_DATA || !density_known() {
        return Some(alone);
    }
    balanced(data, observed, points, local, rng)
}

/// Points of P, and others around x(t) (which follow the likelihood, α^dim N(x(t); α x(0), σ² I)), each weighted by the
/// posterior over the mixture of both.
fn balanced(
    data: &Distribution,
    observed: Observed<'_>,
    mut points: Vec<f64>,
    local: usize,
    rng: &mut Rng,
) -> Option<Posterior> {
    let Observed { x, at } = observed;
    let dim = x.len();
    let of_pool = points.len() / dim;
    let constant = dim as f64 * (libm::log(at.alpha / at.sigma) - 0.5 * libm::log(TAU));
    let [log_pool, log_local] = [of_pool, local].map(|count| libm::log(count as f64));
    let weight = |point: &[f64], likelihood: f64| {
        let density = data.log_density(point).unwrap_or(f64::NEG_INFINITY);
        density + likelihood - log_add_exp(log_pool + density, log_local + likelihood)
    };
    let mut weights = Vec::with_capacity(of_pool + local);
    let mut drawn = Vec::with_capacity(local * dim);
    for _ in 0..local {
        drawn.extend(x.iter().map(|x| (x - at.sigma * rng.normal()) / at.alpha));
        let point = &drawn[drawn.len() - dim..];
        weights.push(weight(point, constant + observed.exponent(point)));
    }
    let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for point in points.chunks_exact(dim) {
        let likelihood = constant + observed.exponent(point);
        // No weight is above this over the pool's number, so that as many of them are not above this.
        let negligible = likelihood < largest - NOT_WORTH_A_DENSITY;
        weights.push(if negligible { f64::NEG_INFINITY } else { weight(point, likelihood) });
    }
    drawn.append(&mut points);
    Posterior::weigh(dim, drawn, &weights)
}

fn log_add_exp(a: f64, b: f64) -> f64 {
    let (low, high) = (a.min(b), a.max(b));
    if high == f64::NEG_INFINITY { high } else { high + libm::log1p(libm::exp(low - high)) }
}

impl Posterior {
    /// Candidates with the logarithms of their weights; `None` where no weight is above 0.
    fn weigh(dim: usize, candidates: Vec<f64>, logarithms: &[f64]) -> Option<Self> {
        let largest = logarithms.iter().copied().filter(|weight| !weight.is_nan()).fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY {
            return None;
        }
        let (mut points, mut weights) = (Vec::with_capacity(candidates.len()), Vec::with_capacity(logarithms.len()));
        for (point, logarithm) in candidates.chunks_exact(dim).zip(logarithms) {
            if logarithm - largest > -NEGLIGIBLE {
                points.extend_from_slice(point);
                weights.push(libm::exp(logarithm - largest));
            }
        }
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= total);
        Some(Self { dim, points, weights })
    }

    /// Candidate after candidate, `[dim]` each.
    pub fn points(&self) -> impl Iterator<Item = &[f64]> {
        self.points.chunks_exact(self.dim)
    }

    /// The probability of each.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// 1 / Σ w²: how many equally likely candidates would tell as much.
    pub fn effective(&self) -> f64 {
        effective(&self.weights)
    }

    /// E[x(0) | x(t)], `[dim]`.
    pub fn mean(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.dim];
        for (point, weight) in self.points().zip(&self.weights) {
            mean.iter_mut().zip(point).for_each(|(mean, value)| *mean += weight * value);
        }
        mean
    }

    /// tr Cov[x(0) | x(t)]. What few candidates get wrong on average is taken off to first order in the weights: the scatter
    /// of their mean, Σ w² f with f = |x - mean|², and the error of a ratio of means, -Σ w² (f - Σ w f) (Owen 2013, section
    /// 9.2). For equal weights that is the n / (n - 1) of a sample's variance.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let square = |point: &[f64]| point.iter().zip(&mean).map(|(x, mean)| (x - mean) * (x - mean)).sum::<f64>();
        let squares: Vec<f64> = self.points().map(square).collect();
        let weighted = || squares.iter().zip(&self.weights);
        let variance: f64 = weighted().map(|(square, weight)| weight * square).sum();
        let missed: f64 = weighted().map(|(square, weight)| weight * weight * (2.0 * square - variance)).sum();
        (variance + missed).max(0.0)
    }
}

/// 1 / Σ w² of weights that add up to 1.
pub fn effective(weights: &[f64]) -> f64 {
    1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>()
}

/// `count` indices by systematic resampling: each as often as its weight asks for, give or take one. The weights add up to 1.
pub fn resample(weights: &[f64], count: usize, rng: &mut Rng) -> Vec<usize> {
    let first = rng.uniform();
    let (mut at, mut passed) = (0, weights[0]);
    let mut chosen = Vec::with_capacity(count);
    for i in 0..count {
        let level = (i as f64 + first) / count as f64;
        while passed < level && at + 1 < weights.len() {
            at += 1;
            passed += weights[at];
        }
        chosen.push(at);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::DistributionKind;
    use crate::path::Schedule;
    use crate::rng::Stream;

    /// x(0) ~ N(0, I) gives E[x(0) | x] = α x / (α² + σ²) and the variance σ² / (α² + σ²) in each coordinate.
    #[test]
    fn the_posterior_of_a_gaussian_is_its_closed_form_from_the_data_to_the_noise() {
        let data = DistributionKind::Gaussian.built_in().unwrap();
        let mut rng = Rng::new(5, Stream::Data);
        let pool = data.sample(4096, &mut rng);
        for t in [1e-4, 0.01, 0.1, 0.4, 0.9, 1.0] {
            let at = Schedule::Linear.at(t);
            let x = [0.6 * (at.alpha + at.sigma), -0.3];
            let found = posterior(&data, Observed { x: &x, at }, pool.values(), 1024, &mut rng).unwrap();
            let spread = at.alpha * at.alpha + at.sigma * at.sigma;
            let (variance, mean) = (2.0 * at.sigma * at.sigma / spread, x.map(|x| at.alpha * x / spread));
            let error = 4.0 * (variance / found.effective()).sqrt();
            let missed = found.mean().iter().zip(mean).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            assert!(missed < error, "t {t}: {missed} of {error}");
            assert!((found.variance() / variance - 1.0).abs() < 0.2, "t {t}: {} {variance}", found.variance());
            assert!(found.effective() > 100.0, "t {t}: {}", found.effective());
        }
    }

    #[test]
    fn resampling_follows_the_weights() {
        let weights = [0.5, 0.0, 0.125, 0.375];
        let mut rng = Rng::new(1, Stream::Samples);
        for _ in 0..20 {
            let chosen = resample(&weights, 80, &mut rng);
            let counts = [0, 1, 2, 3].map(|i| chosen.iter().filter(|&&index| index == i).count());
            assert_eq!((counts[1], chosen.len()), (0, 80));
            assert!(counts[0].abs_diff(40) <= 1 && counts[2].abs_diff(10) <= 1 && counts[3].abs_diff(30) <= 1);
        }
    }
}
