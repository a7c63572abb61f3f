//! What is done with a gradient: clipping by the global norm, Adam (Kingma and Ba 2015) and the moving average, as one operation.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

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

/// Decay of Adam's moments (Kingma and Ba 2015), and PyTorch's and the papers' epsilon.
pub const BETAS: [f32; 2] = [0.9, 0.999];
/// See [`BETAS`].
pub const EPSILON: f32 = 1e-8;

impl Update {
    /// What Adam's first moment is multiplied by, beside the rate, and the root of the second is divided by: what the moments lack
    /// because they started at 0.
    pub(super) fn corrections(&self) -> [f32; 2] {
        let missing = BETAS.map(|beta| 1.0 - beta.powi(self.time as i32));
        let root = missing[1].sqrt();
        [root / missing[0], root]
    }
}

/// The update on either engine.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"))]
pub trait UpdateOps: Backend {
    /// The weights, their average and both of Adam's moments `[2 · num_parameters]` after an update.
    fn update(
        weights: FloatTensor<Self>,
        average: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// The weights, their average and both of Adam's moments `[2 · num_parameters]`, for those of before. On the CPU engine in
/// place, where nobody else holds them.
pub fn update(parts: [Tensor<1>; 3], gradient: Tensor<1>, update: Update) -> [Tensor<1>; 3] {
    let [weights, average, moments] = parts.map(Tensor::into_dispatch);
    let parts = <Dispatch as UpdateOps>::update(weights, average, moments, gradient.into_dispatch(), update);
    [parts.0, parts.1, parts.2].map(Tensor::from_dispatch)
}
