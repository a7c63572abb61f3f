//! The WebGPU engine's operations: CubeCL kernels, compiled to WGSL.
//!
//! A workgroup owns a few points, whose activations stay in its memory through all layers. Numbers of four points lie side by
//! side as one vector, and a unit computes some neurons of four points at a time: each number that it loads serves several
//! products.

mod solve;
mod solve_kernel;
mod tile;

pub use solve::has_kernel;
