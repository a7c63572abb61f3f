//! A whole solve, tile by tile: forward through every step, and backward by asking the network again where it was asked before.
//! That costs a third more arithmetic than keeping all that it computed, and a thousandth of the memory.

use super::lanes::{Row, TILE, ZEROS, run};
use super::network::{Gradients, Keep, Layers, Place, Tile, LayersBack, Work, forward};
use super::product::padded;
use super::rows::Rows;
use super::tiles::{num_tiles, read_tile, tensor, values, write_tile};
use crate::fused::solve::{Evaluation, SolveGradients, SolveOps, SolvePlan};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Simd, WithSimd};
use std::sync::Arc;

/// Where the network was asked: of every tile, step and stage the coordinates `[dim]`.
#[derive(Debug)]
pub struct Asked {
    rows: Rows,
    batch: usize,
}

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
    place: Place,
    tape: Rows,
    work: Work,
    /// The coordinates and the time that the network is asked at.
    input: Vec<Row>,
    /// What it answers: `[dim]`, and the trace.
    answer: Vec<Row>,
    /// The state's derivative at each stage, `[stages][columns]`.
    slopes: Vec<Row>,
}

impl<'a> Mover<'a> {
    fn new(plan: &'a SolvePlan, layers: &'a Layers, keep: Keep) -> Self {
        let place = Place::new(plan.shape, keep);
        Self {
            plan,
            layers,
            place,
            tape: Rows::take(place.len()),
            work: Work::new(layers),
            input: vec![ZEROS; plan.shape.dim + 1],
            answer: vec![ZEROS; plan.shape.columns()],
            slopes: vec![ZEROS; plan.steps.tableau.stages() * plan.columns()],
        }
    }

    /// The state's derivative at `self.input`'s coordinates.
    #[inline(always)]
    fn evaluate<S: Simd>(&mut self, stage: usize, evaluation: Evaluation) {
        let (dim, columns) = (self.plan.shape.dim, self.plan.columns());
        let Evaluation { time, of_x, of_network, speed } = evaluation;
        *self.input[dim] = [time; TILE];
        forward::<S>(self.layers, self.place, self.tape.get_mut(), &self.input, &mut self.answer, &mut self.work);
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

    /// Moves `state` `[columns]` by step `i`, telling `ask` of each stage's coordinates.
    #[inline(always)]
    fn step<S: Simd>(&mut self, i: usize, state: &mut [Row], mut ask: impl FnMut(usize, &[Row])) {
        let (dim, columns, stages) = (self.plan.shape.dim, self.plan.columns(), self.plan.steps.tableau.stages());
        let length = self.plan.steps.lengths[i];
        for stage in 0..stages {
            self.input[..dim].copy_from_slice(&state[..dim]);
            for (&a, slope) in self.plan.steps.tableau.row(stage).iter().zip(self.slopes.chunks_exact(columns)) {
                if a != 0.0 {
                    add_scaled(&mut self.input[..dim], a as f32 * length, slope);
                }
            }
            ask(stage, &self.input[..dim]);
            self.evaluate::<S>(stage, self.plan.steps.evaluations[i * stages + stage]);
        }
        for (&b, slope) in self.plan.steps.tableau.b.iter().zip(self.slopes.chunks_exact(columns)) {
            add_scaled(state, b as f32 * length, slope);
        }
    }
}

struct Solve<'a> {
    plan: &'a SolvePlan,
    layers: &'a Layers,
    x: &'a [f32],
    output: &'a mut [f32],
    /// Where to write down where the network is asked.
    asked: Option<&'a mut [Row]>,
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self) {
        let (plan, dim, columns) = (self.plan, self.plan.shape.dim, self.plan.columns());
        let (steps, stages) = (plan.steps.lengths.len(), plan.steps.tableau.stages());
        let record_len = self.x.len() / dim * columns;
        let mut mover = Mover::new(plan, self.layers, Keep::Nothing);
        let mut state = vec![ZEROS; columns];
        for tile in 0..num_tiles(self.x.len() / dim) {
            read_tile(&mut state, self.x, dim, tile);
            state[dim..].fill(ZEROS);
            for i in 0..steps {
                mover.step::<S>(i, &mut state, |stage, coordinates| {
                    if let Some(asked) = &mut self.asked {
                        let at = ((tile * steps + i) * stages + stage) * dim;
                        asked[at..at + dim].copy_from_slice(coordinates);
                    }
                });
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
    asked: &'a [Row],
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
        let per_tile = plan.steps.evaluations.len() * dim;
        let mut mover = Mover::new(plan, self.layers, Keep::Everything);
        let mut of_state = vec![ZEROS; columns];
        // The gradients of each stage's velocity, and what passes through the network.
        let mut of_stages = vec![ZEROS; stages * dim];
        let mut of_answer = vec![ZEROS; plan.shape.columns()];
        let mut of_x = vec![ZEROS; padded(dim)];
        for (tile, asked) in self.asked.chunks_exact(per_tile).enumerate() {
            read_tile(&mut of_state, self.gradient, columns, tile);
            for i in (0..plan.steps.lengths.len()).rev() {
                let (length, (of_position, of_integrals)) = (plan.steps.lengths[i], of_state.split_at_mut(dim));
                of_stages.fill(ZEROS);
                for (&b, of_stage) in plan.steps.tableau.b.iter().zip(of_stages.chunks_exact_mut(dim)) {
                    add_scaled(of_stage, b as f32 * length, of_position);
                }
                for stage in (0..stages).rev() {
                    let evaluation = plan.steps.evaluations[i * stages + stage];
                    let at = (i * stages + stage) * dim;
                    mover.input[..dim].copy_from_slice(&asked[at..at + dim]);
                    mover.evaluate::<S>(stage, evaluation);
                    let (before, of_velocity) = of_stages.split_at_mut(stage * dim);
                    let of_velocity = &mut of_velocity[..dim];
                    let weight = plan.steps.tableau.b[stage] as f32 * length;
                    if let [of_divergence, of_energy] = &*of_integrals {
                        let velocity = &mover.slopes[stage * columns..][..dim];
                        for (of_velocity, velocity) in of_velocity.iter_mut().zip(velocity) {
                            for p in 0..TILE {
                                of_velocity[p] += 2.0 * weight / evaluation.speed * of_energy[p] * velocity[p];
                            }
                        }
                        *of_answer[dim] = of_divergence.map(|g| weight * evaluation.of_network * g);
                    }
                    of_answer[..dim].fill(ZEROS);
                    add_scaled(&mut of_answer[..dim], evaluation.of_network, of_velocity);
                    let input = &mover.input[..dim + usize::from(plan.shape.timed)];
                    let (layers, back, place) = (self.layers, self.back, mover.place);
                    self.sums.add::<S>(Tile { layers, back, place, tape: mover.tape.get(), input }, &of_answer, &mut of_x);
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
    let len = num_tiles(batch) * plan.steps.evaluations.len() * plan.shape.dim;
    let mut asked = keep.then(|| Asked { rows: Rows::take(len), batch });
    let rows = asked.as_mut().map(|asked| asked.rows.get_mut());
    run(Solve { plan, layers: &layers, x, output: &mut output, asked: rows });
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
            asked: asked.rows.get(),
            gradient: values(&gradient),
            of_x: &mut of_x,
            sums: &mut sums,
        });
        (tensor(of_x, [asked.batch, shape.dim]), tensor(sums.packed(shape), [shape.num_parameters()]))
    }
}
