//! The gradients of a whole solve: two dispatches for as many points as a tape of bounded size holds.

use super::solve::{MOST_OPERATIONS, kernel_of, numbers, operations_of, solved};
use super::solve_back_kernel::solve_back;
use super::solve_kernel::Stored;
use super::tape::{CONTRACTORS, Tape, contract};
use super::tile::{Tile, UNITS, WORKGROUP_MEMORY};
use super::{GRID_WIDTH, buffer, grid, memory_of, uploaded};
use crate::fused::solve::{SolveGradients, SolvePlan};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;

/// Numbers of a tape: 64 MiB.
const MOST_TAPED: usize = (64 << 20) / size_of::<f32>();

fn tile_of(plan: &SolvePlan, memory: usize) -> Option<Tile> {
    let stages = plan.steps.tableau.stages();
    Tile::of(plan.shape, (2 + stages) * plan.shape.dim + plan.columns() + 1 + plan.shape.context.max(1), memory)
}

/// Whether there are kernels for the gradients of such a solve.
pub fn has_gradients(plan: &SolvePlan) -> bool {
    tile_of(plan, WORKGROUP_MEMORY).is_some()
}

impl SolveGradients for CubeBackend {
    /// The coordinates where the network was asked, `[evaluations · batch, dim]`.
    type Asked = FloatTensor<Self>;

    fn solve_keeping(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
    ) -> (FloatTensor<Self>, Self::Asked) {
        solved(x, weights, plan, Stored::Asked)
    }

    fn solve_backward(
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
        asked: Self::Asked,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (steps, stages) = (plan.steps.lengths.len(), plan.steps.tableau.stages());
        let tile = tile_of(plan, memory_of(&weights)).expect("asked for before");
        let tape = Tape::of(&tile);
        let [weights, gradient] = [weights, gradient].map(into_contiguous);
        let batch = gradient.meta.shape()[0];
        let of_start = buffer(&weights, [batch, plan.shape.dim]);
        let of_weights = buffer(&weights, [tape.num_parameters() + tape.workgroups()]);
        let numbers = uploaded(&weights, numbers(plan));
        let nothing = uploaded(&weights, vec![0.0]);
        let columns_each = steps * stages * tile.carried;
        let by_memory = MOST_TAPED / (tape.rows() * columns_each * tile.points());
        let by_time = MOST_OPERATIONS / (3 * operations_of(plan) * steps * tile.points()).max(1);
        // No more than a row of the grid, which has no surplus workgroups: those would write beyond the tape.
        let tiles = by_memory.min(by_time).clamp(1, GRID_WIDTH);
        for first in (0..batch).step_by(tiles * tile.points()) {
            let here = tiles.min((batch - first).div_ceil(tile.points()));
            let chunk = here * tile.points();
            let taped = buffer(&weights, [tape.rows() * columns_each * chunk]);
            // SAFETY: every index of the kernels lies within the buffers made here for it; WebGPU checks them again.
            #[allow(unsafe_code)]
            unsafe {
                solve_back::launch_unchecked(
                    &weights.client,
                    grid(here),
                    CubeDim::new_1d(UNITS as u32),
                    asked.clone().into_buffer_arg(),
                    weights.clone().into_buffer_arg(),
                    numbers.clone().into_buffer_arg(),
                    gradient.clone().into_buffer_arg(),
                    taped.clone().into_buffer_arg(),
                    of_start.clone().into_buffer_arg(),
                    batch as u32,
                    first as u32,
                    chunk as u32,
                    steps as u32,
                    tile,
                    kernel_of(plan, Stored::Nothing),
                );
                contract::launch_unchecked(
                    &weights.client,
                    grid(tape.workgroups()),
                    CubeDim::new_1d(CONTRACTORS as u32),
                    taped.into_buffer_arg(),
                    nothing.clone().into_buffer_arg(),
                    of_weights.clone().into_buffer_arg(),
                    buffer(&weights, [1]).into_buffer_arg(),
                    (columns_each * chunk) as u32,
                    0,
                    0,
                    tape,
                    first > 0,
                );
            }
        }
        let range = 0..tape.num_parameters();
        (of_start, CubeBackend::float_slice(of_weights, &[range.into()]))
    }
}
