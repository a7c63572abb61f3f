//! The WebGPU engine's operations: CubeCL kernels, compiled to WGSL.
//!
//! A workgroup owns a few points, whose activations stay in its memory through all layers. Numbers of four points lie side by
//! side as one vector, and a unit computes some neurons of some fours at a time: each number that it loads serves several
//! products. A picture is a workgroup's alone, and its features are too many for that memory: see [`unet`].

mod activation;
mod adam;
mod layers;
mod outputs;
mod passes;
mod record;
mod regression;
mod regression_kernel;
mod solve;
mod solve_back;
mod solve_back_kernel;
mod solve_kernel;
mod tape;
mod tile;
mod unet;

pub use regression::has_regression;
pub use solve::has_kernel;
pub use solve_back::has_gradients;
pub use unet::fits;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;
use burn_cubecl::CubeBackend;
use burn_cubecl::ops::numeric::empty_device_dtype;
use cubecl::prelude::CubeCount;

/// Workgroups in a row of the grid.
const GRID_WIDTH: usize = 32_768;

/// So many workgroups, or a few more that have nothing to do.
fn grid(workgroups: usize) -> CubeCount {
    CubeCount::Static(workgroups.min(GRID_WIDTH) as u32, workgroups.div_ceil(GRID_WIDTH) as u32, 1)
}

/// The memory that the device of `tensor` gives a workgroup, in numbers.
fn memory_of(tensor: &FloatTensor<CubeBackend>) -> usize {
    tensor.client.properties().hardware.max_shared_memory_size / 4
}

/// A tensor beside `like` of whatever was in memory.
fn buffer<const D: usize>(like: &FloatTensor<CubeBackend>, shape: [usize; D]) -> FloatTensor<CubeBackend> {
    empty_device_dtype(like.client.clone(), like.device.clone(), shape.into(), like.dtype)
}

/// Numbers on the device of `like`.
fn uploaded(like: &FloatTensor<CubeBackend>, numbers: Vec<f32>) -> FloatTensor<CubeBackend> {
    let len = numbers.len();
    CubeBackend::float_from_data(TensorData::new(numbers, [len]), &like.device)
}
