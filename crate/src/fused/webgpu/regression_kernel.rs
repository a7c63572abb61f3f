//! The kernel of a regression's forward and backward pass. What its gradients are made of goes to a tape, whose rows hold a
//! number of each point: a layer's inputs, with a row of ones for the bias, and the loss's derivatives by its outputs.

use super::tape::Tape;
use super::tile::{Four, Tile, UNITS, activation, hidden_sums, input_sums, multiply_add, neuron, output_sum, slope_at};
use cubecl::prelude::*;

/// Whose neurons and points a unit computes.
#[cube]
fn share(#[comptime] tile: Tile) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    (unit / comptime!(tile.stride()) * tile.neurons, unit % comptime!(tile.stride()))
}

/// Σ W[i][j] δ[j] for a unit's neurons i and points: δ through a hidden layer's weights, backward.
#[cube]
fn backward_sums(
    weights: &[f32],
    derivatives: &[Four],
    block: usize,
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] outputs: usize,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    #[unroll]
    for s in 0..comptime!(tile.sums()) {
        sums[s] = Four::new(0.0f32);
    }
    for j in 0..outputs {
        let mut d = Array::<Four>::new(tile.fours);
        #[unroll]
        for f in 0..tile.fours {
            d[f] = derivatives[j * tile.quads + quad + comptime!(f * tile.stride())];
        }
        #[unroll]
        for n in 0..tile.neurons {
            let w = Four::new(weights[block + neuron(first, n, tile) * outputs + j]);
            #[unroll]
            for f in 0..tile.fours {
                let at = comptime!(tile.sum(n, 0, f));
                sums[at] = multiply_add(w, d[f], sums[at]);
            }
        }
    }
}

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

/// A layer's activations into `hidden` and onto the tape, where their slopes wait in the place of its derivatives.
#[cube]
fn store_layer(
    hidden: &mut [Four],
    tape: &mut [Four],
    sums: &Array<Four>,
    rows: (usize, usize),
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    let (of_values, of_derivatives) = rows;
    let total = CUBE_COUNT * tile.quads;
    #[unroll]
    for n in 0..tile.neurons {
        if comptime!(tile.width.is_multiple_of(tile.neurons)) || first + n < tile.width {
            #[unroll]
            for f in 0..tile.fours {
                let q = quad + comptime!(f * tile.stride());
                let column = CUBE_POS * tile.quads + q;
                let z = sums[comptime!(tile.sum(n, 0, f))];
                let value = activation(z, tile.is_silu);
                hidden[(first + n) * tile.quads + q] = value;
                tape[(of_values + first + n) * total + column] = value;
                tape[(of_derivatives + first + n) * total + column] = slope_at(z, value, tile.is_silu);
            }
        }
    }
}

/// A layer's derivatives, which are its sums times the slopes that wait on the tape.
#[cube]
fn store_derivatives(
    hidden: &mut [Four],
    tape: &mut [Four],
    sums: &Array<Four>,
    row: usize,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    let total = CUBE_COUNT * tile.quads;
    #[unroll]
    for n in 0..tile.neurons {
        if comptime!(tile.width.is_multiple_of(tile.neurons)) || first + n < tile.width {
            #[unroll]
            for f in 0..tile.fours {
                let q = quad + comptime!(f * tile.stride());
                let at = (row + first + n) * total + CUBE_POS * tile.quads + q;
                let derivative = sums[comptime!(tile.sum(n, 0, f))] * tape[at];
                hidden[(first + n) * tile.quads + q] = derivative;
                tape[at] = derivative;
            }
        }
    }
}

/// The batch's coordinates and times into the workgroup's memory and onto the tape, with the ones of each layer's bias.
#[cube]
fn load_inputs(examples: &[Four], at: &mut [Four], times: &mut [Four], tape: &mut [Four], #[comptime] tile: Tile) {
    let total = CUBE_COUNT * tile.quads;
    let mut i = UNIT_POS as usize;
    while i < comptime!((tile.dim + 1) * tile.quads) {
        let (row, quad) = (i / tile.quads, i % tile.quads);
        let column = CUBE_POS * tile.quads + quad;
        let value = examples[row * total + column];
        if row < tile.dim {
            at[i] = value;
        } else {
            times[quad] = value;
        }
        if row < comptime!(tile.inputs()) {
            tape[row * total + column] = value;
        }
        i += comptime!(UNITS);
    }
    let mut i = UNIT_POS as usize;
    while i < comptime!((tile.depth + 1) * tile.quads) {
        let (layer, quad) = (i / tile.quads, i % tile.quads);
        let row = comptime!(tile.inputs()) + layer * comptime!(tile.width + 1);
        tape[row * total + CUBE_POS * tile.quads + quad] = Four::new(1.0f32);
        i += comptime!(UNITS);
    }
}

/// The loss's derivatives by the outputs into `derivatives` and onto the tape, and the squares of the errors into `squares`.
#[cube]
fn compare(
    examples: &[Four],
    weights: &[f32],
    hidden: &[Four],
    derivatives: &mut [Four],
    squares: &mut [Four],
    tape: &mut [Four],
    numbers: (usize, f32),
    #[comptime] tile: Tile,
) {
    let (batch, factor) = numbers;
    let total = CUBE_COUNT * tile.quads;
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let (c, quad) = (i / tile.quads, i % tile.quads);
        let column = CUBE_POS * tile.quads + quad;
        let bias = Four::new(weights[comptime!(tile.block(tile.depth) + tile.width * tile.dim) + c]);
        let output = bias + output_sum(weights, hidden, c, 0usize, quad, tile);
        let error = (output - examples[(tile.dim + 1usize + c) * total + column]) * is_inside(4usize * column, batch);
        let derivative = Four::new(factor) * error;
        derivatives[i] = derivative;
        squares[i] = error * error;
        tape[(comptime!(Tape::of(&tile).derivatives(tile.depth)) + c) * total + column] = derivative;
        i += comptime!(UNITS);
    }
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
    let mut hidden = Shared::<[Four]>::new_slice(comptime!(tile.width * tile.quads));
    let mut at = Shared::<[Four]>::new_slice(comptime!(tile.dim * tile.quads));
    let mut derivatives = Shared::<[Four]>::new_slice(comptime!(tile.dim * tile.quads));
    let mut times = Shared::<[Four]>::new_slice(tile.quads);
    let (first, quad) = share(tile);
    let place = (first, quad);
    let has_share = first < tile.width;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));

    load_inputs(examples, &mut at, &mut times, tape, tile);
    sync_cube();
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
            let of_values = comptime!(tile.inputs() + 1) + layer * comptime!(tile.width + 1);
            let of_derivatives = comptime!(Tape::of(&tile).derivatives(0)) + layer * tile.width;
            store_layer(&mut hidden, tape, &sums, (of_values, of_derivatives), place, tile);
        }
        sync_cube();
    }

    compare(examples, weights, &hidden, &mut derivatives, &mut at, tape, (batch as usize, factor), tile);
    sync_cube();
    if UNIT_POS == 0 {
        let mut sum = Four::new(0.0f32);
        for i in 0..comptime!(tile.dim * tile.quads) {
            sum += at[i];
        }
        let sum = sum.extract(0usize) + sum.extract(1usize) + sum.extract(2usize) + sum.extract(3usize);
        losses[CUBE_POS] = 0.5f32 * factor * sum;
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
            let row = comptime!(Tape::of(&tile).derivatives(0)) + layer * tile.width;
            store_derivatives(&mut hidden, tape, &sums, row, place, tile);
        }
        sync_cube();
    }
}
