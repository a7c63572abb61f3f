//! The velocity network as one operation: its output, the trace of its Jacobian, and the gradients of both. Of the CPU engine
//! alone; elsewhere the network is composed of Burn's operations.

use crate::fused::Elementwise;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind};
use std::fmt::Debug;

/// A multilayer perceptron from `dim` coordinates to as many, and how its packed weights lie: the input layer's weights
/// `[dim, width]`, the context's `[context, width]`, the bias; each hidden layer's weights and bias; the output's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkShape {
    /// Coordinates of a point.
    pub dim: usize,
    /// Neurons in each hidden layer.
    pub width: usize,
    /// Hidden layers.
    pub depth: usize,
    /// Columns of the context, which the first layer sees beside x: the time, then what else there is. 0 for a field that is
    /// told nothing.
    pub context: usize,
    /// The activation: this function's derivative of this order, 0 or 1.
    pub activation: (Elementwise, usize),
    /// Whether the trace of the Jacobian is wanted, as one more column of the output.
    pub traced: bool,
}

impl NetworkShape {
    /// Columns of the output.
    pub fn columns(&self) -> usize {
        self.dim + usize::from(self.traced)
    }

    /// Numbers that the first layer sees.
    pub fn inputs(&self) -> usize {
        self.dim + self.context
    }

    /// The length of the packed weights.
    pub fn num_parameters(&self) -> usize {
        let Self { dim, width, depth, .. } = *self;
        (self.inputs() + 1) * width + (depth - 1) * (width + 1) * width + (width + 1) * dim
    }

    /// Whether the operations are written for such a network at all.
    pub fn is_known(&self) -> bool {
        let known = matches!(self.activation, (Elementwise::Silu, 0) | (Elementwise::LogCosh, 1));
        let small = !self.traced || self.dim <= MOST_TRACED;
        known && small && !cfg!(feature = "plain")
    }

    /// Whether the device has this network as one operation.
    pub fn is_fused(&self, device: &Device) -> bool {
        self.is_known() && device.clone().inner() == Device::flex()
    }
}

/// Up to so many coordinates the exact trace is carried along in one pass.
const MOST_TRACED: usize = 8;

/// The network on the CPU engine.
#[backend_extension(Flex, Autodiff)]
pub trait NetworkOps: Backend {
    /// The output `[batch, columns]` of points `x` `[batch, dim]` in `context` `[batch, context]`, or `[1, context]` for one that
    /// all share. A network without any reads none of it.
    fn network(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: NetworkShape,
    ) -> FloatTensor<Self>;
}

/// What the network reads.
#[derive(Debug, Clone)]
pub struct Inputs<B: Backend> {
    /// Points `[batch, dim]`.
    pub x: FloatTensor<B>,
    /// The context `[batch, context]` or `[1, context]`.
    pub context: FloatTensor<B>,
    /// Packed weights.
    pub weights: FloatTensor<B>,
    /// How they lie.
    pub shape: NetworkShape,
}

/// The network's backward pass, for a device that has one.
pub trait NetworkGradients: Backend {
    /// What the backward pass needs of the forward pass.
    type Kept: Clone + Send + Debug + 'static;

    /// The output, and what the backward pass needs.
    fn network_keeping(inputs: &Inputs<Self>) -> (FloatTensor<Self>, Self::Kept);

    /// The gradients of `x` and of the packed weights for one `[batch, columns]` of the output.
    fn network_backward(
        inputs: Inputs<Self>,
        kept: Self::Kept,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

#[derive(Debug)]
struct NetworkBackward;

impl<B: NetworkGradients> Backward<B, 2> for NetworkBackward {
    type State = (Inputs<B>, B::Kept);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (inputs, kept) = ops.state;
        let (of_x, of_weights) = B::network_backward(inputs, kept, gradient);
        for (node, gradient) in ops.parents.into_iter().zip([of_x, of_weights]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: NetworkOps + NetworkGradients, C: CheckpointStrategy> NetworkOps for Autodiff<B, C> {
    fn network(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: NetworkShape,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weights.node()];
        let [x, context, weights] = [x, context, weights].map(|tensor| tensor.into_primitive());
        let inputs = Inputs { x, context, weights, shape };
        match NetworkBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let (output, kept) = B::network_keeping(&inputs);
                prep.finish((inputs, kept), output)
            }
            OpsKind::UnTracked(prep) => {
                let Inputs { x, context, weights, shape } = inputs;
                prep.finish(B::network(x, context, weights, shape))
            }
        }
    }
}

/// The output `[batch, columns]`; `None` where there is no such operation: on another device, or for too many coordinates.
pub fn network(x: Tensor<2>, context: Tensor<2>, weights: Tensor<1>, shape: NetworkShape) -> Option<Tensor<2>> {
    if !shape.is_fused(&x.device()) {
        return None;
    }
    let [x, context] = [x, context].map(Tensor::into_dispatch);
    Some(Tensor::from_dispatch(<Dispatch as NetworkOps>::network(x, context, weights.into_dispatch(), shape)))
}
