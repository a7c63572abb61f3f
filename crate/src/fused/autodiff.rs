//! The operations' derivatives, once for every device.

use super::FusedOps;
use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind, unary};

/// d/dz of a derivative of silu is the next one.
#[derive(Debug)]
struct Silu;

impl<B: Backend + FusedOps> Backward<B, 1> for Silu {
    type State = (FloatTensor<B>, usize);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let (z, order) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |grad| B::float_mul(B::silu(z, order + 1), grad));
    }
}

impl<B: Backend + FusedOps, C: CheckpointStrategy> FusedOps for Autodiff<B, C> {
    fn silu(z: FloatTensor<Self>, order: usize) -> FloatTensor<Self> {
        let node = z.node();
        let z = z.into_primitive();
        match Silu.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((z.clone(), order), B::silu(z, order)),
            OpsKind::UnTracked(prep) => prep.finish(B::silu(z, order)),
        }
    }
}
