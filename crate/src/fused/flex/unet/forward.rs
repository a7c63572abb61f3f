//! The output of one tile.

use super::super::lanes::{Aligned, Row, TILE, ZEROS, run};
use super::super::product::{Panels, product_into};
use super::convolution::AddRows;
use super::grid::Grid;
use super::normalize::normalize;
use super::tape::{OfBlock, Places, parts};
use super::weights::{Block, Parts};
use macerator::{Simd, WithSimd};
use std::ops::Range;

/// Fills `output`, the cells of pictures, from the pictures and the context that `tape` begins with.
pub fn forward(of: &Parts, places: &Places, tape: &mut [Row], output: &mut [Row]) {
    let depth = of.shape.depth;
    // What each stage starts from, and what it leaves.
    let start = |block: usize| &places.blocks[block].x;
    let left = |block: usize| &places.blocks[block - 1].output;
    let stage = |blocks: Range<usize>, tape: &mut [Row]| {
        for block in blocks {
            pass(&of.blocks[block], &places.blocks[block], &places.told, tape);
        }
    };
    let [picture, features] = parts(tape, [&places.picture, start(0)]);
    fill(of.input.to, &of.input.bias, features);
    of.input.add(picture, features);
    stage(0..depth, tape);

    let [features, below] = parts(tape, [left(depth), start(depth)]);
    fill(of.down.to, &of.down.bias, below);
    of.down.add(features, below);
    stage(depth..3 * depth, tape);

    let [features, below, above] = parts(tape, [left(depth), left(3 * depth), start(3 * depth)]);
    let narrow = of.up.to;
    let mut spread = vec![ZEROS; narrow.len()];
    fill(narrow, &of.up.bias, &mut spread);
    of.up.add(below, &mut spread);
    above.copy_from_slice(features);
    let fine = of.input.to;
    for [y, x] in fine.cells() {
        let cell = &spread[narrow.at(y / 2, x / 2)..][..narrow.rows];
        run(AddRows { x: cell, y: &mut above[fine.at(y, x)..][..fine.rows] });
    }
    stage(3 * depth..4 * depth, tape);

    let features = &mut tape[left(4 * depth).clone()];
    fine.clear_border(features);
    fill(of.output.to, &of.output.bias, output);
    of.output.add(features, output);
}

/// Passes a block.
fn pass(of: &Block, places: &OfBlock, told: &Range<usize>, tape: &mut [Row]) {
    let OfBlock { grid, x, first, between, second, inverses: [before, behind], output } = places;
    let all = [x, first, between, second, output, before, behind, told];
    let [x, first, between, second, output, before, behind, told] = parts(tape, all);
    normalize(*grid, x, first, &mut before[0]);
    grid.clear_border(first);
    let mut cell = vec![ZEROS; grid.rows];
    run(Tell { weights: &of.told, told, bias: &of.first.bias, cell: &mut cell });
    fill_with(*grid, &cell, between);
    of.first.add(first, between);
    normalize(*grid, between, second, &mut behind[0]);
    grid.clear_border(second);
    fill(*grid, &of.second.bias, output);
    for line in grid.lines() {
        run(AddRows { x: &x[line.clone()], y: &mut output[line] });
    }
    of.second.add(second, output);
}

/// Sets every cell to the bias.
fn fill(grid: Grid, bias: &[f32], rows: &mut [Row]) {
    let cell: Vec<Row> = bias.iter().map(|&value| Aligned([value; TILE])).collect();
    fill_with(grid, &cell, rows);
}

/// Sets every cell to this one.
fn fill_with(grid: Grid, cell: &[Row], rows: &mut [Row]) {
    for line in grid.lines() {
        rows[line].chunks_exact_mut(grid.rows).for_each(|rows| rows.copy_from_slice(cell));
    }
}

/// What the context adds to every cell, with the bias.
struct Tell<'a> {
    weights: &'a Panels,
    told: &'a [Row],
    bias: &'a [f32],
    cell: &'a mut [Row],
}

impl WithSimd for Tell<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        product_into::<S>(self.cell, self.weights, self.told, Some(self.bias));
    }
}
