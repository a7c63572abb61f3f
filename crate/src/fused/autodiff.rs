//! The operations' derivatives, once for every device.

use super::{Elementwise, FusedOps};
use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind, unary};
use std::fmt::Debug;
use std::marker::PhantomData;

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

/// What a model reads whose shape is an `S`.
#[derive(Debug, Clone)]
pub struct Inputs<B: Backend, S> {
    /// Points `[batch, dim]`.
    pub x: FloatTensor<B>,
    /// The context `[batch, context]` or `[1, context]`.
    pub context: FloatTensor<B>,
    /// Packed weights.
    pub weights: FloatTensor<B>,
    /// How they lie.
    pub shape: S,
}

/// A model as one operation with its backward pass, for a device that has them.
pub trait ModelGradients<S>: Backend {
    /// What the backward pass needs of the forward pass.
    type Kept: Clone + Send + Debug + 'static;

    /// The output alone.
    fn evaluated(inputs: Inputs<Self, S>) -> FloatTensor<Self>;

    /// The output, and what the backward pass needs.
    fn keeping(inputs: &Inputs<Self, S>) -> (FloatTensor<Self>, Self::Kept);

    /// The gradients of `x` and of the packed weights for one of the output.
    fn backward(
        inputs: Inputs<Self, S>,
        kept: Self::Kept,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

#[derive(Debug)]
struct ModelBackward<S>(PhantomData<S>);

impl<S: Clone + Send + Debug + 'static, B: ModelGradients<S>> Backward<B, 2> for ModelBackward<S> {
    type State = (Inputs<B, S>, B::Kept);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (inputs, kept) = ops.state;
        let (of_x, of_weights) = B::backward(inputs, kept, gradient);
        for (node, gradient) in ops.parents.into_iter().zip([of_x, of_weights]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

/// A model's output, with its gradients where they are tracked.
pub fn tracked<S, B, C>(inputs: Inputs<Autodiff<B, C>, S>) -> FloatTensor<Autodiff<B, C>>
where
    S: Clone + Send + Debug + 'static,
    B: ModelGradients<S>,
    C: CheckpointStrategy,
{
    let Inputs { x, context, weights, shape } = inputs;
    let nodes = [x.node(), weights.node()];
    let [x, context, weights] = [x, context, weights].map(|tensor| tensor.into_primitive());
    let inputs = Inputs { x, context, weights, shape };
    match ModelBackward(PhantomData::<S>).prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => {
            let (output, kept) = B::keeping(&inputs);
            prep.finish((inputs, kept), output)
        }
        OpsKind::UnTracked(prep) => prep.finish(B::evaluated(inputs)),
    }
}
