//! A velocity model beside one that denoises: the two of a stochastic interpolant.

use super::{Model, NetworkAt, VelocityField};
use crate::path::NEAREST_TO_ENDS;
use burn::tensor::Tensor;

/// The field b(x, t) with the score that its denoiser η(x, t) = E[z | x] gives: s = -η/γ (Albergo 2023, equation (2.15)).
#[derive(Debug, Clone)]
pub struct Scored<M> {
    /// b.
    pub velocity: M,
    /// η.
    pub denoiser: M,
    /// γ² = `bridge` t (1 - t), the variance of the noise z.
    pub bridge: f64,
}

impl<M: Model> VelocityField for Scored<M> {
    fn dim(&self) -> usize {
        Model::dim(&self.velocity)
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        self.velocity.velocity(x, t)
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        self.velocity.velocity_and_trace(x, t)
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        self.velocity.velocity_and_products(x, t, probes)
    }

    fn network_at(&self, t: f64) -> Option<NetworkAt<'_>> {
        self.velocity.network_at(t)
    }

    fn velocity_and_score(&self, x: Tensor<2>, t: f64) -> Option<(Tensor<2>, Tensor<2>)> {
        // γ is 0 at both ends, where the score would be a quotient of zeros.
        let inside = t.clamp(NEAREST_TO_ENDS, 1.0 - NEAREST_TO_ENDS);
        let gamma = libm::sqrt(self.bridge * inside * (1.0 - inside));
        let noise = self.denoiser.velocity(x.clone(), inside);
        Some((self.velocity.velocity(x, t), noise.div_scalar(-gamma as f32)))
    }
}
