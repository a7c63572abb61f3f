//! The chain's law by transfer matrices: given a site, what is on its left and on its right are independent, so that Z is a product
//! of matrices over one site's values, and the sites are drawn one after the other.

use super::landscape::{SITES, bond, site};
use crate::rng::Rng;

/// Values of a site.
const VALUES: usize = 320;
/// Where a site's own energy is so far above its least, in units of T, there is nothing.
const MOST_ABOVE: f64 = 36.0;

/// The chain's law.
pub struct Transfer {
    /// ln Z.
    pub log_z: f64,
    /// The probability that the first site is above 0.
    pub right: f64,
    /// In nats.
    pub entropy: f64,
    low: f64,
    step: f64,
    /// e^(-bond/T) at so many steps between neighbours.
    bonds: Vec<f64>,
    /// For each site and value: its own weight, times that of all sites behind it.
    weights: Vec<Vec<f64>>,
}

impl Transfer {
    /// At a temperature.
    pub fn new(temperature: f64) -> Self {
        // The mean energy is the slope of -ln Z in 1/T.
        let log_z_at = |factor: f64| Self::summed(temperature / factor).log_z;
        let mean = (log_z_at(1.0 - DIFFERENCE) - log_z_at(1.0 + DIFFERENCE)) / (2.0 * DIFFERENCE);
        let summed = Self::summed(temperature);
        Self { entropy: mean + summed.log_z, ..summed }
    }

    fn summed(temperature: f64) -> Self {
        let high = libm::sqrt(1.0 + libm::sqrt(MOST_ABOVE * temperature / 2.0));
        let (low, step) = (-high, 2.0 * high / VALUES as f64);
        let value = |i: usize| low + (i as f64 + 0.5) * step;
        let bonds: Vec<f64> = (0..VALUES).map(|i| libm::exp(-bond(&0.0, &(i as f64 * step)) / temperature)).collect();
        let own: Vec<f64> = (0..VALUES).map(|i| step * libm::exp(-site(&value(i)) / temperature)).collect();
        let (mut log_z, mut weights) = (0.0, vec![own.clone()]);
        for _ in 1..SITES {
            let behind = &weights[weights.len() - 1];
            let message = |i: usize| behind.iter().enumerate().map(|(j, w)| bonds[i.abs_diff(j)] * w).sum::<f64>();
            let next: Vec<f64> = own.iter().enumerate().map(|(i, own)| own * message(i)).collect();
            let total: f64 = next.iter().sum();
            log_z += libm::log(total);
            weights.push(next.into_iter().map(|weight| weight / total).collect());
        }
        weights.reverse();
        let right = weights[0][VALUES / 2..].iter().sum::<f64>();
        Self { log_z, right, entropy: 0.0, low, step, bonds, weights }
    }

    /// The sites, each anywhere in the step around its value.
    pub fn draw(&self, rng: &mut Rng) -> [f64; SITES] {
        let mut before: Option<usize> = None;
        let mut at = 0;
        [(); SITES].map(|()| {
            let weight = |(j, w): (usize, &f64)| w * before.map_or(1.0, |i| self.bonds[i.abs_diff(j)]);
            let mut sum = 0.0;
            let sums = self.weights[at].iter().enumerate().map(|each| {
                sum += weight(each);
                sum
            });
            let sums: Vec<f64> = sums.collect();
            let share = rng.uniform() * sums[VALUES - 1];
            let value = sums.partition_point(|&sum| sum <= share).min(VALUES - 1);
            (before, at) = (Some(value), at + 1);
            self.low + (value as f64 + rng.uniform()) * self.step
        })
    }
}

/// The relative difference of 1/T that the mean energy is taken over.
const DIFFERENCE: f64 = 1e-4;
