//! Log-densities of points, by what was integrated on their way to the noise.

use crate::distribution::Distribution;
use crate::divergence::Divergence;
use crate::error::FlowError;
use crate::estimate::Estimate;
use crate::velocity::{points_from_tensor, values_from_tensor};
use burn::tensor::Tensor;

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

/// `of` all points `[batch, dim]` and their probes; in pieces, one after the other, where there are more points than fit in
/// memory with their tangents.
pub(super) async fn in_pieces(
    x: Tensor<2>,
    divergence: &Divergence,
    of: impl AsyncFn(Tensor<2>, &Divergence) -> Result<Densities, FlowError>,
) -> Result<Densities, FlowError> {
    let [n, dim] = x.dims();
    let tangents = if matches!(divergence, Divergence::Exact) { dim } else { divergence.columns() };
    let piece = (MOST_TANGENTS / tangents.max(1)).max(1);
    if n <= piece {
        return of(x, divergence).await;
    }
    let mut all = Densities { values: Some(Vec::new()), standard_errors: Some(Vec::new()), evaluations: 0 };
    for first in (0..n).step_by(piece) {
        let len = piece.min(n - first);
        let found = of(x.clone().narrow(0, first, len), &divergence.narrowed(first, len)).await?;
        let joined = |all: Option<Vec<f64>>, found: Option<Vec<f64>>| Some([all?, found?].concat());
        all = Densities {
            values: joined(all.values, found.values),
            standard_errors: joined(all.standard_errors, found.standard_errors),
            evaluations: all.evaluations.max(found.evaluations),
        };
    }
    Ok(all)
}

/// ln q of the noise that points came to, `[batch, dim]`, plus what was integrated on the way, `[batch, k]` for k estimates.
pub(super) async fn with_divergence(
    noise: &Distribution,
    reached: Tensor<2>,
    integrals: Tensor<2>,
    evaluations: usize,
) -> Result<Densities, FlowError> {
    let columns = integrals.dims()[1];
    let gained = values_from_tensor(integrals).await?;
    let gained: Vec<(f64, Option<f64>)> = gained.chunks_exact(columns).map(mean_and_error).collect();
    let standard_errors = gained.iter().map(|(_, error)| *error).collect();
    let Ok(reached) = points_from_tensor(reached).await else {
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
