//! The output layer and the trace: few columns, to which all neurons of a point add.

use super::layers::store;
use super::tile::{Four, MOST_ADDED, Tile, neuron};
use cubecl::prelude::*;

/// What a unit's neurons add to each output, and their tangents to the trace, into `added` `[groups][dim + 1][quads]`.
#[cube]
fn add_outputs(weights: &[f32], added: &mut [Four], sums: &Array<Four>, place: (usize, usize), #[comptime] tile: Tile) {
    let (first, quad) = place;
    let block = comptime!(tile.block(tile.depth));
    let row = first / tile.neurons * comptime!(tile.dim + 1);
    let mut traces = Array::<Four>::new(tile.fours);
    #[unroll]
    for f in 0..tile.fours {
        traces[f] = Four::new(0.0f32);
    }
    #[unroll]
    for c in 0..tile.dim {
        let mut y = Array::<Four>::new(tile.fours);
        #[unroll]
        for f in 0..tile.fours {
            y[f] = Four::new(0.0f32);
        }
        #[unroll]
        for n in 0..tile.neurons {
            let w = Four::new(weights[block + neuron(first, n, tile) * tile.dim + c]);
            #[unroll]
            for f in 0..tile.fours {
                y[f] = fma(w, sums[comptime!(tile.sum(n, 0, f))], y[f]);
                if comptime!(tile.carried > 1) {
                    traces[f] = fma(w, sums[comptime!(tile.sum(n, c + 1, f))], traces[f]);
                }
            }
        }
        #[unroll]
        for f in 0..tile.fours {
            added[(row + c) * tile.quads + quad + comptime!(f * tile.stride())] = y[f];
        }
    }
    if comptime!(tile.carried > 1) {
        #[unroll]
        for f in 0..tile.fours {
            added[(row + tile.dim) * tile.quads + quad + comptime!(f * tile.stride())] = traces[f];
        }
    }
}

/// Output `c` of one quad, or the trace at `c` = dim: what all groups add, without the bias.
#[cube]
pub fn added_output(added: &[Four], c: usize, quad: usize, #[comptime] tile: Tile) -> Four {
    let mut y = Four::new(0.0f32);
    for group in 0..tile.groups() {
        y += added[(group * comptime!(tile.dim + 1) + c) * tile.quads + quad];
    }
    y
}

/// Output `c` of one quad where the outputs are too many for every unit to add to each: Σ W[j][c] h[j], without the bias.
#[cube]
fn output_sum(weights: &[f32], hidden: &[Four], c: usize, quad: usize, #[comptime] tile: Tile) -> Four {
    let block = comptime!(tile.block(tile.depth));
    let mut y = Four::new(0.0f32);
    for j in 0..tile.width {
        let w = Four::new(weights[block + j * tile.dim + c]);
        y = fma(w, hidden[j * tile.quads + quad], y);
    }
    y
}

/// A layer's activations for the next one, or the last layer's for [`output_of`]: as they are, or as what they add to the outputs.
#[cube]
pub fn store_layer(
    weights: &[f32],
    hidden: &mut [Four],
    sums: &Array<Four>,
    layer: usize,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    if comptime!(tile.dim <= MOST_ADDED) && layer == comptime!(tile.depth - 1) {
        add_outputs(weights, hidden, sums, place, tile);
    } else {
        store(hidden, sums, place, tile);
    }
}

/// Output `c` of one quad after [`store_layer`], with its bias.
#[cube]
pub fn output_of(weights: &[f32], hidden: &[Four], c: usize, quad: usize, #[comptime] tile: Tile) -> Four {
    let bias = Four::new(weights[comptime!(tile.block(tile.depth) + tile.width * tile.dim) + c]);
    if comptime!(tile.dim <= MOST_ADDED) {
        bias + added_output(hidden, c, quad, tile)
    } else {
        bias + output_sum(weights, hidden, c, quad, tile)
    }
}
