//! Gaussians far apart, in any dimension: the honest high-dimensional benchmark, whose entropy and score are known.

use super::mixture::{Gaussian, Mixture};
use crate::rng::{Rng, Stream};

/// Components, equally likely.
const COMPONENTS: usize = 5;
/// The means' spread in each coordinate: that of the toy sets.
const SPREAD: f64 = 1.5;
/// Each mean is the one of so many candidates that is farthest from the means before it.
const CANDIDATES: usize = 32;
/// The largest standard deviation, and the nearest means in units of it: far enough that a point tells its component.
const LARGEST_DEVIATION: f64 = 0.5;
const SEPARATION: f64 = 12.0;
/// The same mixture in every run; a run's own seed decides its points.
const SEED: u64 = 1;

/// Five Gaussians of unequal deviations in each coordinate. The entropy is ln 5 plus the components' mean entropy, less
/// what the overlap takes: at most Σ_{i≠j} √(w_i w_j) ∫√(p_i p_j), by Rényi's entropy of order ½ of the component given
/// the point, which is below 1e-6 nats here.
pub(super) fn separated_gaussians(dim: usize) -> Mixture {
    let mut rng = Rng::new(SEED, Stream::Data);
    let mut means: Vec<Vec<f64>> = Vec::new();
    while means.len() < COMPONENTS {
        let candidates = (0..CANDIDATES).map(|_| (0..dim).map(|_| SPREAD * rng.normal()).collect::<Vec<_>>());
        let farthest = candidates.max_by(|a, b| f64::total_cmp(&nearest(a, &means), &nearest(b, &means)));
        means.extend(farthest);
    }
    let apart = (1..COMPONENTS).map(|k| nearest(&means[k], &means[..k])).fold(f64::INFINITY, f64::min);
    let deviation = LARGEST_DEVIATION.min(apart / SEPARATION);
    let mut component = |mean: Vec<f64>| {
        let mut covariance = vec![0.0; dim * dim];
        (0..dim).for_each(|i| covariance[i * dim + i] = (deviation * (0.5 + 0.5 * rng.uniform())).powi(2));
        Gaussian::new(mean, covariance)
    };
    let components: Vec<Gaussian> = means.into_iter().map(&mut component).collect();
    let mean_entropy = components.iter().map(Gaussian::entropy).sum::<f64>() / COMPONENTS as f64;
    let entropy = libm::log(COMPONENTS as f64) + mean_entropy;
    Mixture::with_entropy(vec![1.0 / COMPONENTS as f64; COMPONENTS], components, entropy)
}

fn nearest(point: &[f64], others: &[Vec<f64>]) -> f64 {
    let distance = |other: &Vec<f64>| point.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    others.iter().map(distance).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_changes_the_entropy_by_less_than_a_millionth() {
        for dim in [1, 2, 3, 8, 43, 128] {
            let mixture = separated_gaussians(dim);
            let variance = |gaussian: &Gaussian, i: usize| gaussian.covariance[i * dim + i];
            let mut bound = 0.0;
            for (k, a) in mixture.components.iter().enumerate() {
                for (l, b) in mixture.components.iter().enumerate().filter(|(l, _)| *l != k) {
                    // ∫√(p q) of two Gaussians with diagonal covariances (Bhattacharyya).
                    let log = (0..dim).map(|i| {
                        let (s, t, gap) = (variance(a, i), variance(b, i), a.mean[i] - b.mean[i]);
                        -gap * gap / (4.0 * (s + t)) + 0.5 * (2.0 * (s * t).sqrt() / (s + t)).ln()
                    });
                    bound += (mixture.weights[k] * mixture.weights[l]).sqrt() * log.sum::<f64>().exp();
                }
            }
            assert!(bound < 1e-6, "{dim}: {bound}");
        }
    }
}
