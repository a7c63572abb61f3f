//! The kernel of a whole solve.

use super::layers::{activate, layer_sums};
use super::outputs::{added_output, output_of, store_layer};
use super::tile::{Four, Tile, UNITS, share};
use cubecl::prelude::*;

/// What a solve is beside its network, known when the kernel is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Solve {
    /// Stages of a solver step.
    pub stages: usize,
    /// What is stored of the way.
    pub stored: Stored,
    /// Whether all points have one condition.
    pub is_shared: bool,
}

/// What a solve stores of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stored {
    /// Nothing.
    Nothing,
    /// The state after every step.
    States,
    /// The coordinates at every stage, where the network was asked.
    Asked,
}

impl Solve {
    /// Numbers of the plan before those of the steps.
    pub fn tableau(&self) -> usize {
        self.stages * (self.stages + 1)
    }

    /// Numbers of a step.
    pub fn per_step(&self) -> usize {
        1 + 4 * self.stages
    }

    /// Numbers of a plan of so many steps, before those of the condition.
    pub fn condition(&self, steps: usize) -> usize {
        self.tableau() + steps * self.per_step()
    }
}

/// Numbers of a point's state.
pub fn columns(tile: &Tile) -> usize {
    tile.dim + if tile.carried > 1 { 2 } else { 0 }
}

/// A network at one time: its slope is `of_x` x + `of_network` g(x, `time`).
#[derive(CubeType, Clone, Copy)]
pub struct Evaluated {
    pub time: f32,
    pub of_x: f32,
    pub of_network: f32,
    pub speed: f32,
}

/// The four numbers of an evaluation, from `plan` on.
#[cube]
pub fn evaluated(plan: &[f32], numbers: usize) -> Evaluated {
    Evaluated {
        time: plan[numbers],
        of_x: plan[numbers + 1usize],
        of_network: plan[numbers + 2usize],
        speed: plan[numbers + 3usize],
    }
}

/// Four points' numbers of one column of rows `[_, columns]`: those from `first` on of the `batch` that begin at an offset.
#[cube]
pub fn gathered(rows: &[f32], first: usize, column: usize, ends: (usize, usize), #[comptime] columns: usize) -> Four {
    let (offset, batch) = ends;
    let mut four = Four::empty();
    #[unroll]
    for lane in 0..4usize {
        let inside = first + lane < batch;
        let place = select(inside, (offset + first + lane) * columns + column, 0usize);
        four.insert(lane, select(inside, rows[place], 0.0f32));
    }
    four
}

/// The same, the other way.
#[cube]
pub fn scattered(
    rows: &mut [f32],
    four: Four,
    first: usize,
    column: usize,
    ends: (usize, usize),
    #[comptime] columns: usize,
) {
    let (offset, batch) = ends;
    #[unroll]
    for lane in 0..4usize {
        if first + lane < batch {
            rows[(offset + first + lane) * columns + column] = four.extract(lane);
        }
    }
}

/// The time of an evaluation, for all points.
#[cube]
pub fn tell_time(context: &mut [Four], time: f32, #[comptime] tile: Tile) {
    let mut quad = UNIT_POS as usize;
    while quad < tile.quads {
        context[quad] = Four::new(time);
        quad += comptime!(UNITS);
    }
}

/// What the points from `first` on are told beside the time, which stays: the numbers of `plan` from `condition` on.
#[cube]
pub fn tell_condition(
    plan: &[f32],
    context: &mut [Four],
    condition: usize,
    ends: (usize, usize),
    #[comptime] tile: Tile,
    #[comptime] solve: Solve,
) {
    let (first, batch) = ends;
    let mut i = UNIT_POS as usize + tile.quads;
    while i < comptime!(tile.told() * tile.quads) {
        let column = condition + i / tile.quads - 1usize;
        context[i] = if comptime!(solve.is_shared) {
            Four::new(plan[column])
        } else {
            let first = first + 4usize * (i % tile.quads);
            gathered(plan, first, column, (0usize, batch), comptime!(tile.told() - 1))
        };
        i += comptime!(UNITS);
    }
}

/// All hidden layers at the points `at`, with their tangents; the last layer's are what `store_layer` leaves in `hidden`.
#[cube]
fn hidden_layers(weights: &[f32], at: &[Four], context: &[Four], hidden: &mut [Four], #[comptime] tile: Tile) {
    let place = share(tile);
    let (first, _) = place;
    let mut sums = Array::<Four>::new(comptime!(tile.sums()));
    for layer in 0..tile.depth {
        if first < tile.width {
            layer_sums(weights, at, context, &*hidden, layer, &mut sums, tile);
        }
        sync_cube();
        if first < tile.width {
            activate(&mut sums, first, tile);
            store_layer(weights, hidden, &sums, layer, place, tile);
        }
        sync_cube();
    }
}

/// The slope of the state at one stage: of the coordinates, and of the two integrals if they are carried.
#[cube]
fn stage_slopes(
    weights: &[f32],
    at: &[Four],
    hidden: &[Four],
    slopes: &mut [Four],
    stage: usize,
    evaluated: Evaluated,
    #[comptime] tile: Tile,
) {
    let columns = comptime!(columns(&tile));
    let base = stage * comptime!(columns * tile.quads);
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let output = output_of(weights, hidden, i / tile.quads, i % tile.quads, tile);
        slopes[base + i] = Four::new(evaluated.of_x) * at[i] + Four::new(evaluated.of_network) * output;
        i += comptime!(UNITS);
    }
    sync_cube();
    if comptime!(tile.carried > 1) {
        let mut quad = UNIT_POS as usize;
        while quad < tile.quads {
            let mut energy = Four::new(0.0f32);
            for c in 0..tile.dim {
                let slope = slopes[base + c * tile.quads + quad];
                energy += slope * slope;
            }
            let own = Four::new(evaluated.of_x * comptime!(tile.dim as f32));
            let trace = Four::new(evaluated.of_network) * added_output(hidden, tile.dim, quad, tile);
            slopes[base + comptime!(tile.dim * tile.quads) + quad] = own + trace;
            slopes[base + comptime!((tile.dim + 1) * tile.quads) + quad] = energy / Four::new(evaluated.speed);
            quad += comptime!(UNITS);
        }
        sync_cube();
    }
}

/// Where a stage evaluates the network: the state, moved by the stages before it.
#[cube]
fn stage_points(
    plan: &[f32],
    state: &[Four],
    slopes: &[Four],
    at: &mut [Four],
    which: (usize, f32),
    #[comptime] tile: Tile,
    #[comptime] solve: Solve,
) {
    let (stage, length) = which;
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        let mut x = state[i];
        for earlier in 0..stage {
            let a = Four::new(length * plan[stage * solve.stages + earlier]);
            x = fma(a, slopes[earlier * comptime!(columns(&tile) * tile.quads) + i], x);
        }
        at[i] = x;
        i += comptime!(UNITS);
    }
}

/// The coordinates where the network is asked.
#[cube]
fn store_asked(asked: &mut [f32], at: &[Four], first: usize, ends: (usize, usize), #[comptime] tile: Tile) {
    let mut i = UNIT_POS as usize;
    while i < comptime!(tile.dim * tile.quads) {
        scattered(asked, at[i], first + 4usize * (i % tile.quads), i / tile.quads, ends, tile.dim);
        i += comptime!(UNITS);
    }
}

/// `plan`: the tableau's rows a `[stages, stages]`, its weights b `[stages]`, then for each step its length and the four numbers
/// of each stage's [`Evaluation`](crate::fused::Evaluation); from `condition` on what the network is told beside the time.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
pub fn solve_steps(
    start: &[f32],
    weights: &[f32],
    plan: &[f32],
    end: &mut [f32],
    records: &mut [f32],
    batch: u32,
    first_step: u32,
    num_steps: u32,
    condition: u32,
    #[comptime] tile: Tile,
    #[comptime] solve: Solve,
) {
    let columns = comptime!(columns(&tile));
    let size = comptime!(columns * tile.quads);
    let mut hidden = Shared::<[Four]>::new_slice(comptime!(tile.rows() * tile.carried * tile.quads));
    let mut state = Shared::<[Four]>::new_slice(size);
    let mut at = Shared::<[Four]>::new_slice(comptime!(tile.dim * tile.quads));
    let mut slopes = Shared::<[Four]>::new_slice(comptime!(solve.stages * size));
    let mut context = Shared::<[Four]>::new_slice(comptime!(tile.told() * tile.quads));

    let unit = UNIT_POS as usize;
    let batch = batch as usize;
    let first = CUBE_POS * comptime!(tile.points());
    let mut i = unit;
    while i < size {
        state[i] = gathered(start, first + 4usize * (i % tile.quads), i / tile.quads, (0usize, batch), columns);
        i += comptime!(UNITS);
    }
    tell_condition(plan, &mut context, condition as usize, (first, batch), tile, solve);
    sync_cube();

    for step in 0..num_steps as usize {
        let here = comptime!(solve.tableau()) + (first_step as usize + step) * comptime!(solve.per_step());
        let length = plan[here];
        for stage in 0..solve.stages {
            let numbers = here + 1usize + 4usize * stage;
            let evaluated = evaluated(plan, numbers);
            stage_points(plan, &state, &slopes, &mut at, (stage, length), tile, solve);
            tell_time(&mut context, evaluated.time, tile);
            sync_cube();
            if comptime!(solve.stored == Stored::Asked) {
                let which = (first_step as usize + step) * solve.stages + stage;
                store_asked(records, &at, first, (which * batch, batch), tile);
            }
            hidden_layers(weights, &at, &context, &mut hidden, tile);
            stage_slopes(weights, &at, &hidden, &mut slopes, stage, evaluated, tile);
        }

        let mut i = unit;
        while i < size {
            let mut moved = state[i];
            for stage in 0..solve.stages {
                let b = plan[comptime!(solve.stages * solve.stages) + stage];
                moved = fma(Four::new(length * b), slopes[stage * size + i], moved);
            }
            state[i] = moved;
            if comptime!(solve.stored == Stored::States) {
                let offset = (first_step as usize + step) * batch;
                scattered(records, moved, first + 4usize * (i % tile.quads), i / tile.quads, (offset, batch), columns);
            }
            i += comptime!(UNITS);
        }
        sync_cube();
    }

    let mut i = unit;
    while i < size {
        let ends = (0usize, batch);
        scattered(end, state[i], first + 4usize * (i % tile.quads), i / tile.quads, ends, columns);
        i += comptime!(UNITS);
    }
}
