//! Packed weights cut into the network's convolutions, in the order of a pass.

use super::super::product::Panels;
use super::convolution::{Convolution, OfConvolution, Window};
use super::grid::Grid;
use crate::fused::UNetShape;

/// The network's weights, ready for a whole batch: those of the input's convolution; of each block before the coarse grid; of the
/// way there; of each block in it; of the way back; of each block behind it; of the output's convolution.
#[derive(Debug, Clone)]
pub struct Parts {
    pub shape: UNetShape,
    pub input: Convolution,
    pub blocks: Vec<Block>,
    pub down: Convolution,
    /// Within the coarse grid, whose cells are then spread over four.
    pub up: Convolution,
    pub output: Convolution,
}

/// A residual block: x + second(silu |first(silu |x|) + told|).
#[derive(Debug, Clone)]
pub struct Block {
    pub first: Convolution,
    /// What the context adds behind the first.
    pub told: Panels,
    pub second: Convolution,
}

/// The grids of a network: of pictures, fine, and coarse with half of its features and all of them.
#[derive(Debug, Clone, Copy)]
pub struct Grids {
    pub picture: Grid,
    pub fine: Grid,
    pub coarse: Grid,
    pub narrow: Grid,
}

impl Grids {
    pub fn new(shape: UNetShape) -> Self {
        let [fine, coarse] = shape.grids();
        Self {
            picture: Grid::new(fine, shape.cell()),
            fine: Grid::new(fine, shape.width),
            coarse: Grid::new(coarse, 2 * shape.width),
            narrow: Grid::new(coarse, shape.width),
        }
    }

    /// The grid of a block.
    pub fn of_block(&self, shape: UNetShape, block: usize) -> Grid {
        if (shape.depth..3 * shape.depth).contains(&block) { self.coarse } else { self.fine }
    }
}

impl Parts {
    /// Packs `weights`, which lie as [`UNetShape`] says.
    pub fn pack(weights: &[f32], shape: UNetShape) -> Self {
        let rest = &mut &*weights;
        let grids = Grids::new(shape);
        let depth = shape.depth;
        let block = |rest: &mut &[f32], index: usize| {
            let grid = grids.of_block(shape, index);
            let first = Convolution::pack(rest, Window::Around, grid, grid);
            let (told, behind) = rest.split_at(shape.told() * grid.features);
            *rest = behind;
            let told = Panels::pack([shape.told(), grid.features], |i, o| told[i * grid.features + o]);
            Block { first, told, second: Convolution::pack(rest, Window::Around, grid, grid) }
        };
        let input = Convolution::pack(rest, Window::Around, grids.picture, grids.fine);
        let mut blocks: Vec<Block> = (0..depth).map(|index| block(rest, index)).collect();
        let down = Convolution::pack(rest, Window::Square, grids.fine, grids.coarse);
        blocks.extend((depth..3 * depth).map(|index| block(rest, index)));
        let up = Convolution::pack(rest, Window::Alone, grids.coarse, grids.narrow);
        blocks.extend((3 * depth..4 * depth).map(|index| block(rest, index)));
        let output = Convolution::pack(rest, Window::Around, grids.fine, grids.picture);
        Self { shape, input, blocks, down, up, output }
    }
}

/// The gradients of all of them, summed over tiles.
#[derive(Debug, Clone)]
pub struct OfParts {
    pub input: OfConvolution,
    pub blocks: Vec<OfBlock>,
    pub down: OfConvolution,
    pub up: OfConvolution,
    pub output: OfConvolution,
}

/// Those of a block.
#[derive(Debug, Clone)]
pub struct OfBlock {
    pub first: OfConvolution,
    /// `[told, features]`.
    pub told: Vec<f32>,
    pub second: OfConvolution,
}

impl OfParts {
    /// None yet.
    pub fn new(parts: &Parts) -> Self {
        let block = |block: &Block| OfBlock {
            first: OfConvolution::new(&block.first),
            told: vec![0.0; parts.shape.told() * block.first.to.features],
            second: OfConvolution::new(&block.second),
        };
        Self {
            input: OfConvolution::new(&parts.input),
            blocks: parts.blocks.iter().map(block).collect(),
            down: OfConvolution::new(&parts.down),
            up: OfConvolution::new(&parts.up),
            output: OfConvolution::new(&parts.output),
        }
    }

    /// As the packed weights lie.
    pub fn packed(&self, parts: &Parts) -> Vec<f32> {
        let mut packed = Vec::new();
        let depth = parts.shape.depth;
        let blocks = |range: std::ops::Range<usize>, packed: &mut Vec<f32>| {
            for (of, block) in self.blocks[range.clone()].iter().zip(&parts.blocks[range]) {
                of.first.append_to(&block.first, packed);
                packed.extend(&of.told);
                of.second.append_to(&block.second, packed);
            }
        };
        self.input.append_to(&parts.input, &mut packed);
        blocks(0..depth, &mut packed);
        self.down.append_to(&parts.down, &mut packed);
        blocks(depth..3 * depth, &mut packed);
        self.up.append_to(&parts.up, &mut packed);
        blocks(3 * depth..4 * depth, &mut packed);
        self.output.append_to(&parts.output, &mut packed);
        packed
    }
}
