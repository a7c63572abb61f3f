//! Sums over a torus and over a sphere that are integrals to many digits.

use flow_playground::Points;
use flow_playground::space::SpaceKind;
use std::f64::consts::{PI, TAU};

/// Points, in their own numbers, with the area that each stands for: `n` across, and on a sphere twice as many around.
pub fn grid(space: SpaceKind, n: usize) -> (Points<f64>, Vec<f64>) {
    let (mut own, mut areas) = (Vec::new(), Vec::new());
    match space {
        SpaceKind::Torus => {
            let angle = |i: usize| TAU * (i as f64 + 0.5) / n as f64 - PI;
            for i in 0..n * n {
                own.extend([angle(i / n), angle(i % n)]);
                areas.push((TAU / n as f64).powi(2));
            }
        }
        _ => {
            for (height, weight) in gauss_legendre(n) {
                for k in 0..2 * n {
                    let (sin, cos) = (PI * k as f64 / n as f64).sin_cos();
                    let radius = (1.0 - height * height).sqrt();
                    own.extend([radius * cos, radius * sin, height]);
                    areas.push(weight * PI / n as f64);
                }
            }
        }
    }
    (Points::new(own, if space == SpaceKind::Torus { 2 } else { 3 }).unwrap(), areas)
}

/// Nodes on [-1, 1] and their weights: the roots of the Legendre polynomial of degree n, by Newton's method.
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let node = |i: usize| {
        let (mut x, mut slope) = ((PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos(), 0.0);
        for _ in 0..50 {
            let (mut before, mut value) = (1.0, x);
            for k in 2..=n {
                let k = k as f64;
                (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
            }
            slope = n as f64 * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..n).map(node).collect()
}
