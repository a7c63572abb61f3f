//! One training step of a regression: loss, gradient, clipping, Adam and the moving average. The WebGPU engine makes it a
//! few dispatches; elsewhere it is composed.

use super::network::NetworkShape;
use super::unet::UNetShape;
use burn::tensor::Tensor;

/// A network that a regression's step may be one operation of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegressionShape {
    /// A multilayer perceptron.
    Perceptron(NetworkShape),
    /// A convolutional network of pictures.
    UNet(UNetShape),
}

/// What a network regresses on: the loss `scale` · mean |g(x, context) - target|².
#[derive(Debug, Clone)]
pub struct Examples {
    /// Coordinates of a point.
    pub dim: usize,
    /// x `[batch, dim]`, row-major.
    pub positions: Vec<f32>,
    /// What the network is told beside x, its time first: `[batch, _]`, row-major.
    pub context: Vec<f32>,
    /// `[batch, dim]`, row-major.
    pub targets: Vec<f32>,
    /// `[_, dim]`, without gradient: what a network itself said, in the place of the first targets.
    pub learned: Option<Tensor<2>>,
    /// What the mean is multiplied by.
    pub scale: f32,
}

impl Examples {
    /// Points.
    pub fn batch(&self) -> usize {
        self.positions.len() / self.dim
    }

    /// Columns of the context.
    pub fn columns(&self) -> usize {
        self.context.len() / self.batch()
    }
}

/// How Adam and the moving average take a gradient up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    /// Adam's learning rate.
    pub rate: f64,
    /// Training steps so far, this one counted.
    pub time: usize,
    /// Longer gradients are shortened to this.
    pub clip_norm: f64,
    /// Decay of the moving average.
    pub decay: f64,
}

/// A training step.
#[derive(Debug, Clone)]
pub struct RegressionStep {
    /// The network.
    pub shape: RegressionShape,
    /// Its batch.
    pub examples: Examples,
    /// What is done with the gradient.
    pub update: Update,
    /// Where the loss is written.
    pub at: usize,
}

/// Decay of Adam's moments (Kingma and Ba 2015), and PyTorch's and the papers' epsilon.
pub const BETAS: [f32; 2] = [0.9, 0.999];
/// See [`BETAS`].
pub const EPSILON: f32 = 1e-8;

#[cfg(feature = "gpu")]
mod device {
    use super::{RegressionShape, RegressionStep};
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Backend, Dispatch, backend_extension};
    use burn::tensor::{Device, Tensor};
    use std::sync::Arc;

    /// The step on the WebGPU engine.
    #[backend_extension(Cube)]
    pub trait RegressionOps: Backend {
        /// The weights, their average and both of Adam's moments `[2 · num_parameters]` after a step. Writes its loss into
        /// `losses`. `learned` `[_, dim]` is read only where it has two axes.
        #[allow(clippy::too_many_arguments, reason = "an operation takes tensors one by one")]
        fn regress(
            weights: FloatTensor<Self>,
            average: FloatTensor<Self>,
            moments: FloatTensor<Self>,
            losses: FloatTensor<Self>,
            learned: FloatTensor<Self>,
            step: Arc<RegressionStep>,
        ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
    }

    /// Whether the device has a training step of such a network as one operation.
    pub fn has_regression(shape: RegressionShape, device: &Device) -> bool {
        let elsewhere = device.clone().inner() != Device::flex();
        let is_written = || match shape {
            RegressionShape::Perceptron(shape) => shape.is_known() && crate::fused::webgpu::has_regression(shape),
            RegressionShape::UNet(shape) => shape.is_fused(device),
        };
        elsewhere && is_written()
    }

    /// Makes a step: the weights, their average and both of Adam's moments, for those of before. Its loss is written into
    /// `losses`, which whoever holds the tensor sees. Needs [`has_regression`].
    pub fn regress(parts: [Tensor<1>; 3], losses: &Tensor<1>, mut step: RegressionStep) -> [Tensor<1>; 3] {
        let [weights, average, moments] = parts.map(Tensor::into_dispatch);
        let losses = losses.clone().into_dispatch();
        // An operation takes no optional tensor: where nothing is learned, one stands in that nobody reads.
        let learned = step.examples.learned.take().map(|learned| learned.into_dispatch());
        let learned = learned.unwrap_or_else(|| losses.clone());
        let (weights, average, moments) =
            <Dispatch as RegressionOps>::regress(weights, average, moments, losses, learned, Arc::new(step));
        [weights, average, moments].map(Tensor::from_dispatch)
    }
}

#[cfg(not(feature = "gpu"))]
mod device {
    use super::{RegressionShape, RegressionStep};
    use burn::tensor::{Device, Tensor};

    /// No device of this build has one.
    pub fn has_regression(_shape: RegressionShape, _device: &Device) -> bool {
        false
    }

    /// Never called.
    pub fn regress(_parts: [Tensor<1>; 3], _losses: &Tensor<1>, _step: RegressionStep) -> [Tensor<1>; 3] {
        unreachable!("this build has no such operation")
    }
}

pub use device::*;
