//! The negative log-likelihood by the change of variables (the deck's equation (6)), and whether it may be believed.
//!
//! A network can learn to cheat a coarse solver: its training likelihood then falls below the entropy of the data. So
//! every number passes three gates, or it is called not converged.

use super::Estimate;
use crate::distribution::Distribution;
use crate::error::FlowError;
use crate::points::Points;
use crate::transport::Invertible;
use crate::velocity::values_from_tensor;
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

/// Measures the NLL of `points` by a transport and by a finer one, and the round trip.
pub async fn likelihood(transport: &dyn Invertible, points: Tensor<2>) -> Result<Likelihood, FlowError> {
    let nll = async |transport: &dyn Invertible| {
        let densities = transport.log_density(points.clone(), 0.0).await?;
        let values: Option<Vec<f64>> = densities.values.map(|all| all.iter().map(|p| -p).collect());
        let errors = densities.standard_errors;
        Ok::<_, FlowError>((values, errors, densities.evaluations))
    };
    let fine = transport.refined();
    let ((rough, ..), (values, errors, evaluations)) = (nll(transport).await?, nll(fine.as_ref()).await?);
    let rough = rough.and_then(|values| Estimate::of(&values));
    let nll = values.as_ref().and_then(|values| Estimate::of(values));
    let change = rough.zip(nll).map(|(rough, fine)| (rough.mean - fine.mean).abs());
    let encoded = transport.encode(points.clone(), None).await?.state;
    let back = transport.generate(encoded, None).await?.state - points;
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
