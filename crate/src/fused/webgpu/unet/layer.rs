//! One layer of a picture's program: a convolution of cells by a workgroup, and what is done with its sums.

use super::super::activation::{activation, slope_at};
use super::super::tile::Four;
use super::program::{OF_HEAD, OF_LAYER};
use crate::fused::MEAN_SQUARE;
use cubecl::prelude::*;

/// Threads of a workgroup: as many as every device has.
pub const UNITS: usize = 256;

/// Cells that a unit computes four features of at a time.
const CELLS: usize = 4;

/// Units that sum what all have summed.
const SUMMERS: usize = 16;

/// A layer as `program::Layer` writes it.
#[derive(CubeType, Clone, Copy)]
pub struct Layer {
    from: usize,
    from_side: usize,
    from_fours: usize,
    pub to: usize,
    pub side: usize,
    pub to_fours: usize,
    step: usize,
    line: usize,
    taps: usize,
    stride: usize,
    before: usize,
    shared: usize,
    weights: usize,
    tap: usize,
    bias: usize,
    told: usize,
    add: usize,
    of_add: usize,
    pub after: usize,
    grid: usize,
    inverse: usize,
    more: usize,
    of_more: usize,
    mean: f32,
}

/// A whole number of a table.
#[cube]
pub fn number(table: &[f32], at: usize) -> usize {
    usize::cast_from(table[at])
}

/// Layer `index` of a program, for a tape that begins at `base`.
#[cube]
pub fn layer_at(table: &[f32], index: usize, base: usize) -> Layer {
    let at = index * comptime!(OF_LAYER) + comptime!(OF_HEAD);
    Layer {
        from: base + number(table, at),
        from_side: number(table, at + 1usize),
        from_fours: number(table, at + 2usize),
        to: base + number(table, at + 3usize),
        side: number(table, at + 4usize),
        to_fours: number(table, at + 5usize),
        step: number(table, at + 6usize),
        line: number(table, at + 7usize),
        taps: number(table, at + 8usize),
        stride: number(table, at + 9usize),
        before: number(table, at + 10usize),
        shared: number(table, at + 11usize),
        weights: number(table, at + 12usize),
        tap: number(table, at + 13usize),
        bias: number(table, at + 14usize),
        told: base + number(table, at + 15usize),
        add: base + number(table, at + 16usize),
        of_add: number(table, at + 17usize),
        after: number(table, at + 18usize),
        grid: base + number(table, at + 19usize),
        inverse: base + number(table, at + 20usize),
        more: base + number(table, at + 21usize),
        of_more: number(table, at + 22usize),
        mean: table[at + comptime!(OF_LAYER - 1)],
    }
}

/// Sums of the features of [`CELLS`] cells from `cell` on, without what is added where they go: `feature` counts fours. Cells
/// that a window reaches beyond the grid are the zeros at `zeros`.
#[cube]
fn convolved(
    weights: &[Four],
    tape: &[Four],
    layer: &Layer,
    zeros: usize,
    first: (usize, usize),
    sums: &mut Array<Four>,
) {
    let (cell, feature) = first;
    let start = weights[layer.bias + feature] + tape[layer.told + feature];
    #[unroll]
    for c in 0..CELLS {
        sums[c] = start;
    }
    let last = layer.side * layer.side - 1usize;
    for tap in 0..layer.taps * layer.taps {
        let mut at = Array::<usize>::new(CELLS);
        #[unroll]
        for c in 0..CELLS {
            let here = (cell + c).min(last);
            // What lies before the first cell is a very large number.
            let y = (here / layer.side * layer.stride + tap / layer.taps - layer.before) / layer.shared;
            let x = (here % layer.side * layer.stride + tap % layer.taps - layer.before) / layer.shared;
            let inside = y < layer.from_side && x < layer.from_side;
            at[c] = select(inside, layer.from + (y * layer.from_side + x) * layer.from_fours, zeros);
        }
        let mut row = layer.weights + tap * layer.tap + feature;
        for i in 0..layer.from_fours {
            let w0 = weights[row];
            let w1 = weights[row + layer.to_fours];
            let w2 = weights[row + 2usize * layer.to_fours];
            let w3 = weights[row + 3usize * layer.to_fours];
            #[unroll]
            for c in 0..CELLS {
                let x = tape[at[c] + i];
                let one = fma(Four::new(x.extract(0usize)), w0, sums[c]);
                let two = fma(Four::new(x.extract(1usize)), w1, one);
                let three = fma(Four::new(x.extract(2usize)), w2, two);
                sums[c] = fma(Four::new(x.extract(3usize)), w3, three);
            }
            row += 4usize * layer.to_fours;
        }
    }
}

/// Computes the layer as far as each cell is alone, and returns the unit's part of the sum over all that the layer ends with: of
/// their squares, or of their products with what the gradient is of. `wanted` is what the output should be, feature by feature.
#[cube]
pub fn compute(
    weights: &[Four],
    tape: &mut [Four],
    layer: &Layer,
    zeros: usize,
    wanted: &[f32],
    place: &Place,
    factor: f32,
) -> f32 {
    let cells = layer.side * layer.side;
    let tasks = cells.div_ceil(comptime!(CELLS)) * layer.to_fours;
    let mut total = Four::new(0.0f32);
    let mut task = UNIT_POS as usize;
    while task < tasks {
        let feature = task % layer.to_fours;
        let first = task / layer.to_fours * comptime!(CELLS);
        let mut sums = Array::<Four>::new(CELLS);
        convolved(weights, &*tape, layer, zeros, (first, feature), &mut sums);
        #[unroll]
        for c in 0..CELLS {
            let cell = first + c;
            if cell < cells {
                let number = cell / layer.side * layer.line + cell % layer.side * layer.step;
                let mut sum = sums[c] + tape[layer.add + number * layer.of_add + feature];
                let at = number * layer.to_fours + feature;
                if layer.after == 1 {
                    total = fma(sum, sum, total);
                } else if layer.after == 2 {
                    let n = tape[layer.grid + at] * tape[layer.inverse];
                    sum *= slope_at(n, activation(n, true), true);
                    total = fma(sum, n, total);
                } else if layer.after == 3 {
                    let error = sum - gathered(wanted, place, number, feature);
                    total = fma(error, error, total);
                    sum = Four::new(factor) * error;
                }
                tape[layer.to + at] = sum;
            }
        }
        task += comptime!(UNITS);
    }
    total.extract(0usize) + total.extract(1usize) + total.extract(2usize) + total.extract(3usize)
}

/// The sum of all units' parts, known to each.
#[cube]
#[allow(clippy::needless_range_loop)]
pub fn sum_of_all(shared: &mut [f32], part: f32) -> f32 {
    let unit = UNIT_POS as usize;
    shared[unit] = part;
    sync_cube();
    if unit < comptime!(SUMMERS) {
        let mut sum = 0.0f32;
        for i in 0..comptime!(UNITS / SUMMERS) {
            sum += shared[unit + i * comptime!(SUMMERS)];
        }
        shared[unit] = sum;
    }
    sync_cube();
    let mut total = 0.0f32;
    for i in 0..SUMMERS {
        total += shared[i];
    }
    total
}

/// What needs the sum over all cells: the features normalized, or the gradient of those that were.
#[cube]
pub fn finish(tape: &mut [Four], layer: &Layer, total: f32) {
    let len = layer.side * layer.side * layer.to_fours;
    let mean = total * layer.mean;
    let mut i = UNIT_POS as usize;
    if layer.after == 1 {
        let inverse = Four::new(1.0f32 / (mean + comptime!(MEAN_SQUARE)).sqrt());
        while i < len {
            tape[layer.grid + i] = activation(tape[layer.to + i] * inverse, true);
            i += comptime!(UNITS);
        }
        if UNIT_POS == 0 {
            tape[layer.inverse] = inverse;
        }
    } else if layer.after == 2 {
        let inverse = tape[layer.inverse];
        while i < len {
            // What lies along the features does not change what is made of them.
            let along = tape[layer.grid + i] * inverse * Four::new(mean);
            let more = tape[layer.more + i * layer.of_more];
            tape[layer.grid + i] = fma(tape[layer.to + i] - along, inverse, more);
            i += comptime!(UNITS);
        }
    }
}

/// A picture among others, and how its numbers make cells.
#[derive(CubeType, Clone, Copy)]
pub struct Place {
    /// Of the picture's first number.
    pub first: usize,
    /// Cells a side.
    pub cells: usize,
    /// Numbers of a line of pixels, and of one within a cell.
    pub line: usize,
    pub of_cell: usize,
    /// Pixels a side of a cell.
    pub patch: usize,
}

/// Where one number of a cell is, and whether there is such a number.
#[cube]
fn number_of(place: &Place, cell: usize, feature: usize) -> (usize, bool) {
    let y = cell / place.cells * place.patch + feature / place.of_cell;
    let x = cell % place.cells * place.of_cell + feature % place.of_cell;
    (place.first + y * place.line + x, feature < place.patch * place.of_cell)
}

/// Four numbers of a cell.
#[cube]
pub fn gathered(pictures: &[f32], place: &Place, cell: usize, four: usize) -> Four {
    let mut numbers = Four::empty();
    #[unroll]
    for lane in 0..4usize {
        let (at, is_there) = number_of(place, cell, 4usize * four + lane);
        let at = select(is_there, at, place.first);
        numbers.insert(lane, select(is_there, pictures[at], 0.0f32));
    }
    numbers
}

/// The same, the other way.
#[cube]
pub fn scattered(pictures: &mut [f32], numbers: Four, place: &Place, cell: usize, four: usize) {
    #[unroll]
    for lane in 0..4usize {
        let (at, is_there) = number_of(place, cell, 4usize * four + lane);
        if is_there {
            pictures[at] = numbers.extract(lane);
        }
    }
}
