//! The hot operations on buffers, knowing no flow.
//!
//! An operation is a method of [`FusedOps`]. `plain/` composes it of Burn's own operations: the reference in tests, and what
//! runs where nothing faster is written. `flex/` is the CPU engine's version. Differentiation is in `autodiff.rs`, once.

mod autodiff;
pub mod flex;
pub mod plain;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// Operations that are worth their own loops.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"), Autodiff)]
pub trait FusedOps: Backend {
    /// The derivative of order `order` (0, 1 or 2) of silu(z) = z σ(z), element by element.
    fn silu(z: FloatTensor<Self>, order: usize) -> FloatTensor<Self> {
        plain::silu::<Self>(z, order)
    }
}

#[cfg(feature = "gpu")]
impl FusedOps for burn_cubecl::CubeBackend {}

/// The derivative of order `order` (0 or 1) of silu(z) = z σ(z), element by element; differentiable once.
pub fn silu<const D: usize>(z: Tensor<D>, order: usize) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as FusedOps>::silu(z.into_dispatch(), order))
}
