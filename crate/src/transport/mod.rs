//! What carries noise to data and back: all that samples, metrics and drawing see of what was trained.
//!
//! An ODE's flow map and a coupling flow can do everything; a sampler and a map of few steps go one way, and say so. A new
//! transport is one file here, and a line where the session chooses.

mod coupled;
mod density;
mod few_steps;
mod flow;
mod sampled;

pub use coupled::Coupled;
pub use density::Densities;
pub use few_steps::FewSteps;
pub use flow::Flow;
pub use sampled::Sampled;

use crate::error::FlowError;
use crate::flow_map::Carried;
use burn::tensor::Tensor;
use std::pin::Pin;

/// What will be known when the device has answered.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, FlowError>> + 'a>>;

/// Is shown the time and the state `[batch, dim]`, at the start and after every step.
pub type Observer<'a> = crate::flow_map::Observer<'a, Tensor<2>>;

/// Points of noise made points of data.
pub trait Transport {
    /// Noise x(1) `[batch, dim]` to data x(0).
    fn generate<'a>(&'a self, noise: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>>;

    /// The most states that an observer is shown.
    fn most_states(&self) -> usize;

    /// Its way back and its density; for one that has neither what it is, to be followed by "which has no way back".
    fn invertible(&self) -> Result<&dyn Invertible, &'static str>;
}

/// A transport that can be gone both ways, and so has a density.
pub trait Invertible: Transport {
    /// Data x(0) `[batch, dim]` to noise x(1): the inverse of [`generate`](Transport::generate).
    fn encode<'a>(&'a self, data: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>>;

    /// ln p(x) of each point x(`t`) `[batch, dim]`, in nats.
    fn log_density(&self, x: Tensor<2>, t: f64) -> Pending<'_, Densities>;

    /// Points generated from noise `[batch, dim]`, and ln p(x) of each, in one pass.
    fn generate_with_density(&self, noise: Tensor<2>) -> Pending<'_, (Tensor<2>, Densities)>;

    /// One that computes the same map more finely: what its numbers are judged by.
    fn refined(&self) -> Box<dyn Invertible + '_>;
}
