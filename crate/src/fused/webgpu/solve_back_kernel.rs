//! The kernel of a solve's backward pass: discretise, then optimise. Every evaluation is made once more, from where the forward
//! pass asked the network, so that nothing but those points is kept in between.

use super::layers::{hidden_sums, input_sums, store};
use super::outputs::{output_of, store_last};
use super::record::{backward_sums, of_point, record_derivatives, record_layer};
use super::solve_kernel::{Evaluated, Solve, columns, evaluated, gathered, scattered};
use super::tape::Tape;
use super::tile::{Four, Tile, UNITS, neuron, share};
use cubecl::prelude::*;

/// All hidden layers at the points `at`, recorded; the last one's are what `store_last` leaves in `hidden`.
#[cube]
fn record_forward(
    weights: &[f32],
    at: &[Four],
    times: &[Four],
    hidden: &mut [Four],
    tape: &mut [Four],
    base: usize,
    #[comptime] tile: Tile,
) {
    let place = share(tile);
    let (first, _) = place;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));
    for layer in 0..tile.depth {
        if first < tile.width {
            if layer == 0 {
                input_sums(weights, at, times, place, &mut sums, tile);
            } else {
                let block = comptime!(tile.block(1)) + (layer - 1usize) * comptime!((tile.width + 1) * tile.width);
                hidden_sums(weights, &*hidden, block, place, &mut sums, tile);
            }
        }
        sync_cube();
        if first < tile.width {
            record_layer(tape, &mut sums, base, layer, place, tile);
            if layer == comptime!(tile.depth - 1) {
                store_last(weights, hidden, &sums, place, tile);
            } else {
                store(hidden, &sums, place, tile);
            }
        }
        sync_cube();
    }
}

/// From the derivatives by the outputs and the trace to those by the first layer's sums, which stay in `hidden`.
#[cube]
fn record_backward(
    weights: &[f32],
    of_outputs: &[Four],
    of_trace: &[Four],
    hidden: &mut [Four],
    tape: &mut [Four],
    base: usize,
    #[comptime] tile: Tile,
) {
    let place = share(tile);
    let (first, _) = place;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));
    for back in 0..tile.depth {
        let layer = comptime!(tile.depth - 1) - back;
        if first < tile.width {
            if back == 0 {
                output_derivatives(weights, of_outputs, of_trace, place, &mut sums, tile);
            } else {
                let block = comptime!(tile.block(1)) + layer * comptime!((tile.width + 1) * tile.width);
                backward_sums(weights, &*hidden, block, place, &mut sums, tile.width, tile);
            }
        }
        sync_cube();
        if first < tile.width {
            record_derivatives(tape, &mut sums, base, layer, place, tile);
            store(hidden, &sums, place, tile);
        }
        sync_cube();
    }
}

/// The derivatives by the last layer's activations, Σ W[j][c] ḡ[c], and by their tangents, W[j][k] times the trace's.
#[cube]
fn output_derivatives(
    weights: &[f32],
    of_outputs: &[Four],
    of_trace: &[Four],
    place: (usize, usize),
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let (first, quad) = place;
    let block = comptime!(tile.block(tile.depth));
    #[unroll]
    for s in 0..comptime!(tile.sums()) {
        sums[s] = Four::new(0.0f32);
    }
    for c in 0..tile.dim {
        #[unroll]
        for n in 0..tile.neurons {
            let w = Four::new(weights[block + neuron(first, n, tile) * tile.dim + c]);
            #[unroll]
            for f in 0..tile.fours {
                let at = comptime!(tile.sum(n, 0, f));
                sums[at] = fma(w, of_outputs[c * tile.quads + quad + comptime!(f * tile.stride())], sums[at]);
            }
        }
    }
    #[unroll]
    for n in 0..tile.neurons {
        #[unroll]
        for k in 1..tile.carried {
            let w = Four::new(weights[block + neuron(first, n, tile) * tile.dim + k - 1usize]);
            #[unroll]
            for f in 0..tile.fours {
                let t = of_trace[quad + comptime!(f * tile.stride())];
                sums[comptime!(tile.sum(n, k, f))] = w * t;
            }
        }
    }
}

/// Rows 4 `m` to 4 `m` + 3 of a part of the tape that begins at `row`, of four points from a column on: `values` for the points
/// themselves, and for tangent k `of_tangents` in row k and 0 in all others.
#[cube]
fn record_rows(
    tape: &mut [Four],
    values: &Array<Four>,
    of_tangents: Four,
    place: (usize, usize),
    #[comptime] row: usize,
    #[comptime] tile: Tile,
) {
    let (first, m) = place;
    let each = comptime!(Tape::of(&tile).rows() / 4);
    #[unroll]
    for lane in 0..4usize {
        let at = (first + comptime!(lane * tile.carried)) * each + comptime!(row / 4) + m;
        tape[at] = of_point(values, 0usize, lane);
        #[unroll]
        for k in 1..tile.carried {
            let mut four = Four::empty();
            #[unroll]
            for e in 0..4usize {
                four.insert(e, select(4usize * m + e == k - 1usize, of_tangents.extract(lane), 0.0f32));
            }
            tape[at + comptime!(k * each)] = four;
        }
    }
}

/// The inputs: coordinates, time and one of the points; the unit vectors of the tangents.
#[cube]
fn record_inputs(tape: &mut [Four], at: &[Four], times: &[Four], base: usize, #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(Tape::of(&tile).of_point() / 4 * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            let row = 4usize * m + e;
            let coordinate = at[row.min(comptime!(tile.dim - 1)) * tile.quads + quad];
            let one = select(row == comptime!(tile.inputs()), 1.0f32, 0.0f32);
            let behind = if tile.timed && row == tile.dim { times[quad] } else { Four::new(one) };
            rows[e] = if row < tile.dim { coordinate } else { behind };
        }
        let first = base + 4usize * quad * tile.carried;
        record_rows(tape, &rows, Four::new(1.0f32), (first, m), 0usize, tile);
        i += comptime!(UNITS);
    }
}

/// The derivatives by the outputs; the trace's by the tangents' outputs.
#[cube]
fn record_outputs(tape: &mut [Four], of_outputs: &[Four], of_trace: &[Four], base: usize, #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim.div_ceil(4) * tile.quads) {
        let (m, quad) = (i / tile.quads, i % tile.quads);
        let mut rows = Array::<Four>::new(4usize);
        #[unroll]
        for e in 0..4usize {
            rows[e] = of_outputs[(4usize * m + e).min(comptime!(tile.dim - 1)) * tile.quads + quad];
        }
        let row = comptime!(Tape::of(&tile).derivatives(tile.depth));
        let first = base + 4usize * quad * tile.carried;
        record_rows(tape, &rows, of_trace[quad], (first, m), row, tile);
        i += comptime!(UNITS);
    }
}

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

/// Where the network was asked at one stage.
#[cube]
fn load_points(asked: &[f32], at: &mut [Four], first: usize, ends: (usize, usize), #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        at[i] = gathered(asked, first + 4usize * (i % tile.quads), i / tile.quads, ends, tile.dim);
        i += comptime!(UNITS);
    }
}

/// Its time, for all; then the workgroup goes on together.
#[cube]
fn load_time(times: &mut [Four], time: f32, #[comptime] tile: Tile) {
    let mut quad = UNIT_POS as usize;
    while quad < tile.quads {
        times[quad] = Four::new(time);
        quad += comptime!(UNITS);
    }
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
    let mut times = Shared::<[Four]>::new_slice(tile.quads);

    let batch = batch as usize;
    let own = CUBE_POS * comptime!(tile.points());
    let first = first_point as usize + own;
    let mut i = UNIT_POS as usize;
    while i < comptime!(columns * tile.quads) {
        let ends = (0usize, batch);
        of_state[i] = gathered(gradient, first + 4usize * (i % tile.quads), i / tile.quads, ends, columns);
        i += comptime!(UNITS);
    }
    sync_cube();

    for back in 0..num_steps as usize {
        let step = num_steps as usize - 1usize - back;
        let here = comptime!(solve.tableau()) + step * comptime!(solve.per_step());
        for stage_back in 0..solve.stages {
            let stage = Stage { number: solve.stages - 1usize - stage_back, length: plan[here] };
            let evaluation = evaluated(plan, here + 1usize + 4usize * stage.number);
            let which = step * solve.stages + stage.number;
            let base = (which * chunk as usize + own) * tile.carried;
            load_points(asked, &mut at, first, (which * batch, batch), tile);
            load_time(&mut times, evaluation.time, tile);
            record_inputs(tape, &at, &times, base, tile);
            record_forward(weights, &at, &times, &mut hidden, tape, base, tile);
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
        let ends = (0usize, batch);
        scattered(of_start, of_state[i], first + 4usize * (i % tile.quads), i / tile.quads, ends, tile.dim);
        i += comptime!(UNITS);
    }
}
