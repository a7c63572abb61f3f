//! Forward and backward through the network with everything that its gradients are made of going onto a [`Tape`], where `base` is
//! the column of the workgroup's first point.

use super::layers::{layer_sums, store};
use super::outputs::store_layer;
use super::record::{backward_sums, of_point, record_derivatives, record_layer};
use super::tape::Tape;
use super::tile::{Four, Tile, UNITS, hidden_block, neuron, share};
use cubecl::prelude::*;

/// All hidden layers at the points `at`, recorded; the last one's are what `store_layer` leaves in `hidden`.
#[cube]
pub fn record_forward(
    weights: &[f32],
    at: &[Four],
    context: &[Four],
    hidden: &mut [Four],
    tape: &mut [Four],
    base: usize,
    #[comptime] tile: Tile,
) {
    let place = share(tile);
    let (first, _) = place;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));
    for layer in 0..tile.depth {
        if first < tile.width {
            layer_sums(weights, at, context, &*hidden, layer, &mut sums, tile);
        }
        sync_cube();
        if first < tile.width {
            record_layer(tape, &mut sums, base, layer, place, tile);
            store_layer(weights, hidden, &sums, layer, place, tile);
        }
        sync_cube();
    }
}

/// From the derivatives by the outputs and the trace to those by the first layer's sums, which stay in `hidden`.
#[cube]
pub fn record_backward(
    weights: &[f32],
    of_outputs: &[Four],
    of_trace: &[Four],
    hidden: &mut [Four],
    tape: &mut [Four],
    base: usize,
    #[comptime] tile: Tile,
) {
    let place = share(tile);
    let (first, _) = place;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));
    for back in 0..tile.depth {
        let layer = comptime!(tile.depth - 1) - back;
        if first < tile.width {
            if back == 0 {
                output_derivatives(weights, of_outputs, of_trace, place, &mut sums, tile);
            } else {
                let block = hidden_block(layer + 1usize, tile);
                backward_sums(weights, &*hidden, block, place, &mut sums, tile);
            }
        }
        sync_cube();
        if first < tile.width {
            record_derivatives(tape, &mut sums, base, layer, place, tile);
            store(hidden, &sums, place, tile);
        }
        sync_cube();
    }
}

/// The derivatives by the last layer's activations, Σ W[j][c] ḡ[c], and by their tangents, W[j][k] times the trace's.
#[cube]
fn output_derivatives(
    weights: &[f32],
    of_outputs: &[Four],
    of_trace: &[Four],
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    let block = comptime!(tile.block(tile.depth));
    #[unroll]
    for s in 0..comptime!(tile.sums()) {
        sums[s] = Four::new(0.0f32);
    }
    for c in 0..tile.dim {
        #[unroll]
        for n in 0..tile.neurons {
            let w = Four::new(weights[block + neuron(first, n, tile) * tile.dim + c]);
            #[unroll]
            for f in 0..tile.fours {
                let at = comptime!(tile.sum(n, 0, f));
                sums[at] = fma(w, of_outputs[c * tile.quads + quad + comptime!(f * tile.stride())], sums[at]);
            }
        }
    }
    #[unroll]
    for n in 0..tile.neurons {
        #[unroll]
        for k in 1..tile.carried {
            let w = Four::new(weights[block + neuron(first, n, tile) * tile.dim + k - 1usize]);
            #[unroll]
            for f in 0..tile.fours {
                let t = of_trace[quad + comptime!(f * tile.stride())];
                sums[comptime!(tile.sum(n, k, f))] = w * t;
            }
        }
    }
}

/// Rows 4 `m` to 4 `m` + 3 of a part of the tape that begins at `row`, of four points from a column on: `values` for the points
/// themselves, and for tangent k `of_tangents` in row k and 0 in all others.
#[cube]
fn record_rows(
    tape: &mut [Four],
    values: &Array<Four>,
    of_tangents: Four,
    place: (usize, usize),
    #[comptime] row: usize,
    #[comptime] tile: Tile,
) {
    let (first, m) = place;
    let each = comptime!(Tape::of(&tile).rows() / 4);
    #[unroll]
    for lane in 0..4usize {
        let at = (first + comptime!(lane * tile.carried)) * each + comptime!(row / 4) + m;
        tape[at] = of_point(values, 0usize, lane);
        #[unroll]
        for k in 1..tile.carried {
            let mut four = Four::empty();
            #[unroll]
            for e in 0..4usize {
                four.insert(e, select(4usize * m + e == k - 1usize, of_tangents.extract(lane), 0.0f32));
            }
            tape[at + comptime!(k * each)] = four;
        }
    }
}

/// The inputs: coordinates, context and one of the points; the unit vectors of the tangents.
#[cube]
pub fn record_inputs(tape: &mut [Four], at: &[Four], context: &[Four], base: usize, #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(Tape::of(&tile).of_point() / 4 * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            let row = 4usize * m + e;
            let coordinate = at[row.min(comptime!(tile.dim - 1)) * tile.quads + quad];
            let one = select(row == comptime!(tile.inputs()), 1.0f32, 0.0f32);
            let beside = row >= tile.dim && row < comptime!(tile.inputs());
            let behind = if beside { context[(row - tile.dim) * tile.quads + quad] } else { Four::new(one) };
            rows[e] = if row < tile.dim { coordinate } else { behind };
        }
        let first = base + 4usize * quad * tile.carried;
        record_rows(tape, &rows, Four::new(1.0f32), (first, m), 0usize, tile);
        i += comptime!(UNITS);
    }
}

/// The derivatives by the outputs; the trace's by the tangents' outputs, where there are any.
#[cube]
pub fn record_outputs(tape: &mut [Four], of_outputs: &[Four], of_trace: &[Four], base: usize, #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim.div_ceil(4) * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            rows[e] = of_outputs[(4usize * m + e).min(comptime!(tile.dim - 1)) * tile.quads + quad];
        }
        let row = comptime!(Tape::of(&tile).derivatives(tile.depth));
        let first = base + 4usize * quad * tile.carried;
        record_rows(tape, &rows, of_trace[quad], (first, m), row, tile);
        i += comptime!(UNITS);
    }
}
