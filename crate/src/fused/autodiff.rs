//! The operations' derivatives, once for every device.

use super::{Elementwise, FusedOps};
use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind, unary};

/// d/dz of a function's derivative is the next one.
#[derive(Debug)]
struct NextOrder;

impl<B: Backend + FusedOps> Backward<B, 1> for NextOrder {
    type State = (FloatTensor<B>, Elementwise, usize);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let (z, function, order) = ops.state;
        let slope = |grad| B::float_mul(B::elementwise(z, function, order + 1), grad);
        unary::<B, _>(ops.parents, ops.node, grads, slope);
    }
}

impl<B: Backend + FusedOps, C: CheckpointStrategy> FusedOps for Autodiff<B, C> {
    fn elementwise(z: FloatTensor<Self>, function: Elementwise, order: usize) -> FloatTensor<Self> {
        let node = z.node();
        let z = z.into_primitive();
        match NextOrder.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((z.clone(), function, order), B::elementwise(z, function, order)),
            OpsKind::UnTracked(prep) => prep.finish(B::elementwise(z, function, order)),
        }
    }
}
