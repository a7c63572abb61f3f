//! A whole solve in one dispatch for each so many operations.

use super::solve_kernel::{Solve, Stored, solve_steps};
use super::tile::{Tile, UNITS, WORKGROUP_MEMORY};
use super::{buffer, grid, memory_of, uploaded};
use crate::fused::Evaluation;
use crate::fused::network::NetworkShape;
use crate::fused::solve::{SolveOps, SolvePlan};
use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;
use std::sync::Arc;

/// Operations of a dispatch: a software driver's tenth of a second. A longer one would hold up the page's own drawing.
pub const MOST_OPERATIONS: usize = 1 << 30;

fn tile_of(plan: &SolvePlan, memory: usize) -> Option<Tile> {
    let stages = plan.steps.tableau.stages();
    Tile::of(plan.shape, plan.columns() * (1 + stages) + plan.shape.dim + plan.shape.context.max(1), memory)
}

/// Whether there is a kernel for such a solve.
pub fn has_kernel(plan: &SolvePlan) -> bool {
    tile_of(plan, WORKGROUP_MEMORY).is_some()
}

/// The numbers that the kernel reads beside the weights: the condition is the last of them.
pub fn numbers(plan: &SolvePlan) -> Vec<f32> {
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
    numbers.extend(&plan.condition);
    numbers
}

/// What the kernel is compiled for beside the network.
pub fn kernel_of(plan: &SolvePlan, stored: Stored) -> Solve {
    Solve { stages: plan.steps.tableau.stages(), stored, is_shared: plan.is_shared() }
}

/// Multiplications and additions of one point's step.
pub fn operations_of(plan: &SolvePlan) -> usize {
    let NetworkShape { dim, width, depth, traced, .. } = plan.shape;
    let passes = if traced { 1 + dim } else { 1 };
    plan.steps.tableau.stages() * passes * 2 * width * ((depth - 1) * width + 2 * dim + 1)
}

/// Solver steps that one dispatch makes.
fn steps_at_once(plan: &SolvePlan, batch: usize) -> usize {
    (MOST_OPERATIONS / (batch * operations_of(plan)).max(1)).max(1)
}

/// The last state, and what was stored of the way.
pub fn solved(
    x: FloatTensor<CubeBackend>,
    weights: FloatTensor<CubeBackend>,
    plan: &SolvePlan,
    stored: Stored,
) -> (FloatTensor<CubeBackend>, FloatTensor<CubeBackend>) {
    let (shape, columns, steps) = (plan.shape, plan.columns(), plan.steps.lengths.len());
    let kernel = kernel_of(plan, stored);
    let tile = tile_of(plan, memory_of(&x)).expect("asked for before");
    let batch = x.meta.shape()[0];
    let client = x.client.clone();
    let like = x.clone();
    let numbers = uploaded(&like, numbers(plan));
    let weights = into_contiguous(weights);
    let mut state = if columns == shape.dim { x } else { with_integrals::<CubeBackend>(x, columns - shape.dim) };
    state = into_contiguous(state);
    let way = match stored {
        Stored::Nothing => buffer(&like, [1, columns]),
        Stored::States => buffer(&like, [steps * batch, columns]),
        Stored::Asked => buffer(&like, [steps * kernel.stages * batch, shape.dim]),
    };
    let groups = batch.div_ceil(tile.points());
    let at_once = steps_at_once(plan, batch);
    for first in (0..steps).step_by(at_once) {
        let end = buffer(&like, [batch, columns]);
        // SAFETY: every index of the kernel lies within the buffers made here for it; WebGPU checks them again.
        #[allow(unsafe_code)]
        unsafe {
            solve_steps::launch_unchecked(
                &client,
                grid(groups),
                CubeDim::new_1d(UNITS as u32),
                state.into_buffer_arg(),
                weights.clone().into_buffer_arg(),
                numbers.clone().into_buffer_arg(),
                end.clone().into_buffer_arg(),
                way.clone().into_buffer_arg(),
                batch as u32,
                first as u32,
                at_once.min(steps - first) as u32,
                kernel.condition(steps) as u32,
                tile,
                kernel,
            )
        };
        state = end;
    }
    (state, way)
}

impl SolveOps for CubeBackend {
    fn solve_network(x: FloatTensor<Self>, weights: FloatTensor<Self>, plan: Arc<SolvePlan>) -> FloatTensor<Self> {
        if plan.steps.recorded {
            solved(x, weights, &plan, Stored::States).1
        } else {
            solved(x, weights, &plan, Stored::Nothing).0
        }
    }
}

/// Points with columns of zeros behind their coordinates.
fn with_integrals<B: Backend>(x: FloatTensor<B>, count: usize) -> FloatTensor<B> {
    let zeros = B::float_mul_scalar(B::float_slice(x.clone(), &[(..).into(), (0..1).into()]), 0.0.into());
    B::float_cat(std::iter::once(x).chain(std::iter::repeat_n(zeros, count)).collect(), 1)
}
