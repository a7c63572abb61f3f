//! The CPU engine's operations: whole vectors on tiles of points, in wasm as natively.

mod elementwise;
mod smooth;
mod lanes;
mod network;
mod product;
mod regression;
mod rows;
mod solve;
mod tiles;
mod unet;
mod update;
