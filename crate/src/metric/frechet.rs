//! The Fréchet distance of two sets of points: that of the Gaussians of their means and covariances (Heusel 2017).

use crate::points::Points;

/// What the distance knows of a set: its mean `[dim]`, and its covariance `[dim, dim]`, which is L Lᵀ.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    mean: Vec<f64>,
    covariance: Vec<f64>,
    /// L, lower triangular.
    factor: Vec<f64>,
}

/// The share of a coordinate's variance below which it is a function of those before it, but for rounding.
const LEAST_LEFT: f64 = 1e-12;
/// Jacobi's rotations converge quadratically: a dozen rounds of all pairs are more than enough.
const SWEEPS: usize = 12;

impl Moments {
    /// Of a mean and a covariance, which is symmetric and not negative.
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Self {
        let dim = mean.len();
        let mut factor = vec![0.0; dim * dim];
        for j in 0..dim {
            for i in j..dim {
                let known: f64 = (0..j).map(|k| factor[i * dim + k] * factor[j * dim + k]).sum();
                let left = covariance[i * dim + j] - known;
                factor[i * dim + j] = match factor[j * dim + j] {
                    _ if i == j => left.max(LEAST_LEFT * covariance[j * dim + j]).sqrt(),
                    diagonal if diagonal > 0.0 => left / diagonal,
                    _ => 0.0,
                };
            }
        }
        Self { mean, covariance, factor }
    }

    /// Of points; `None` for fewer than two.
    pub fn of(points: &Points) -> Option<Self> {
        let (dim, n) = (points.dim(), points.len() as f64);
        let mean: Vec<f64> = (0..dim).map(|k| points.rows().map(|row| f64::from(row[k])).sum::<f64>() / n).collect();
        let mut covariance = vec![0.0; dim * dim];
        for row in points.rows() {
            for i in 0..dim {
                let off = (f64::from(row[i]) - mean[i]) / (n - 1.0);
                for j in 0..=i {
                    covariance[i * dim + j] += off * (f64::from(row[j]) - mean[j]);
                }
            }
        }
        for i in 0..dim {
            for j in 0..i {
                covariance[j * dim + i] = covariance[i * dim + j];
            }
        }
        (n > 1.0).then(|| Self::new(mean, covariance))
    }
}

/// |m - m'|² + tr(C + C' - 2 (C C')^½). `None` where it is not finite.
///
/// Of two sets of one law it is positive by chance, of order 1/n: so it is stated at the same n everywhere, beside that of data
/// against data.
pub fn frechet(a: &Moments, b: &Moments) -> Option<f64> {
    let dim = a.mean.len();
    let moved: f64 = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b) * (a - b)).sum();
    let trace = |moments: &Moments| (0..dim).map(|k| moments.covariance[k * dim + k]).sum::<f64>();
    // C C' has the eigenvalues of Lᵀ C' L, which is symmetric.
    let product = |x: &dyn Fn(usize, usize) -> f64, y: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        let entry = |i: usize| (i / dim, i % dim);
        (0..dim * dim).map(entry).map(|(i, j)| (0..dim).map(|k| x(i, k) * y(k, j)).sum()).collect()
    };
    let right = product(&|i, j| b.covariance[i * dim + j], &|i, j| a.factor[i * dim + j]);
    let both = product(&|i, j| a.factor[j * dim + i], &|i, j| right[i * dim + j]);
    let roots: f64 = eigenvalues(both, dim).iter().map(|value| value.max(0.0).sqrt()).sum();
    let distance = moved + trace(a) + trace(b) - 2.0 * roots;
    // Zero but for rounding where the sets are the same.
    distance.is_finite().then_some(distance.max(0.0))
}

/// The eigenvalues of a symmetric matrix, by Jacobi's rotations: each makes one pair of entries zero.
fn eigenvalues(mut matrix: Vec<f64>, dim: usize) -> Vec<f64> {
    for (p, q) in (0..SWEEPS).flat_map(|_| (0..dim).flat_map(|q| (0..q).map(move |p| (p, q)))) {
        let off = matrix[p * dim + q];
        if off == 0.0 {
            continue;
        }
        let slope = (matrix[q * dim + q] - matrix[p * dim + p]) / (2.0 * off);
        let tan = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
        let cos = 1.0 / (tan * tan + 1.0).sqrt();
        let mut rotate = |i: usize, j: usize| {
            let (x, y) = (matrix[i], matrix[j]);
            (matrix[i], matrix[j]) = (cos * (x - tan * y), cos * (tan * x + y));
        };
        (0..dim).for_each(|k| rotate(k * dim + p, k * dim + q));
        (0..dim).for_each(|k| rotate(p * dim + k, q * dim + k));
    }
    (0..dim).map(|k| matrix[k * dim + k]).collect()
}
