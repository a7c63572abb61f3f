//! The CPU engine's operations: plain loops over f32 that the compiler turns into SIMD, in wasm as natively.

pub mod exp;
mod elementwise;
mod matmul;
mod network;
