//! The activation of a layer, in place, with as many derivatives as there is room for.

use super::super::lanes::{Row, load, store, vectors};
use super::super::smooth::{Silu, Smooth, Tanh};
use crate::fused::Elementwise;
use macerator::Simd;

/// Turns z into the activation, and fills its slopes and curvatures, each where there are rows for them.
#[inline(always)]
pub fn activate<S: Simd>(function: Elementwise, z: &mut [Row], slope: &mut [Row], curve: &mut [Row]) {
    // Matched outside of the loops, so that each is of one piece.
    match function {
        Elementwise::Silu => each::<S, Silu<S>>(z, slope, curve),
        Elementwise::LogCosh => each::<S, Tanh<S>>(z, slope, curve),
    }
}

#[inline(always)]
fn each<S: Simd, F: Smooth<S>>(z: &mut [Row], slope: &mut [Row], curve: &mut [Row]) {
    match (slope.is_empty(), curve.is_empty()) {
        (true, _) => visit::<S, F>(z, |_, _, _| {}),
        (_, true) => visit::<S, F>(z, |j, i, at| store(&mut slope[j], i, at.slope())),
        _ => visit::<S, F>(z, |j, i, at| {
            store(&mut slope[j], i, at.slope());
            store(&mut curve[j], i, at.curve());
        }),
    }
}

#[inline(always)]
fn visit<S: Simd, F: Smooth<S>>(z: &mut [Row], mut see: impl FnMut(usize, usize, &F)) {
    for (j, row) in z.iter_mut().enumerate() {
        for i in 0..vectors::<S>() {
            let at = F::at(load(row, i));
            store(row, i, at.value());
            see(j, i, &at);
        }
    }
}
