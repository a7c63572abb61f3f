//! The kernel of a regression's forward and backward pass. What its gradients are made of goes to a [`Tape`].

use super::layers::{hidden_sums, input_sums, store};
use super::outputs::{output_of, store_last};
use super::record::{backward_sums, of_point, record_derivatives, record_layer};
use super::tape::Tape;
use super::tile::{Four, Tile, UNITS, share};
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

/// The batch's coordinates and times into the workgroup's memory, and onto the tape with a one behind them.
#[cube]
fn load_inputs(examples: &[Four], at: &mut [Four], times: &mut [Four], tape: &mut [Four], #[comptime] tile: Tile) {
    let total = CUBE_COUNT * tile.quads;
    let mut i = UNIT_POS as usize;
    while i < comptime!((tile.dim + 1) * tile.quads) {
        let (row, quad) = (i / tile.quads, i % tile.quads);
        let value = examples[row * total + CUBE_POS * tile.quads + quad];
        if row < tile.dim {
            at[i] = value;
        } else {
            times[quad] = value;
        }
        i += comptime!(UNITS);
    }
    sync_cube();
    let mut i = UNIT_POS as usize;
    while i < comptime!(Tape::of(&tile).of_point() / 4 * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            let row = 4usize * m + e;
            let coordinate = at[row.min(comptime!(tile.dim - 1)) * tile.quads + quad];
            let one = select(row == comptime!(tile.inputs()), 1.0f32, 0.0f32);
            let behind = if tile.timed && row == tile.dim { times[quad] } else { Four::new(one) };
            rows[e] = if row < tile.dim { coordinate } else { behind };
        }
        let first = 4usize * (CUBE_POS * tile.quads + quad) * comptime!(Tape::of(&tile).rows() / 4) + m;
        #[unroll]
        for lane in 0..4usize {
            tape[first + comptime!(lane * Tape::of(&tile).rows() / 4)] = of_point(&rows, 0usize, lane);
        }
        i += comptime!(UNITS);
    }
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
        let target = examples[(tile.dim + 1usize + c) * total + column];
        let error = (output_of(weights, hidden, c, quad, tile) - target) * is_inside(4usize * column, batch);
        derivatives[i] = Four::new(factor) * error;
        squares[i] = error * error;
        i += comptime!(UNITS);
    }
}

/// The derivatives by the outputs onto the tape.
#[cube]
fn record_outputs(tape: &mut [Four], derivatives: &[Four], #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim.div_ceil(4) * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            rows[e] = derivatives[(4usize * m + e).min(comptime!(tile.dim - 1)) * tile.quads + quad];
        }
        let row = comptime!(Tape::of(&tile).derivatives(tile.depth) / 4) + m;
        let first = 4usize * (CUBE_POS * tile.quads + quad) * comptime!(Tape::of(&tile).rows() / 4) + row;
        #[unroll]
        for lane in 0..4usize {
            tape[first + comptime!(lane * Tape::of(&tile).rows() / 4)] = of_point(&rows, 0usize, lane);
        }
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

/// `examples`: rows of x, t and the target, each of as many fours as all workgroups have. `factor` is what the derivative of a
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
    let mut times = Shared::<[Four]>::new_slice(tile.quads);
    let place = share(tile);
    let (first, _) = place;
    let has_share = first < tile.width;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));

    load_inputs(examples, &mut at, &mut times, tape, tile);
    for layer in 0..tile.depth {
        if has_share {
            if layer == 0 {
                input_sums(weights, &at, &times, place, &mut sums, tile);
            } else {
                let block = comptime!(tile.block(1)) + (layer - 1usize) * comptime!((tile.width + 1) * tile.width);
                hidden_sums(weights, &hidden, block, place, &mut sums, tile);
            }
        }
        sync_cube();
        if has_share {
            record_layer(tape, &mut sums, CUBE_POS * comptime!(tile.points()), layer, place, tile);
            if layer == comptime!(tile.depth - 1) {
                store_last(weights, &mut hidden, &sums, place, tile);
            } else {
                store(&mut hidden, &sums, place, tile);
            }
        }
        sync_cube();
    }

    compare(examples, weights, &hidden, &mut derivatives, &mut at, (batch as usize, factor), tile);
    sync_cube();
    record_outputs(tape, &derivatives, tile);
    if UNIT_POS == 0 {
        losses[CUBE_POS] = 0.5f32 * factor * sum_of(&at, comptime!(tile.dim * tile.quads));
    }

    for back in 0..tile.depth {
        let layer = comptime!(tile.depth - 1) - back;
        if has_share {
            if back == 0 {
                let block = comptime!(tile.block(tile.depth));
                backward_sums(weights, &derivatives, block, place, &mut sums, tile.dim, tile);
            } else {
                let block = comptime!(tile.block(1)) + layer * comptime!((tile.width + 1) * tile.width);
                backward_sums(weights, &hidden, block, place, &mut sums, tile.width, tile);
            }
        }
        sync_cube();
        if has_share {
            record_derivatives(tape, &mut sums, CUBE_POS * comptime!(tile.points()), layer, place, tile);
            store(&mut hidden, &sums, place, tile);
        }
        sync_cube();
    }
}
