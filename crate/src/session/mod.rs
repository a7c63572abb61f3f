//! An experiment being run: advance, sample, measure, take the weights. Everything that comes out is in the data's own units.

mod advance;
mod asked;
mod checkpoint;
mod cost;
mod course;
mod distances;
mod ends;
mod floor;
mod inspect;
mod known_answer;
mod measure;
mod memory;
mod metrics;
mod pictures;
mod reweigh;
mod rewind;
mod rounds;
mod sampling;
mod transport;
mod truth;
mod units;

pub use advance::Progress;
pub use cost::{CostPoint, usual_solvers};
pub use course::{Distances, SnapshotReport};
pub use floor::LossFloor;
pub use inspect::{Inspection, InspectionConfig};
pub use known_answer::check_engine;
pub use measure::Measurement;
pub use metrics::Metric;
pub use reweigh::Reweighed;
pub use rounds::RoundReport;
pub use sampling::Sampling;
pub use transport::Origin;

use crate::distribution::{Distribution, Labels, Numbers};
use crate::divergence::Divergence;
use crate::engine::Engine;
use crate::error::{FlowError, check_range, coordinates};
use crate::experiment::Experiment;
use crate::export::weights;
use crate::method::{Asked, Method, Problem, Streams};
use crate::metric::Classifier;
use crate::points::{Points, Scaling};
use crate::rng::{Rng, Stream};
use crate::training::Training;
use crate::velocity::{Layout, VelocityField, Weights, tensor_from_points, values_from_tensor};
use advance::State;
use burn::tensor::{Device, Tensor};
use ends::Ends;
use rewind::Snapshots;
use units::Units;

/// One run of an experiment on one engine.
pub struct Session {
    experiment: Experiment,
    units: Units,
    layout: Layout,
    data: Distribution,
    heldout: Distribution,
    /// Whether training sees none of the held-out points.
    held_out: bool,
    /// Why the data has no density, in one sentence.
    degenerate: Option<String>,
    floors: truth::Floors,
    /// In whose features pictures are compared.
    classifier: Option<Classifier>,
    noise: Distribution,
    /// What samples are asked to be.
    asked: Option<Asked>,
    /// The data and the held-out data of that, where it is not all.
    given: Option<[Distribution; 2]>,
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
    /// The class of each of them, for a condition.
    pub labels: Option<Labels>,
    /// The numbers of each of them, for a condition.
    pub numbers: Option<Numbers>,
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
        let Ends { data, heldout, held_out, degenerate, noise, units } = Ends::build(&experiment, &start)?;
        experiment.network.check_dim(data.dim())?;
        let method = experiment.method.method();
        let problem = problem(&experiment, [&data, &noise]);
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
            units,
            layout,
            data,
            heldout,
            held_out,
            degenerate,
            floors,
            classifier: None,
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

    /// How the user's units relate to the model's; on a torus or a sphere it changes nothing.
    pub fn scaling(&self) -> &Scaling {
        &self.units.scaling
    }

    /// Coordinates of a point: on a torus its angles.
    pub fn dim(&self) -> usize {
        self.units.dim()
    }

    /// The number of weights: of every round that the field is made of.
    pub fn num_parameters(&self) -> usize {
        let rounds = if self.method().rounds().kept { self.state.finished.len() + 1 } else { 1 };
        rounds * self.layout.num_parameters()
    }

    /// The weights, averaged as they are sampled from, as a safetensors file.
    pub async fn weights(&self) -> Result<Vec<u8>, FlowError> {
        let mut rounds = Vec::new();
        let kept = if self.method().rounds().kept { self.state.finished.as_slice() } else { &[] };
        for packed in kept.iter().chain([&self.state.training.averaged()]) {
            rounds.push(values_from_tensor(packed.clone()).await?);
        }
        weights::write(&self.layout, &rounds)
    }

    fn method(&self) -> &dyn Method {
        self.experiment.method.method()
    }

    fn problem(&self) -> Problem<'_> {
        Problem { asked: self.asked.as_ref(), ..problem(&self.experiment, [&self.data, &self.noise]) }
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
        self.experiment.divergence.draw([n, self.data.dim()], seed, &self.device)
    }

    fn draw_noise(&self, n: usize, seed: u32) -> Result<Points, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        memory::check_held("n", n, STAGES * self.data.dim() as u64, &format!("of {}", coordinates(self.dim())))?;
        Ok(self.noise.sample(n, &mut Rng::new(u64::from(seed), Stream::Samples)))
    }

    fn check_points(&self, points: &Points<f64>) -> Result<(), FlowError> {
        if points.dim() != self.dim() {
            let reason = format!("they have {} and the data {}", coordinates(points.dim()), self.dim());
            return Err(FlowError::InvalidPoints { reason });
        }
        check_range("points", points.len(), 1..=MOST_POINTS)
    }

    fn upload(&self, points: &Points<f64>) -> Result<Tensor<2>, FlowError> {
        self.check_points(points)?;
        Ok(tensor_from_points(&self.units.apply(points), &self.device))
    }
}

/// What an experiment is to learn between its ends, asked for nothing: the velocity, where its network is told how far to jump.
fn problem<'a>(experiment: &Experiment, [data, noise]: [&'a Distribution; 2]) -> Problem<'a> {
    let Experiment { network, condition, seed, .. } = *experiment;
    let jump = experiment.method.method().jumps().then_some(0.0);
    Problem { data, noise, network, condition, asked: None, jump, seed }
}
