//! What is done with a gradient: clipping by the global norm, Adam (Kingma and Ba 2015) and the moving average.

use super::{buffer, grid};
use crate::fused::update::{BETAS, EPSILON, Update, UpdateOps};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;

/// Threads of a workgroup, each of which takes one weight.
const ADAM_UNITS: usize = 64;

/// Adam's step size and denominator's correction, the longest gradient, and the average's decay.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn update(
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

/// The weights, their average and Adam's moments after an update by `gradient`, behind which are parts of its square.
pub fn updated(
    gradient: FloatTensor<CubeBackend>,
    [weights, average, moments]: [FloatTensor<CubeBackend>; 3],
    update: &Update,
) -> [FloatTensor<CubeBackend>; 3] {
    let [count, with_squares] = [&weights, &gradient].map(|tensor| tensor.meta.shape()[0]);
    let after = [count, count, 2 * count].map(|len| buffer(&weights, [len]));
    let [of_first, correction] = update.corrections();
    let client = weights.client.clone();
    // SAFETY: every index of the kernel lies within its buffers; WebGPU checks them again.
    #[allow(unsafe_code)]
    unsafe {
        self::update::launch_unchecked(
            &client,
            grid(count.div_ceil(ADAM_UNITS)),
            CubeDim::new_1d(ADAM_UNITS as u32),
            gradient.into_buffer_arg(),
            weights.into_buffer_arg(),
            average.into_buffer_arg(),
            moments.into_buffer_arg(),
            after[0].clone().into_buffer_arg(),
            after[1].clone().into_buffer_arg(),
            after[2].clone().into_buffer_arg(),
            count as u32,
            (with_squares - count) as u32,
            update.rate as f32 * of_first,
            correction,
            update.clip_norm as f32,
            update.decay as f32,
        );
    }
    after
}

impl UpdateOps for CubeBackend {
    fn update(
        weights: FloatTensor<Self>,
        average: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let square = Self::float_sum(Self::float_mul(gradient.clone(), gradient.clone()));
        let gradient = Self::float_cat(vec![gradient, square], 0);
        let [weights, average, moments] =
            updated(into_contiguous(gradient), [weights, average, moments].map(into_contiguous), &update);
        (weights, average, moments)
    }
}
