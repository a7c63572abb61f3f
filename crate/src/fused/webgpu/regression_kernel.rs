//! The kernel of a regression's forward and backward pass. What its gradients are made of goes to a [`Tape`].

use super::tape::Tape;
use super::tile::{
    Four, TERMS, Tile, UNITS, activate, hidden_sums, input_sums, neuron, output_of, share, slope_at, store, store_last,
    with_products,
};
use cubecl::prelude::*;

/// Σ W[i][j] δ[j] for a unit's neurons i and points: δ through a layer's weights, backward.
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
    for j in 0..comptime!(outputs.div_ceil(TERMS)) {
        let mut d = Sequence::<Four>::new();
        #[unroll]
        for f in 0..tile.fours {
            #[unroll]
            for term in 0..TERMS {
                let row = j * TERMS + term;
                let value =
                    derivatives[row.min(comptime!(outputs - 1)) * tile.quads + quad + comptime!(f * tile.stride())];
                if comptime!(outputs.is_multiple_of(TERMS)) {
                    d.push(value);
                } else {
                    d.push(if row < outputs { value } else { Four::new(0.0f32) });
                }
            }
        }
        #[unroll]
        for n in 0..tile.neurons {
            let mut w = Sequence::<Four>::new();
            #[unroll]
            for term in 0..TERMS {
                let column = (j * TERMS + term).min(comptime!(outputs - 1));
                w.push(Four::new(weights[block + neuron(first, n, tile) * outputs + column]));
            }
            #[unroll]
            for f in 0..tile.fours {
                let at = comptime!(tile.sum(n, 0, f));
                sums[at] = with_products(sums[at], &w, &d, 0usize, comptime!(f * TERMS));
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

/// Four rows of four points as the four numbers of one point.
#[cube]
fn of_point(rows: &Array<Four>, #[comptime] lane: usize) -> Four {
    let mut four = Four::empty();
    #[unroll]
    for row in 0..4usize {
        four.insert(row, rows[row].extract(lane));
    }
    four
}

/// Where on the tape a unit's numbers of one four and some layer begin, in fours: those of its first point.
#[cube]
fn on_tape(layer: usize, place: (usize, usize), #[comptime] f: usize, #[comptime] tile: Tile) -> usize {
    let (first, quad) = place;
    let point = 4usize * (CUBE_POS * tile.quads + quad + comptime!(f * tile.stride()));
    point * comptime!(Tape::of(&tile).rows() / 4) + (layer + first) / 4usize
}

/// A unit's activations onto the tape, and their slopes in the place of its derivatives, where they wait for those. Then `sums`
/// are the activations.
#[cube]
fn record_layer(
    tape: &mut [Four],
    sums: &mut Array<Four>,
    layer: usize,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    let (first, _) = place;
    let mut before = Array::<Four>::new(comptime!(tile.sums()));
    #[unroll]
    for s in 0..comptime!(tile.sums()) {
        before[s] = sums[s];
    }
    activate(sums, first, tile);
    let stride = comptime!(Tape::of(&tile).values(1) - Tape::of(&tile).values(0));
    let of_values = comptime!(Tape::of(&tile).values(0)) + layer * stride;
    let of_slopes = comptime!(Tape::of(&tile).derivatives(0)) + layer * stride;
    #[unroll]
    for f in 0..tile.fours {
        #[unroll]
        for m in 0..comptime!(tile.neurons / 4) {
            let mut values = Array::<Four>::new(4usize);
            let mut slopes = Array::<Four>::new(4usize);
            #[unroll]
            for e in 0..4usize {
                let s = comptime!(tile.sum(4 * m + e, 0, f));
                values[e] = sums[s];
                slopes[e] = slope_at(before[s], sums[s], tile.is_silu);
            }
            #[unroll]
            for lane in 0..4usize {
                let point = comptime!(lane * Tape::of(&tile).rows() / 4 + m);
                tape[on_tape(of_values, place, f, tile) + point] = of_point(&values, lane);
                tape[on_tape(of_slopes, place, f, tile) + point] = of_point(&slopes, lane);
            }
        }
    }
}

/// A unit's derivatives: its sums times the slopes that wait on the tape, in whose place they go.
#[cube]
fn record_derivatives(
    tape: &mut [Four],
    sums: &mut Array<Four>,
    layer: usize,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    let stride = comptime!(Tape::of(&tile).values(1) - Tape::of(&tile).values(0));
    let row = comptime!(Tape::of(&tile).derivatives(0)) + layer * stride;
    #[unroll]
    for f in 0..tile.fours {
        #[unroll]
        for m in 0..comptime!(tile.neurons / 4) {
            let mut products = Array::<Four>::new(4usize);
            let mut sums_of = Array::<Four>::new(4usize);
            #[unroll]
            for e in 0..4usize {
                sums_of[e] = sums[comptime!(tile.sum(4 * m + e, 0, f))];
            }
            #[unroll]
            for lane in 0..4usize {
                let at = on_tape(row, place, f, tile) + comptime!(lane * Tape::of(&tile).rows() / 4 + m);
                let product = of_point(&sums_of, lane) * tape[at];
                tape[at] = product;
                products[lane] = product;
            }
            #[unroll]
            for e in 0..4usize {
                sums[comptime!(tile.sum(4 * m + e, 0, f))] = of_point(&products, e);
            }
        }
    }
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
            tape[first + comptime!(lane * Tape::of(&tile).rows() / 4)] = of_point(&rows, lane);
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
            tape[first + comptime!(lane * Tape::of(&tile).rows() / 4)] = of_point(&rows, lane);
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
            record_layer(tape, &mut sums, layer, place, tile);
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
            record_derivatives(tape, &mut sums, layer, place, tile);
            store(&mut hidden, &sums, place, tile);
        }
        sync_cube();
    }
}
