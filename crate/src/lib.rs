//! Flow-based generative models, trained and compared: velocity fields, ODE solvers and exact densities on Burn,
//! natively and in the browser.
//!
//! One sentence: **every method trains a velocity field; everything after that sees only the transport that it makes.**
//!
//! ```text
//! data P, noise Q ─┐
//!                  ├─▶ method ──trains──▶ velocity field ──▶ transport ──▶ samples, trajectories, log-density ──▶ metric
//! coupling, path ──┘                                         flow map of the ODE, sampler, map of few steps
//! ```
//!
//! A flow is dx/dt = f(x, t) between data x(0) ~ P and noise x(1) ~ Q: forward (0 to 1) encodes and gives the density,
//! backward (1 to 0) generates. Quantities are in nats; losses are summed over coordinates and averaged over the batch;
//! tensors are f32, times, accumulated metrics and points in the data's own units f64. One seed, split into named streams,
//! decides every random number: on the CPU engine a run repeats bit for bit.
//!
//! ```
//! use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
//!
//! # pollster::block_on(async {
//! let experiment = Experiment::from_json(&serde_json::json!({
//!     "data": { "kind": "8-gaussians" },
//!     "method": { "kind": "flow-matching" },
//!     "network": { "width": 32, "depth": 2 },
//! }))?;
//! let mut session = Session::open(experiment, Start::default(), Engine::Cpu).await?;
//! let progress = session.advance(20).await?;
//! assert_eq!(progress.losses.len(), 20);
//! let points = session.sample(100, SolverConfig::default(), 1).await?;
//! assert_eq!((points.len(), points.dim()), (100, 2));
//! # Ok::<(), flow_playground::FlowError>(())
//! # }).unwrap();
//! ```
//!
//! The deck that modules cite is Chen Xu, “Flow-based generative models – from normalizing flow to flow matching”,
//! 20 February 2024.
//!
//! Each module uses only what stands above it in this list:

pub mod error;
pub mod rng;
pub mod points;
pub mod space;
pub mod estimate;
pub mod distribution;
pub mod path;
pub mod posterior;
pub mod coupling;
pub mod ode;
pub mod sampler;
pub mod engine;
pub mod fused;
pub mod velocity;
pub mod divergence;
pub mod flow_map;
pub mod method;
pub mod transport;
pub mod metric;
pub mod training;
pub mod experiment;
pub mod export;
pub mod session;
#[cfg(target_arch = "wasm32")]
mod web;

pub use engine::Engine;
pub use error::FlowError;
pub use experiment::Experiment;
pub use ode::SolverConfig;
pub use points::Points;
pub use session::{Session, Start};
