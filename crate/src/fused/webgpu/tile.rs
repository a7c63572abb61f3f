//! How the work is cut: a workgroup has some points, a unit of it some neurons of some of those.

use crate::fused::{Elementwise, NetworkShape};
use cubecl::prelude::*;

/// Numbers of four points.
pub type Four = Vector<f32, Const<4>>;

/// Threads of a workgroup: those that go in step on most devices, so that waiting for each other costs them nothing.
pub const UNITS: usize = 32;

/// The memory that every device gives a workgroup, in numbers, and the most that is of use.
pub const WORKGROUP_MEMORY: usize = 16_384 / 4;
const MOST_MEMORY: usize = 32_768 / 4;

/// Wider networks are products large enough for Burn's own kernels.
pub const MOST_WIDTH: usize = 128;

/// Up to so many outputs each group of neurons adds its part to all.
pub const MOST_ADDED: usize = 8;

/// Terms of a sum that are taken at a time: a sum is read and written once for all of them.
pub const TERMS: usize = 4;

/// How a workgroup's share of the work is cut, known when the kernel is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Coordinates of a point.
    pub dim: usize,
    /// Neurons of a hidden layer.
    pub width: usize,
    /// Hidden layers.
    pub depth: usize,
    /// Columns of the context.
    pub context: usize,
    /// Silu, or tanh.
    pub is_silu: bool,
    /// A point's columns in a layer: its value, and a tangent for each coordinate if the divergence is wanted.
    pub carried: usize,
    /// Neurons that a unit computes at a time.
    pub neurons: usize,
    /// Fours of points.
    pub quads: usize,
    /// Fours of points that a unit computes at a time.
    pub fours: usize,
}

impl Tile {
    /// The largest of a network in `memory` numbers, where each unit has one share at most and what `extra` says is needed
    /// beside the activations, in numbers for each point, fits as well. `None` where not even the fewest points do.
    pub fn of(shape: NetworkShape, extra: usize, memory: usize) -> Option<Self> {
        let NetworkShape { dim, width, depth, context, activation, traced, .. } = shape;
        let carried = if traced { 1 + dim } else { 1 };
        let fours = if traced { 1 } else { 4 };
        // As many sums as fit a unit's registers.
        let neurons = if carried * fours <= 4 { 8 } else { 4 };
        let is_silu = activation.0 == Elementwise::Silu;
        let tile = |quads| Self { dim, width, depth, context, is_silu, carried, neurons, quads, fours };
        let fits = |tile: &Self| {
            let needed = 4 * tile.quads * (tile.rows() * carried + extra);
            tile.shares() <= UNITS && needed <= memory.min(MOST_MEMORY)
        };
        let small = width <= MOST_WIDTH;
        [16, 8, 4, 2, 1].into_iter().filter(|quads| quads % fours == 0).map(tile).find(|tile| small && fits(tile))
    }

    /// Points of a workgroup.
    pub fn points(&self) -> usize {
        4 * self.quads
    }

    /// Units that have something to compute in a hidden layer.
    pub fn shares(&self) -> usize {
        self.groups() * self.stride()
    }

    /// Groups of neurons that a unit computes at a time.
    pub fn groups(&self) -> usize {
        self.width.div_ceil(self.neurons)
    }

    /// Rows of a layer's activations: its neurons, filled up to whole groups, or what each group adds to the outputs.
    pub fn rows(&self) -> usize {
        let added = if self.dim <= MOST_ADDED { self.groups() * (self.dim + 1) / self.carried + 1 } else { 0 };
        (self.groups() * self.neurons).max(added)
    }

    /// From one of a unit's fours to the next.
    pub fn stride(&self) -> usize {
        self.quads / self.fours
    }

    /// Sums that a unit makes at a time.
    pub fn sums(&self) -> usize {
        self.neurons * self.carried * self.fours
    }

    /// Where among them that of a neuron, a column and a four is.
    pub fn sum(&self, neuron: usize, column: usize, four: usize) -> usize {
        (neuron * self.carried + column) * self.fours + four
    }

    /// Rows of the input layer's weights that are read: the coordinates and the context.
    pub fn inputs(&self) -> usize {
        self.dim + self.context
    }

    /// Rows of the context in the workgroup's memory, of which none has none.
    pub fn told(&self) -> usize {
        self.context.max(1)
    }

    /// Where a hidden layer's weights begin, from 1; the output's at `depth`.
    pub fn block(&self, layer: usize) -> usize {
        let Self { width, .. } = *self;
        (self.inputs() + 1) * width + (layer - 1) * (width + 1) * width
    }
}

/// The neuron whose weights a unit reads for the `n`th of its share: beyond the layer's end the last one's, whose sum nobody
/// stores.
#[cube]
pub fn neuron(first: usize, #[comptime] n: usize, #[comptime] tile: Tile) -> usize {
    if comptime!(tile.width.is_multiple_of(tile.neurons)) {
        first + n
    } else {
        (first + n).min(comptime!(tile.width - 1))
    }
}

/// Which neurons and which four of points a unit computes first.
#[cube]
pub fn share(#[comptime] tile: Tile) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    (unit / comptime!(tile.stride()) * tile.neurons, unit % comptime!(tile.stride()))
}

/// The row of a layer's weights for input `i`: beyond its end the last one's, which is multiplied by 0.
#[cube]
pub fn row_of(i: usize, #[comptime] tile: Tile) -> usize {
    if comptime!(tile.width.is_multiple_of(TERMS)) { i } else { i.min(comptime!(tile.width - 1)) }
}

/// Where the weights of hidden layer `layer` begin, from 1.
#[cube]
pub fn hidden_block(layer: usize, #[comptime] tile: Tile) -> usize {
    comptime!(tile.block(1)) + (layer - 1usize) * comptime!((tile.width + 1) * tile.width)
}
