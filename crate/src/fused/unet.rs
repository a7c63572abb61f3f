//! The convolutional network of pictures as one operation, with its gradients.

use super::autodiff::{Inputs, ModelGradients, tracked};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;

/// Sines, and as many cosines, that the network sees of the time: of frequencies from 1 to 200, geometrically apart.
pub const FREQUENCIES: usize = 16;

/// A small stabilizer of the root mean square that features are divided by.
pub const MEAN_SQUARE: f32 = 1e-5;

/// A U-Net (Ronneberger 2015) of two resolutions from pictures to pictures, in residual blocks (He 2016): a fine grid whose
/// cells are patches of pixels, and a coarse one of half as many cells a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UNetShape {
    /// Pixels a side.
    pub side: usize,
    /// Numbers of a pixel, which lie side by side: 1 of a grey picture, 3 of a colored one.
    pub colors: usize,
    /// Pixels a side of a cell.
    pub patch: usize,
    /// Features of a cell of the fine grid; one of the coarse grid has twice as many.
    pub width: usize,
    /// Residual blocks before the coarse grid, and as many behind it; within it twice as many.
    pub depth: usize,
    /// Columns of the context: the time, then what else there is.
    pub context: usize,
}

impl UNetShape {
    /// The shape of pictures of `dim` numbers; `None` where these make no square of one or three colors.
    pub fn of_pictures(dim: usize) -> Option<[usize; 2]> {
        [1, 3].into_iter().find_map(|colors| {
            let side = (1..=dim).find(|side| side * side * colors >= dim)?;
            (side * side * colors == dim).then_some([side, colors])
        })
    }

    /// Numbers of a picture.
    pub fn dim(&self) -> usize {
        self.side * self.side * self.colors
    }

    /// Numbers of a cell of the fine grid.
    pub fn cell(&self) -> usize {
        self.patch * self.patch * self.colors
    }

    /// Cells a side of the fine grid and of the coarse one.
    pub fn grids(&self) -> [usize; 2] {
        let fine = self.side / self.patch;
        [fine, fine / 2]
    }

    /// Numbers that a forward pass keeps of a picture.
    pub fn kept(&self) -> usize {
        let cells = |side: usize| (side + 2) * (side + 2);
        let [fine, coarse] = self.grids().map(cells);
        let [of_fine, of_coarse] = [fine * self.width, 2 * coarse * self.width];
        fine * self.cell() + 2 * of_fine + of_coarse + 8 * self.depth * (of_fine + of_coarse)
    }

    /// Columns that the blocks see of the context.
    pub fn told(&self) -> usize {
        2 * FREQUENCIES + self.context - 1
    }

    /// Features within each block, in their order.
    pub fn blocks(&self) -> impl Iterator<Item = usize> + use<> {
        let Self { width, depth, .. } = *self;
        (0..4 * depth).map(move |block| if (depth..3 * depth).contains(&block) { 2 * width } else { width })
    }

    /// What each of the context's columns becomes: sines and cosines of the time, the others as they are.
    pub fn tell(&self, context: &[f32], told: &mut Vec<f32>) {
        let t = f64::from(context[0]);
        let angles = || (0..FREQUENCIES).map(|k| t * frequency(k));
        told.extend(angles().map(|angle| libm::sin(angle) as f32));
        told.extend(angles().map(|angle| libm::cos(angle) as f32));
        told.extend(&context[1..]);
    }

    /// Whether the device has this network as one operation.
    pub fn is_fused(&self, device: &Device) -> bool {
        !cfg!(feature = "plain") && (device.clone().inner() == Device::flex() || self.fits_webgpu())
    }

    #[cfg(feature = "gpu")]
    fn fits_webgpu(&self) -> bool {
        super::webgpu::fits(self)
    }

    #[cfg(not(feature = "gpu"))]
    fn fits_webgpu(&self) -> bool {
        false
    }
}

/// The `k`th frequency of the time.
pub fn frequency(k: usize) -> f64 {
    libm::pow(200.0, k as f64 / (FREQUENCIES - 1) as f64)
}

/// The network on both engines.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"), Autodiff)]
pub trait UNetOps: Backend {
    /// The output `[batch, dim]` of pictures `x` `[batch, dim]` in `context` `[batch, context]`, or `[1, context]`.
    fn unet(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: UNetShape,
    ) -> FloatTensor<Self>;
}

/// What likelihoods are estimated with, on both engines. Not itself differentiable.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"))]
pub trait UNetProducts: Backend {
    /// The output, and behind it Jᵀ e for each of `probes` `[_ · batch, dim]`, where J is the Jacobian in `x`.
    fn unet_products(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        probes: FloatTensor<Self>,
        shape: UNetShape,
    ) -> FloatTensor<Self>;
}

impl<B: UNetOps + ModelGradients<UNetShape>, C: CheckpointStrategy> UNetOps for Autodiff<B, C> {
    fn unet(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: UNetShape,
    ) -> FloatTensor<Self> {
        tracked::<UNetShape, B, C>(Inputs { x, context, weights, shape })
    }
}

/// The output `[batch, dim]`; `None` where there is no such operation.
pub fn unet(x: Tensor<2>, context: Tensor<2>, weights: Tensor<1>, shape: UNetShape) -> Option<Tensor<2>> {
    if !shape.is_fused(&x.device()) {
        return None;
    }
    let [x, context] = [x, context].map(Tensor::into_dispatch);
    Some(Tensor::from_dispatch(<Dispatch as UNetOps>::unet(x, context, weights.into_dispatch(), shape)))
}

/// The output, and Jᵀ e `[_, batch, dim]` of each of `probes`; `None` where there is no such operation, or gradients are tracked.
pub fn unet_products(
    [x, context]: [Tensor<2>; 2],
    weights: Tensor<1>,
    probes: Tensor<3>,
    shape: UNetShape,
) -> Option<(Tensor<2>, Tensor<3>)> {
    let is_tracked = [x.device(), weights.device()].iter().any(Device::is_autodiff);
    if is_tracked || !shape.is_fused(&x.device()) {
        return None;
    }
    let [count, batch, dim] = probes.dims();
    let probes: Tensor<2> = probes.reshape([count * batch, dim]);
    let [x, context, probes] = [x, context, probes].map(Tensor::into_dispatch);
    let all = <Dispatch as UNetProducts>::unet_products(x, context, weights.into_dispatch(), probes, shape);
    let all = Tensor::<2>::from_dispatch(all);
    let products = all.clone().narrow(0, batch, count * batch).reshape([count, batch, dim]);
    Some((all.narrow(0, 0, batch), products))
}
