//! An experiment being run: advance, sample, measure, take the weights. Everything that comes out is in the data's own units.

mod measure;

pub use measure::Measurement;

use crate::distribution::{Distribution, DistributionConfig, DistributionKind, Mixture};
use crate::engine::Engine;
use crate::error::{FlowError, check_range};
use crate::experiment::Experiment;
use crate::export::weights;
use crate::flow_map::FlowMap;
use crate::method::{Ends, Streams};
use crate::metric::log_density;
use crate::ode::{SolverConfig, Trajectory};
use crate::points::{Points, Scaling};
use crate::rng::{Rng, Stream};
use crate::training::Training;
use crate::velocity::{NetworkShape, VelocityField, points_from_tensor, tensor_from_points, values_from_tensor};
use burn::tensor::{Device, Tensor};
use serde::Serialize;

/// One run of an experiment on one engine.
pub struct Session {
    experiment: Experiment,
    scaling: Scaling,
    shape: NetworkShape,
    data: Box<dyn Distribution>,
    heldout: Box<dyn Distribution>,
    noise: Box<dyn Distribution>,
    streams: Streams,
    training: Training,
    /// Where to return to when the loss stops being a number: the state before the last losses that were read and found
    /// finite.
    last_good: Training,
    device: Device,
}

/// What a session starts from beside its experiment.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The user's own points, in their own units; required by, and only used for, data of kind `points`.
    pub points: Option<Points>,
    /// A safetensors file of weights to start from instead of the seed's.
    pub weights: Option<Vec<u8>>,
}

/// Where training stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Training steps done since the start.
    pub step: usize,
    /// The losses of the training steps just made, in order.
    pub losses: Vec<f32>,
    /// Network passes spent on training since the start: forward, tangent and backward passes of a batch count one each.
    pub network_evaluations: usize,
}

/// Where a trajectory starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// At noise, t = 1, generated backwards.
    Noise,
    /// At data, t = 0, encoded forwards.
    Data,
}

/// The most points one call may ask for.
const MOST_POINTS: usize = 1 << 20;

impl Session {
    /// Opens an experiment on an engine.
    pub async fn open(experiment: Experiment, start: Start, engine: Engine) -> Result<Self, FlowError> {
        experiment.check()?;
        let own = experiment.data.kind == DistributionKind::Points;
        let scaling = start.points.as_ref().filter(|_| own).map(Scaling::standardizing).transpose()?;
        let points = start.points.zip(scaling.as_ref()).map(|(points, scaling)| scaling.apply(&points));
        let split = points.as_ref().map(|points| split(points, experiment.seed));
        let build = |points| experiment.data.build("data", points);
        let data = build(split.as_ref().map(|(train, _)| train))?;
        let heldout = build(split.as_ref().map(|(_, test)| test))?;
        let scaling = scaling.unwrap_or_else(|| Scaling::identity(data.dim()));
        let noise: Box<dyn Distribution> = match experiment.noise {
            // A Gaussian of no stated dimension has that of the data.
            DistributionConfig { kind: DistributionKind::Gaussian, dim: None } => {
                Box::new(Mixture::standard_normal(data.dim()))
            }
            noise => noise.build("noise", None)?,
        };
        if noise.dim() != data.dim() {
            let allowed = format!("\"gaussian\" for data of {} coordinates", data.dim());
            return Err(FlowError::invalid("noise.kind", format!("{:?}", experiment.noise.kind), allowed));
        }
        let shape = NetworkShape { dim: data.dim(), config: experiment.network };
        let seed = u64::from(experiment.seed);
        let initial = match &start.weights {
            Some(file) => weights::read(&shape, file)?,
            None => shape.initial_weights(&mut Rng::new(seed, Stream::Weights)),
        };
        let device = engine.open().await?;
        let training = Training::new(shape, experiment.optimizer, experiment.budget.steps, initial, &device);
        Ok(Self {
            scaling,
            shape,
            data,
            heldout,
            noise,
            streams: Streams::new(seed),
            last_good: training.clone(),
            training,
            device,
            experiment,
        })
    }

    /// The experiment, with every default filled in.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// How the user's units relate to the model's.
    pub fn scaling(&self) -> &Scaling {
        &self.scaling
    }

    /// Coordinates of a point.
    pub fn dim(&self) -> usize {
        self.shape.dim
    }

    /// Training steps done.
    pub fn step(&self) -> usize {
        self.training.step()
    }

    /// The number of weights.
    pub fn num_parameters(&self) -> usize {
        self.shape.num_parameters()
    }

    /// Network passes spent on training.
    pub fn network_evaluations(&self) -> usize {
        self.step() * self.experiment.method.method().passes_per_step(self.dim())
    }

    /// Makes `num_steps` training steps, then reads their losses, which is the only wait. A loss that is not finite ends in
    /// [`FlowError::Diverged`] with the last good weights in place.
    pub async fn advance(&mut self, num_steps: usize) -> Result<Progress, FlowError> {
        check_range("steps", num_steps, 1..=1_000_000)?;
        let before = self.training.clone();
        let method = self.experiment.method.method();
        let mut losses = Vec::with_capacity(num_steps);
        for _ in 0..num_steps {
            let mut ends = Ends {
                data: self.data.as_ref(),
                noise: self.noise.as_ref(),
                batch: self.experiment.optimizer.batch,
                device: &self.device,
                streams: &mut self.streams,
            };
            losses.push(self.training.advance(|network| method.loss(network, &mut ends)));
        }
        let losses = values_from_tensor(Tensor::cat(losses, 0)).await?;
        match losses.iter().position(|loss| !loss.is_finite()) {
            // A finite first loss vouches for the weights before this call; otherwise only the call before does.
            Some(0) => self.training = self.last_good.clone(),
            Some(_) => self.training = before.clone(),
            None => self.last_good = before.clone(),
        }
        if let Some(at) = losses.iter().position(|loss| !loss.is_finite()) {
            return Err(FlowError::Diverged { step: before.step() + at });
        }
        Ok(Progress { step: self.step(), losses, network_evaluations: self.network_evaluations() })
    }

    /// `n` held-out data points.
    pub fn data(&self, n: usize, seed: u32) -> Result<Points, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        Ok(self.scaling.undo(&self.heldout.sample(n, &mut Rng::new(u64::from(seed), Stream::Heldout))))
    }

    /// `n` noise points: those that samples of the same seed start from.
    pub fn noise(&self, n: usize, seed: u32) -> Result<Points, FlowError> {
        Ok(self.scaling.undo(&self.draw_noise(n, seed)?))
    }

    /// `n` generated points.
    pub async fn sample(&self, n: usize, solver: SolverConfig, seed: u32) -> Result<Points, FlowError> {
        solver.check()?;
        let noise = tensor_from_points(&self.draw_noise(n, seed)?, &self.device);
        let network = self.training.network();
        let generated = FlowMap { field: &network, solver }.generate(noise).await?.state;
        Ok(self.scaling.undo(&points_from_tensor(generated).await?))
    }

    /// The trajectories of `n` points at every solver step.
    pub async fn trajectories(
        &self,
        n: usize,
        solver: SolverConfig,
        seed: u32,
        origin: Origin,
    ) -> Result<Trajectory, FlowError> {
        solver.check()?;
        let (start, from, to) = match origin {
            Origin::Noise => (self.draw_noise(n, seed)?, 1.0, 0.0),
            Origin::Data => (self.scaling.apply(&self.data(n, seed)?), 0.0, 1.0),
        };
        let network = self.training.network();
        let map = FlowMap { field: &network, solver };
        let (mut times, mut states) = (Vec::new(), Vec::new());
        let observe = |t, state: &Tensor<2>| {
            times.push(t);
            states.push(state.clone());
        };
        let carried = map.record(tensor_from_points(&start, &self.device), [from, to], observe).await?;
        let all = points_from_tensor(Tensor::cat(states, 0)).await?;
        let each = all.values().chunks_exact(n * self.dim());
        let positions =
            each.map(|values| Points::new(values.to_vec(), self.dim()).map(|points| self.scaling.undo(&points)));
        Ok(Trajectory { positions: positions.collect::<Result<_, _>>()?, times, evaluations: carried.evaluations })
    }

    /// The conditional paths between `n` data and noise points, paired as in training, at `num_times` equal times from 0 to 1; `None` where the method
    /// has none.
    pub fn conditional_paths(&self, n: usize, num_times: usize, seed: u32) -> Result<Option<Trajectory>, FlowError> {
        check_range("times", num_times, 2..=1000)?;
        let data = self.scaling.apply(&self.data(n, seed)?);
        let noise = self.draw_noise(n, seed)?;
        let times: Vec<f64> = (0..num_times).map(|i| i as f64 / (num_times - 1) as f64).collect();
        let method = self.experiment.method.method();
        let noise = noise.pick(&method.pair(&data, &noise, &mut Rng::new(u64::from(seed), Stream::Coupling)));
        let at = |&t: &f64| Some(self.scaling.undo(&method.conditional_path(&data, &noise, t)?));
        let positions: Option<Vec<Points>> = times.iter().map(at).collect();
        Ok(positions.map(|positions| Trajectory { times, positions, evaluations: 0 }))
    }

    /// The velocity at each point, in own units a unit of time.
    pub async fn velocity(&self, points: &Points, t: f64) -> Result<Points, FlowError> {
        check_range("t", t, 0.0..=1.0)?;
        let x = self.upload(points)?;
        let velocity = points_from_tensor(self.training.network().velocity(x, t)).await?;
        Ok(self.scaling.undo_velocity(&velocity))
    }

    /// ln p_t(x) of the model at each point, in nats.
    pub async fn log_density(&self, points: &Points, t: f64, solver: SolverConfig) -> Result<Vec<f32>, FlowError> {
        check_range("t", t, 0.0..=1.0)?;
        solver.check()?;
        let x = self.upload(points)?;
        let network = self.training.network();
        let (densities, _) = log_density(FlowMap { field: &network, solver }, self.noise.as_ref(), x, t).await?;
        let volume = self.scaling.log_volume();
        let allowed = "a noise distribution whose density has a closed form, and weights that keep points finite";
        let refused = || FlowError::invalid("noise.kind", format!("{:?}", self.experiment.noise.kind), allowed);
        Ok(densities.ok_or_else(refused)?.iter().map(|&p| (p - volume) as f32).collect())
    }

    /// The weights, averaged as they are sampled from, as a safetensors file.
    pub async fn weights(&self) -> Result<Vec<u8>, FlowError> {
        weights::write(&self.shape, &values_from_tensor(self.training.weights()).await?)
    }

    fn draw_noise(&self, n: usize, seed: u32) -> Result<Points, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        Ok(self.noise.sample(n, &mut Rng::new(u64::from(seed), Stream::Samples)))
    }

    fn upload(&self, points: &Points) -> Result<Tensor<2>, FlowError> {
        if points.dim() != self.dim() {
            let reason = format!("they have {} coordinates and the data {}", points.dim(), self.dim());
            return Err(FlowError::InvalidPoints { reason });
        }
        check_range("points", points.len(), 1..=MOST_POINTS)?;
        Ok(tensor_from_points(&self.scaling.apply(points), &self.device))
    }
}

/// The share of a user's points that training never sees: every fifth of a shuffled order.
const HELD_OUT: usize = 5;

/// Training and held-out points. Too few points to spare any are used for both.
fn split(points: &Points, seed: u32) -> (Points, Points) {
    if points.len() < HELD_OUT * crate::distribution::FEWEST_POINTS {
        return (points.clone(), points.clone());
    }
    let mut order: Vec<usize> = (0..points.len()).collect();
    let mut rng = Rng::new(u64::from(seed), Stream::Heldout);
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    let (test, train) = order.split_at(points.len() / HELD_OUT);
    (points.pick(train), points.pick(test))
}
