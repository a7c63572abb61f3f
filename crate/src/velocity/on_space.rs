//! A model as a velocity field on a closed space: the tangent part of what it says (Chen and Lipman 2024, section 3).

use super::{Model, VelocityField};
use crate::space::{Space, nearest, tangent};
use burn::tensor::Tensor;

/// F(x) = |x| P g(x/|x|, t) of a model g, where P drops what points away from the space, and |x| is the distance from the middle of each
/// sphere that it is a product of.
///
/// On the space this is the field. Around it F only turns x, at a speed that does not depend on |x|: so every solver of R^d goes as if
/// each of its steps were put back on the space, and F's divergence in R^d is the field's own there.
pub struct OnSpace<M> {
    /// g, in the coordinates of the Euclidean space around.
    pub model: M,
    /// The space.
    pub space: &'static dyn Space,
}

impl<M: Model> VelocityField for OnSpace<M> {
    fn dim(&self) -> usize {
        Model::dim(&self.model)
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let [_, size] = self.space.spheres();
        let [at, length] = nearest(size, x);
        tangent(size, at.clone(), self.model.velocity(at, t)) * length
    }

    /// div P g = Σ e · ∂g/∂e over a frame, less what points away from the space times how much the space bends: a sphere of
    /// n coordinates by n - 1.
    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let [_, size] = self.space.spheres();
        let [at, length] = nearest(size, x);
        let frame = self.space.frame(at.clone());
        let batch = at.dims()[0];
        let found = self.model.velocity_and_products(at.clone(), t, frame.clone());
        let (answer, products) = found.expect("a model of points on a space knows how it changes along them");
        let stretched = (frame * products).sum_dim(2).sum_dim(0).reshape([batch, 1]);
        let outward = (at.clone() * answer.clone()).sum_dim(1).mul_scalar((size - 1) as f32);
        (tangent(size, at, answer) * length, stretched - outward)
    }
}
