//! The kernels of a network's weights: filled up to whole fours before a pass, and their gradients behind it.

use super::super::tile::Four;
use super::layer::number;
use super::parts::OF_MATRIX;
use super::program::{BLOCK, OF_CONTRACTION};
use cubecl::prelude::*;

/// Threads of a workgroup.
pub const WORKERS: usize = 64;

/// The row of a table that the `index`th of all that its rows count belongs to: each says first which it begins with.
#[cube]
fn row_of(table: &[f32], rows: usize, index: usize, #[comptime] len: usize) -> usize {
    let mut row = 0usize;
    while row + 1usize < rows && number(table, (row + 1usize) * len) <= index {
        row += 1usize;
    }
    row * len
}

/// Matrices of packed weights in whole fours; see `Parts::table`.
#[cube(launch_unchecked)]
pub fn fill_up(table: &[f32], packed: &[f32], weights: &mut [Four], matrices: u32, fours: u32) {
    let index = ABSOLUTE_POS;
    if index < fours as usize {
        let at = row_of(table, matrices as usize, index, OF_MATRIX);
        let (rows, columns) = (number(table, at + 3usize), number(table, at + 4usize));
        let (real_rows, real_columns) = (number(table, at + 5usize), number(table, at + 6usize));
        let local = index - number(table, at);
        let (line, column) = (local / columns, local % columns);
        let (tap, row) = (line / rows, line % rows);
        let of_tap = select(number(table, at + 12usize) == 1usize, number(table, at + 11usize) - 1usize - tap, tap);
        let first = number(table, at + 7usize) + of_tap * number(table, at + 8usize) + row * number(table, at + 9usize);
        let mut four = Four::empty();
        #[unroll]
        for lane in 0..4usize {
            let real = 4usize * column + lane;
            let is_there = row < real_rows && real < real_columns;
            let place = select(is_there, first + real * number(table, at + 10usize), 0usize);
            four.insert(lane, select(is_there, packed[place], 0.0f32));
        }
        weights[number(table, at + 1usize) + line * number(table, at + 2usize) + column] = four;
    }
}

/// Sums of a unit: a block's products, then its gradients for the bias.
const SUMS: usize = BLOCK * BLOCK / 4 + 2;

/// Where on a tape a block's inputs and gradients are, in fours, and how many cells a side they are of.
#[derive(CubeType, Clone, Copy)]
struct Grids {
    from: usize,
    from_side: usize,
    from_fours: usize,
    of: usize,
    side: usize,
    of_fours: usize,
}

/// What an output's cell sees of the input's.
#[derive(CubeType, Clone, Copy)]
struct Seen {
    y: usize,
    x: usize,
    step: usize,
    before: usize,
    shared: usize,
}

/// Adds the products of 8 inputs and 8 outputs' gradients over all cells of a picture. Of the second four of either there may be
/// none: then the first is taken twice.
#[cube]
fn add_products(tape: &[Four], grids: &Grids, seen: &Seen, more: (usize, usize), sums: &mut Array<Four>) {
    let (more_inputs, more_outputs) = more;
    for y in 0..grids.side {
        let at_y = (y * seen.step + seen.y - seen.before) / seen.shared;
        if at_y < grids.from_side {
            for x in 0..grids.side {
                let at_x = (x * seen.step + seen.x - seen.before) / seen.shared;
                if at_x < grids.from_side {
                    let from = grids.from + (at_y * grids.from_side + at_x) * grids.from_fours;
                    let of = grids.of + (y * grids.side + x) * grids.of_fours;
                    let (g0, g1) = (tape[of], tape[of + more_outputs]);
                    let mut inputs = Array::<Four>::new(2usize);
                    inputs[0] = tape[from];
                    inputs[1] = tape[from + more_inputs];
                    #[unroll]
                    for i in 0..2usize {
                        #[unroll]
                        for lane in 0..4usize {
                            let input = Four::new(inputs[i].extract(lane));
                            let at = comptime!((4 * i + lane) * 2);
                            sums[at] = fma(input, g0, sums[at]);
                            sums[comptime!(at + 1)] = fma(input, g1, sums[comptime!(at + 1)]);
                        }
                    }
                    sums[comptime!(SUMS - 2)] += g0;
                    sums[comptime!(SUMS - 1)] += g1;
                }
            }
        }
    }
}

/// A block's sums of one row to where its weights are.
#[cube]
fn store_row(partial: &mut [f32], first: usize, column: usize, outputs: usize, pair: (Four, Four)) {
    let (one, two) = pair;
    #[unroll]
    for lane in 0..4usize {
        if column + lane < outputs {
            partial[first + column + lane] = one.extract(lane);
        }
        if column + 4usize + lane < outputs {
            partial[first + column + 4usize + lane] = two.extract(lane);
        }
    }
}

/// The gradients of all weights, each summed over a slice of `pictures` tapes: see `Program::contractions`. Slices go to
/// `partial` from number `first_slice` on.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn contract(
    table: &[f32],
    tape: &[Four],
    partial: &mut [f32],
    contractions: u32,
    blocks: u32,
    pictures: u32,
    of_picture: u32,
    slices: u32,
    first_slice: u32,
    parameters: u32,
) {
    let groups = (blocks as usize).div_ceil(comptime!(WORKERS));
    let (slice, block) = (CUBE_POS / groups, CUBE_POS % groups * comptime!(WORKERS) + UNIT_POS as usize);
    if slice < slices as usize && block < blocks as usize {
        let at = row_of(table, contractions as usize, block, OF_CONTRACTION);
        let local = block - number(table, at);
        let (inputs, outputs) = (number(table, at + 12usize), number(table, at + 13usize));
        let across = outputs.div_ceil(comptime!(BLOCK));
        let down = inputs.div_ceil(comptime!(BLOCK));
        let (column, row) = (local % across * comptime!(BLOCK), local / across % down * comptime!(BLOCK));
        let (tap, taps) = (local / across / down, number(table, at + 7usize));
        let (from, of) = (number(table, at + 1usize) + row / 4usize, number(table, at + 4usize) + column / 4usize);
        let (from_fours, of_fours) = (number(table, at + 3usize), number(table, at + 6usize));
        let seen = Seen {
            y: tap / taps,
            x: tap % taps,
            step: number(table, at + 8usize),
            before: number(table, at + 9usize),
            shared: number(table, at + 10usize),
        };
        let more = (select(row + 4usize < inputs, 1usize, 0usize), select(column + 4usize < outputs, 1usize, 0usize));
        let mut sums = Array::<Four>::new(SUMS);
        #[unroll]
        for s in 0..SUMS {
            sums[s] = Four::new(0.0f32);
        }
        let mut picture = slice;
        while picture < pictures as usize {
            let base = picture * of_picture as usize;
            let grids = Grids {
                from: base + from,
                from_side: number(table, at + 2usize),
                from_fours,
                of: base + of,
                side: number(table, at + 5usize),
                of_fours,
            };
            add_products(tape, &grids, &seen, more, &mut sums);
            picture += slices as usize;
        }
        let start = (slice + first_slice as usize) * parameters as usize;
        let first = start + number(table, at + 11usize) + tap * inputs * outputs;
        #[unroll]
        for i in 0..BLOCK {
            if row + i < inputs {
                let pair = (sums[comptime!(2 * i)], sums[comptime!(2 * i + 1)]);
                store_row(partial, first + (row + i) * outputs, column, outputs, pair);
            }
        }
        // Through the window's middle every cell is seen.
        if row == 0 && tap == taps * taps / 2usize && number(table, at + 15usize) == 1usize {
            let pair = (sums[comptime!(SUMS - 2)], sums[comptime!(SUMS - 1)]);
            store_row(partial, start + number(table, at + 14usize), column, outputs, pair);
        }
    }
}

/// The sum of the numbers of all units.
#[cube]
#[allow(clippy::needless_range_loop)]
fn sum_of_workers(shared: &mut [f32], part: f32) -> f32 {
    sync_cube();
    shared[UNIT_POS as usize] = part;
    sync_cube();
    let mut sum = 0.0f32;
    for i in 0..WORKERS {
        sum += shared[i];
    }
    sum
}

/// The gradient from its slices, with the sum of its squares for each workgroup behind it; and into `losses`, at `at`, the sum of
/// `pictures` losses.
#[cube(launch_unchecked)]
pub fn reduce(
    partial: &[f32],
    of_pictures: &[f32],
    gradient: &mut [f32],
    losses: &mut [f32],
    parameters: u32,
    slices: u32,
    pictures: u32,
    at: u32,
) {
    let mut shared = Shared::<[f32]>::new_slice(WORKERS);
    let (index, count) = (ABSOLUTE_POS, parameters as usize);
    let mut sum = 0.0f32;
    if index < count {
        for slice in 0..slices as usize {
            sum += partial[slice * count + index];
        }
        gradient[index] = sum;
    }
    let square = sum_of_workers(&mut shared, sum * sum);
    // A grid may have more workgroups than there is work for.
    if UNIT_POS == 0 && CUBE_POS < count.div_ceil(comptime!(WORKERS)) {
        gradient[count + CUBE_POS] = square;
    }
    if CUBE_POS == 0 && pictures > 0 {
        let mut loss = 0.0f32;
        let mut picture = UNIT_POS as usize;
        while picture < pictures as usize {
            loss += of_pictures[picture];
            picture += comptime!(WORKERS);
        }
        let total = sum_of_workers(&mut shared, loss);
        if UNIT_POS == 0 {
            losses[at as usize] = total;
        }
    }
}
