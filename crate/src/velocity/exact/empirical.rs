//! A finite data set: the field that a network would learn if it memorized.

use super::{ClosedForm, Denoised, Frozen};
use crate::path::Schedule;
use crate::points::Points;
use std::f64::consts::TAU;

/// The exact marginal velocity between equally likely points and N(0, I): the posterior weight of
/// point i is softmax(-|x - α x_i|² / 2σ²).
#[derive(Debug, Clone, PartialEq)]
pub struct ExactEmpirical {
    /// The data set.
    pub points: Points,
    /// The schedule of the conditional paths.
    pub schedule: Schedule,
}

/// Points of a data set that its exact field and its loss floor are computed of: one truth for both.
const MOST: usize = 10_000;

impl ExactEmpirical {
    /// The field of a data set: of each of its points once, thinned evenly where there are more than 10,000.
    pub fn of(points: &Points, schedule: Schedule) -> Self {
        Self { points: points.thinned(MOST), schedule }
    }
}

impl ClosedForm for ExactEmpirical {
    fn dim(&self) -> usize {
        self.points.dim()
    }

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn earliest_time(&self) -> f64 {
        self.schedule.earliest_with_edges()
    }

    fn at(&self, t: f64) -> Frozen<'_> {
        let at = self.schedule.at(t);
        let scale = -0.5 / (at.sigma * at.sigma);
        let normalizer = 0.5 * self.dim() as f64 * libm::log(TAU * at.sigma * at.sigma);
        let len = self.points.len() as f64;
        Box::new(move |x| {
            let exponent = |row: &[f32]| -> f64 {
                let square = |(x, &p): (&f64, &f32)| (x - at.alpha * f64::from(p)).powi(2);
                scale * x.iter().zip(row).map(square).sum::<f64>()
            };
            let exponents: Vec<f64> = self.points.rows().map(exponent).collect();
            let largest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (mut total, mut mean, mut square) = (0.0, vec![0.0; x.len()], 0.0);
            for (row, exponent) in self.points.rows().zip(exponents) {
                // A weight below e^-40 changes no digit of a f32.
                if exponent - largest < -40.0 {
                    continue;
                }
                let weight = libm::exp(exponent - largest);
                total += weight;
                for (mean, &p) in mean.iter_mut().zip(row) {
                    *mean += weight * f64::from(p);
                    square += weight * f64::from(p) * f64::from(p);
                }
            }
            mean.iter_mut().for_each(|mean| *mean /= total);
            let variance = square / total - mean.iter().map(|mean| mean * mean).sum::<f64>();
            let log_density = largest + libm::log(total / len) - normalizer;
            Denoised { log_density, mean, variance: variance.max(0.0) }.point(x, at)
        })
    }
}
