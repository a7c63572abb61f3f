//! The WebGPU engine's operations: CubeCL kernels, compiled to WGSL.

mod solve;

pub use solve::has_kernel;
