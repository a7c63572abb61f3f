//! A rose, our own in place of pictures that may not be shipped.

use super::curve::Curve;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::{PI, TAU};
use std::rc::Rc;
use std::sync::LazyLock;

const NOISE: f64 = 0.06;
const PETALS: usize = 5;

/// The curve's point at an angle, which closes after half a turn.
fn at(angle: f64) -> [f64; 2] {
    let r = 3.2 * libm::cos(5.0 * angle);
    let (sin, cos) = libm::sincos(angle);
    [r * cos, r * sin]
}

/// The rose in steps of at most 0.82 deviations of its noise.
static ROSE: LazyLock<Curve> = LazyLock::new(|| Curve::closed(1024, |parameter| at(PI * parameter)));

/// The petal around the positive x-axis, from the middle and back to it, in parts of at most 3.5 deviations.
static PETAL: LazyLock<Curve> =
    LazyLock::new(|| Curve::open(48, |parameter| (at(PI / PETALS as f64 * (parameter - 0.5)), 1.0)));

/// r = 3.2 cos 5θ with noise 0.06: five petals.
pub struct Rose;

/// One petal, numbered counterclockwise from the one on the x-axis.
struct Petal(usize);

impl From<Rose> for Distribution {
    fn from(rose: Rose) -> Self {
        let named = (0..PETALS).map(|petal| (format!("petal {}", petal + 1), Petal(petal)));
        Self { classes: Class::equally(named), ..Self::new(Rc::new(rose)) }
    }
}

/// The petal of an angle in [0, π): a petal is a fifth of that, and each next one lies three fifths of a turn further.
fn petal_at(angle: f64) -> usize {
    let fifth = libm::round(angle * PETALS as f64 / PI) as usize;
    3 * fifth % PETALS
}

impl Sampler for Rose {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let angle = PI * rng.uniform();
            (at(angle).map(|x| x + NOISE * rng.normal()), petal_at(angle))
        })
    }
}

impl Density for Petal {
    fn log_density(&self, x: &[f64]) -> f64 {
        let (sin, cos) = libm::sincos(TAU * self.0 as f64 / PETALS as f64);
        PETAL.log_density(&[cos * x[0] + sin * x[1], cos * x[1] - sin * x[0]], NOISE)
    }
}

impl Density for Rose {
    fn log_density(&self, x: &[f64]) -> f64 {
        ROSE.log_density(x, NOISE)
    }

    fn entropy(&self) -> Option<f64> {
        Some(1.940944)
    }
}
