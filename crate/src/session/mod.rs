//! An experiment being run: advance, sample, measure, take the weights. Everything that comes out is in the data's own units.

mod advance;
mod asked;
mod checkpoint;
mod cost;
mod floor;
mod inspect;
mod known_answer;
mod measure;
mod memory;
mod rounds;
mod sampling;
mod snapshots;
mod transport;
mod truth;

pub use advance::Progress;
pub use cost::{CostPoint, usual_solvers};
pub use floor::LossFloor;
pub use inspect::{Inspection, InspectionConfig};
pub use known_answer::check_engine;
pub use measure::{Measurement, Metric};
pub use rounds::RoundReport;
pub use sampling::Sampling;
pub use transport::Origin;

use crate::distribution::{Distribution, DistributionConfig, DistributionKind, Mixture};
use crate::divergence::Divergence;
use crate::engine::Engine;
use crate::error::{FlowError, check_range};
use crate::experiment::Experiment;
use crate::export::weights;
use crate::method::{Asked, Method, Problem, Streams};
use crate::points::{Points, Scaling};
use crate::rng::{Rng, Stream};
use crate::training::Training;
use crate::velocity::{Layout, VelocityField, Weights, tensor_from_points, values_from_tensor};
use advance::State;
use burn::tensor::{Device, Tensor};
use snapshots::Snapshots;

/// One run of an experiment on one engine.
pub struct Session {
    experiment: Experiment,
    scaling: Scaling,
    layout: Layout,
    data: Distribution,
    heldout: Distribution,
    /// Whether training sees none of the held-out points.
    held_out: bool,
    /// Why the data has no density, in one sentence.
    degenerate: Option<String>,
    floors: truth::Floors,
    noise: Distribution,
    /// What samples are asked to be.
    asked: Option<Asked>,
    /// The data of that, where it is not all.
    given: Option<Distribution>,
    streams: Streams,
    state: State,
    /// Where to return to when the loss stops being a number: the state before the last losses that were read and found
    /// finite.
    last_good: State,
    snapshots: Snapshots,
    device: Device,
}

/// What a session starts from beside its experiment.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The user's own points, in their own units; required by, and only used for, data of kind `points`.
    pub points: Option<Points<f64>>,
    /// Points to measure on, which training does not see; a fifth of `points` if not given.
    pub heldout: Option<Points<f64>>,
    /// A safetensors file of weights to start from instead of the seed's.
    pub weights: Option<Vec<u8>>,
}

/// The most points one call may ask for.
const MOST_POINTS: usize = 1 << 20;

/// States of a solve that are alive at once: the stages of its longest step, and its ends.
const STAGES: u64 = 8;

impl Session {
    /// Opens an experiment on an engine.
    pub async fn open(experiment: Experiment, start: Start, engine: Engine) -> Result<Self, FlowError> {
        experiment.check()?;
        let Ends { data, heldout, held_out, degenerate, noise, scaling } =
            Ends::build(&experiment, start.points, start.heldout)?;
        let Experiment { network, condition, seed, .. } = experiment;
        let problem = Problem { data: &data, noise: &noise, network, condition, asked: None, seed };
        let method = experiment.method.method();
        method.check_problem(&problem)?;
        let layout = method.layout(&problem);
        experiment.check_rounds(data.dim())?;
        memory::check_training(&experiment, &layout, data.dim())?;
        let seed = u64::from(experiment.seed);
        // A closed form reads its tensors back at once, which a browser's GPU cannot.
        let engine = if layout.num_parameters() == 0 { Engine::Cpu } else { engine };
        let device = engine.open().await?;
        let state = match &start.weights {
            Some(file) => State::from_rounds(&experiment, weights::read(&layout, file)?, &device),
            None => {
                let initial = layout.initial_weights(&mut Rng::new(seed, Stream::Weights));
                State::new(Training::new(experiment.optimizer, initial, &device))
            }
        };
        let streams = Streams::new(seed);
        let last_good = state.clone();
        let mut snapshots = Snapshots::new(layout.num_parameters());
        snapshots.record(&state, &streams);
        let floors = truth::Floors::default();
        Ok(Self {
            experiment,
            scaling,
            layout,
            data,
            heldout,
            held_out,
            degenerate,
            floors,
            noise,
            asked: None,
            given: None,
            streams,
            state,
            last_good,
            snapshots,
            device,
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
        self.data.dim()
    }

    /// The number of weights: of every round that the field is made of.
    pub fn num_parameters(&self) -> usize {
        let rounds = if self.method().keeps_rounds() { self.state.finished.len() + 1 } else { 1 };
        rounds * self.layout.num_parameters()
    }

    /// The weights, averaged as they are sampled from, as a safetensors file.
    pub async fn weights(&self) -> Result<Vec<u8>, FlowError> {
        let mut rounds = Vec::new();
        let kept = if self.method().keeps_rounds() { self.state.finished.as_slice() } else { &[] };
        for packed in kept.iter().chain([&self.state.training.averaged()]) {
            rounds.push(values_from_tensor(packed.clone()).await?);
        }
        weights::write(&self.layout, &rounds)
    }

    fn method(&self) -> &dyn Method {
        self.experiment.method.method()
    }

    fn problem(&self) -> Problem<'_> {
        let Experiment { network, condition, seed, .. } = self.experiment;
        Problem { data: &self.data, noise: &self.noise, network, condition, asked: self.asked, seed }
    }

    /// The velocity field as it stands.
    fn field(&self) -> Box<dyn VelocityField> {
        self.method().field(&self.problem(), &self.rounds_so_far())
    }

    /// The weights of every round, the one in training last.
    fn rounds_so_far(&self) -> Vec<Weights> {
        let packed = self.state.finished.iter().cloned().chain([self.state.training.averaged()]);
        packed.map(|packed| self.layout.cut(&packed)).collect()
    }

    /// How the divergence at `n` points is found, with probes drawn from `seed`.
    fn draw_divergence(&self, n: usize, seed: u32) -> Divergence {
        self.experiment.divergence.draw([n, self.dim()], seed, &self.device)
    }

    fn draw_noise(&self, n: usize, seed: u32) -> Result<Points, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        memory::check_held("n", n, STAGES * self.dim() as u64, &format!("of {} coordinates", self.dim()))?;
        Ok(self.noise.sample(n, &mut Rng::new(u64::from(seed), Stream::Samples)))
    }

    fn check_points(&self, points: &Points<f64>) -> Result<(), FlowError> {
        if points.dim() != self.dim() {
            let reason = format!("they have {} coordinates and the data {}", points.dim(), self.dim());
            return Err(FlowError::InvalidPoints { reason });
        }
        check_range("points", points.len(), 1..=MOST_POINTS)
    }

    fn upload(&self, points: &Points<f64>) -> Result<Tensor<2>, FlowError> {
        self.check_points(points)?;
        Ok(tensor_from_points(&self.scaling.apply(points), &self.device))
    }
}

/// The two ends, in the model's units.
struct Ends {
    data: Distribution,
    heldout: Distribution,
    held_out: bool,
    degenerate: Option<String>,
    noise: Distribution,
    scaling: Scaling,
}

impl Ends {
    fn build(
        experiment: &Experiment,
        points: Option<Points<f64>>,
        heldout: Option<Points<f64>>,
    ) -> Result<Self, FlowError> {
        let own = experiment.data.kind == DistributionKind::Points;
        let points = points.filter(|_| own);
        for given in [&points, &heldout].into_iter().flatten() {
            let dim = points.as_ref().map_or(0, Points::dim);
            if given.dim() != dim || dim > MOST_DIM {
                let reason =
                    format!("they have {} coordinates; allowed: 1 to {MOST_DIM}, the same for all", given.dim());
                return Err(FlowError::InvalidPoints { reason });
            }
        }
        let scaling = points.as_ref().map(Scaling::standardizing).transpose()?;
        let scaled = |points: Points<f64>| scaling.as_ref().map(|scaling| scaling.apply(&points));
        let held_out = points.as_ref().is_none_or(|points| heldout.is_some() || points.len() >= FEWEST_SPLIT);
        let points = points.and_then(scaled);
        let degenerate = points.as_ref().and_then(dependence);
        let split = match (points, heldout.and_then(scaled)) {
            (Some(points), Some(heldout)) => Some((points, heldout)),
            (points, _) => points.map(|points| split(&points, experiment.seed)),
        };
        let build = |points| experiment.data.build("data", points);
        let data = build(split.as_ref().map(|(train, _)| train))?;
        let heldout = build(split.as_ref().map(|(_, test)| test))?;
        let scaling = scaling.unwrap_or_else(|| Scaling::identity(data.dim()));
        let noise = match experiment.noise {
            // A Gaussian of no stated dimension has that of the data.
            DistributionConfig { kind: DistributionKind::Gaussian, dim: None } => {
                Mixture::standard_normal(data.dim()).into()
            }
            noise => noise.build("noise", None)?,
        };
        if noise.dim() != data.dim() {
            let allowed = format!("\"gaussian\" for data of {} coordinates", data.dim());
            return Err(FlowError::invalid("noise.kind", format!("{:?}", experiment.noise.kind), allowed));
        }
        Ok(Self { data, heldout, held_out, degenerate, noise, scaling })
    }
}

/// The most coordinates of a point.
const MOST_DIM: usize = 128;

/// The share of a user's points that training never sees: every fifth of a shuffled order.
const HELD_OUT: usize = 5;

/// With fewer points than this none can be spared.
const FEWEST_SPLIT: usize = HELD_OUT * crate::distribution::FEWEST_POINTS;

/// Training and held-out points. Too few points to spare any are used for both.
fn split(points: &Points, seed: u32) -> (Points, Points) {
    if points.len() < FEWEST_SPLIT {
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

/// Why the points, in the model's units, have no density.
fn dependence(points: &Points) -> Option<String> {
    let column = points.dependent_column()? + 1;
    Some(format!(
        "The columns are linearly dependent (column {column} is a sum of multiples of those before it), so they have no density."
    ))
}
