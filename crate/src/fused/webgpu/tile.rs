//! A layer for the points of one workgroup: what the kernels are made of.

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
const MOST_ADDED: usize = 8;

/// How a workgroup's share of the work is cut, known when the kernel is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Coordinates of a point.
    pub dim: usize,
    /// Neurons of a hidden layer.
    pub width: usize,
    /// Hidden layers.
    pub depth: usize,
    /// Whether the time is an input.
    pub timed: bool,
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
        let NetworkShape { dim, width, depth, timed, activation, traced } = shape;
        let carried = if traced { 1 + dim } else { 1 };
        let fours = if traced { 1 } else { 4 };
        // As many sums as fit a unit's registers.
        let neurons = if carried * fours <= 4 { 8 } else { 4 };
        let is_silu = activation.0 == Elementwise::Silu;
        let tile = |quads| Self { dim, width, depth, timed, is_silu, carried, neurons, quads, fours };
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

    /// Rows of the input layer's weights that are read: the coordinates and the time.
    pub fn inputs(&self) -> usize {
        self.dim + usize::from(self.timed)
    }

    /// Where a hidden layer's weights begin, from 1; the output's at `depth`.
    pub fn block(&self, layer: usize) -> usize {
        let Self { width, .. } = *self;
        (self.inputs() + 1) * width + (layer - 1) * (width + 1) * width
    }
}

/// Terms of a sum that are taken at a time: a sum is read and written once for all of them.
pub const TERMS: usize = 4;

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

/// The activation of four points' z.
#[cube]
pub fn activation(z: Four, #[comptime] is_silu: bool) -> Four {
    // Bounded, because what WGSL's exp does beyond f32 is not said.
    let one = Four::new(1.0f32);
    if is_silu {
        z / (one + (-z).min(Four::new(80.0f32)).exp())
    } else {
        let e = (z * Four::new(2.0f32)).min(Four::new(80.0f32)).exp();
        one - Four::new(2.0f32) / (e + one)
    }
}

/// The activation's slope at z, where it is `value`.
#[cube]
pub fn slope_at(z: Four, value: Four, #[comptime] is_silu: bool) -> Four {
    let one = Four::new(1.0f32);
    if is_silu {
        let s = one / (one + (-z).min(Four::new(80.0f32)).exp());
        s + value * (one - s)
    } else {
        one - value * value
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

/// The first layer's sums for a unit's neurons and points, from coordinates `at` `[dim][quads]`: z, and W for the tangents.
#[cube]
pub fn input_sums(
    weights: &[f32],
    at: &[Four],
    times: &[Four],
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
    if tile.timed {
        add_input(weights, times, tile.dim, 0usize, place, sums, tile);
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
pub fn hidden_sums(
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

/// The row of a layer's weights for input `i`: beyond its end the last one's, which is multiplied by 0.
#[cube]
pub fn row_of(i: usize, #[comptime] tile: Tile) -> usize {
    if comptime!(tile.width.is_multiple_of(TERMS)) { i } else { i.min(comptime!(tile.width - 1)) }
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

/// What a unit's neurons add to each output, and their tangents to the trace, into `added` `[groups][dim + 1][quads]`.
#[cube]
pub fn add_outputs(
    weights: &[f32],
    added: &mut [Four],
    sums: &Array<Four>,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
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
pub fn output_sum(weights: &[f32], hidden: &[Four], c: usize, quad: usize, #[comptime] tile: Tile) -> Four {
    let block = comptime!(tile.block(tile.depth));
    let mut y = Four::new(0.0f32);
    for j in 0..tile.width {
        let w = Four::new(weights[block + j * tile.dim + c]);
        y = fma(w, hidden[j * tile.quads + quad], y);
    }
    y
}

/// The last layer's activations for [`output_of`]: as they are, or as what they add to the outputs.
#[cube]
pub fn store_last(
    weights: &[f32],
    hidden: &mut [Four],
    sums: &Array<Four>,
    place: (usize, usize),
    #[comptime] tile: Tile,
) {
    if comptime!(tile.dim <= MOST_ADDED) {
        add_outputs(weights, hidden, sums, place, tile);
    } else {
        store(hidden, sums, place, tile);
    }
}

/// Output `c` of one quad after [`store_last`], with its bias.
#[cube]
pub fn output_of(weights: &[f32], hidden: &[Four], c: usize, quad: usize, #[comptime] tile: Tile) -> Four {
    let bias = Four::new(weights[comptime!(tile.block(tile.depth) + tile.width * tile.dim) + c]);
    if comptime!(tile.dim <= MOST_ADDED) {
        bias + added_output(hidden, c, quad, tile)
    } else {
        bias + output_sum(weights, hidden, c, quad, tile)
    }
}

/// Which neurons and which four of points a unit computes first.
#[cube]
pub fn share(#[comptime] tile: Tile) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    (unit / comptime!(tile.stride()) * tile.neurons, unit % comptime!(tile.stride()))
}
