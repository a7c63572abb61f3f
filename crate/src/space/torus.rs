//! The flat torus: two circles, a point is an angle on each.

use super::Space;
use crate::rng::Rng;
use burn::tensor::Tensor;
use std::f64::consts::{PI, TAU};

/// Two angles in radians.
#[derive(Debug, Clone, Copy)]
pub struct Torus;

/// Turns of wrapped noise that are added up, each way: of a deviation of 1.5 the next is below e^-100.
const TURNS: i32 = 3;

/// The angle, above -π and at most π.
fn angle(x: &[f64]) -> f64 {
    let angle = libm::atan2(x[1], x[0]);
    if angle == -PI { PI } else { angle }
}

impl Space for Torus {
    fn spheres(&self) -> [usize; 2] {
        [2, 2]
    }

    fn dim(&self) -> usize {
        2
    }

    fn words(&self) -> [&'static str; 2] {
        ["a torus", "2 angles in radians"]
    }

    fn log_volume(&self) -> f64 {
        2.0 * libm::log(TAU)
    }

    fn point(&self, own: &[f64]) -> Vec<f64> {
        own.iter().flat_map(|&angle| [libm::cos(angle), libm::sin(angle)]).collect()
    }

    fn own(&self, x: &[f64]) -> Vec<f64> {
        x.chunks_exact(2).map(angle).collect()
    }

    fn own_velocity(&self, x: &[f64], v: &[f64]) -> Vec<f64> {
        x.chunks_exact(2).zip(v.chunks_exact(2)).map(|(x, v)| x[0] * v[1] - x[1] * v[0]).collect()
    }

    fn uniform(&self, rng: &mut Rng) -> Vec<f64> {
        let angles = [rng.uniform(), rng.uniform()].map(|share| TAU * share - PI);
        self.point(&angles)
    }

    fn origin(&self) -> Vec<f64> {
        vec![1.0, 0.0, 1.0, 0.0]
    }

    fn log_wrapped(&self, x: &[f64], deviation: f64) -> f64 {
        let of_circle = |x: &[f64]| {
            let turned = |turn: i32| (angle(x) + f64::from(turn) * TAU) / deviation;
            let sum: f64 = (-TURNS..=TURNS).map(turned).map(|z| libm::exp(-0.5 * z * z)).sum();
            libm::log(sum) - libm::log(deviation) - 0.5 * libm::log(TAU)
        };
        x.chunks_exact(2).map(of_circle).sum()
    }

    fn frame(&self, at: Tensor<2>) -> Tensor<3> {
        let batch = at.dims()[0];
        let column = |k: usize| at.clone().narrow(1, k, 1);
        let none = column(0).zeros_like();
        let first = vec![column(1).neg(), column(0), none.clone(), none.clone()];
        let second = vec![none.clone(), none, column(3).neg(), column(2)];
        let vectors = [first, second].map(|columns| Tensor::cat(columns, 1).reshape([1, batch, 4]));
        Tensor::cat(vectors.to_vec(), 0)
    }
}
