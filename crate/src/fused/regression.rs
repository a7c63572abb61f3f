//! One training step of a regression: both passes, clipping, Adam and the moving average as one operation.

use super::network::NetworkShape;
use super::unet::UNetShape;
use super::update::Update;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

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

/// The step on either engine.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"))]
pub trait RegressionOps: Backend {
    /// The weights, their average and both of Adam's moments `[2 · num_parameters]` after a step, and `losses` with its loss.
    /// `learned` `[_, dim]` is read only where it has two axes.
    #[allow(clippy::too_many_arguments, reason = "an operation takes tensors one by one")]
    fn regress(
        weights: FloatTensor<Self>,
        average: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        losses: FloatTensor<Self>,
        learned: FloatTensor<Self>,
        step: Arc<RegressionStep>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

#[cfg(feature = "gpu")]
use super::webgpu::has_regression as has_kernels;

#[cfg(not(feature = "gpu"))]
fn has_kernels(_shape: NetworkShape) -> bool {
    false
}

/// Whether the device has a training step of such a network as one operation.
pub fn has_regression(shape: RegressionShape, device: &Device) -> bool {
    let on_cpu = device.clone().inner() == Device::flex();
    match shape {
        RegressionShape::Perceptron(shape) => shape.is_known() && (on_cpu || has_kernels(shape)),
        // The CPU engine's passes of pictures are so long that nothing is lost between them.
        RegressionShape::UNet(shape) => !on_cpu && shape.is_fused(device),
    }
}

/// Makes a step: the weights, their average and both of Adam's moments, for those of before, and the losses with its own. On the
/// CPU engine in place, where nobody else holds them. Needs [`has_regression`].
pub fn regress(parts: [Tensor<1>; 3], losses: Tensor<1>, mut step: RegressionStep) -> [Tensor<1>; 4] {
    let [weights, average, moments] = parts.map(Tensor::into_dispatch);
    // An operation takes no optional tensor: where nothing is learned, one stands in that nobody reads.
    let learned = step.examples.learned.take().map(Tensor::into_dispatch);
    let learned = learned.unwrap_or_else(|| Tensor::<1>::empty([1], &losses.device()).into_dispatch());
    let parts = <Dispatch as RegressionOps>::regress(
        weights,
        average,
        moments,
        losses.into_dispatch(),
        learned,
        Arc::new(step),
    );
    [parts.0, parts.1, parts.2, parts.3].map(Tensor::from_dispatch)
}
