//! The hot operations on buffers, knowing no flow.
//!
//! An operation is a method of [`FusedOps`]. `plain/` composes it of Burn's own operations: the reference in tests, and what
//! runs where nothing faster is written. `flex/` is the CPU engine's version, `webgpu/` the WebGPU engine's. Differentiation is
//! in `autodiff.rs`, once.

mod autodiff;
mod flex;
mod network;
pub mod plain;
mod regression;
mod solve;
mod unet;
mod update;
#[cfg(feature = "gpu")]
mod webgpu;

pub use network::{NetworkShape, network};
pub use regression::{Examples, RegressionShape, RegressionStep, has_regression, regress};
pub use solve::{Evaluation, SolvePlan, Steps, solve_network};
pub use unet::{FREQUENCIES, MEAN_SQUARE, UNetShape, frequency, unet, unet_products};
pub use update::{BETAS, EPSILON, Update, update};

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// A smooth function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elementwise {
    /// z σ(z), with derivatives up to order 2.
    Silu,
    /// ln(2 cosh z), with derivatives up to order 3: tanh z is its first.
    LogCosh,
}

/// Operations that are worth their own loops.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"), Autodiff)]
pub trait FusedOps: Backend {
    /// The derivative of order `order` of `function`, element by element.
    fn elementwise(z: FloatTensor<Self>, function: Elementwise, order: usize) -> FloatTensor<Self> {
        plain::elementwise::<Self>(z, function, order)
    }
}

#[cfg(feature = "gpu")]
impl FusedOps for burn_cubecl::CubeBackend {}

/// The derivative of order `order` of `function`, element by element; differentiable up to the function's last order.
pub fn elementwise<const D: usize>(z: Tensor<D>, function: Elementwise, order: usize) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as FusedOps>::elementwise(z.into_dispatch(), function, order))
}
