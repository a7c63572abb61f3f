//! Training: steps, the rounds they are in, and the budget they spend.

use super::Session;
use super::memory::check_training;
use crate::error::{FlowError, check_range};
use crate::experiment::{Experiment, MOST_EVALUATIONS, MOST_STEPS};
use crate::flow_map::{Carried, FlowMap};
use crate::fused::{self, RegressionShape};
use crate::method::{Ends, Pool, Preparation, Rounds};
use crate::ode::SolverConfig;
use crate::points::Points;
use crate::training::Training;
use crate::velocity::{VelocityField, points_from_tensor, tensor_from_points, values_from_tensor};
use burn::tensor::{Device, Tensor};
use serde::Serialize;
use std::sync::Arc;
use web_time::Instant;

/// Where training stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Training steps done since the start.
    pub step: usize,
    /// The losses of the training steps just made, in order. Fewer than asked for where the budget ended before.
    pub losses: Vec<f32>,
    /// Network passes spent on training since the start: forward, tangent and backward passes of a batch count one each.
    pub network_evaluations: u64,
    /// The round in training, from 0: a reflow, or a block.
    pub round: usize,
    /// The share of the budget that is spent, 1 or more at its end.
    pub spent: f64,
    /// Seconds spent on training since the start.
    pub seconds: f64,
}

/// What training changes.
#[derive(Clone)]
pub(super) struct State {
    /// The round in training.
    pub training: Training,
    /// The packed weights of the rounds before.
    pub finished: Vec<Tensor<1>>,
    pub pool: Option<Arc<Pool>>,
    pub step: usize,
    pub network_evaluations: u64,
    pub seconds: f64,
    /// What of both was spent on preparing rounds.
    pub prepared: Prepared,
}

/// What preparing rounds has cost so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Prepared {
    pub network_evaluations: u64,
    pub seconds: f64,
}

impl State {
    pub fn new(training: Training) -> Self {
        let (finished, prepared) = (Vec::new(), Prepared::default());
        Self { training, finished, pool: None, step: 0, network_evaluations: 0, seconds: 0.0, prepared }
    }

    /// The state after the rounds that these packed weights are of. One round's are where training starts; those of a chain
    /// of blocks are where it goes on.
    pub fn from_rounds(experiment: &Experiment, mut rounds: Vec<Vec<f32>>, device: &Device) -> Self {
        let count = rounds.len();
        let last = rounds.pop().unwrap_or_default();
        let training = |weights| Training::new(experiment.optimizer, weights, device);
        let method = experiment.method.method();
        let share = |count: usize| experiment.budget.steps as u64 * count as u64 / method.rounds().count.max(1) as u64;
        let done = if count > 1 { share(count) as usize } else { 0 };
        let finished = rounds.into_iter().map(|weights| training(weights).averaged()).collect();
        Self { finished, step: done, ..Self::new(training(last)) }
    }
}

/// The losses of at most so many training steps, on the device until they are read.
struct Losses {
    most: usize,
    len: usize,
    /// The network, where a training step can be one operation.
    shape: Option<RegressionShape>,
    /// All, where it is: each writes its own.
    log: Option<Tensor<1>>,
    /// One each, where it is not.
    apart: Vec<Tensor<1>>,
}

impl Losses {
    fn new(most: usize, shape: Option<RegressionShape>) -> Self {
        Self { most, len: 0, shape, log: None, apart: Vec::new() }
    }

    async fn read(self) -> Result<Vec<f32>, FlowError> {
        let mut losses = match self.log {
            _ if self.len == 0 => Vec::new(),
            Some(log) => values_from_tensor(log).await?,
            None => values_from_tensor(Tensor::cat(self.apart, 0)).await?,
        };
        losses.truncate(self.len);
        Ok(losses)
    }
}

/// Points carried through a field at once, when a round is prepared.
const CHUNK: usize = 4096;

impl Session {
    /// Training steps done.
    pub fn step(&self) -> usize {
        self.state.step
    }

    /// Network passes spent on training, and on what its rounds prepared.
    pub fn network_evaluations(&self) -> u64 {
        self.state.network_evaluations
    }

    /// The share of the budget that is spent: of steps, seconds or network evaluations, whichever is nearest its end.
    pub fn spent(&self) -> f64 {
        if self.layout.num_parameters() == 0 {
            return 1.0;
        }
        let steps = self.state.step as f64 / self.experiment.budget.steps as f64;
        steps.max(self.spent_seconds()).max(self.spent_evaluations())
    }

    /// The share of the seconds. A training step that lasts longer than a round's share does not skip the next round.
    fn spent_seconds(&self) -> f64 {
        let State { seconds, prepared, finished, .. } = &self.state;
        let share = self.experiment.budget.seconds.map_or(0.0, |limit| (seconds - prepared.seconds) / limit);
        let rounds = self.method().rounds().count;
        let next = finished.len() + 1;
        if next < rounds { share.min(next as f64 / rounds as f64) } else { share }
    }

    /// The share of the network evaluations that are for training.
    fn spent_evaluations(&self) -> f64 {
        let State { network_evaluations, prepared, .. } = &self.state;
        let Some(limit) = self.experiment.budget.network_evaluations else { return 0.0 };
        let for_training = limit.saturating_sub(self.experiment.prepared_evaluations()).max(1);
        (network_evaluations - prepared.network_evaluations) as f64 / for_training as f64
    }

    /// Makes `num_steps` training steps, or fewer where a budget of seconds or network evaluations ends, then reads their
    /// losses, which is the only wait but for a new round's preparation. A loss that is not finite ends in
    /// [`FlowError::Diverged`] with the last good weights in place.
    pub async fn advance(&mut self, num_steps: usize) -> Result<Progress, FlowError> {
        check_range("steps", num_steps, 1..=1_000_000)?;
        let before = self.state.clone();
        let mut losses = Losses::new(num_steps, self.regression_shape());
        let mut clock = Instant::now();
        while losses.len < num_steps && !self.is_out_of_budget() {
            self.snapshots.record(&self.state, &self.streams);
            if let Err(error) = self.enter_round().await {
                self.fall_back(before);
                return Err(error);
            }
            self.train_once(&mut losses);
            self.state.seconds += clock.elapsed().as_secs_f64();
            clock = Instant::now();
        }
        let losses = losses.read().await?;
        self.state.seconds += clock.elapsed().as_secs_f64();
        if let Some(at) = losses.iter().position(|loss| !loss.is_finite()) {
            // A finite first loss vouches for the weights before this call; otherwise only the call before does.
            let step = before.step + at;
            self.fall_back(if at == 0 { self.last_good.clone() } else { before });
            return Err(FlowError::Diverged { step });
        }
        self.last_good = before;
        Ok(self.progress(losses))
    }

    /// Takes up an earlier state where going on failed, and forgets what came after it.
    fn fall_back(&mut self, state: State) {
        self.snapshots.forget_after(state.step);
        self.state = state;
    }

    /// Lets the method have one more round, and the budget grow with it: another block, another reflow.
    pub fn add_round(&mut self) -> Result<(), FlowError> {
        let Rounds { count: rounds, longer, .. } = self.method().rounds();
        let Some(longer) = longer else {
            let allowed = "jko-flow with fewer than 32 blocks, or reflow without distillation and fewer than 8 rounds";
            return Err(FlowError::invalid("method", "one that takes no more rounds", allowed));
        };
        let another_round = Experiment { method: longer, ..self.experiment.clone() };
        check_training(&another_round, &self.layout, self.data.dim())?;
        let another = longer.method().rounds().preparation.evaluations(self.experiment.optimizer.batch);
        let prepared = self.experiment.prepared_evaluations();
        self.experiment.method = longer;
        let budget = &mut self.experiment.budget;
        budget.steps = (budget.steps + budget.steps.div_ceil(rounds)).min(MOST_STEPS);
        budget.seconds = budget.seconds.map(|seconds| seconds * (rounds + 1) as f64 / rounds as f64);
        let grown = |limit: u64| limit + limit.saturating_sub(prepared).div_ceil(rounds as u64) + another;
        budget.network_evaluations = budget.network_evaluations.map(|limit| grown(limit).min(MOST_EVALUATIONS));
        Ok(())
    }

    pub(super) fn progress(&self, losses: Vec<f32>) -> Progress {
        Progress {
            step: self.state.step,
            losses,
            network_evaluations: self.state.network_evaluations,
            round: self.state.finished.len(),
            spent: self.spent(),
            seconds: self.state.seconds,
        }
    }

    /// Steps beyond the budget may be asked for, seconds and evaluations are an end.
    fn is_out_of_budget(&self) -> bool {
        self.layout.num_parameters() == 0 || self.spent_seconds() >= 1.0 || self.spent_evaluations() >= 1.0
    }

    fn train_once(&mut self, losses: &mut Losses) {
        let rounds = self.method().rounds().count;
        let round = self.state.finished.len();
        let spent = self.spent() * rounds as f64 - round as f64;
        let method = self.experiment.method.method();
        self.state.step += 1;
        self.state.network_evaluations += method.passes_per_step(self.data.dim()) as u64;
        let mut ends = Ends {
            problem: super::problem(&self.experiment, [&self.data, &self.noise]),
            pool: self.state.pool.as_deref(),
            round,
            batch: self.experiment.optimizer.batch,
            device: &self.device,
            streams: &mut self.streams,
        };
        let at = losses.len;
        losses.len += 1;
        let training = &mut self.state.training;
        let weights = || self.layout.cut(&training.weights());
        match losses.shape.and_then(|shape| Some((shape, method.examples(&mut ends, &weights)?))) {
            Some((shape, examples)) => {
                let log = losses.log.take().unwrap_or_else(|| Tensor::zeros([losses.most], &self.device));
                losses.log = Some(training.regress(shape, examples, spent, (log, at)));
            }
            None => {
                let loss = training.advance(&self.layout, spent, |weights| method.loss(weights, &mut ends));
                losses.apart.push(loss);
            }
        }
    }

    /// The network, where a regression on it is one operation on this device.
    fn regression_shape(&self) -> Option<RegressionShape> {
        let shape = self.experiment.network.regression(self.data.dim(), self.problem().context());
        shape.filter(|&shape| fused::has_regression(shape, &self.device))
    }

    /// Starts the next round where the budget of those before is spent: one at a time, so that each trains.
    async fn enter_round(&mut self) -> Result<(), FlowError> {
        let (clock, before) = (Instant::now(), self.state.network_evaluations);
        self.enter_due_round().await?;
        let prepared = self.state.network_evaluations - before;
        if prepared > 0 {
            self.state.prepared.network_evaluations += prepared;
            self.state.prepared.seconds += clock.elapsed().as_secs_f64();
        }
        Ok(())
    }

    async fn enter_due_round(&mut self) -> Result<(), FlowError> {
        self.resume_pool().await?;
        let rounds = self.method().rounds().count;
        let due = ((self.spent() * rounds as f64 + 1e-9) as usize).min(rounds.saturating_sub(1));
        if self.state.finished.len() < due {
            let pool = self.prepare().await?;
            self.state.pool = pool.map(Arc::new).or(self.state.pool.take());
            self.state.finished.push(self.state.training.averaged());
            self.state.training = self.state.training.restarted();
        }
        Ok(())
    }

    /// Blocks that came from a file left no data behind: it is carried through them once more.
    async fn resume_pool(&mut self) -> Result<(), FlowError> {
        let Preparation::Push { points, solver } = self.method().rounds().preparation else { return Ok(()) };
        if self.state.pool.is_some() || self.state.finished.is_empty() {
            return Ok(());
        }
        let mut data = self.streams.draw_data(&self.data, points);
        for block in self.state.finished.clone() {
            data = self.push(&block, solver, &data).await?;
        }
        self.state.pool = Some(Arc::new(Pool { data, noise: None }));
        Ok(())
    }

    /// Data carried through one block.
    async fn push(&mut self, block: &Tensor<1>, solver: SolverConfig, data: &Points) -> Result<Points, FlowError> {
        let block = self.method().field(&self.problem(), &[self.layout.cut(block)]);
        let (moved, evaluations) = self.carry_all(block.as_ref(), solver, data, [0.0, 1.0]).await?;
        let batches = data.len().div_ceil(self.experiment.optimizer.batch);
        self.state.network_evaluations += evaluations as u64 * batches as u64;
        Ok(moved)
    }

    /// What the round after the present one trains on.
    async fn prepare(&mut self) -> Result<Option<Pool>, FlowError> {
        let batch = self.experiment.optimizer.batch;
        match self.method().rounds().preparation {
            Preparation::None => Ok(None),
            Preparation::Generate { pairs, solver } => {
                let noise = self.streams.draw_noise(&self.noise, pairs);
                let field = self.field();
                let (data, evaluations) = self.carry_all(field.as_ref(), solver, &noise, [1.0, 0.0]).await?;
                self.state.network_evaluations += evaluations as u64 * pairs.div_ceil(batch) as u64;
                Ok(Some(Pool { data, noise: Some(noise) }))
            }
            Preparation::Push { points, solver } => {
                let start = match &self.state.pool {
                    Some(pool) => pool.data.clone(),
                    None => self.streams.draw_data(&self.data, points),
                };
                let last = self.state.training.averaged();
                Ok(Some(Pool { data: self.push(&last, solver, &start).await?, noise: None }))
            }
        }
    }

    /// Points carried between two times, in the model's units, and the evaluations of a batch of them.
    pub(super) async fn carry_all(
        &self,
        field: &dyn VelocityField,
        solver: SolverConfig,
        points: &Points,
        ends: [f64; 2],
    ) -> Result<(Points, usize), FlowError> {
        let map = FlowMap { field, solver };
        let (mut values, mut spent) = (Vec::with_capacity(points.values().len()), 0);
        for chunk in points.values().chunks(CHUNK * points.dim()) {
            let chunk = Points::new(chunk.to_vec(), points.dim())?;
            let start = tensor_from_points(&chunk, &self.device);
            let Carried { state, evaluations } = map.transport(start, ends).await?;
            let moved = points_from_tensor(state).await.map_err(|_| FlowError::Diverged { step: self.state.step })?;
            values.extend(moved.into_values());
            spent = evaluations;
        }
        Ok((Points::new(values, points.dim())?, spent))
    }
}
