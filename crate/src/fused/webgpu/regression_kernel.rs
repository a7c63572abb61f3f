//! The kernel of a regression's forward and backward pass. What its gradients are made of goes onto a tape.

use super::outputs::output_of;
use super::passes::{record_backward, record_forward, record_inputs, record_outputs};
use super::tile::{Four, Tile, UNITS};
use cubecl::prelude::*;

/// 1 for points of the batch, 0 for those that fill the last four.
#[cube]
fn is_inside(first: usize, batch: usize) -> Four {
    let mut inside = Four::empty();
    #[unroll]
    for lane in 0..4usize {
        inside.insert(lane, select(first + lane < batch, 1.0f32, 0.0f32));
    }
    inside
}

/// The batch's coordinates and context into the workgroup's memory.
#[cube]
fn load_inputs(examples: &[Four], at: &mut [Four], context: &mut [Four], #[comptime] tile: Tile) {
    let total = CUBE_COUNT * tile.quads;
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.inputs() * tile.quads) {
        let (row, quad) = (i / tile.quads, i % tile.quads);
        let value = examples[row * total + CUBE_POS * tile.quads + quad];
        if row < tile.dim {
            at[i] = value;
        } else {
            context[i - comptime!(tile.dim * tile.quads)] = value;
        }
        i += comptime!(UNITS);
    }
    sync_cube();
}

/// The loss's derivatives by the outputs into `derivatives`, and the squares of the errors into `squares`.
#[cube]
fn compare(
    examples: &[Four],
    weights: &[f32],
    hidden: &[Four],
    derivatives: &mut [Four],
    squares: &mut [Four],
    numbers: (usize, f32),
    #[comptime] tile: Tile,
) {
    let (batch, factor) = numbers;
    let total = CUBE_COUNT * tile.quads;
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let (c, quad) = (i / tile.quads, i % tile.quads);
        let column = CUBE_POS * tile.quads + quad;
        let target = examples[(comptime!(tile.inputs()) + c) * total + column];
        let error = (output_of(weights, hidden, c, quad, tile) - target) * is_inside(4usize * column, batch);
        derivatives[i] = Four::new(factor) * error;
        squares[i] = error * error;
        i += comptime!(UNITS);
    }
}

/// The sum of the workgroup's squared errors.
#[cube]
#[allow(clippy::needless_range_loop)]
fn sum_of(squares: &[Four], #[comptime] len: usize) -> f32 {
    let mut sum = Four::new(0.0f32);
    for i in 0..len {
        sum += squares[i];
    }
    sum.extract(0usize) + sum.extract(1usize) + sum.extract(2usize) + sum.extract(3usize)
}

/// `examples`: rows of x, the context and the target, each of as many fours as all workgroups have. `factor` is what the derivative of a
/// squared error is multiplied by, and half of it the squared error.
#[cube(launch_unchecked)]
pub fn regress_tiles(
    examples: &[Four],
    weights: &[f32],
    tape: &mut [Four],
    losses: &mut [f32],
    batch: u32,
    factor: f32,
    #[comptime] tile: Tile,
) {
    let mut hidden = Shared::<[Four]>::new_slice(comptime!(tile.rows() * tile.quads));
    let mut at = Shared::<[Four]>::new_slice(comptime!(tile.dim * tile.quads));
    let mut derivatives = Shared::<[Four]>::new_slice(comptime!(tile.dim * tile.quads));
    let mut context = Shared::<[Four]>::new_slice(comptime!(tile.told() * tile.quads));
    let base = CUBE_POS * comptime!(tile.points());
    load_inputs(examples, &mut at, &mut context, tile);
    record_inputs(tape, &at, &context, base, tile);
    record_forward(weights, &at, &context, &mut hidden, tape, base, tile);
    compare(examples, weights, &hidden, &mut derivatives, &mut at, (batch as usize, factor), tile);
    sync_cube();
    if UNIT_POS == 0 {
        losses[CUBE_POS] = 0.5f32 * factor * sum_of(&at, comptime!(tile.dim * tile.quads));
    }
    // There is no trace, so that nobody reads the context in its place.
    record_outputs(tape, &derivatives, &context, base, tile);
    record_backward(weights, &derivatives, &context, &mut hidden, tape, base, tile);
}
