//! Gradients of the packed weights from a tape: Σ input · derivative over all points.

use super::layers::with_products;
use super::tile::{Four, TERMS, Tile};
use cubecl::prelude::*;

/// What a tape holds of each point, row after row: each layer's inputs, then the derivatives by each layer's outputs, each filled
/// up to whole blocks. Behind the coordinates and the context is a one, for the biases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tape {
    inputs: usize,
    width: usize,
    depth: usize,
    dim: usize,
}

/// Inputs and derivatives of a block: what one unit makes gradients of.
const SIDE: usize = 8;
const FOURS: usize = SIDE / 4;

impl Tape {
    /// Of a network.
    pub fn of(tile: &Tile) -> Self {
        Self { inputs: tile.inputs(), width: tile.width, depth: tile.depth, dim: tile.dim }
    }

    /// Numbers of a point.
    pub fn rows(&self) -> usize {
        self.derivatives(self.depth) + whole(self.dim)
    }

    /// Numbers of a point that its coordinates, its context and the one take.
    pub fn of_point(&self) -> usize {
        whole(self.inputs + 1)
    }

    /// The first of a hidden layer's activations.
    pub fn values(&self, layer: usize) -> usize {
        self.of_point() + layer * whole(self.width)
    }

    /// The first of the derivatives by a layer's outputs, the output layer's at `depth`.
    pub fn derivatives(&self, layer: usize) -> usize {
        self.values(self.depth + layer)
    }

    /// Blocks of weights: of the first layer, of a hidden one, of the last.
    fn blocks(&self) -> [usize; 3] {
        let side = |len: usize| len.div_ceil(SIDE);
        let (inputs, width, dim) = (side(self.inputs), side(self.width), side(self.dim));
        [inputs * width, width * width, width * dim]
    }

    /// All blocks.
    fn num_blocks(&self) -> usize {
        let [first, hidden, last] = self.blocks();
        first + (self.depth - 1) * hidden + last
    }

    /// Workgroups that [`contract`] takes.
    pub fn workgroups(&self) -> usize {
        self.num_blocks().div_ceil(BLOCKS)
    }

    /// The packed weights.
    pub fn num_parameters(&self) -> usize {
        (self.inputs + 1 + (self.depth - 1) * (self.width + 1)) * self.width + (self.width + 1) * self.dim
    }
}

/// `len` filled up to whole blocks.
fn whole(len: usize) -> usize {
    len.next_multiple_of(SIDE)
}

/// Blocks of a workgroup, and slices of the points that each is summed in.
const BLOCKS: usize = 8;
const SLICES: usize = 4;

/// Threads of a workgroup.
pub const CONTRACTORS: usize = BLOCKS * SLICES;

/// Sums of a unit: a block's products, and its derivatives for the biases.
const SUMS: usize = SIDE * FOURS + FOURS;

/// Where a block's inputs, derivatives and weights begin, and how many of each its layer has.
#[derive(CubeType, Clone, Copy)]
struct Block {
    input: usize,
    inputs: usize,
    output: usize,
    outputs: usize,
    offset: usize,
    row: usize,
    column: usize,
}

#[cube]
fn locate(number: usize, #[comptime] tape: Tape) -> Block {
    let first = comptime!(tape.blocks()[0]);
    let hidden = comptime!(tape.blocks()[1]);
    let of_hidden = comptime!((tape.depth - 1) * hidden);
    let is_first = number < first;
    let is_last = number >= first + of_hidden;
    let before = select(is_last, comptime!(tape.depth - 1), (number - first) / hidden);
    let local = select(is_first, number, select(is_last, number - first - of_hidden, (number - first) % hidden));
    let outputs = select(is_last, tape.dim, tape.width);
    let across = outputs.div_ceil(comptime!(SIDE));
    let stride = comptime!(whole(tape.width));
    Block {
        input: select(is_first, 0usize, comptime!(tape.values(0)) + before * stride),
        inputs: select(is_first, tape.inputs, tape.width),
        output: comptime!(tape.derivatives(0)) + select(is_first, 0usize, (before + 1usize) * stride),
        outputs,
        offset: select(
            is_first,
            0usize,
            comptime!((tape.inputs + 1) * tape.width) + before * comptime!((tape.width + 1) * tape.width),
        ),
        row: local / across * comptime!(SIDE),
        column: local % across * comptime!(SIDE),
    }
}

/// One sum over the whole workgroup, known to every unit: `shared` holds a number of each.
#[cube]
#[allow(clippy::needless_range_loop)]
fn total(shared: &[f32], #[comptime] len: usize) -> f32 {
    let mut sum = 0.0f32;
    for i in 0..len {
        sum += shared[i];
    }
    sum
}

/// The products of a block's inputs and derivatives, and the derivatives times the points' ones, summed over a slice's points.
#[cube]
fn block_sums(
    rows: &[Four],
    block: &Block,
    slice: usize,
    points: usize,
    sums: &mut Array<Four>,
    #[comptime] tape: Tape,
) {
    let each = comptime!(tape.rows() / 4);
    let input = (block.input + block.row) / 4usize;
    let output = (block.output + block.column) / 4usize;
    let one = comptime!(tape.inputs / 4);
    #[unroll]
    for s in 0..SUMS {
        sums[s] = Four::new(0.0f32);
    }
    let mut point = slice * TERMS;
    while point < points {
        let mut derivatives = Sequence::<Four>::new();
        #[unroll]
        for d in 0..FOURS {
            #[unroll]
            for term in 0..TERMS {
                derivatives.push(rows[(point + term) * each + output + d]);
            }
        }
        #[unroll]
        for i in 0..FOURS {
            let mut fours = Sequence::<Four>::new();
            #[unroll]
            for term in 0..TERMS {
                fours.push(rows[(point + term) * each + input + i]);
            }
            #[unroll]
            for lane in 0..4usize {
                let mut x = Sequence::<Four>::new();
                #[unroll]
                for term in 0..TERMS {
                    x.push(Four::new(fours.index(term).extract(lane)));
                }
                #[unroll]
                for d in 0..FOURS {
                    let s = comptime!((4 * i + lane) * FOURS + d);
                    sums[s] = with_products(sums[s], &x, &derivatives, 0usize, comptime!(d * TERMS));
                }
            }
        }
        if block.row == 0 {
            let mut x = Sequence::<Four>::new();
            #[unroll]
            for term in 0..TERMS {
                x.push(Four::new(rows[(point + term) * each + one].extract(comptime!(tape.inputs % 4))));
            }
            #[unroll]
            for d in 0..FOURS {
                let s = comptime!(SIDE * FOURS + d);
                sums[s] = with_products(sums[s], &x, &derivatives, 0usize, comptime!(d * TERMS));
            }
        }
        point += comptime!(SLICES * TERMS);
    }
}

/// This unit's part of the sum of `count` losses.
#[cube]
fn loss_of(loss_parts: &[f32], count: usize) -> f32 {
    let mut loss = 0.0f32;
    let mut part = UNIT_POS as usize;
    while part < count {
        loss += loss_parts[part];
        part += comptime!(CONTRACTORS);
    }
    loss
}

/// The gradients of all weights from a tape of `points` points, with the sum of their squares for each workgroup behind them; and
/// into `losses`, at `at`, the sum of `parts` losses. `adds` to the gradients that are there.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn contract(
    rows: &[Four],
    loss_parts: &[f32],
    gradient: &mut [f32],
    losses: &mut [f32],
    points: u32,
    parts: u32,
    at: u32,
    #[comptime] tape: Tape,
    #[comptime] adds: bool,
) {
    let mut partial = Shared::<[Four]>::new_slice(comptime!(SUMS * CONTRACTORS));
    let mut shared = Shared::<[f32]>::new_slice(CONTRACTORS);
    let unit = UNIT_POS as usize;
    let (slice, mine) = (unit / comptime!(BLOCKS), unit % comptime!(BLOCKS));
    let number = CUBE_POS * comptime!(BLOCKS) + mine;
    let block = locate(number.min(comptime!(tape.num_blocks() - 1)), tape);
    let mut sums = Array::<Four>::new(SUMS);
    block_sums(rows, &block, slice, points as usize, &mut sums, tape);
    #[unroll]
    for s in 0..SUMS {
        partial[(s * comptime!(SLICES) + slice) * comptime!(BLOCKS) + mine] = sums[s];
    }
    sync_cube();

    let mut squares = 0.0f32;
    let mut s = slice;
    while s < comptime!(SUMS) {
        let mut sum = Four::new(0.0f32);
        #[unroll]
        for part in 0..comptime!(SLICES) {
            sum += partial[(s * comptime!(SLICES) + part) * comptime!(BLOCKS) + mine];
        }
        let of_bias = s >= comptime!(SIDE * FOURS);
        let row = select(of_bias, block.inputs, block.row + s / comptime!(FOURS));
        let column = block.column + 4usize * (s % comptime!(FOURS));
        let inside = select(of_bias, block.row == 0, row < block.inputs);
        #[unroll]
        for lane in 0..4usize {
            if number < comptime!(tape.num_blocks()) && inside && column + lane < block.outputs {
                let at = block.offset + row * block.outputs + column + lane;
                let value = if adds { gradient[at] + sum.extract(lane) } else { sum.extract(lane) };
                gradient[at] = value;
                squares += value * value;
            }
        }
        s += comptime!(SLICES);
    }
    shared[unit] = squares;
    sync_cube();
    // A grid may have more workgroups than there is work for.
    if UNIT_POS == 0 && CUBE_POS < comptime!(tape.workgroups()) {
        gradient[comptime!(tape.num_parameters()) + CUBE_POS] = total(&shared, CONTRACTORS);
    }
    sync_cube();
    if CUBE_POS == 0 {
        shared[unit] = loss_of(loss_parts, parts as usize);
        sync_cube();
        if UNIT_POS == 0 {
            losses[at as usize] = total(&shared, CONTRACTORS);
        }
    }
}
