//! Element by element and row by row: loops that become SIMD.

use super::super::exp::{logistic, tanh};
use super::super::matmul::multiply_add;
use crate::fused::Elementwise;

/// The activation, and its first two derivatives.
#[inline(always)]
fn activation(function: Elementwise, z: f32) -> [f32; 3] {
    match function {
        Elementwise::Silu => {
            let s = logistic(z);
            let slope = s * (1.0 - s);
            [z * s, s + z * slope, slope * (2.0 + z * (1.0 - 2.0 * s))]
        }
        Elementwise::LogCosh => {
            let h = tanh(z);
            let slope = 1.0 - h * h;
            [h, slope, -2.0 * h * slope]
        }
    }
}

/// Fills `outputs` with the activation's derivatives of order 0, 1, .. of every z.
#[inline(always)]
pub fn activate<const N: usize>(function: Elementwise, z: &[f32], outputs: [&mut [f32]; N]) {
    // Matched outside of the loop, so that the loop becomes SIMD.
    match function {
        Elementwise::Silu => each(z, outputs, |z| activation(Elementwise::Silu, z)),
        Elementwise::LogCosh => each(z, outputs, |z| activation(Elementwise::LogCosh, z)),
    }
}

/// Values computed at once.
const LANES: usize = 8;

#[inline(always)]
fn each<const N: usize>(z: &[f32], mut outputs: [&mut [f32]; N], f: impl Fn(f32) -> [f32; 3]) {
    let mut values = [[0.0f32; LANES]; N];
    for (i, z) in z.chunks(LANES).enumerate() {
        // A whole vector even at the end, so that every turn is the same.
        let mut lanes = [0.0f32; LANES];
        lanes[..z.len()].copy_from_slice(z);
        for lane in 0..LANES {
            let all = f(lanes[lane]);
            for (values, value) in values.iter_mut().zip(all) {
                values[lane] = value;
            }
        }
        for (output, values) in outputs.iter_mut().zip(&values) {
            output[i * LANES..i * LANES + z.len()].copy_from_slice(&values[..z.len()]);
        }
    }
}

/// Σ a b, in as many sums as a vector has lanes.
#[inline(always)]
pub fn dot<const FMA: bool>(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a_whole, a_rest) = a.as_chunks::<LANES>();
    let (b_whole, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_whole.iter().zip(b_whole) {
        for lane in 0..LANES {
            sums[lane] = multiply_add::<FMA>(a[lane], b[lane], sums[lane]);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
