//! The kernel of a picture's way through the network, and back: a workgroup of its own for each picture, whose features stay on
//! its tape.

use super::super::tile::Four;
use super::layer::{Place, UNITS, compute, finish, gathered, layer_at, number, scattered, sum_of_all};
use super::program::Pass;
use crate::fused::FREQUENCIES;
use cubecl::prelude::*;
use std::f32::consts::TAU;

/// Where each of these begins in the table; see `Program::table`.
const ZEROS: usize = 0;
const TAPE: usize = 1;
const PICTURE: usize = 2;
const CELLS: usize = 3;
const FOURS: usize = 4;
const OUTPUT: usize = 5;
const LEAVING: usize = 6;
const TOLD: usize = 7;
const SIDE: usize = 8;
const COLORS: usize = 9;
const PATCH: usize = 10;
const CONTEXT: usize = 11;
const FREQUENCY: usize = 12;

/// Column `column` of what the blocks are told, for a context that begins at `first`.
#[cube]
fn told(table: &[f32], context: &[f32], first: usize, column: usize) -> f32 {
    let waves = comptime!(2 * FREQUENCIES);
    let columns = waves + number(table, CONTEXT) - 1usize;
    let beside = first + select(column < waves || column >= columns, 0usize, column + 1usize - waves);
    let turns = context[first] * table[column % comptime!(FREQUENCIES) + comptime!(FREQUENCY)];
    // What WGSL's sine does far from zero is not said.
    let angle = (turns - (turns + 0.5f32).floor()) * comptime!(TAU);
    let wave = select(column < comptime!(FREQUENCIES), angle.sin(), angle.cos());
    select(column < waves, wave, select(column < columns, context[beside], 0.0f32))
}

/// Begins the tape: zeros, what the picture is, and what is told.
#[cube]
fn begin(
    table: &[f32],
    pictures: &[f32],
    context: &[f32],
    wanted: &[f32],
    tape: &mut [Four],
    places: (usize, usize),
    place: &Place,
    #[comptime] pass: Pass,
) {
    let (base, first) = places;
    let mut i = UNIT_POS as usize;
    while i < number(table, ZEROS) {
        tape[base + i] = Four::new(0.0f32);
        i += comptime!(UNITS);
    }
    let fours = number(table, FOURS);
    let of_picture = base + number(table, PICTURE);
    let of_output = base + number(table, OUTPUT);
    i = UNIT_POS as usize;
    while i < place.cells * place.cells * fours {
        tape[of_picture + i] = gathered(pictures, place, i / fours, i % fours);
        if comptime!(pass == Pass::OfGiven) {
            tape[of_output + i] = gathered(wanted, place, i / fours, i % fours);
        }
        i += comptime!(UNITS);
    }
    let columns = comptime!(2 * FREQUENCIES) + number(table, CONTEXT) - 1usize;
    i = UNIT_POS as usize;
    while i < columns.div_ceil(4usize) {
        let mut four = Four::empty();
        #[unroll]
        for lane in 0..4usize {
            four.insert(lane, told(table, context, first, 4usize * i + lane));
        }
        tape[base + number(table, TOLD) + i] = four;
        i += comptime!(UNITS);
    }
}

/// Picture `first` and those behind it, one for each workgroup, through `layers` layers. `apart` is from one context to the next, 0
/// for one that all share. `wanted` are targets, or gradients of the outputs; `leaving` are outputs, gradients of the pictures, or
/// each picture's loss, for which `factor` is what the derivative of a squared error is multiplied by, and half of it the squared
/// error.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn unet_pass(
    table: &[f32],
    weights: &[Four],
    pictures: &[f32],
    context: &[f32],
    wanted: &[f32],
    tape: &mut [Four],
    leaving: &mut [f32],
    first: u32,
    apart: u32,
    layers: u32,
    factor: f32,
    #[comptime] pass: Pass,
) {
    let mut shared = Shared::<[f32]>::new_slice(UNITS);
    let (side, colors, patch) = (number(table, SIDE), number(table, COLORS), number(table, PATCH));
    let base = CUBE_POS * number(table, TAPE);
    let picture = CUBE_POS + first as usize;
    let place = Place {
        first: picture * side * side * colors,
        cells: number(table, CELLS),
        line: side * colors,
        of_cell: patch * colors,
        patch,
    };
    let places = (base, picture * apart as usize);
    begin(table, pictures, context, wanted, tape, places, &place, pass);
    sync_storage();
    for index in 0..layers as usize {
        let layer = layer_at(table, index, base);
        let part = compute(weights, tape, &layer, base, wanted, &place, factor);
        sync_storage();
        let total = sum_of_all(&mut shared, part);
        finish(tape, &layer, total);
        // The loss of examples.
        if layer.after == 3 && UNIT_POS == 0 {
            leaving[picture] = 0.5f32 * factor * total;
        }
        sync_storage();
    }
    if comptime!(pass != Pass::OfExamples) {
        let fours = number(table, FOURS);
        let at = base + number(table, LEAVING);
        let mut i = UNIT_POS as usize;
        while i < place.cells * place.cells * fours {
            scattered(leaving, tape[at + i], &place, i / fours, i % fours);
            i += comptime!(UNITS);
        }
    }
}
