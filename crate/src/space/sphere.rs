//! The unit sphere in R³.

use super::Space;
use crate::rng::Rng;
use burn::tensor::Tensor;
use std::f64::consts::TAU;

/// Three coordinates of length 1.
#[derive(Debug, Clone, Copy)]
pub struct Sphere;

/// How far from 1 a given point's length may be.
const OFF: f64 = 1e-3;

/// Turns of wrapped noise that are added up, each way: of a deviation of 1.5 the next is below e^-100.
const TURNS: i32 = 3;

/// Nearer to a pole than this noise is not told apart: a normal vector as long as half a turn, in whatever direction, comes to one
/// point, so that there the density has no bound.
const LEAST_SINE: f64 = 1e-6;

fn length(x: &[f64]) -> f64 {
    libm::sqrt(x.iter().map(|x| x * x).sum())
}

impl Space for Sphere {
    fn spheres(&self) -> [usize; 2] {
        [1, 3]
    }

    fn dim(&self) -> usize {
        3
    }

    fn words(&self) -> [&'static str; 2] {
        ["a sphere", "3 coordinates of length 1, to 0.001"]
    }

    fn log_volume(&self) -> f64 {
        libm::log(2.0 * TAU)
    }

    fn point(&self, own: &[f64]) -> Vec<f64> {
        let length = length(own);
        own.iter().map(|x| x / length).collect()
    }

    fn own(&self, x: &[f64]) -> Vec<f64> {
        self.point(x)
    }

    fn own_velocity(&self, _x: &[f64], v: &[f64]) -> Vec<f64> {
        v.to_vec()
    }

    fn is_point(&self, own: &[f64]) -> bool {
        (length(own) - 1.0).abs() <= OFF
    }

    /// By Archimedes: the area between two heights is that of the cylinder around them.
    fn uniform(&self, rng: &mut Rng) -> Vec<f64> {
        let height = 2.0 * rng.uniform() - 1.0;
        let (sin, cos) = libm::sincos(TAU * rng.uniform());
        let radius = libm::sqrt(1.0 - height * height);
        vec![radius * cos, radius * sin, height]
    }

    fn origin(&self) -> Vec<f64> {
        vec![0.0, 0.0, 1.0]
    }

    /// A point at angle θ from the origin is reached by vectors of the lengths θ + 2πk, in its direction and against it; a ring of them of
    /// length r and width dr comes to one of radius sin θ and the same width.
    fn log_wrapped(&self, x: &[f64], deviation: f64) -> f64 {
        let radius = libm::hypot(x[0], x[1]);
        let angle = libm::atan2(radius, x[2]);
        let variance = deviation * deviation;
        let sine = libm::sin(angle).max(LEAST_SINE);
        let ring = |turn: i32| {
            let length = (angle + f64::from(turn) * TAU).abs();
            // Of the vector 0 itself the ratio is 1.
            let ratio = if turn == 0 && angle < LEAST_SINE { 1.0 } else { length / sine };
            ratio * libm::exp(-0.5 * length * length / variance)
        };
        libm::log((-TURNS..=TURNS).map(ring).sum::<f64>()) - libm::log(TAU * variance)
    }

    /// The tangent parts of the three axes: no two of them turn over anywhere.
    fn frame(&self, at: Tensor<2>) -> Tensor<3> {
        let [batch, dim] = at.dims();
        let part = |k: usize| {
            let axis =
                Tensor::from_floats([std::array::from_fn::<f32, 3, _>(|i| f32::from(u8::from(i == k)))], &at.device());
            let part: Tensor<2> = axis - at.clone() * at.clone().narrow(1, k, 1);
            part.reshape([1, batch, dim])
        };
        Tensor::cat((0..3).map(part).collect(), 0)
    }
}
