//! What a tape records of a layer, forward and backward: for a point's value and, where tangents are carried, for each of them.

use super::activation::{activation, curve_at, slope_at};
use super::layers::with_products;
use super::tape::Tape;
use super::tile::{Four, TERMS, Tile, neuron, row_of};
use cubecl::prelude::*;

/// Four rows of four points as the four numbers of one point.
#[cube]
pub fn of_point(rows: &Array<Four>, #[comptime] first: usize, #[comptime] lane: usize) -> Four {
    let mut four = Four::empty();
    #[unroll]
    for row in 0..4usize {
        four.insert(row, rows[comptime!(first + row)].extract(lane));
    }
    four
}

/// Where a unit's numbers of a layer begin, in fours: those of the first point of one of its fours, whose column is `base` for the
/// workgroup's first point.
#[cube]
fn on_tape(base: usize, layer: usize, place: (usize, usize), #[comptime] f: usize, #[comptime] tile: Tile) -> usize {
    let (first, quad) = place;
    let column = base + 4usize * (quad + comptime!(f * tile.stride())) * tile.carried;
    column * comptime!(Tape::of(&tile).rows() / 4) + (layer + first) / 4usize
}

/// From where its first point's values are, in fours: those of a point's column, and of some neurons.
fn within(tile: &Tile, lane: usize, column: usize, neurons: usize) -> usize {
    (lane * tile.carried + column) * Tape::of(tile).rows() / 4 + neurons / 4
}

/// A unit's sums become activations and their tangents, which go onto the tape; and in the place of the derivatives that are to
/// come, what those will be made with: the slope, and the curvature times each tangent's sum.
#[cube]
pub fn record_layer(
    tape: &mut [Four],
    sums: &mut Array<Four>,
    base: usize,
    layer: usize,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    let (first, _) = place;
    let stride = comptime!(Tape::of(&tile).values(1) - Tape::of(&tile).values(0));
    let of_values = comptime!(Tape::of(&tile).values(0)) + layer * stride;
    let of_marks = comptime!(Tape::of(&tile).derivatives(0)) + layer * stride;
    #[unroll]
    for f in 0..tile.fours {
        #[unroll]
        for m in 0..comptime!(tile.neurons / 4) {
            let mut values = Array::<Four>::new(comptime!(4 * tile.carried));
            let mut marks = Array::<Four>::new(comptime!(4 * tile.carried));
            #[unroll]
            for e in 0..4usize {
                let n = comptime!(4 * m + e);
                let whole = comptime!(tile.width.is_multiple_of(tile.neurons));
                let inside = select(whole || first + n < tile.width, 1.0f32, 0.0f32);
                let z = sums[comptime!(tile.sum(n, 0, f))];
                let value = activation(z, tile.is_silu) * Four::new(inside);
                let slope = slope_at(z, value, tile.is_silu);
                values[e] = value;
                marks[e] = slope;
                sums[comptime!(tile.sum(n, 0, f))] = value;
                #[unroll]
                for k in 1..tile.carried {
                    let sum = sums[comptime!(tile.sum(n, k, f))];
                    let tangent = slope * sum * Four::new(inside);
                    values[comptime!(4 * k + e)] = tangent;
                    marks[comptime!(4 * k + e)] = curve_at(z, value, tile.is_silu) * sum;
                    sums[comptime!(tile.sum(n, k, f))] = tangent;
                }
            }
            #[unroll]
            for k in 0..tile.carried {
                #[unroll]
                for lane in 0..4usize {
                    let at = comptime!(within(&tile, lane, k, 4 * m));
                    tape[on_tape(base, of_values, place, f, tile) + at] = of_point(&values, comptime!(4 * k), lane);
                    tape[on_tape(base, of_marks, place, f, tile) + at] = of_point(&marks, comptime!(4 * k), lane);
                }
            }
        }
    }
}

/// The derivatives by a unit's activations and tangents become those by its sums, in whose marks' place they go onto the tape:
/// S̄ = φ' T̄, and z̄ = φ' h̄ + φ'' Σ S T̄.
#[cube]
pub fn record_derivatives(
    tape: &mut [Four],
    sums: &mut Array<Four>,
    base: usize,
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
            let mut before = Array::<Four>::new(comptime!(4 * tile.carried));
            let mut after = Array::<Four>::new(comptime!(4 * tile.carried));
            #[unroll]
            for k in 0..tile.carried {
                #[unroll]
                for e in 0..4usize {
                    before[comptime!(4 * k + e)] = sums[comptime!(tile.sum(4 * m + e, k, f))];
                }
            }
            #[unroll]
            for lane in 0..4usize {
                let at = on_tape(base, row, place, f, tile) + comptime!(within(&tile, lane, 0, 4 * m));
                let slope = tape[at];
                let mut of_value = slope * of_point(&before, 0usize, lane);
                #[unroll]
                for k in 1..tile.carried {
                    let here = at + comptime!(within(&tile, 0, k, 0));
                    let of_tangent = of_point(&before, comptime!(4 * k), lane);
                    of_value += tape[here] * of_tangent;
                    tape[here] = slope * of_tangent;
                    after[comptime!(4 * k + lane)] = slope * of_tangent;
                }
                tape[at] = of_value;
                after[lane] = of_value;
            }
            #[unroll]
            for k in 0..tile.carried {
                #[unroll]
                for e in 0..4usize {
                    sums[comptime!(tile.sum(4 * m + e, k, f))] = of_point(&after, comptime!(4 * k), e);
                }
            }
        }
    }
}

/// Σ W[i][j] δ[j] for a unit's neurons i, points and columns: δ `[width][carried][quads]` through a layer's weights, backward.
#[cube]
pub fn backward_sums(
    weights: &[f32],
    derivatives: &[Four],
    block: usize,
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    #[unroll]
    for s in 0..comptime!(tile.sums()) {
        sums[s] = Four::new(0.0f32);
    }
    for j in 0..comptime!(tile.width.div_ceil(TERMS)) {
        let mut d = Sequence::<Four>::new();
        #[unroll]
        for s in 0..comptime!(tile.carried * tile.fours) {
            #[unroll]
            for term in 0..TERMS {
                let row = j * TERMS + term;
                let column = row_of(row, tile) * tile.carried + comptime!(s / tile.fours);
                let value = derivatives[column * tile.quads + quad + comptime!(s % tile.fours * tile.stride())];
                if comptime!(tile.width.is_multiple_of(TERMS)) {
                    d.push(value);
                } else {
                    d.push(if row < tile.width { value } else { Four::new(0.0f32) });
                }
            }
        }
        #[unroll]
        for n in 0..tile.neurons {
            let mut w = Sequence::<Four>::new();
            #[unroll]
            for term in 0..TERMS {
                let column = row_of(j * TERMS + term, tile);
                w.push(Four::new(weights[block + neuron(first, n, tile) * tile.width + column]));
            }
            #[unroll]
            for s in 0..comptime!(tile.carried * tile.fours) {
                let at = comptime!(tile.sum(n, 0, s));
                sums[at] = with_products(sums[at], &w, &d, 0usize, comptime!(s * TERMS));
            }
        }
    }
}
