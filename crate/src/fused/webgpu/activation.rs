//! The activation and its derivatives, of four points at a time.

use super::tile::Four;
use cubecl::prelude::*;

/// The activation of four points' z.
#[cube]
pub fn activation(z: Four, #[comptime] is_silu: bool) -> Four {
    // Bounded, because what WGSL's exp does beyond f32 is not said.
    let one = Four::new(1.0f32);
    if is_silu {
        z / (one + (-z).min(Four::new(80.0f32)).exp())
    } else {
        let e = (z * Four::new(2.0f32)).min(Four::new(80.0f32)).exp();
        one - Four::new(2.0f32) / (e + one)
    }
}

/// The activation's slope at z, where it is `value`.
#[cube]
pub fn slope_at(z: Four, value: Four, #[comptime] is_silu: bool) -> Four {
    let one = Four::new(1.0f32);
    if is_silu {
        let s = one / (one + (-z).min(Four::new(80.0f32)).exp());
        s + value * (one - s)
    } else {
        one - value * value
    }
}

/// The activation's second derivative at z, where it is `value`.
#[cube]
pub fn curve_at(z: Four, value: Four, #[comptime] is_silu: bool) -> Four {
    let (one, two) = (Four::new(1.0f32), Four::new(2.0f32));
    if is_silu {
        let s = one / (one + (-z).min(Four::new(80.0f32)).exp());
        s * (one - s) * (two + z * (one - two * s))
    } else {
        -two * value * (one - value * value)
    }
}
