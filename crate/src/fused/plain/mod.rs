//! Every fused operation composed of Burn's own.

mod elementwise;

pub use elementwise::elementwise;
