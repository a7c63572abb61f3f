//! The activation of a layer, in place, with as many derivatives as are asked for.

use super::super::exp::{logistic, tanh};
use super::super::lanes::{Lanes, Row, load, splat, store, vectors};
use crate::fused::Elementwise;
use macerator::Simd;

/// Turns z into the activation, and fills its slopes, and its curvatures where there is room for them.
#[inline(always)]
pub fn activate<S: Simd>(function: Elementwise, z: &mut [Row], slope: &mut [Row], curve: Option<&mut [Row]>) {
    // Matched outside of the loops, so that each is of one piece.
    match (function, curve) {
        (Elementwise::Silu, None) => each::<S>(z, slope, &mut [], |z| silu(z, false)),
        (Elementwise::Silu, Some(curve)) => each::<S>(z, slope, curve, |z| silu(z, true)),
        (Elementwise::LogCosh, None) => each::<S>(z, slope, &mut [], |z| log_cosh_slope(z, false)),
        (Elementwise::LogCosh, Some(curve)) => each::<S>(z, slope, curve, |z| log_cosh_slope(z, true)),
    }
}

#[inline(always)]
fn each<S: Simd>(z: &mut [Row], slope: &mut [Row], curve: &mut [Row], f: impl Fn(Lanes<S>) -> [Lanes<S>; 3]) {
    for (j, (z, slope)) in z.iter_mut().zip(slope).enumerate() {
        let mut curve = curve.get_mut(j);
        for i in 0..vectors::<S>() {
            let [value, first, second] = f(load(z, i));
            store(z, i, value);
            store(slope, i, first);
            if let Some(curve) = &mut curve {
                store(curve, i, second);
            }
        }
    }
}

/// z σ(z) and its first two derivatives.
#[inline(always)]
fn silu<S: Simd>(z: Lanes<S>, curved: bool) -> [Lanes<S>; 3] {
    let s = logistic(z);
    let rest = splat::<S>(1.0) - s;
    let value = z * s;
    let slope = value.mul_add(rest, s);
    let curve = if curved { s * rest * (z * (rest - s) + splat(2.0)) } else { s };
    [value, slope, curve]
}

/// tanh z and its first two derivatives.
#[inline(always)]
fn log_cosh_slope<S: Simd>(z: Lanes<S>, curved: bool) -> [Lanes<S>; 3] {
    let h = tanh(z);
    let slope = splat::<S>(1.0) - h * h;
    let curve = if curved { (h + h) * slope * splat(-1.0) } else { h };
    [h, slope, curve]
}
