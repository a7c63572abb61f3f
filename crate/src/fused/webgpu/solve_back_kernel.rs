//! The kernel of a solve's backward pass: discretise, then optimise. Every evaluation is made once more, from where the forward
//! pass asked the network, so that nothing but those points is kept in between.

use super::outputs::output_of;
use super::passes::{record_backward, record_forward, record_inputs, record_outputs};
use super::solve_kernel::{Evaluated, Solve, columns, evaluated, gathered, scattered, tell_condition, tell_time};
use super::tile::{Four, Tile, UNITS};
use cubecl::prelude::*;

/// Where a stage stands among the steps.
#[derive(CubeType, Clone, Copy)]
struct Stage {
    number: usize,
    length: f32,
}

/// The derivatives by the network's outputs and trace at one stage, and by its points as far as they do not pass the network.
#[cube]
fn stage_derivatives(
    weights: &[f32],
    plan: &[f32],
    at: &[Four],
    hidden: &[Four],
    of_state: &[Four],
    of_points: &mut [Four],
    of_outputs: &mut [Four],
    of_trace: &mut [Four],
    stage: &Stage,
    evaluated: &Evaluated,
    #[comptime] tile: Tile,
    #[comptime] solve: Solve,
) {
    let size = comptime!(tile.dim * tile.quads);
    let weight = Four::new(stage.length * plan[comptime!(solve.stages * solve.stages) + stage.number]);
    let mut i = UNIT_POS as usize;
    while i < size {
        let (c, quad) = (i / tile.quads, i % tile.quads);
        let mut of_slope = weight * of_state[i];
        for later in stage.number + 1usize..solve.stages {
            let a = Four::new(stage.length * plan[later * solve.stages + stage.number]);
            of_slope = fma(a, of_points[later * size + i], of_slope);
        }
        if comptime!(tile.carried > 1) {
            let output = output_of(weights, hidden, c, quad, tile);
            let velocity = Four::new(evaluated.of_x) * at[i] + Four::new(evaluated.of_network) * output;
            let of_energy = weight * of_state[comptime!((tile.dim + 1) * tile.quads) + quad];
            of_slope += Four::new(2.0f32 / evaluated.speed) * velocity * of_energy;
            if c == 0 {
                let of_divergence = weight * of_state[size + quad];
                of_trace[quad] = Four::new(evaluated.of_network) * of_divergence;
            }
        }
        of_outputs[i] = Four::new(evaluated.of_network) * of_slope;
        of_points[stage.number * size + i] = Four::new(evaluated.of_x) * of_slope;
        i += comptime!(UNITS);
    }
}

/// The derivatives by a stage's points, through the first layer.
#[cube]
fn through_inputs(weights: &[f32], hidden: &[Four], of_points: &mut [Four], stage: usize, #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let (c, quad) = (i / tile.quads, i % tile.quads);
        let mut sum = Four::new(0.0f32);
        for j in 0..tile.width {
            let w = Four::new(weights[c * tile.width + j]);
            sum = fma(w, hidden[j * comptime!(tile.carried * tile.quads) + quad], sum);
        }
        of_points[stage * comptime!(tile.dim * tile.quads) + i] += sum;
        i += comptime!(UNITS);
    }
}

/// The derivatives by the last state of the points from `ends.0` on, of `ends.1` in all.
#[cube]
fn load_gradient(gradient: &[f32], of_state: &mut [Four], ends: (usize, usize), #[comptime] tile: Tile) {
    let columns = comptime!(columns(&tile));
    let mut i = UNIT_POS as usize;
    while i < comptime!(columns * tile.quads) {
        let point = ends.0 + 4usize * (i % tile.quads);
        of_state[i] = gathered(gradient, point, i / tile.quads, (0usize, ends.1), columns);
        i += comptime!(UNITS);
    }
}

/// Where the network was asked at one stage, and its time; then the workgroup goes on together.
#[cube]
fn load_inputs(
    asked: &[f32],
    at: &mut [Four],
    context: &mut [Four],
    time: f32,
    first: usize,
    ends: (usize, usize),
    #[comptime] tile: Tile,
) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        at[i] = gathered(asked, first + 4usize * (i % tile.quads), i / tile.quads, ends, tile.dim);
        i += comptime!(UNITS);
    }
    tell_time(context, time, tile);
    sync_cube();
}

/// A step's start moves all of its stages' points.
#[cube]
fn add_points(of_state: &mut [Four], of_points: &[Four], #[comptime] tile: Tile, #[comptime] solve: Solve) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let mut sum = of_state[i];
        for stage in 0..solve.stages {
            sum += of_points[stage * comptime!(tile.dim * tile.quads) + i];
        }
        of_state[i] = sum;
        i += comptime!(UNITS);
    }
}

/// `asked`: the coordinates at every evaluation, `[evaluations · batch, dim]`. `gradient`: the derivatives by the last state
/// `[batch, columns]`. Of the `chunk` points from `first_point` on, everything goes onto the tape, evaluation after evaluation; and
/// the derivatives by the start into `of_start` `[batch, dim]`.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn solve_back(
    asked: &[f32],
    weights: &[f32],
    plan: &[f32],
    gradient: &[f32],
    tape: &mut [Four],
    of_start: &mut [f32],
    batch: u32,
    first_point: u32,
    chunk: u32,
    num_steps: u32,
    #[comptime] tile: Tile,
    #[comptime] solve: Solve,
) {
    let columns = comptime!(columns(&tile));
    let size = comptime!(tile.dim * tile.quads);
    let mut hidden = Shared::<[Four]>::new_slice(comptime!(tile.rows() * tile.carried * tile.quads));
    let mut of_state = Shared::<[Four]>::new_slice(comptime!(columns * tile.quads));
    let mut of_points = Shared::<[Four]>::new_slice(comptime!(solve.stages * size));
    let mut at = Shared::<[Four]>::new_slice(size);
    let mut of_outputs = Shared::<[Four]>::new_slice(size);
    let mut of_trace = Shared::<[Four]>::new_slice(tile.quads);
    let mut context = Shared::<[Four]>::new_slice(comptime!(tile.told() * tile.quads));

    let batch = batch as usize;
    let own = CUBE_POS * comptime!(tile.points());
    let first = first_point as usize + own;
    load_gradient(gradient, &mut of_state, (first, batch), tile);
    let condition = comptime!(solve.tableau()) + num_steps as usize * comptime!(solve.per_step());
    tell_condition(plan, &mut context, condition, (first, batch), tile, solve);
    sync_cube();

    for back in 0..num_steps as usize {
        let step = num_steps as usize - 1usize - back;
        let here = comptime!(solve.tableau()) + step * comptime!(solve.per_step());
        for stage_back in 0..solve.stages {
            let stage = Stage { number: solve.stages - 1usize - stage_back, length: plan[here] };
            let evaluation = evaluated(plan, here + 1usize + 4usize * stage.number);
            let which = step * solve.stages + stage.number;
            let base = (which * chunk as usize + own) * tile.carried;
            load_inputs(asked, &mut at, &mut context, evaluation.time, first, (which * batch, batch), tile);
            record_inputs(tape, &at, &context, base, tile);
            record_forward(weights, &at, &context, &mut hidden, tape, base, tile);
            stage_derivatives(
                weights,
                plan,
                &at,
                &hidden,
                &of_state,
                &mut of_points,
                &mut of_outputs,
                &mut of_trace,
                &stage,
                &evaluation,
                tile,
                solve,
            );
            sync_cube();
            record_outputs(tape, &of_outputs, &of_trace, base, tile);
            record_backward(weights, &of_outputs, &of_trace, &mut hidden, tape, base, tile);
            through_inputs(weights, &hidden, &mut of_points, stage.number, tile);
            sync_cube();
        }
        add_points(&mut of_state, &of_points, tile, solve);
        sync_cube();
    }

    let mut i = UNIT_POS as usize;
    while i < size {
        scattered(of_start, of_state[i], first + 4usize * (i % tile.quads), i / tile.quads, (0usize, batch), tile.dim);
        i += comptime!(UNITS);
    }
}
