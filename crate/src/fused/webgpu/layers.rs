//! A layer for the neurons and points of one unit.

use super::activation::{activation, slope_at};
use super::tile::{Four, TERMS, Tile, hidden_block, neuron, row_of, share};
use cubecl::prelude::*;

/// `sum` + Σ a[i] b[i] over [`TERMS`] consecutive numbers of each, from `first`s on.
#[cube]
pub fn with_products(
    sum: Four,
    a: &Sequence<Four>,
    b: &Sequence<Four>,
    #[comptime] first_a: usize,
    #[comptime] first_b: usize,
) -> Four {
    let one = fma(*a.index(first_a), *b.index(first_b), sum);
    let two = fma(*a.index(comptime!(first_a + 1)), *b.index(comptime!(first_b + 1)), one);
    let three = fma(*a.index(comptime!(first_a + 2)), *b.index(comptime!(first_b + 2)), two);
    fma(*a.index(comptime!(first_a + 3)), *b.index(comptime!(first_b + 3)), three)
}

/// The first layer's sums for a unit's neurons and points, from coordinates `at` `[dim][quads]`: z, and W for the tangents.
#[cube]
fn input_sums(
    weights: &[f32],
    at: &[Four],
    context: &[Four],
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, _) = place;
    #[unroll]
    for n in 0..tile.neurons {
        let bias = Four::new(weights[comptime!(tile.inputs() * tile.width) + neuron(first, n, tile)]);
        #[unroll]
        for f in 0..tile.fours {
            sums[comptime!(tile.sum(n, 0, f))] = bias;
        }
        #[unroll]
        for k in 1..tile.carried {
            let seed = Four::new(weights[(k - 1usize) * tile.width + neuron(first, n, tile)]);
            #[unroll]
            for f in 0..tile.fours {
                sums[comptime!(tile.sum(n, k, f))] = seed;
            }
        }
    }
    for c in 0..tile.dim {
        add_input(weights, at, c, c, place, sums, tile);
    }
    for c in 0..tile.context {
        add_input(weights, context, tile.dim + c, c, place, sums, tile);
    }
}

/// Adds the products of one row of the first layer's weights and a row of coordinates.
#[cube]
fn add_input(
    weights: &[f32],
    at: &[Four],
    of_weights: usize,
    of_points: usize,
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    let mut x = Array::<Four>::new(tile.fours);
    #[unroll]
    for f in 0..tile.fours {
        x[f] = at[of_points * tile.quads + quad + comptime!(f * tile.stride())];
    }
    #[unroll]
    for n in 0..tile.neurons {
        let w = Four::new(weights[of_weights * tile.width + neuron(first, n, tile)]);
        #[unroll]
        for f in 0..tile.fours {
            let at = comptime!(tile.sum(n, 0, f));
            sums[at] = fma(w, x[f], sums[at]);
        }
    }
}

/// A hidden layer's sums for a unit's neurons and points: Σ W[i][j] h[i] + b[j] of the values, without b of the tangents.
#[cube]
fn hidden_sums(
    weights: &[f32],
    hidden: &[Four],
    block: usize,
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    #[unroll]
    for n in 0..tile.neurons {
        let bias = Four::new(weights[block + comptime!(tile.width * tile.width) + neuron(first, n, tile)]);
        #[unroll]
        for s in 0..comptime!(tile.carried * tile.fours) {
            sums[comptime!(tile.sum(n, 0, s))] = if comptime!(s < tile.fours) { bias } else { Four::new(0.0f32) };
        }
    }
    for i in 0..comptime!(tile.width.div_ceil(TERMS)) {
        let mut h = Sequence::<Four>::new();
        #[unroll]
        for s in 0..comptime!(tile.carried * tile.fours) {
            #[unroll]
            for term in 0..TERMS {
                let row = (i * TERMS + term) * tile.carried + comptime!(s / tile.fours);
                h.push(hidden[row * tile.quads + quad + comptime!(s % tile.fours * tile.stride())]);
            }
        }
        #[unroll]
        for n in 0..tile.neurons {
            let mut w = Sequence::<Four>::new();
            #[unroll]
            for term in 0..TERMS {
                let row = row_of(i * TERMS + term, tile);
                w.push(Four::new(weights[block + row * tile.width + neuron(first, n, tile)]));
            }
            #[unroll]
            for s in 0..comptime!(tile.carried * tile.fours) {
                let at = comptime!(tile.sum(n, 0, s));
                sums[at] = with_products(sums[at], &w, &h, 0usize, comptime!(s * TERMS));
            }
        }
    }
}

/// The sums of any layer but the output, from coordinates or from the activations of the layer before.
#[cube]
pub fn layer_sums(
    weights: &[f32],
    at: &[Four],
    context: &[Four],
    hidden: &[Four],
    layer: usize,
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let place = share(tile);
    if layer == 0 {
        input_sums(weights, at, context, place, sums, tile);
    } else {
        hidden_sums(weights, hidden, hidden_block(layer, tile), place, sums, tile);
    }
}

/// A unit's sums z as activations, and its tangents' times their slope. Neurons beyond the layer's end are 0.
#[cube]
pub fn activate(sums: &mut Array<Four>, first: usize, #[comptime] tile: Tile) {
    #[unroll]
    for n in 0..tile.neurons {
        #[unroll]
        for f in 0..tile.fours {
            let z = sums[comptime!(tile.sum(n, 0, f))];
            let value = activation(z, tile.is_silu);
            sums[comptime!(tile.sum(n, 0, f))] = value;
            if comptime!(tile.carried > 1) {
                let slope = slope_at(z, value, tile.is_silu);
                #[unroll]
                for k in 1..tile.carried {
                    let at = comptime!(tile.sum(n, k, f));
                    sums[at] = slope * sums[at];
                }
            }
        }
        if comptime!(!tile.width.is_multiple_of(tile.neurons)) && first + n >= tile.width {
            #[unroll]
            for s in 0..comptime!(tile.carried * tile.fours) {
                sums[comptime!(tile.sum(n, 0, s))] = Four::new(0.0f32);
            }
        }
    }
}

/// A unit's numbers into the workgroup's memory `[rows][carried][quads]`.
#[cube]
pub fn store(hidden: &mut [Four], sums: &Array<Four>, place: (usize, usize), #[comptime] tile: Tile) {
    let (first, quad) = place;
    #[unroll]
    for n in 0..tile.neurons {
        #[unroll]
        for k in 0..tile.carried {
            #[unroll]
            for f in 0..tile.fours {
                let row = (first + n) * tile.carried + k;
                hidden[row * tile.quads + quad + comptime!(f * tile.stride())] = sums[comptime!(tile.sum(n, k, f))];
            }
        }
    }
}
