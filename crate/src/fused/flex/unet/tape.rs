//! What a tile's forward pass leaves for its backward pass, and where.

use super::super::lanes::Row;
use super::grid::Grid;
use super::weights::Grids;
use crate::fused::UNetShape;
use std::ops::Range;

/// Where everything of one tile lies in a flat run of rows.
#[derive(Debug, Clone)]
pub struct Places {
    /// The pictures' cells.
    pub picture: Range<usize>,
    /// The context's columns.
    pub told: Range<usize>,
    pub blocks: Vec<OfBlock>,
    len: usize,
}

/// Of one block: its input x and output, what its convolutions see, what lies between them, and 1 / |x| of both.
#[derive(Debug, Clone)]
pub struct OfBlock {
    pub grid: Grid,
    pub x: Range<usize>,
    pub first: Range<usize>,
    pub between: Range<usize>,
    pub second: Range<usize>,
    pub inverses: [Range<usize>; 2],
    pub output: Range<usize>,
}

impl Places {
    pub fn new(shape: UNetShape) -> Self {
        let grids = Grids::new(shape);
        let mut len = 0;
        let mut take = |rows: usize| {
            len += rows;
            len - rows..len
        };
        let picture = take(grids.picture.len());
        let told = take(shape.told());
        let mut blocks = Vec::new();
        let mut x = 0..0;
        for block in 0..4 * shape.depth {
            let grid = grids.of_block(shape, block);
            if [0, shape.depth, 3 * shape.depth].contains(&block) {
                x = take(grid.len());
            }
            let [first, between, second, output] = std::array::from_fn(|_| take(grid.len()));
            let inverses = std::array::from_fn(|_| take(1));
            blocks.push(OfBlock { grid, x, first, between, second, inverses, output: output.clone() });
            x = output;
        }
        Self { picture, told, blocks, len }
    }

    /// Rows in all.
    pub fn len(&self) -> usize {
        self.len
    }
}

/// Parts of a tape that do not overlap.
pub fn parts<'a, const N: usize>(tape: &'a mut [Row], places: [&Range<usize>; N]) -> [&'a mut [Row]; N] {
    tape.get_disjoint_mut(places.map(Clone::clone)).expect("parts that do not overlap")
}
