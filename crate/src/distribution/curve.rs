//! A blurred curve in the plane: its density is an integral along it, here a sum over nodes near enough to be exact.

use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

/// Terms below e^-30 of the largest, which most are, are not worth their exponential.
const NEGLIGIBLE: f64 = 30.0;
/// Gauss and Legendre's eight nodes in [-1, 1] and their weights: half of them, the others are their mirror images.
const GAUSS: [[f64; 2]; 4] = [
    [0.183_434_642_495_649_8, 0.362_683_783_378_362],
    [0.525_532_409_916_329, 0.313_706_645_877_887_3],
    [0.796_666_477_413_626_7, 0.222_381_034_453_374_5],
    [0.960_289_856_497_536_3, 0.101_228_536_290_376_3],
];

/// Points along a curve, each with its share of the probability.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve(Vec<Node>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    at: [f64; 2],
    weight: f64,
}

impl Curve {
    /// A closed curve of equally likely parameters in [0, 1): the sum over `len` equal steps is exact to the last digits
    /// where steps are shorter than the blur.
    pub fn closed(len: usize, at: impl Fn(f64) -> [f64; 2]) -> Self {
        let weight = 1.0 / len as f64;
        Self((0..len).map(|i| Node { at: at(i as f64 * weight), weight }).collect())
    }

    /// A curve with ends over the parameters [0, 1], with its probability per parameter, by eight Gaussian nodes in each of
    /// `panels` equal parts: exact to about eight digits where a part is no longer than four deviations of the blur.
    pub fn open(panels: usize, at: impl Fn(f64) -> ([f64; 2], f64)) -> Self {
        let half = 0.5 / panels as f64;
        let of_panel = |panel: usize| {
            GAUSS.iter().flat_map(move |&[offset, weight]| [-offset, offset].map(|offset| (panel, offset, weight)))
        };
        let node = |(panel, offset, weight): (usize, f64, f64)| {
            let (at, density) = at((2.0 * panel as f64 + 1.0 + offset) * half);
            Node { at, weight: density * weight * half }
        };
        Self((0..panels).flat_map(of_panel).map(node).collect())
    }

    /// The log-density of a point of the curve moved by N(0, deviation² I).
    pub fn log_density(&self, x: &[f64], deviation: f64) -> f64 {
        let rate = 0.5 / (deviation * deviation);
        let log_kernel = |[cx, cy]: [f64; 2]| -rate * ((x[0] - cx) * (x[0] - cx) + (x[1] - cy) * (x[1] - cy));
        self.log_sum(log_kernel, |_| 1.0) - libm::log(TAU * deviation * deviation)
    }

    /// The log-density of a point of the curve moved by a uniform point of [0, side]² and by N(0, deviation² I).
    pub fn log_density_in_squares(&self, x: &[f64], side: f64, deviation: f64) -> f64 {
        let width = side / deviation;
        let starts = |at: [f64; 2]| [(at[0] - x[0]) / deviation, (at[1] - x[1]) / deviation];
        let log_bound = |at| starts(at).iter().map(|&a| -0.5 * distance(a, width).powi(2)).sum::<f64>();
        let rest = |at| starts(at).iter().map(|&a| scaled_mass(a, width)).product::<f64>();
        self.log_sum(log_bound, rest) - 2.0 * libm::log(side)
    }

    /// ln Σ weight · factor · exp(exponent) over the nodes, whose factors are neither large nor tiny.
    fn log_sum(&self, exponent: impl Fn([f64; 2]) -> f64, factor: impl Fn([f64; 2]) -> f64) -> f64 {
        let exponents: Vec<f64> = self.0.iter().map(|node| exponent(node.at)).collect();
        let largest = exponents.iter().copied().fold(f64::NEG_INFINITY, |a, b| if a > b { a } else { b });
        let near = self.0.iter().zip(exponents).filter(|(_, exponent)| *exponent >= largest - NEGLIGIBLE);
        let term = |(node, exponent): (&Node, f64)| node.weight * factor(node.at) * libm::exp(exponent - largest);
        largest + libm::log(near.map(term).sum())
    }
}

/// How far 0 is from [a, a + width].
fn distance(a: f64, width: f64) -> f64 {
    a.max(-a - width).max(0.0)
}

/// e^{d²/2} (Φ(a + width) - Φ(a)), with d the distance of 0 from the interval: what is left of a mass in the tail.
fn scaled_mass(a: f64, width: f64) -> f64 {
    let (near, b) = (distance(a, width), a + width);
    if near == 0.0 {
        return 0.5 * (libm::erf(b * FRAC_1_SQRT_2) - libm::erf(a * FRAC_1_SQRT_2));
    }
    // By the width itself: far out it is less than a digit of where the interval is.
    let beyond = libm::exp(-0.5 * width * (2.0 * near + width)) * scaled_erfc((near + width) * FRAC_1_SQRT_2);
    0.5 * (scaled_erfc(near * FRAC_1_SQRT_2) - beyond)
}

/// ln (Φ(a + width) - Φ(a)), as far out as numbers go.
pub(super) fn log_normal_mass(a: f64, width: f64) -> f64 {
    libm::log(scaled_mass(a, width)) - 0.5 * distance(a, width).powi(2)
}

/// e^{y²} erfc(y) for y ≥ 0; above 20 the asymptotic series, whose seventh term is below 1e-14 there.
fn scaled_erfc(y: f64) -> f64 {
    if y < 20.0 {
        return libm::exp(y * y) * libm::erfc(y);
    }
    let step = 0.5 / (y * y);
    let series = (1..7).rev().fold(1.0, |sum, k| 1.0 - f64::from(2 * k - 1) * step * sum);
    series / (y * PI.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_tails_agree_on_both_sides_of_the_switch() {
        // Mills' ratio by its continued fraction, from far inside.
        let fraction = |x: f64| (1..2000).rev().fold(x, |rest, k| x + f64::from(k) / rest);
        for y in [3.0, 8.0, 19.999, 20.001, 25.0, 1e3, 1e150] {
            let mills = 1.0 / fraction(y * 2f64.sqrt());
            let expected = mills * (2.0 / PI).sqrt();
            assert!((scaled_erfc(y) / expected - 1.0).abs() < 1e-12, "{y}");
        }
    }

    #[test]
    fn masses_are_those_of_the_error_function_and_never_vanish() {
        for [a, b] in [[-1.0, 0.5], [0.3, 2.0], [-4.0, -3.5], [5.0, 5.1]] {
            let plain = 0.5 * (libm::erfc(a * FRAC_1_SQRT_2) - libm::erfc(b * FRAC_1_SQRT_2));
            assert!((libm::exp(log_normal_mass(a, b - a)) / plain - 1.0).abs() < 1e-10, "{a} {b}");
        }
        for far in [40.0, 1e10, 1e38] {
            assert!(log_normal_mass(far, 10.0).is_finite() && log_normal_mass(-far, 1.0).is_finite());
        }
    }
}
