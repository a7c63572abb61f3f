//! The negative log-likelihood by the change of variables (the deck's equation (6)), and whether it may be believed.
//!
//! A network can learn to cheat a coarse solver: its training likelihood then falls below the entropy of the data. So
//! every number passes three gates, or it is called not converged.

use super::Estimate;
use crate::distribution::Distribution;
use crate::divergence::Divergence;
use crate::error::FlowError;
use crate::flow_map::{Carried, FlowMap};
use crate::ode::SolverConfig;
use crate::points::Points;
use crate::velocity::{VelocityField, points_from_tensor, values_from_tensor};
use burn::tensor::Tensor;

/// NLL on held-out points, in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    /// The mean of -ln p(x); `None` where Q has no density or a value is not finite.
    pub nll: Option<Estimate>,
    /// -ln p of each point; `None` where the mean is.
    pub values: Option<Vec<f64>>,
    /// The part of its standard error that the divergence's probes make; `None` for an exact divergence or a single probe.
    pub probe_error: Option<f64>,
    /// The root mean square distance between the points and what comes back after encoding and generating them.
    pub round_trip_error: f64,
    /// The same in each coordinate.
    pub round_trip_errors: Vec<f64>,
    /// How much the NLL moves from the solver asked for to a finer one, of twice the steps or a tenth of the tolerance; the
    /// NLL is the finer one's.
    pub step_doubling_change: f64,
    /// Right-hand-side evaluations of the log-densities that the NLL is the mean of.
    pub evaluations: usize,
}

/// Why a likelihood is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Gate {
    /// No number came out.
    #[error("the log-density is not a finite number")]
    NotFinite,
    /// A density cannot beat the data's own.
    #[error("NLL {nll:.3} is below the data's entropy {entropy:.3} by more than three standard errors")]
    BelowEntropy {
        /// The mean NLL.
        nll: f64,
        /// The data's entropy.
        entropy: f64,
    },
    /// The solver's map is not invertible as computed.
    #[error("encoding and generating returns points {0:.1e} away on average")]
    RoundTrip(f64),
    /// The solver's steps are too long for this field.
    #[error("twice the solver steps change the NLL by {0:.3}")]
    Steps(f64),
}

/// The largest root mean square round-trip error, and the largest change by step doubling in nats, that pass.
const ROUND_TRIP_BAR: f64 = 1e-2;
const STEP_DOUBLING_BAR: f64 = 0.01;

impl Likelihood {
    /// The first gate that fails, if any. `entropy` is the data's, where known.
    pub fn gate(&self, entropy: Option<f64>) -> Result<(), Gate> {
        let Some(nll) = self.nll else { return Err(Gate::NotFinite) };
        if let Some(entropy) = entropy
            && nll.mean < entropy - 3.0 * nll.standard_error
        {
            return Err(Gate::BelowEntropy { nll: nll.mean, entropy });
        }
        let passes = |value: f64, bar: f64| value.is_finite() && value <= bar;
        if !passes(self.round_trip_error, ROUND_TRIP_BAR) {
            return Err(Gate::RoundTrip(self.round_trip_error));
        }
        if !passes(self.step_doubling_change, STEP_DOUBLING_BAR) {
            return Err(Gate::Steps(self.step_doubling_change));
        }
        Ok(())
    }
}

/// Log-densities of points, in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct Densities {
    /// ln p of each point; `None` where `noise` has no density or a point left the finite numbers.
    pub values: Option<Vec<f64>>,
    /// The standard error that the divergence's probes leave in each; `None` for an exact divergence or a single probe.
    pub standard_errors: Option<Vec<f64>>,
    /// Right-hand-side evaluations.
    pub evaluations: usize,
}

/// Tangents of points, one for each coordinate or probe, that are carried at once: so many rows of a network's widest layer
/// fit in memory.
const MOST_TANGENTS: usize = 1 << 17;

/// ln p(x) of each point under the flow from `noise` at t = 1, at time `from` on the way, in the model's units. In pieces where
/// there are more points than fit in memory with their tangents.
pub async fn log_density(
    map: FlowMap<'_>,
    divergence: &Divergence,
    noise: &Distribution,
    x: Tensor<2>,
    from: f64,
) -> Result<Densities, FlowError> {
    let [n, dim] = x.dims();
    let tangents = if matches!(divergence, Divergence::Exact) { dim } else { divergence.columns() };
    let piece = (MOST_TANGENTS / tangents.max(1)).max(1);
    if n <= piece {
        return log_density_at_once(map, divergence, noise, x, from).await;
    }
    let mut all = Densities { values: Some(Vec::new()), standard_errors: Some(Vec::new()), evaluations: 0 };
    for first in (0..n).step_by(piece) {
        let len = piece.min(n - first);
        let (points, probes) = (x.clone().narrow(0, first, len), divergence.narrowed(first, len));
        let found = log_density_at_once(map, &probes, noise, points, from).await?;
        let joined = |all: Option<Vec<f64>>, found: Option<Vec<f64>>| Some([all?, found?].concat());
        all = Densities {
            values: joined(all.values, found.values),
            standard_errors: joined(all.standard_errors, found.standard_errors),
            evaluations: all.evaluations.max(found.evaluations),
        };
    }
    Ok(all)
}

async fn log_density_at_once(
    map: FlowMap<'_>,
    divergence: &Divergence,
    noise: &Distribution,
    x: Tensor<2>,
    from: f64,
) -> Result<Densities, FlowError> {
    let Carried { state: end, evaluations } = map.augmented(x, [from, 1.0], divergence).await?;
    let columns = divergence.columns();
    let gained = values_from_tensor(end.divergence).await?;
    let gained: Vec<(f64, Option<f64>)> = gained.chunks_exact(columns).map(mean_and_error).collect();
    let standard_errors = gained.iter().map(|(_, error)| *error).collect();
    let Ok(reached) = points_from_tensor(end.position).await else {
        return Ok(Densities { values: None, standard_errors: None, evaluations });
    };
    let density_at = |z: &[f32]| noise.log_density(&z.iter().map(|&z| f64::from(z)).collect::<Vec<_>>());
    let densities = reached.rows().zip(&gained).map(|(z, (gained, _))| Some(density_at(z)? + gained));
    Ok(Densities { values: densities.collect(), standard_errors, evaluations })
}

fn mean_and_error(estimates: &[f32]) -> (f64, Option<f64>) {
    let values: Vec<f64> = estimates.iter().map(|&value| f64::from(value)).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, Estimate::of(&values).map(|estimate| estimate.standard_error))
}

/// Measures the NLL of `points` with `solver` and with a finer one, and the round trip.
pub async fn likelihood(
    field: &dyn VelocityField,
    solver: SolverConfig,
    divergence: &Divergence,
    noise: &Distribution,
    points: Tensor<2>,
) -> Result<Likelihood, FlowError> {
    let coarse = FlowMap { field, solver };
    let fine = FlowMap { field, solver: solver.refined() };
    let nll = async |map| {
        let densities = log_density(map, divergence, noise, points.clone(), 0.0).await?;
        let values: Option<Vec<f64>> = densities.values.map(|all| all.iter().map(|p| -p).collect());
        let errors = densities.standard_errors;
        Ok::<_, FlowError>((values, errors, densities.evaluations))
    };
    let ((rough, ..), (values, errors, evaluations)) = (nll(coarse).await?, nll(fine).await?);
    let rough = rough.and_then(|values| Estimate::of(&values));
    let nll = values.as_ref().and_then(|values| Estimate::of(values));
    let change = rough.zip(nll).map(|(rough, fine)| (rough.mean - fine.mean).abs());
    let encoded = coarse.encode(points.clone()).await?.state;
    let back = coarse.generate(encoded).await?.state - points;
    let squares = back.clone() * back;
    let square = values_from_tensor(squares.clone().sum_dim(1).mean()).await?[0];
    let each = values_from_tensor(squares.mean_dim(0)).await?;
    Ok(Likelihood {
        nll,
        values: values.filter(|_| nll.is_some()),
        probe_error: errors.map(|errors| root_mean_square(&errors) / (errors.len() as f64).sqrt()),
        round_trip_error: f64::from(square).sqrt(),
        round_trip_errors: each.iter().map(|&square| f64::from(square).sqrt()).collect(),
        step_doubling_change: change.unwrap_or(f64::INFINITY),
        evaluations,
    })
}

/// KL(P ‖ model) from -ln p of points of P: the mean of ln P(x) - ln p(x) where P's density is known, which has a fraction of
/// the NLL's standard error; NLL - H where only the entropy is.
pub fn kl(nlls: &[f64], data: &Distribution, points: &Points) -> Option<Estimate> {
    let density = |row: &[f32]| data.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    let paired: Option<Vec<f64>> = points.rows().zip(nlls).map(|(row, nll)| Some(density(row)? + nll)).collect();
    if let Some(estimate) = paired.and_then(|values| Estimate::of(&values)) {
        return Some(estimate);
    }
    let Estimate { mean, standard_error } = Estimate::of(nlls)?;
    Some(Estimate { mean: mean - data.entropy()?, standard_error })
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len().max(1) as f64).sqrt()
}
