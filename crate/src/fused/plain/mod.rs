//! Every fused operation composed of Burn's own.

mod silu;

pub use silu::silu;
