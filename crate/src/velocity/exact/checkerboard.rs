//! The checkerboard: uniform on eight squares, so that each square's share is a product of truncated normals.

use super::{ClosedForm, Denoised, Frozen};
use crate::distribution::SQUARE_SIDE;
use crate::path::{Coefficients, Schedule};
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// The exact marginal velocity between squares of the checkerboard and N(0, I).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactCheckerboard {
    /// The lower left corners of the squares.
    pub squares: &'static [[f64; 2]],
    /// The schedule of the conditional paths.
    pub schedule: Schedule,
}

/// One coordinate of x(0), uniform on an interval, given that of x(t).
#[derive(Debug, Clone, Copy)]
struct Interval {
    log_density: f64,
    mean: f64,
    variance: f64,
}

/// Below this share of data its first orders are exact to 1e-10, and the closed form loses more than that: the difference
/// of two near values of erf, over alpha.
const LITTLE_DATA: f64 = 1e-4;

fn interval(x: f64, low: f64, at: Coefficients) -> Interval {
    let (alpha, sigma, high) = (at.alpha, at.sigma, low + SQUARE_SIDE);
    if alpha < LITTLE_DATA {
        let (center, variance) = (0.5 * (low + high), SQUARE_SIDE * SQUARE_SIDE / 12.0);
        let (ratio, residual) = (alpha / sigma, (x - alpha * center) / sigma);
        let square = residual * residual;
        let widening = 0.5 * ratio * ratio * variance * (square - 1.0);
        let log_density = widening - 0.5 * square - 0.5 * libm::log(TAU * sigma * sigma);
        let mean = (center + ratio * variance * residual).clamp(low, high);
        return Interval { log_density, mean, variance };
    }
    // y = (x - α x0)/σ is a standard normal between these.
    let (upper, lower) = ((x - alpha * low) / sigma, (x - alpha * high) / sigma);
    let Truncated { log_mass, mean, variance } = truncated_normal(lower, upper);
    let scale = sigma / alpha;
    Interval {
        log_density: log_mass - libm::log(alpha * SQUARE_SIDE),
        mean: (x / alpha - scale * mean).clamp(low, high),
        variance: (scale * scale * variance).clamp(0.0, SQUARE_SIDE * SQUARE_SIDE / 4.0),
    }
}

struct Truncated {
    log_mass: f64,
    mean: f64,
    variance: f64,
}

/// A standard normal between two bounds: its mass and moments. In units of the density at the bound nearest to 0, so that
/// nothing underflows however far out they are.
fn truncated_normal(lower: f64, upper: f64) -> Truncated {
    if lower + upper < 0.0 {
        let mirrored = truncated_normal(-upper, -lower);
        return Truncated { mean: -mirrored.mean, ..mirrored };
    }
    // Now the upper bound is the farther one; the reference is the point of the interval that is nearest to 0.
    let nearest = lower.max(0.0);
    let scaled = |y: f64| libm::exp(-0.5 * (y - nearest) * (y + nearest)) / libm::sqrt(TAU);
    let mass = if lower <= 0.0 {
        0.5 * (libm::erf(upper * FRAC_1_SQRT_2) - libm::erf(lower * FRAC_1_SQRT_2))
    } else {
        0.5 * (scaled_erfc(lower * FRAC_1_SQRT_2) - scaled_erfc(upper * FRAC_1_SQRT_2) * scaled(upper) / scaled(lower))
    };
    let (at_lower, at_upper) = (scaled(lower), scaled(upper));
    let mean = (at_lower - at_upper) / mass;
    let variance = 1.0 + (lower * at_lower - upper * at_upper) / mass - mean * mean;
    Truncated { log_mass: libm::log(mass) - 0.5 * nearest * nearest, mean, variance }
}

/// exp(z²) erfc(z) for z ≥ 0.
fn scaled_erfc(z: f64) -> f64 {
    if z < 5.0 {
        return libm::exp(z * z) * libm::erfc(z);
    }
    // The continued fraction of Laplace: 30 terms give all digits of a f64 from here on.
    let tail = (1..=30).rev().fold(z, |tail, k| z + 0.5 * f64::from(k) / tail);
    1.0 / (tail * libm::sqrt(std::f64::consts::PI))
}

impl ClosedForm for ExactCheckerboard {
    fn dim(&self) -> usize {
        2
    }

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn earliest_time(&self) -> f64 {
        self.schedule.earliest_with_edges()
    }

    fn at(&self, t: f64) -> Frozen<'_> {
        let at = self.schedule.at(t);
        Box::new(move |x| {
            // The squares' corners lie on a grid of four: each coordinate's four intervals are shared.
            let sides: [[Interval; 4]; 2] =
                [0, 1].map(|axis| std::array::from_fn(|k| interval(x[axis], -4.0 + SQUARE_SIDE * k as f64, at)));
            let side = |axis: usize, corner: f64| sides[axis][((corner + 4.0) / SQUARE_SIDE) as usize];
            let squares = || self.squares.iter().map(|&[a, b]| (side(0, a), side(1, b)));
            let largest = squares().map(|(a, b)| a.log_density + b.log_density).fold(f64::NEG_INFINITY, f64::max);
            let (mut total, mut mean, mut second) = (0.0, vec![0.0; 2], 0.0);
            for (a, b) in squares() {
                let weight = libm::exp(a.log_density + b.log_density - largest);
                total += weight;
                mean[0] += weight * a.mean;
                mean[1] += weight * b.mean;
                second += weight * (a.variance + a.mean * a.mean + b.variance + b.mean * b.mean);
            }
            mean.iter_mut().for_each(|mean| *mean /= total);
            let variance = second / total - mean.iter().map(|mean| mean * mean).sum::<f64>();
            let log_density = largest + libm::log(total / self.squares.len() as f64);
            Denoised { log_density, mean, variance: variance.max(0.0) }.point(x, at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::SQUARES;

    /// Nothing jumps where the closed form hands over.
    #[test]
    fn little_data_meets_the_closed_form() {
        let field = ExactCheckerboard { squares: &SQUARES, schedule: Schedule::Linear };
        for x in [[0.3, -0.7], [3.0, -3.0], [2.5, 7.0], [8.0, 1.0]] {
            let [below, above] = [1.0 - 1e-9, 1.0 + 1e-9].map(|factor| field.at(1.0 - LITTLE_DATA * factor)(&x));
            assert!((below.log_density - above.log_density).abs() < 1e-10, "{x:?}");
            assert!((below.divergence - above.divergence).abs() < 1e-5, "{x:?}");
            for i in 0..2 {
                assert!((below.velocity[i] - above.velocity[i]).abs() < 1e-6, "{x:?}: {below:?} {above:?}");
            }
        }
    }

    /// At first order in alpha the data's mean is α Cov x, and the board's covariance is 16/3 on the diagonal and 1 off it.
    #[test]
    fn far_into_the_noise_the_mean_follows_the_boards_covariance() {
        let (x, alpha) = ([0.7, -3.0], 1e-6);
        let mean =
            ExactCheckerboard { squares: &SQUARES, schedule: Schedule::Linear }.at(1.0 - alpha)(&x).data_prediction;
        for (i, slope) in [0.7 * 16.0 / 3.0 - 3.0, 0.7 - 3.0 * 16.0 / 3.0].into_iter().enumerate() {
            assert!((mean[i] / alpha - slope).abs() < 1e-3, "{mean:?}");
        }
    }
}
