//! What is done with a gradient: clipping by the global norm, Adam (Kingma and Ba 2015) and the moving average.

use crate::fused::regression::{BETAS, EPSILON};
use cubecl::prelude::*;

/// Threads of a workgroup, each of which takes one weight.
pub const ADAM_UNITS: usize = 64;

/// Adam's step size and denominator's correction, the longest gradient, and the average's decay.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn update(
    gradient: &[f32],
    weights: &[f32],
    average: &[f32],
    moments: &[f32],
    new_weights: &mut [f32],
    new_average: &mut [f32],
    new_moments: &mut [f32],
    num_parameters: u32,
    parts: u32,
    rate: f32,
    correction: f32,
    clip_norm: f32,
    decay: f32,
) {
    let mut shared = Shared::<[f32]>::new_slice(ADAM_UNITS);
    let unit = UNIT_POS as usize;
    let count = num_parameters as usize;
    let mut squares = 0.0f32;
    let mut part = unit;
    while part < parts as usize {
        squares += gradient[count + part];
        part += comptime!(ADAM_UNITS);
    }
    shared[unit] = squares;
    sync_cube();
    let mut square = 0.0f32;
    for i in 0..ADAM_UNITS {
        square += shared[i];
    }
    let factor = (clip_norm / (square.sqrt() + 1e-12f32)).min(1.0f32);

    let i = CUBE_POS * comptime!(ADAM_UNITS) + unit;
    if i < count {
        let g = gradient[i] * factor;
        let first = moments[i] * comptime!(BETAS[0]) + g * comptime!(1.0 - BETAS[0]);
        let second = moments[count + i] * comptime!(BETAS[1]) + g * g * comptime!(1.0 - BETAS[1]);
        let weight = weights[i] - rate * first / (second.sqrt() + comptime!(EPSILON) * correction);
        new_moments[i] = first;
        new_moments[count + i] = second;
        new_weights[i] = weight;
        new_average[i] = average[i] * decay + weight * (1.0f32 - decay);
    }
}
