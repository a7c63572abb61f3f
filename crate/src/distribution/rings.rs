//! Equal mixtures of circles blurred by a Gaussian: circles, rings, the Olympic rings.

use super::mixture::log_sum_exp;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::{PI, TAU};
use std::rc::Rc;

/// Circles of given centers and radii, equally likely, each point moved by N(0, deviation² I).
#[derive(Debug, Clone, PartialEq)]
pub struct Rings {
    circles: Vec<([f64; 2], f64)>,
    deviation: f64,
    entropy: Option<f64>,
}

impl Rings {
    /// FFJORD's circles: radii 1 and ½ with noise 0.08, all times 3.
    pub fn circles() -> Self {
        Self { circles: concentric(&[3.0, 1.5]), deviation: 0.24, entropy: Some(3.268136) }
    }

    /// FFJORD's rings: radii 1, ¾, ½, ¼ times 3, with noise 0.08 that is not scaled.
    pub fn four() -> Self {
        Self { circles: concentric(&[3.0, 2.25, 1.5, 0.75]), deviation: 0.08, entropy: Some(2.623183) }
    }

    /// Five rings of radius 0.95 in two rows.
    pub fn olympic() -> Self {
        let centers = [[-2.2, 0.55], [0.0, 0.55], [2.2, 0.55], [-1.1, -0.55], [1.1, -0.55]];
        let circles = centers.map(|center| (center, 0.95)).to_vec();
        Self { circles, deviation: 0.05, entropy: Some(1.728834) }
    }
}

fn concentric(radii: &[f64]) -> Vec<([f64; 2], f64)> {
    radii.iter().map(|&radius| ([0.0, 0.0], radius)).collect()
}

impl From<Rings> for Distribution {
    fn from(rings: Rings) -> Self {
        let one = |(i, circle): (usize, &_)| {
            (format!("ring {}", i + 1), Rings { circles: vec![*circle], entropy: None, ..rings })
        };
        let classes = Class::equally(rings.circles.iter().enumerate().map(one));
        Self { classes, ..Self::new(Rc::new(rings)) }
    }
}

impl Sampler for Rings {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let ring = rng.below(self.circles.len());
            let ([cx, cy], radius) = self.circles[ring];
            let (sin, cos) = libm::sincos(TAU * rng.uniform());
            let x = cx + radius * cos + self.deviation * rng.normal();
            ([x, cy + radius * sin + self.deviation * rng.normal()], ring)
        })
    }
}

/// A circle of radius R blurred by s has p = exp(-(r - R)² / 2s²) e^{-z} I₀(z) / 2πs² with z = rR/s².
impl Density for Rings {
    fn log_density(&self, x: &[f64]) -> f64 {
        let variance = self.deviation * self.deviation;
        let terms = self.circles.iter().map(|([cx, cy], radius)| {
            let r = libm::hypot(x[0] - cx, x[1] - cy);
            let blurred = libm::log(scaled_bessel_i0(r * radius / variance));
            blurred - (r - radius) * (r - radius) / (2.0 * variance)
        });
        let normalizer = libm::log(TAU * variance) + libm::log(self.circles.len() as f64);
        log_sum_exp(terms) - normalizer
    }

    fn entropy(&self) -> Option<f64> {
        self.entropy
    }
}

/// e^{-z} I₀(z) for z ≥ 0, to about 1e-14: the power series below 30, the asymptotic one above, whose smallest term
/// there is below e^{-60} (Abramowitz and Stegun 9.6.12, 9.7.1).
fn scaled_bessel_i0(z: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..100 {
        let k = f64::from(k);
        term *= if z < 30.0 { z * z / (4.0 * k * k) } else { (2.0 * k - 1.0) * (2.0 * k - 1.0) / (8.0 * k * z) };
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    if z < 30.0 { libm::exp(-z) * sum } else { sum / libm::sqrt(2.0 * PI * z) }
}

#[cfg(test)]
mod tests {
    use super::scaled_bessel_i0;

    #[test]
    fn bessel_matches_its_integral_on_both_sides_of_the_switch() {
        for z in [0.0, 0.3, 5.0, 29.9, 30.1, 400.0] {
            // (1/π) ∫₀^π exp(z (cos θ - 1)) dθ; the midpoint rule is exact to rounding for a periodic integrand.
            let n = 4000;
            let angle = |i: i32| (f64::from(i) + 0.5) * std::f64::consts::PI / f64::from(n);
            let integral = (0..n).map(|i| (z * (angle(i).cos() - 1.0)).exp()).sum::<f64>() / f64::from(n);
            assert!((scaled_bessel_i0(z) / integral - 1.0).abs() < 1e-12, "{z}");
        }
    }
}
