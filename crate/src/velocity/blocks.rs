//! A chain of autonomous fields that share the time between them: the blocks of JKO-iFlow.

use super::{Model, NetworkAt, VelocityField};
use burn::tensor::Tensor;

/// K blocks, the k-th of which flows for a unit of its own time while t goes from k/K to (k + 1)/K.
#[derive(Debug, Clone)]
pub struct Blocks<M>(pub Vec<M>);

impl<M> Blocks<M> {
    fn count(&self) -> f32 {
        self.0.len() as f32
    }

    fn at(&self, t: f64) -> &M {
        let block = (t * self.0.len() as f64) as usize;
        &self.0[block.min(self.0.len() - 1)]
    }
}

impl<M: Model> VelocityField for Blocks<M> {
    fn dim(&self) -> usize {
        Model::dim(&self.0[0])
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        self.at(t).velocity(x, t).mul_scalar(self.count())
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let (velocity, trace) = self.at(t).velocity_and_trace(x, t);
        (velocity.mul_scalar(self.count()), trace.mul_scalar(self.count()))
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        let (velocity, products) = self.at(t).velocity_and_products(x, t, probes)?;
        Some((velocity.mul_scalar(self.count()), products.mul_scalar(self.count())))
    }

    fn network_at(&self, t: f64) -> Option<NetworkAt<'_>> {
        Some(NetworkAt { network: self.at(t).fused()?, of_x: 0.0, of_network: f64::from(self.count()) })
    }

    fn breaks(&self) -> Vec<f64> {
        (1..self.0.len()).map(|k| k as f64 / self.0.len() as f64).collect()
    }
}
