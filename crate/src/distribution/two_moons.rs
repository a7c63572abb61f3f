//! The two moons of the benchmark of simulation-based inference (Lueckmann 2021): two parameters, uniform on [-1, 1]²,
//! here times 4 as large as the other toy sets are, and two observed numbers, given which they lie on two crescents.
//!
//! x = p + (-|θ₁ + θ₂|, θ₂ - θ₁)/√2 with p = (r cos a + ¼, r sin a), a ~ U(-π/2, π/2) and r ~ N(0.1, 0.01²).

use super::{Density, Distribution, KnownNumber, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};
use std::rc::Rc;

const RADIUS: f64 = 0.1;
const DEVIATION: f64 = 0.01;
const OFFSET: f64 = 0.25;
/// What the parameters are multiplied by.
const SIZE: f64 = 4.0;
/// Angles by which the share of p that parameters lead to is integrated.
const ANGLES: usize = 512;

/// The prior.
struct TwoMoons;

/// The parameters given x.
struct Crescents {
    x: [f64; 2],
    /// ln of twice the share of p that parameters in the square lead from to x.
    log_share: f64,
}

pub(super) fn two_moons() -> Distribution {
    // E r cos a = 0.2/π, E r² = 0.0101, E |θ₁ + θ₂|/√2 = √2/3 and its square's is 1/3, as that of (θ₂ - θ₁)/√2.
    let along = OFFSET + 2.0 * RADIUS / PI - SQRT_2 / 3.0;
    let square = 0.5 * (RADIUS * RADIUS + DEVIATION * DEVIATION);
    let deviations = [square - 4.0 * RADIUS * RADIUS / (PI * PI) + 1.0 / 9.0, square + 1.0 / 3.0].map(libm::sqrt);
    let number = |name: &str, mean, deviation, [least, greatest]: [f64; 2]| KnownNumber {
        name: name.into(),
        mean,
        deviation,
        least,
        greatest,
    };
    // Wherever x is in these, some parameters lead to it.
    let numbers = vec![number("x₁", along, deviations[0], [-0.5, 0.2]), number("x₂", 0.0, deviations[1], [-0.6, 0.6])];
    let posterior = |observed: &[f64]| Distribution::new(Rc::new(Crescents::of([observed[0], observed[1]])));
    Distribution { numbers, posterior: Some(posterior), ..Distribution::new(Rc::new(TwoMoons)) }
}

/// p.
fn draw(rng: &mut Rng) -> [f64; 2] {
    let (sin, cos) = libm::sincos(PI * (rng.uniform() - 0.5));
    let r = RADIUS + DEVIATION * rng.normal();
    [r * cos + OFFSET, r * sin]
}

/// (θ₁ + θ₂, θ₂ - θ₁)/√2, and its own inverse up to the order.
fn turned([a, b]: [f64; 2]) -> [f64; 2] {
    [FRAC_1_SQRT_2 * (a + b), FRAC_1_SQRT_2 * (b - a)]
}

fn inside(parameters: &[f64]) -> bool {
    parameters.iter().all(|parameter| parameter.abs() <= SIZE)
}

impl Sampler for TwoMoons {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::observed(len, || {
            let parameters = [(); 2].map(|()| 2.0 * rng.uniform() - 1.0);
            let ([along, across], p) = (turned(parameters), draw(rng));
            (parameters.map(|parameter| SIZE * parameter), [p[0] - along.abs(), p[1] + across])
        })
    }
}

impl Density for TwoMoons {
    fn log_density(&self, x: &[f64]) -> f64 {
        if inside(x) { -libm::log(4.0 * SIZE * SIZE) } else { f64::NEG_INFINITY }
    }

    fn entropy(&self) -> Option<f64> {
        Some(libm::log(4.0 * SIZE * SIZE))
    }
}

impl Crescents {
    fn of(x: [f64; 2]) -> Self {
        // For each angle the radii with p₁ ≥ x₁ and (p₁ - x₁) + |x₂ - p₂| ≤ √2, which is the square, are one interval.
        let below = |r: f64| 0.5 * libm::erfc((RADIUS - r) * FRAC_1_SQRT_2 / DEVIATION);
        let share = |i: usize| {
            let (sin, cos) = libm::sincos(PI * ((i as f64 + 0.5) / ANGLES as f64 - 0.5));
            let [mut least, mut most] = [(x[0] - OFFSET) / cos, f64::INFINITY];
            for sign in [-1.0, 1.0] {
                let (slope, room) = (cos - sign * sin, SQRT_2 - (OFFSET - x[0] + sign * x[1]));
                if slope > 0.0 { most = most.min(room / slope) } else { least = least.max(room / slope) }
            }
            (below(most) - below(least)).max(0.0)
        };
        let share = (0..ANGLES).map(share).sum::<f64>() / ANGLES as f64;
        Self { x, log_share: libm::log(2.0 * share) }
    }
}

impl Sampler for Crescents {
    fn dim(&self) -> usize {
        2
    }

    /// Of the two parameters that lead from p to x one, unless they are outside the square.
    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let mut draw = || {
            loop {
                let p = draw(rng);
                let side = if rng.uniform() < 0.5 { -1.0 } else { 1.0 };
                let (along, across) = (p[0] - self.x[0], self.x[1] - p[1]);
                let [second, first] = turned([SIZE * across, SIZE * side * along]);
                if along >= 0.0 && inside(&[first, second]) {
                    return [first, second];
                }
            }
        };
        crate::points::Points::draw(len, |_| draw()).into()
    }
}

impl Density for Crescents {
    fn log_density(&self, x: &[f64]) -> f64 {
        let [along, across] = turned([x[0] / SIZE, x[1] / SIZE]);
        let (across, along) = (self.x[1] - across, self.x[0] + along.abs() - OFFSET);
        if along <= 0.0 || !inside(x) {
            return f64::NEG_INFINITY;
        }
        let r = libm::sqrt(along * along + across * across);
        let z = (r - RADIUS) / DEVIATION;
        -0.5 * z * z - libm::log(SIZE * SIZE * DEVIATION * libm::sqrt(2.0 * PI) * PI * r) - self.log_share
    }
}
