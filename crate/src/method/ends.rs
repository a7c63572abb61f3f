//! The two ends of a flow, as a loss draws its batches from them.

use super::{Asked, ConditionConfig};
use crate::distribution::Distribution;
use crate::divergence::{Divergence, DivergenceKind};
use crate::fused::Examples;
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::velocity::{Model, NetworkConfig, tensor_from_points};
use burn::tensor::{Device, Tensor, TensorData};

/// What is to be learned, and with which network.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// P, at t = 0.
    pub data: &'a Distribution,
    /// Q, at t = 1.
    pub noise: &'a Distribution,
    /// The velocity network.
    pub network: NetworkConfig,
    /// What it is told beside the time, if anything.
    pub condition: Option<ConditionConfig>,
    /// What samples are asked to be, where there is a condition.
    pub asked: Option<&'a Asked>,
    /// How far the network is asked to jump, where it is told: 0 for its velocity. `None` for one that is not.
    pub jump: Option<f64>,
    /// The run's seed.
    pub seed: u32,
}

impl Problem<'_> {
    /// Coordinates of a point.
    pub fn dim(&self) -> usize {
        self.data.dim()
    }
}

/// Points that a round trains on instead of P and Q.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// At the data's end.
    pub data: Points,
    /// The noise point of each, where they are pairs.
    pub noise: Option<Points>,
}

/// The two ends of the flow as a loss draws from them, each from its own stream of the seed.
pub struct Ends<'a> {
    /// P and Q.
    pub problem: Problem<'a>,
    /// What this round trains on instead.
    pub pool: Option<&'a Pool>,
    /// The number of this round, from 0.
    pub round: usize,
    /// Points a batch.
    pub batch: usize,
    /// Where the batch is computed.
    pub device: &'a Device,
    /// The streams.
    pub streams: &'a mut Streams,
}

/// The random streams of training.
#[derive(Debug, Clone)]
pub struct Streams {
    pub(super) data: Rng,
    noise: Rng,
    times: Rng,
    pub(super) coupling: Rng,
    probes: Rng,
    pub(super) condition: Rng,
}

impl Streams {
    /// The streams of `seed`, at their beginning.
    pub fn new(seed: u64) -> Self {
        let stream = |purpose| Rng::new(seed, purpose);
        Self {
            data: stream(Stream::Data),
            noise: stream(Stream::Noise),
            times: stream(Stream::Times),
            coupling: stream(Stream::Coupling),
            probes: stream(Stream::Probes),
            condition: stream(Stream::Condition),
        }
    }

    /// How far each has come.
    pub fn positions(&self) -> Vec<u128> {
        let Self { data, noise, times, coupling, probes, condition } = self;
        [data, noise, times, coupling, probes, condition].map(Rng::position).to_vec()
    }

    /// Goes on from [`positions`](Self::positions).
    pub fn move_to(&mut self, positions: &[u128]) {
        let Self { data, noise, times, coupling, probes, condition } = self;
        let streams = [data, noise, times, coupling, probes, condition];
        streams.into_iter().zip(positions).for_each(|(stream, &position)| stream.move_to(position));
    }

    /// `len` data points for a round to train on.
    pub fn draw_data(&mut self, data: &Distribution, len: usize) -> Points {
        data.sample(len, &mut self.data)
    }

    /// `len` noise points for a round to train on.
    pub fn draw_noise(&mut self, noise: &Distribution, len: usize) -> Points {
        noise.sample(len, &mut self.noise)
    }
}

impl Ends<'_> {
    /// Coordinates of a point.
    pub fn dim(&self) -> usize {
        self.problem.dim()
    }

    /// A batch of data points.
    pub fn draw_data(&mut self) -> Points {
        match self.pool {
            Some(pool) => pool.data.pick(&self.draw_indices(pool.data.len())),
            None => self.problem.data.sample(self.batch, &mut self.streams.data),
        }
    }

    /// A batch of noise points.
    pub fn draw_noise(&mut self) -> Points {
        self.problem.noise.sample(self.batch, &mut self.streams.noise)
    }

    /// The noise point of each pair, another in the place of one that is opposite to its data point on a closed space: no one line
    /// between them is the shortest.
    pub fn never_opposite(&mut self, data: &Points, noise: Points) -> Points {
        let Some(space) = self.problem.data.space.space() else { return noise };
        let mut values = noise.values().to_vec();
        for (x, z) in data.rows().zip(values.chunks_exact_mut(noise.dim())) {
            while space.are_opposite(x, z) {
                z.copy_from_slice(self.problem.noise.sample(1, &mut self.streams.noise).values());
            }
        }
        Points::new(values, noise.dim()).expect("points of noise are finite")
    }

    /// A batch of the pool's pairs, data and noise; `None` where there are none.
    pub fn draw_pairs(&mut self) -> Option<(Points, Points)> {
        let pool = self.pool?;
        let noise = pool.noise.as_ref()?;
        let chosen = self.draw_indices(pool.data.len());
        Some((pool.data.pick(&chosen), noise.pick(&chosen)))
    }

    fn draw_indices(&mut self, bound: usize) -> Vec<usize> {
        (0..self.batch).map(|_| self.streams.data.below(bound)).collect()
    }

    /// A batch of times, stratified over [`earliest`, 1].
    pub fn draw_times(&mut self, earliest: f64) -> Vec<f64> {
        self.draw_shares().into_iter().map(|share| earliest + (1.0 - earliest) * share).collect()
    }

    /// One number in each of `batch` equal strata of [0, 1], which lowers the gradient's noise at no cost.
    pub fn draw_shares(&mut self) -> Vec<f64> {
        self.draw_strata(self.batch)
    }

    /// The same in so many strata.
    pub(super) fn draw_strata(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|i| (i as f64 + self.streams.times.uniform()) / count as f64).collect()
    }

    /// A batch of normal noise, whatever Q is.
    pub fn draw_normal(&mut self) -> Points {
        let len = self.batch * self.dim();
        let values = (0..len).map(|_| self.streams.noise.normal() as f32).collect();
        Points::new(values, self.dim()).expect("normal numbers are finite")
    }

    /// The divergence with fresh probes, one for each point.
    pub fn draw_divergence(&mut self, kind: DivergenceKind) -> Divergence {
        Divergence::draw(kind, [1, self.batch, self.dim()], &mut self.streams.probes, self.device)
    }

    /// A batch on the device.
    pub fn upload(&self, points: &Points) -> Tensor<2> {
        tensor_from_points(points, self.device)
    }

    /// Rows of so many columns on the device.
    pub(super) fn rows(&self, values: Vec<f32>, columns: usize) -> Tensor<2> {
        let size = [values.len() / columns, columns];
        Tensor::from_data(TensorData::new(values, size), self.device)
    }

    /// The loss of `model` on examples.
    pub fn regression(&self, model: &dyn Model, examples: Examples) -> Tensor<1> {
        let scale = examples.scale;
        let mean = self.mean(self.squares(model, examples));
        if scale == 1.0 { mean } else { mean.mul_scalar(scale) }
    }

    /// The squares of what `model` misses the examples by, `[batch, dim]`.
    pub(super) fn squares(&self, model: &dyn Model, examples: Examples) -> Tensor<2> {
        let columns = examples.columns();
        let Examples { dim, positions, context, targets, learned, .. } = examples;
        let mut targets = self.rows(targets, dim);
        if let Some(learned) = learned {
            targets = targets.slice_assign([0..learned.dims()[0], 0..dim], learned);
        }
        let error = model.forward(self.rows(positions, dim), self.rows(context, columns)) - targets;
        error.clone() * error
    }

    /// The mean over the batch of numbers `[batch, _]`, summed over the rest.
    pub fn mean(&self, per_point: Tensor<2>) -> Tensor<1> {
        per_point.sum().div_scalar(self.batch as f32)
    }
}

/// Each pair's combination Σ factor · point, with its own factors.
pub(super) fn mix<const N: usize>(points: [&Points; N], factors: impl Fn(usize) -> [f64; N]) -> Points {
    let dim = points[0].dim();
    let mut values = Vec::with_capacity(points[0].values().len());
    for i in 0..points[0].len() {
        let (factors, rows) = (factors(i), points.map(|points| points.row(i)));
        let coordinate =
            |k: usize| rows.iter().zip(factors).map(|(row, factor)| factor * f64::from(row[k])).sum::<f64>();
        values.extend((0..dim).map(|k| coordinate(k) as f32));
    }
    Points::new(values, dim).expect("finite ends have finite combinations")
}

/// Targets at positions and times, for a loss that is `scale` times their mean.
pub(super) fn examples_of(positions: Points, times: &[f64], targets: Points, scale: f64) -> Examples {
    Examples {
        dim: positions.dim(),
        positions: positions.into_values(),
        context: times.iter().map(|&t| t as f32).collect(),
        targets: targets.into_values(),
        learned: None,
        scale: scale as f32,
    }
}
