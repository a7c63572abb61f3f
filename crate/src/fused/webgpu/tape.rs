//! Gradients of the packed weights from a tape: Σ input · derivative over all points.

use super::tile::{Four, Tile, multiply_add};
use cubecl::prelude::*;

/// Which rows a tape has: each layer's inputs and the ones of its bias, then the derivatives by each layer's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tape {
    inputs: usize,
    width: usize,
    depth: usize,
    dim: usize,
}

impl Tape {
    /// Of a network.
    pub fn of(tile: &Tile) -> Self {
        Self { inputs: tile.inputs() + 1, width: tile.width, depth: tile.depth, dim: tile.dim }
    }

    /// All of them.
    pub fn rows(&self) -> usize {
        self.derivatives(self.depth) + self.dim
    }

    /// The first of the derivatives by a layer's outputs, the output layer's at `depth`.
    pub fn derivatives(&self, layer: usize) -> usize {
        self.inputs + self.depth * (self.width + 1) + layer * self.width
    }

    /// Blocks of 4 x 4 weights: of the first layer, of a hidden one, of the last.
    fn blocks(&self) -> [usize; 3] {
        let (inputs, hidden) = (self.inputs.div_ceil(4), (self.width + 1).div_ceil(4));
        let (width, dim) = (self.width.div_ceil(4), self.dim.div_ceil(4));
        [inputs * width, hidden * width, hidden * dim]
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
        (self.inputs + (self.depth - 1) * (self.width + 1)) * self.width + (self.width + 1) * self.dim
    }
}

/// Blocks of a workgroup, and slices of the points that each is summed in.
const BLOCKS: usize = 16;
const SLICES: usize = 4;

/// Threads of a workgroup.
pub const CONTRACTORS: usize = BLOCKS * SLICES;

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
    let (inputs, width, dim) = (tape.inputs, tape.width, tape.dim);
    let of_hidden = comptime!((tape.depth - 1) * hidden);
    let layer = select(number < first, 0usize, (number - first) / hidden);
    let is_first = number < first;
    let is_last = number >= first + of_hidden;
    let local = select(is_first, number, select(is_last, number - first - of_hidden, (number - first) % hidden));
    let before = select(is_last, comptime!(tape.depth - 1), layer);
    let outputs = select(is_last, dim, width);
    let across = outputs.div_ceil(4usize);
    Block {
        input: select(is_first, 0usize, inputs + before * comptime!(width + 1)),
        inputs: select(is_first, inputs, comptime!(width + 1)),
        output: comptime!(tape.derivatives(0)) + select(is_first, 0usize, (before + 1usize) * width),
        outputs,
        offset: select(is_first, 0usize, comptime!(inputs * width) + before * comptime!((width + 1) * width)),
        row: local / across * 4usize,
        column: local % across * 4usize,
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

/// The products of a block's four inputs and four derivatives, summed over every fourth four of points.
#[cube]
fn block_sums(tape_rows: &[Four], block: &Block, slice: usize, quads: usize, sums: &mut Array<Four>) {
    #[unroll]
    for s in 0..16usize {
        sums[s] = Four::new(0.0f32);
    }
    let mut q = slice;
    while q < quads {
        let mut derivatives = Array::<Four>::new(4usize);
        #[unroll]
        for c in 0..4usize {
            derivatives[c] = tape_rows[(block.output + (block.column + c).min(block.outputs - 1usize)) * quads + q];
        }
        #[unroll]
        for r in 0..4usize {
            let input = tape_rows[(block.input + (block.row + r).min(block.inputs - 1usize)) * quads + q];
            #[unroll]
            for c in 0..4usize {
                let s = comptime!(4 * r + c);
                sums[s] = multiply_add(input, derivatives[c], sums[s]);
            }
        }
        q += comptime!(SLICES);
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

/// The gradients of all weights from a tape of `quads` fours of points, with the sum of their squares for each workgroup behind
/// them; and into `losses`, at `at`, the sum of `parts` losses.
#[cube(launch_unchecked)]
pub fn contract(
    tape_rows: &[Four],
    loss_parts: &[f32],
    gradient: &mut [f32],
    losses: &mut [f32],
    quads: u32,
    parts: u32,
    at: u32,
    #[comptime] tape: Tape,
) {
    let mut partial = Shared::<[f32]>::new_slice(comptime!(16 * CONTRACTORS));
    let mut shared = Shared::<[f32]>::new_slice(CONTRACTORS);
    let unit = UNIT_POS as usize;
    let (mine, slice) = (unit / comptime!(SLICES), unit % comptime!(SLICES));
    let number = CUBE_POS * comptime!(BLOCKS) + mine;
    let quads = quads as usize;
    let block = locate(number.min(comptime!(tape.num_blocks() - 1)), tape);

    let mut sums = Array::<Four>::new(16usize);
    block_sums(tape_rows, &block, slice, quads, &mut sums);
    #[unroll]
    for s in 0..16usize {
        let sum = sums[s];
        partial[(s * comptime!(SLICES) + slice) * comptime!(BLOCKS) + mine] =
            sum.extract(0usize) + sum.extract(1usize) + sum.extract(2usize) + sum.extract(3usize);
    }
    sync_cube();

    let mut squares = 0.0f32;
    #[unroll]
    for c in 0..4usize {
        let s = 4usize * slice + c;
        let mut sum = 0.0f32;
        #[unroll]
        for part in 0..comptime!(SLICES) {
            sum += partial[(s * comptime!(SLICES) + part) * comptime!(BLOCKS) + mine];
        }
        let (row, column) = (block.row + slice, block.column + c);
        if number < comptime!(tape.num_blocks()) && row < block.inputs && column < block.outputs {
            gradient[block.offset + row * block.outputs + column] = sum;
            squares += sum * sum;
        }
    }
    shared[unit] = squares;
    sync_cube();
    if UNIT_POS == 0 {
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
