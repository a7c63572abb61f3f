//! A whole solve in one dispatch: a workgroup owns a few points, whose activations stay in its memory through all layers, stages
//! and solver steps. Each weight is read once for all of its points.

use crate::fused::network::NetworkShape;
use crate::fused::solve::{SolveGradients, SolveOps, SolvePlan};
use crate::fused::{Elementwise, Evaluation};
use burn::backend::Backend;
use burn::backend::tensor::{Device, FloatTensor};
use burn::tensor::TensorData;
use burn_cubecl::CubeBackend;
use burn_cubecl::ops::numeric::empty_device_dtype;
use cubecl::prelude::*;
use std::sync::Arc;

/// Threads of a workgroup.
const UNITS: usize = 64;

/// The memory that every device gives a workgroup, in numbers.
const WORKGROUP_MEMORY: usize = 16_384 / 4;

/// Wider networks are products large enough for Burn's own kernels.
const MOST_WIDTH: usize = 128;

/// The most points of a workgroup.
const MOST_POINTS: usize = 16;

/// Operations of a dispatch: a software driver's tenth of a second. A longer one would hold up the page's own drawing.
const MOST_OPERATIONS: usize = 1 << 30;

/// Workgroups in a row of the grid.
const GRID_WIDTH: usize = 32_768;

/// The points of a workgroup whose memory they fit; `None` where not even one does.
fn points_of(shape: NetworkShape, stages: usize) -> Option<usize> {
    let fits = |points: usize| {
        let columns = shape.dim + if shape.traced { 2 } else { 0 };
        let carried = points * if shape.traced { 1 + shape.dim } else { 1 };
        2 * carried * shape.width + points * (columns * (1 + stages) + shape.dim) <= WORKGROUP_MEMORY
    };
    let small = shape.width <= MOST_WIDTH;
    (1..=MOST_POINTS).rev().find(|&points| small && fits(points))
}

/// Whether there is a kernel for such a solve.
pub fn has_kernel(shape: NetworkShape, stages: usize) -> bool {
    points_of(shape, stages).is_some()
}

#[cube]
fn activation(z: f32, #[comptime] is_silu: bool) -> f32 {
    // Bounded, because what WGSL's exp does beyond f32 is not said.
    if is_silu {
        z / (1.0f32 + (-z).min(80.0f32).exp())
    } else {
        let e = (-2.0f32 * z.abs()).max(-80.0f32).exp();
        let size = (1.0f32 - e) / (1.0f32 + e);
        select(z < 0.0f32, -size, size)
    }
}

/// The activation's slope at z, where it is `value`.
#[cube]
fn slope_at(z: f32, value: f32, #[comptime] is_silu: bool) -> f32 {
    if is_silu {
        let s = 1.0f32 / (1.0f32 + (-z).min(80.0f32).exp());
        s + value * (1.0f32 - s)
    } else {
        1.0f32 - value * value
    }
}

/// `plan`: the tableau's rows a `[stages, stages]`, its weights b `[stages]`, then for each step its length and the four numbers
/// of each stage's [`Evaluation`].
#[cube(launch)]
#[allow(clippy::too_many_arguments, clippy::too_many_lines)]
fn solve_steps(
    start: &[f32],
    weights: &[f32],
    plan: &[f32],
    end: &mut [f32],
    records: &mut [f32],
    batch: u32,
    first_step: u32,
    num_steps: u32,
    #[comptime] dim: usize,
    #[comptime] width: usize,
    #[comptime] depth: usize,
    #[comptime] timed: bool,
    #[comptime] is_silu: bool,
    #[comptime] traced: bool,
    #[comptime] stages: usize,
    #[comptime] points: usize,
    #[comptime] recorded: bool,
) {
    let tangents = comptime!(if traced { dim } else { 0usize });
    let columns = comptime!(if traced { dim + 2usize } else { dim });
    let carried = comptime!(points * (1usize + tangents));
    let half = comptime!(carried * width);
    let mut hidden = Shared::<[f32]>::new_slice(comptime!(2usize * half));
    let mut state = Shared::<[f32]>::new_slice(comptime!(points * columns));
    let mut at = Shared::<[f32]>::new_slice(comptime!(points * dim));
    let mut slopes = Shared::<[f32]>::new_slice(comptime!(stages * points * columns));

    let unit = UNIT_POS as usize;
    let units = comptime!(UNITS);
    let batch = batch as usize;
    let first = CUBE_POS * points;

    let mut i = unit;
    while i < comptime!(points * columns) {
        let inside = first + i / columns < batch;
        let place = select(inside, first * columns + i, 0usize);
        state[i] = select(inside, start[place], 0.0f32);
        i += units;
    }
    sync_cube();

    let of_input = comptime!(dim + if timed { 1usize } else { 0usize });
    let per_step = comptime!(1usize + 4usize * stages);
    for step in 0..num_steps as usize {
        let here = comptime!(stages * stages + stages) + (first_step as usize + step) * per_step;
        let length = plan[here];
        for stage in 0..stages {
            let mut i = unit;
            while i < comptime!(points * dim) {
                let (p, c) = (i / dim, i % dim);
                let mut x = state[p * columns + c];
                for earlier in 0..stage {
                    x += length * plan[stage * stages + earlier] * slopes[(earlier * points + p) * columns + c];
                }
                at[i] = x;
                i += units;
            }
            sync_cube();

            let evaluation = here + 1usize + 4usize * stage;
            let time = plan[evaluation];
            let of_x = plan[evaluation + 1usize];
            let of_network = plan[evaluation + 2usize];
            let speed = plan[evaluation + 3usize];

            let mut j = unit;
            while j < width {
                let mut bias = weights[of_input * width + j];
                if timed {
                    bias += time * weights[dim * width + j];
                }
                for p in 0..points {
                    let mut z = bias;
                    for c in 0..dim {
                        z += weights[c * width + j] * at[p * dim + c];
                    }
                    let value = activation(z, is_silu);
                    hidden[p * width + j] = value;
                    if traced {
                        let slope = slope_at(z, value, is_silu);
                        for k in 0..dim {
                            hidden[((1usize + k) * points + p) * width + j] = slope * weights[k * width + j];
                        }
                    }
                }
                j += units;
            }
            sync_cube();

            let of_hidden = comptime!((of_input + 1usize) * width);
            for layer in 1..depth {
                let from = ((layer + 1usize) % 2usize) * half;
                let to = (layer % 2usize) * half;
                let block = of_hidden + (layer - 1usize) * comptime!((width + 1usize) * width);
                let mut j = unit;
                while j < width {
                    let mut sums = Array::<f32>::new(carried);
                    let bias = weights[block + width * width + j];
                    #[unroll]
                    for q in 0..carried {
                        sums[q] = select(q < points, bias, 0.0f32);
                    }
                    for i in 0..width {
                        let w = weights[block + i * width + j];
                        #[unroll]
                        for q in 0..carried {
                            sums[q] += w * hidden[from + q * width + i];
                        }
                    }
                    #[unroll]
                    for p in 0..points {
                        let z = sums[p];
                        let value = activation(z, is_silu);
                        hidden[to + p * width + j] = value;
                        if traced {
                            let slope = slope_at(z, value, is_silu);
                            #[unroll]
                            for k in 0..tangents {
                                let q = comptime!((1usize + k) * points + p);
                                hidden[to + q * width + j] = slope * sums[q];
                            }
                        }
                    }
                    j += units;
                }
                sync_cube();
            }

            let from = comptime!(((depth + 1usize) % 2usize) * half);
            let of_output = comptime!(of_hidden + (depth - 1usize) * (width + 1usize) * width);
            let mut i = unit;
            while i < comptime!(points * dim) {
                let (p, c) = (i / dim, i % dim);
                let mut y = weights[of_output + width * dim + c];
                for j in 0..width {
                    y += weights[of_output + j * dim + c] * hidden[from + p * width + j];
                }
                slopes[(stage * points + p) * columns + c] = of_x * at[i] + of_network * y;
                i += units;
            }
            sync_cube();
            if traced {
                let mut p = unit;
                while p < points {
                    let mut trace = 0.0f32;
                    let mut energy = 0.0f32;
                    let here = (stage * points + p) * columns;
                    for k in 0..dim {
                        let column = from + ((1usize + k) * points + p) * width;
                        for j in 0..width {
                            trace += weights[of_output + j * dim + k] * hidden[column + j];
                        }
                        energy += slopes[here + k] * slopes[here + k];
                    }
                    slopes[here + dim] = of_x * comptime!(dim as f32) + of_network * trace;
                    slopes[here + dim + 1usize] = energy / speed;
                    p += units;
                }
                sync_cube();
            }
        }

        let mut i = unit;
        while i < comptime!(points * columns) {
            let mut moved = state[i];
            for stage in 0..stages {
                moved += length * plan[stages * stages + stage] * slopes[stage * comptime!(points * columns) + i];
            }
            state[i] = moved;
            if recorded && first + i / columns < batch {
                records[((first_step as usize + step) * batch + first) * columns + i] = moved;
            }
            i += units;
        }
        sync_cube();
    }

    let mut i = unit;
    while i < comptime!(points * columns) {
        if first + i / columns < batch {
            end[first * columns + i] = state[i];
        }
        i += units;
    }
}

/// The numbers that the kernel reads beside the weights.
fn numbers(plan: &SolvePlan) -> Vec<f32> {
    let stages = plan.steps.tableau.stages();
    let mut numbers = vec![0.0; stages * stages];
    for stage in 0..stages {
        let row = plan.steps.tableau.row(stage);
        numbers[stage * stages..][..row.len()].iter_mut().zip(row).for_each(|(number, &a)| *number = a as f32);
    }
    numbers.extend(plan.steps.tableau.b.iter().map(|&b| b as f32));
    for (length, evaluations) in plan.steps.lengths.iter().zip(plan.steps.evaluations.chunks_exact(stages)) {
        numbers.push(*length);
        for Evaluation { time, of_x, of_network, speed } in evaluations {
            numbers.extend([time, of_x, of_network, speed]);
        }
    }
    numbers
}

/// Solver steps that one dispatch makes.
fn steps_at_once(plan: &SolvePlan, batch: usize) -> usize {
    let NetworkShape { dim, width, depth, traced, .. } = plan.shape;
    let passes = if traced { 1 + dim } else { 1 };
    let operations = 2 * width * ((depth - 1) * width + 2 * dim + 1);
    (MOST_OPERATIONS / (batch * plan.steps.tableau.stages() * passes * operations).max(1)).max(1)
}

impl SolveOps for CubeBackend {
    fn solve_network(x: FloatTensor<Self>, weights: FloatTensor<Self>, plan: Arc<SolvePlan>) -> FloatTensor<Self> {
        let (shape, columns, steps) = (plan.shape, plan.columns(), plan.steps.lengths.len());
        let stages = plan.steps.tableau.stages();
        let points = points_of(shape, stages).expect("asked for before");
        let batch = x.meta.shape()[0];
        let (client, device, dtype) = (x.client.clone(), x.device.clone(), x.dtype);
        let empty = |rows: usize| empty_device_dtype(client.clone(), device.clone(), [rows, columns].into(), dtype);
        let numbers = numbers(&plan);
        let len = numbers.len();
        let numbers = uploaded::<Self>(TensorData::new(numbers, [len]), &device);
        let weights = burn_cubecl::kernel::into_contiguous(weights);
        let mut state = if columns == shape.dim { x } else { with_integrals::<Self>(x, columns - shape.dim) };
        state = burn_cubecl::kernel::into_contiguous(state);
        let records = empty(if plan.steps.recorded { steps * batch } else { 1 });
        let groups = batch.div_ceil(points);
        let grid = CubeCount::Static(groups.min(GRID_WIDTH) as u32, groups.div_ceil(GRID_WIDTH) as u32, 1);
        let at_once = steps_at_once(&plan, batch);
        for first in (0..steps).step_by(at_once) {
            let end = empty(batch);
            solve_steps::launch(
                &client,
                grid.clone(),
                CubeDim::new_1d(UNITS as u32),
                state.into_buffer_arg(),
                weights.clone().into_buffer_arg(),
                numbers.clone().into_buffer_arg(),
                end.clone().into_buffer_arg(),
                records.clone().into_buffer_arg(),
                batch as u32,
                first as u32,
                at_once.min(steps - first) as u32,
                shape.dim,
                shape.width,
                shape.depth,
                shape.timed,
                shape.activation.0 == Elementwise::Silu,
                shape.traced,
                stages,
                points,
                plan.steps.recorded,
            );
            state = end;
        }
        if plan.steps.recorded { records } else { state }
    }
}

fn uploaded<B: Backend>(numbers: TensorData, device: &Device<B>) -> FloatTensor<B> {
    B::float_from_data(numbers, device)
}

/// Points with columns of zeros behind their coordinates.
fn with_integrals<B: Backend>(x: FloatTensor<B>, count: usize) -> FloatTensor<B> {
    let zeros = B::float_mul_scalar(B::float_slice(x.clone(), &[(..).into(), (0..1).into()]), 0.0.into());
    B::float_cat(std::iter::once(x).chain(std::iter::repeat_n(zeros, count)).collect(), 1)
}

/// Solves on this device are differentiated step by step, through Burn's operations: nothing asks for this.
impl SolveGradients for CubeBackend {
    type Asked = ();

    fn solve_keeping(_x: FloatTensor<Self>, _weights: FloatTensor<Self>, _plan: &SolvePlan) -> (FloatTensor<Self>, ()) {
        unreachable!("`solve_network` gives no whole solve of tracked tensors on this device")
    }

    fn solve_backward(
        _weights: FloatTensor<Self>,
        _plan: &SolvePlan,
        _asked: (),
        _gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("as above")
    }
}
