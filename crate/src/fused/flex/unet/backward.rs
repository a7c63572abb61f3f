//! The gradients of one tile's output, from the last convolution to the first.

use super::super::lanes::{Row, ZEROS, load, run, sum};
use super::convolution::AddRows;
use super::grid::Grid;
use super::normalize::normalize_back;
use super::tape::{OfBlock, Places};
use super::weights::{self, Block, Grids, OfParts, Parts};
use macerator::{Simd, WithSimd};

/// The gradients of the weights, summed over tiles, if they are wanted, with what a tile's pass works in.
#[derive(Debug, Clone)]
pub struct Gradients {
    pub sums: Option<OfParts>,
    fine: Vec<Row>,
    coarse: Vec<Row>,
    narrow: Vec<Row>,
    room: Room,
}

/// What a tile's pass reads.
#[derive(Clone, Copy)]
pub struct Tile<'a> {
    pub of: &'a Parts,
    pub places: &'a Places,
    pub tape: &'a [Row],
}

/// What a block's pass works in.
#[derive(Debug, Clone)]
struct Room {
    of_between: Vec<Row>,
    of_seen: Vec<Row>,
}

impl Gradients {
    /// None yet.
    pub fn new(parts: &Parts, of_weights: bool) -> Self {
        let Grids { fine, coarse, narrow, .. } = Grids::new(parts.shape);
        let rows = |len| vec![ZEROS; len];
        let larger = fine.len().max(coarse.len());
        Self {
            sums: of_weights.then(|| OfParts::new(parts)),
            fine: rows(fine.len()),
            coarse: rows(coarse.len()),
            narrow: rows(narrow.len()),
            room: Room { of_between: rows(larger), of_seen: rows(larger) },
        }
    }

    /// Adds a tile's, for the gradient `of_output` of the output's cells, whose border is zero; fills `of_x` with those of the
    /// pictures' cells.
    pub fn add(&mut self, Tile { of, places, tape }: Tile<'_>, of_output: &[Row], of_x: &mut [Row]) {
        let depth = of.shape.depth;
        let Self { sums, fine, coarse, narrow, room } = self;
        let block = |index: usize, sums: &mut Option<OfParts>, gradient: &mut [Row], room: &mut Room| {
            let told = &tape[places.told.clone()];
            let sums = sums.as_mut().map(|sums| &mut sums.blocks[index]);
            Pass { of: &of.blocks[index], places: &places.blocks[index], tape, told }.back(sums, gradient, room);
        };
        let seen = |block: usize| &tape[places.blocks[block].output.clone()];

        if let Some(sums) = sums {
            sums.output.add(&of.output, seen(4 * depth - 1), of_output);
        }
        fine.fill(ZEROS);
        of.output.add_back(of_output, fine);
        for index in (3 * depth..4 * depth).rev() {
            block(index, sums, fine, room);
        }
        // What skips the coarse grid passes on as it is.
        gather(of.input.to, fine, of.up.to, narrow);
        if let Some(sums) = sums {
            sums.up.add(&of.up, seen(3 * depth - 1), narrow);
        }
        coarse.fill(ZEROS);
        of.up.add_back(narrow, coarse);
        for index in (depth..3 * depth).rev() {
            block(index, sums, coarse, room);
        }
        if let Some(sums) = sums {
            sums.down.add(&of.down, seen(depth - 1), coarse);
        }
        of.down.add_back(coarse, fine);
        for index in (0..depth).rev() {
            block(index, sums, fine, room);
        }
        if let Some(sums) = sums {
            sums.input.add(&of.input, &tape[places.picture.clone()], fine);
        }
        of_x.fill(ZEROS);
        of.input.add_back(fine, of_x);
    }
}

/// Sums of the four cells that each cell of `coarse` was spread over.
fn gather(fine: Grid, of_fine: &[Row], coarse: Grid, of_coarse: &mut [Row]) {
    of_coarse.fill(ZEROS);
    for [y, x] in fine.cells() {
        let cell = &mut of_coarse[coarse.at(y / 2, x / 2)..][..coarse.rows];
        run(AddRows { x: &of_fine[fine.at(y, x)..][..fine.rows], y: cell });
    }
}

/// A block, and what its forward pass left.
struct Pass<'a> {
    of: &'a Block,
    places: &'a OfBlock,
    tape: &'a [Row],
    told: &'a [Row],
}

impl Pass<'_> {
    /// Turns the gradient of the block's output into that of its input.
    fn back(&self, mut sums: Option<&mut weights::OfBlock>, gradient: &mut [Row], room: &mut Room) {
        let Self { of, tape, .. } = *self;
        let OfBlock { grid, x, first, between, second, inverses: [before, behind], .. } = self.places;
        let [x, first, between, second, before, behind] =
            [x, first, between, second, before, behind].map(|place| &tape[place.clone()]);
        let Room { of_between, of_seen } = room;
        let [of_between, of_seen] = [of_between, of_seen].map(|rows| &mut rows[..grid.len()]);

        if let Some(sums) = &mut sums {
            sums.second.add(&of.second, second, gradient);
        }
        of_seen.fill(ZEROS);
        of.second.add_back(gradient, of_seen);
        of_between.fill(ZEROS);
        normalize_back(*grid, [between, behind], of_seen, of_between);

        if let Some(sums) = sums {
            sums.first.add(&of.first, first, of_between);
            let mut of_cell = vec![ZEROS; grid.rows];
            for line in grid.lines() {
                for cell in of_between[line].chunks_exact(grid.rows) {
                    run(AddRows { x: cell, y: &mut of_cell });
                }
            }
            run(OfTold { told: self.told, of_cell: &of_cell[..grid.features], sums: &mut sums.told });
        }
        of_seen.fill(ZEROS);
        of.first.add_back(of_between, of_seen);
        normalize_back(*grid, [x, before], of_seen, gradient);
    }
}

/// Adds Σ over the pictures of the products of what is told and what that changes.
struct OfTold<'a> {
    told: &'a [Row],
    of_cell: &'a [Row],
    sums: &'a mut [f32],
}

impl WithSimd for OfTold<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { told, of_cell, sums } = self;
        for (told, sums) in told.iter().zip(sums.chunks_exact_mut(of_cell.len())) {
            for (of_row, of_weight) in of_cell.iter().zip(sums) {
                *of_weight += sum::<S>(|i, sum| load::<S>(told, i).mul_add(load(of_row, i), sum));
            }
        }
    }
}
