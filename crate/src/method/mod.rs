//! What trains a velocity field: a loss, and what it costs.

mod flow_matching;
mod normalizing_flow;

pub use flow_matching::FlowMatchingConfig;
pub use normalizing_flow::NormalizingFlowConfig;

use crate::distribution::Distribution;
use crate::error::FlowError;
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::velocity::Network;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// A way of training a velocity network.
pub trait Method {
    /// The loss `[1]` of one batch drawn from `ends`: nats where it is a likelihood; summed over coordinates, averaged over the
    /// batch.
    fn loss(&self, network: &Network, ends: &mut Ends<'_>) -> Tensor<1>;

    /// Network passes of one training step over its batch: forward, tangent and backward passes count one each.
    fn passes_per_step(&self, dim: usize) -> usize;

    /// The conditional path between each pair of ends at one time, `[len, dim]`; `None` for a method that has none.
    fn conditional_path(&self, _data: &Points, _noise: &Points, _t: f64) -> Option<Points> {
        None
    }

    /// For a batch of data and one of noise: the noise point that each data point is joined to, its own unless the method
    /// couples them.
    fn pair(&self, data: &Points, _noise: &Points, _rng: &mut Rng) -> Vec<usize> {
        (0..data.len()).collect()
    }

    /// Refuses settings that cannot be run.
    fn check(&self) -> Result<(), FlowError>;
}

/// The methods that can be chosen, with their settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MethodConfig {
    /// Regress the velocity of conditional paths (Lipman 2023).
    FlowMatching(FlowMatchingConfig),
    /// Maximize the likelihood by integrating the ODE in training (Chen 2018; the deck's equation (7)).
    NormalizingFlow(NormalizingFlowConfig),
}

impl Default for MethodConfig {
    fn default() -> Self {
        Self::FlowMatching(FlowMatchingConfig::default())
    }
}

impl MethodConfig {
    /// The chosen method.
    pub fn method(&self) -> &dyn Method {
        match self {
            Self::FlowMatching(config) => config,
            Self::NormalizingFlow(config) => config,
        }
    }
}

/// The two ends of the flow as a loss draws from them, each from its own stream of the seed.
pub struct Ends<'a> {
    /// P, at t = 0.
    pub data: &'a dyn Distribution,
    /// Q, at t = 1.
    pub noise: &'a dyn Distribution,
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
    data: Rng,
    noise: Rng,
    times: Rng,
    coupling: Rng,
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
        }
    }
}

impl Ends<'_> {
    /// A batch of data points.
    pub fn draw_data(&mut self) -> Points {
        self.data.sample(self.batch, &mut self.streams.data)
    }

    /// A batch of noise points.
    pub fn draw_noise(&mut self) -> Points {
        self.noise.sample(self.batch, &mut self.streams.noise)
    }

    /// A batch of times, stratified over [`earliest`, 1]: one in each of `batch` equal strata, which lowers the gradient's
    /// noise at no cost.
    pub fn draw_times(&mut self, earliest: f64) -> Vec<f64> {
        let strata = 0..self.batch;
        let share = |i: usize, jitter: f64| (i as f64 + jitter) / self.batch as f64;
        strata.map(|i| earliest + (1.0 - earliest) * share(i, self.streams.times.uniform())).collect()
    }
}
