//! A whole solve, tile by tile: forward through every step, and backward with what the network kept there or, where that would
//! be too much, by asking it again. Asking again costs a third more arithmetic and a thousandth of the memory.

use super::lanes::{Row, TILE, ZEROS, run};
use super::network::{Gradients, Keep, Layers, LayersBack, Place, Tile, Work, forward};
use super::product::padded;
use super::rows::Rows;
use super::tiles::{num_tiles, read_context, read_tile, tensor, values, write_tile};
use crate::fused::solve::{Evaluation, SolveGradients, SolveOps, SolvePlan};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Simd, WithSimd};
use std::sync::Arc;

/// What the backward pass needs, of every tile, step and stage.
#[derive(Debug)]
pub struct Asked {
    batch: usize,
    /// The coordinates `[dim]` where the network was asked, and the velocity `[dim]` there.
    points: Rows,
    /// The network's tape, unless all of them are too large.
    tapes: Option<Rows>,
}

/// Tapes are kept up to 64 MiB: eight RK4 steps of 500 points at width 64.
const MOST_KEPT: usize = (64 << 20) / size_of::<Row>();

/// sum += factor · term.
#[inline(always)]
fn add_scaled(sum: &mut [Row], factor: f32, term: &[Row]) {
    for (sum, term) in sum.iter_mut().zip(term) {
        for p in 0..TILE {
            sum[p] += factor * term[p];
        }
    }
}

/// How one tile is moved; everything it needs is allocated once.
struct Mover<'a> {
    plan: &'a SolvePlan,
    layers: &'a Layers,
    tape: Rows,
    work: Work,
    /// The coordinates and the context that the network is asked at.
    input: Vec<Row>,
    /// What it answers: `[dim]`, and the trace.
    answer: Vec<Row>,
    /// The state's derivative at each stage, `[stages][columns]`.
    slopes: Vec<Row>,
}

impl<'a> Mover<'a> {
    fn new(plan: &'a SolvePlan, layers: &'a Layers, keep: Keep) -> Self {
        let work = Work::new(layers, keep);
        Self {
            plan,
            layers,
            tape: Rows::take(work.place.len()),
            work,
            input: vec![ZEROS; plan.shape.inputs()],
            answer: vec![ZEROS; plan.shape.columns()],
            slopes: vec![ZEROS; plan.steps.tableau.stages() * plan.columns()],
        }
    }

    /// The condition of a tile's points, the same along all of its solve.
    fn tell(&mut self, tile: usize) {
        if let Some(rows) = self.input.get_mut(self.plan.shape.dim + 1..) {
            read_context(rows, &self.plan.condition, self.plan.conditions(), tile);
        }
    }

    /// The time, for all.
    #[inline(always)]
    fn tell_time(&mut self, time: f32) {
        if let Some(row) = self.input.get_mut(self.plan.shape.dim) {
            **row = [time; TILE];
        }
    }

    /// The state's derivative at `self.input`'s coordinates, with the network's tape written to `tape` or else to its own.
    #[inline(always)]
    fn evaluate<S: Simd>(&mut self, stage: usize, evaluation: Evaluation, tape: Option<&mut [Row]>) {
        let (dim, columns) = (self.plan.shape.dim, self.plan.columns());
        let Evaluation { time, of_x, of_network, speed } = evaluation;
        self.tell_time(time);
        let tape = tape.unwrap_or(self.tape.get_mut());
        forward::<S>(self.layers, tape, &self.input, &mut self.answer, &mut self.work);
        let (velocity, integrals) = self.slopes[stage * columns..][..columns].split_at_mut(dim);
        for (velocity, (x, y)) in velocity.iter_mut().zip(self.input.iter().zip(&self.answer)) {
            for p in 0..TILE {
                velocity[p] = of_x * x[p] + of_network * y[p];
            }
        }
        if let [divergence, energy] = integrals {
            let trace = &self.answer[dim];
            for p in 0..TILE {
                divergence[p] = of_x * dim as f32 + of_network * trace[p];
                energy[p] = velocity.iter().map(|velocity| velocity[p] * velocity[p]).sum::<f32>() / speed;
            }
        }
    }

    /// Moves `state` `[columns]` by step `i` of a tile, writing down what the backward pass needs.
    #[inline(always)]
    fn step<S: Simd>(&mut self, i: usize, state: &mut [Row], mut notes: Option<Notes<'_>>) {
        let (dim, columns, stages) = (self.plan.shape.dim, self.plan.columns(), self.plan.steps.tableau.stages());
        let length = self.plan.steps.lengths[i];
        for stage in 0..stages {
            self.input[..dim].copy_from_slice(&state[..dim]);
            for (&a, slope) in self.plan.steps.tableau.row(stage).iter().zip(self.slopes.chunks_exact(columns)) {
                if a != 0.0 {
                    add_scaled(&mut self.input[..dim], a as f32 * length, slope);
                }
            }
            let at = i * stages + stage;
            let len = self.work.place.len();
            let tape = notes.as_mut().and_then(|notes| notes.tapes.as_deref_mut());
            let tape = tape.map(|tapes| &mut tapes[at * len..(at + 1) * len]);
            self.evaluate::<S>(stage, self.plan.steps.evaluations[at], tape);
            if let Some(Notes { points, .. }) = &mut notes {
                let (point, velocity) = points[2 * at * dim..2 * (at + 1) * dim].split_at_mut(dim);
                point.copy_from_slice(&self.input[..dim]);
                velocity.copy_from_slice(&self.slopes[stage * columns..][..dim]);
            }
        }
        for (&b, slope) in self.plan.steps.tableau.b.iter().zip(self.slopes.chunks_exact(columns)) {
            add_scaled(state, b as f32 * length, slope);
        }
    }
}

/// One tile's part of [`Asked`], to be filled.
struct Notes<'a> {
    points: &'a mut [Row],
    tapes: Option<&'a mut [Row]>,
}

struct Solve<'a> {
    plan: &'a SolvePlan,
    layers: &'a Layers,
    x: &'a [f32],
    output: &'a mut [f32],
    /// To be filled for a backward pass.
    asked: Option<&'a mut Asked>,
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self) {
        let (plan, dim, columns) = (self.plan, self.plan.shape.dim, self.plan.columns());
        let (steps, evaluations) = (plan.steps.lengths.len(), plan.steps.evaluations.len());
        let record_len = self.x.len() / dim * columns;
        let keep = if self.asked.is_some() { Keep::Everything } else { Keep::Nothing };
        let mut mover = Mover::new(plan, self.layers, keep);
        let len = mover.work.place.len();
        let mut state = vec![ZEROS; columns];
        for tile in 0..num_tiles(self.x.len() / dim) {
            read_tile(&mut state, self.x, dim, tile);
            state[dim..].fill(ZEROS);
            mover.tell(tile);
            for i in 0..steps {
                let notes = self.asked.as_deref_mut().map(|Asked { points, tapes, .. }| Notes {
                    points: &mut points.get_mut()[2 * tile * evaluations * dim..][..2 * evaluations * dim],
                    tapes: tapes
                        .as_mut()
                        .map(|tapes| &mut tapes.get_mut()[tile * evaluations * len..][..evaluations * len]),
                });
                mover.step::<S>(i, &mut state, notes);
                if plan.steps.recorded || i + 1 == steps {
                    let record = if plan.steps.recorded { i } else { 0 };
                    write_tile(&state, &mut self.output[record * record_len..][..record_len], columns, tile);
                }
            }
        }
    }
}

struct SolveBack<'a> {
    plan: &'a SolvePlan,
    layers: &'a Layers,
    back: &'a LayersBack,
    asked: &'a Asked,
    gradient: &'a [f32],
    of_x: &'a mut [f32],
    sums: &'a mut Gradients,
}

impl WithSimd for SolveBack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let (plan, dim, columns) = (self.plan, self.plan.shape.dim, self.plan.columns());
        let stages = plan.steps.tableau.stages();
        let evaluations = plan.steps.evaluations.len();
        let mut mover = Mover::new(plan, self.layers, Keep::Everything);
        let mut of_state = vec![ZEROS; columns];
        // The gradients of each stage's velocity, and what passes through the network.
        let mut of_stages = vec![ZEROS; stages * dim];
        let mut of_answer = vec![ZEROS; plan.shape.columns()];
        let mut of_x = vec![ZEROS; padded(dim)];
        for (tile, points) in self.asked.points.get().chunks_exact(2 * evaluations * dim).enumerate() {
            read_tile(&mut of_state, self.gradient, columns, tile);
            mover.tell(tile);
            for i in (0..plan.steps.lengths.len()).rev() {
                let (length, (of_position, of_integrals)) = (plan.steps.lengths[i], of_state.split_at_mut(dim));
                of_stages.fill(ZEROS);
                for (&b, of_stage) in plan.steps.tableau.b.iter().zip(of_stages.chunks_exact_mut(dim)) {
                    add_scaled(of_stage, b as f32 * length, of_position);
                }
                for stage in (0..stages).rev() {
                    let at = i * stages + stage;
                    let evaluation = plan.steps.evaluations[at];
                    let (point, velocity) = points[2 * at * dim..2 * (at + 1) * dim].split_at(dim);
                    mover.input[..dim].copy_from_slice(point);
                    mover.tell_time(evaluation.time);
                    if self.asked.tapes.is_none() {
                        mover.evaluate::<S>(stage, evaluation, None);
                    }
                    let (before, of_velocity) = of_stages.split_at_mut(stage * dim);
                    let of_velocity = &mut of_velocity[..dim];
                    let weight = plan.steps.tableau.b[stage] as f32 * length;
                    if let [of_divergence, of_energy] = &*of_integrals {
                        for (of_velocity, velocity) in of_velocity.iter_mut().zip(velocity) {
                            for p in 0..TILE {
                                of_velocity[p] += 2.0 * weight / evaluation.speed * of_energy[p] * velocity[p];
                            }
                        }
                        *of_answer[dim] = of_divergence.map(|g| weight * evaluation.of_network * g);
                    }
                    of_answer[..dim].fill(ZEROS);
                    add_scaled(&mut of_answer[..dim], evaluation.of_network, of_velocity);
                    let len = mover.work.place.len();
                    let kept =
                        self.asked.tapes.as_ref().map(|tapes| &tapes.get()[(tile * evaluations + at) * len..][..len]);
                    let tape = kept.unwrap_or(mover.tape.get());
                    let (layers, back, place, input) = (self.layers, self.back, mover.work.place, &mover.input);
                    self.sums.add::<S>(Tile { layers, back, place, tape, input }, &of_answer, Some(&mut of_x));
                    add_scaled(&mut of_x[..dim], evaluation.of_x, of_velocity);
                    for (&a, of_earlier) in plan.steps.tableau.row(stage).iter().zip(before.chunks_exact_mut(dim)) {
                        if a != 0.0 {
                            add_scaled(of_earlier, a as f32 * length, &of_x);
                        }
                    }
                    add_scaled(of_position, 1.0, &of_x);
                }
            }
            write_tile(&of_state, self.of_x, dim, tile);
        }
    }
}

fn solve(
    x: &FloatTensor<Flex>,
    weights: &FloatTensor<Flex>,
    plan: &SolvePlan,
    keep: bool,
) -> (FloatTensor<Flex>, Option<Asked>) {
    let [x, weights] = [x, weights].map(|tensor| tensor.to_contiguous());
    let x = values(&x);
    let batch = x.len() / plan.shape.dim;
    let layers = Layers::pack(values(&weights), plan.shape);
    let mut output = vec![0.0; plan.records() * batch * plan.columns()];
    let asked = num_tiles(batch) * plan.steps.evaluations.len();
    let all_tapes = asked * Place::new(plan.shape, Keep::Everything).len();
    let mut asked = keep.then(|| Asked {
        batch,
        points: Rows::take(2 * asked * plan.shape.dim),
        tapes: (all_tapes <= MOST_KEPT).then(|| Rows::take(all_tapes)),
    });
    run(Solve { plan, layers: &layers, x, output: &mut output, asked: asked.as_mut() });
    (tensor(output, [plan.records() * batch, plan.columns()]), asked)
}

impl SolveOps for Flex {
    fn solve_network(x: FloatTensor<Self>, weights: FloatTensor<Self>, plan: Arc<SolvePlan>) -> FloatTensor<Self> {
        solve(&x, &weights, &plan, false).0
    }
}

impl SolveGradients for Flex {
    type Asked = Arc<Asked>;

    fn solve_keeping(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
    ) -> (FloatTensor<Self>, Self::Asked) {
        let (state, asked) = solve(&x, &weights, plan, true);
        (state, Arc::new(asked.expect("asked to be kept")))
    }

    fn solve_backward(
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
        asked: Self::Asked,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [weights, gradient] = [weights, gradient].map(|tensor| tensor.to_contiguous());
        let shape = plan.shape;
        let (layers, back) = (Layers::pack(values(&weights), shape), LayersBack::pack(values(&weights), shape));
        let (mut of_x, mut sums) = (vec![0.0; asked.batch * shape.dim], Gradients::new(shape));
        run(SolveBack {
            plan,
            layers: &layers,
            back: &back,
            asked: &asked,
            gradient: values(&gradient),
            of_x: &mut of_x,
            sums: &mut sums,
        });
        (tensor(of_x, [asked.batch, shape.dim]), tensor(sums.packed(shape), [shape.num_parameters()]))
    }
}
