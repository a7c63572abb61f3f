//! What a method trains: a network from x and a context.

use super::{NetworkAt, VelocityField};
use crate::fused::{self, NetworkShape, SolvePlan, Steps};
use burn::tensor::Tensor;

/// A network from points x `[batch, dim]` and a context `[batch, context]`, or `[1, context]` for one that all share. Its first
/// column is the time; a second time or a condition follow.
pub trait Model {
    /// Coordinates of a point.
    fn dim(&self) -> usize;

    /// Columns of the context that the model sees; 0 for one that is told nothing.
    fn context(&self) -> usize;

    /// The output `[batch, dim]`.
    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2>;

    /// The output and the trace of its Jacobian in x `[batch, 1]`, exactly.
    fn forward_and_trace(&self, x: Tensor<2>, context: Tensor<2>) -> (Tensor<2>, Tensor<2>);

    /// The output and its Jacobian's product in x with each of `probes` `[k, batch, dim]`, or its transpose's, whose product with
    /// the probe is the same; `None` for a model whose exact trace is as cheap.
    fn forward_and_products(
        &self,
        _x: Tensor<2>,
        _context: Tensor<2>,
        _probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        None
    }

    /// The output and how it changes along tangents of x `[batch, dim]` and of the context, which is as large as that; `None` for a
    /// model that cannot say. What comes out is differentiable in the weights.
    fn forward_and_product(
        &self,
        _x: Tensor<2>,
        _context: Tensor<2>,
        _of_x: Tensor<2>,
        _of_context: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        None
    }

    /// What the model is as one fused operation; `None` where none is written for it.
    fn fused(&self) -> Option<Fused<'_>> {
        None
    }
}

/// A model as the fused operations know it.
#[derive(Debug, Clone, Copy)]
pub struct Fused<'a> {
    /// Its shape, without the trace.
    pub shape: NetworkShape,
    /// Its packed weights.
    pub weights: &'a Tensor<1>,
    /// The context without its time, where that is settled, row-major: `[1, context - 1]` or `[batch, context - 1]`.
    pub condition: &'a [f32],
}

impl Fused<'_> {
    /// Whether both are one and the same model.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.weights, other.weights)
    }

    /// Where a solve ends that starts at `x` `[batch, dim]`, and what it passes if that is recorded: states
    /// `[records · batch, dim]`, with ∫ div dt and ∫ |dx/dt|² dt as two more columns if `traced`, in one operation; `None` where
    /// the device has none.
    pub fn solve(&self, x: &Tensor<2>, traced: bool, steps: Steps) -> Option<Tensor<2>> {
        let plan =
            SolvePlan { shape: NetworkShape { traced, ..self.shape }, condition: self.condition.to_vec(), steps };
        fused::solve_network(x, self.weights, plan)
    }
}

/// A context of the time alone, for all points of `x`.
fn time(t: f64, x: &Tensor<2>) -> Tensor<2> {
    Tensor::full([1, 1], t as f32, &x.device().inner())
}

/// A model that is told no more than the time is a velocity field.
impl<M: Model> VelocityField for M {
    fn dim(&self) -> usize {
        Model::dim(self)
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let context = time(t, &x);
        self.forward(x, context)
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let context = time(t, &x);
        self.forward_and_trace(x, context)
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        let context = time(t, &x);
        self.forward_and_products(x, context, probes)
    }

    fn network_at(&self, _t: f64) -> Option<NetworkAt<'_>> {
        Some(NetworkAt { network: self.fused()?, of_x: 0.0, of_network: 1.0 })
    }
}
