//! The velocity network as one operation: its output, the trace of its Jacobian, and the gradients of both. Of the CPU engine
//! alone; elsewhere the network is composed of Burn's operations.

use super::autodiff::{Inputs, ModelGradients, tracked};
use crate::fused::Elementwise;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;

/// A multilayer perceptron from `dim` coordinates, and how its packed weights lie: the input layer's weights
/// `[dim, width]`, the context's `[context, width]`, the bias; each hidden layer's weights and bias; the output's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkShape {
    /// Coordinates of a point.
    pub dim: usize,
    /// Numbers that come out: as many for a field, whose Jacobian alone has a trace.
    pub outputs: usize,
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
        self.outputs + usize::from(self.traced)
    }

    /// Numbers that the first layer sees.
    pub fn inputs(&self) -> usize {
        self.dim + self.context
    }

    /// The length of the packed weights.
    pub fn num_parameters(&self) -> usize {
        let Self { outputs, width, depth, .. } = *self;
        (self.inputs() + 1) * width + (depth - 1) * (width + 1) * width + (width + 1) * outputs
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

impl<B: NetworkOps + ModelGradients<NetworkShape>, C: CheckpointStrategy> NetworkOps for Autodiff<B, C> {
    fn network(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: NetworkShape,
    ) -> FloatTensor<Self> {
        tracked::<NetworkShape, B, C>(Inputs { x, context, weights, shape })
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
