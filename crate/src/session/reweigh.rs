//! A model's samples weighted by the law that it was to learn: what they are worth, and what they say of ln Z and of free energies.

use super::Session;
use super::measure::first;
use crate::distribution::Distribution;
use crate::divergence::{DivergenceConfig, DivergenceKind};
use crate::error::FlowError;
use crate::metric::Reweighting;
use crate::ode::SolverConfig;
use crate::points::Points;
use crate::transport::Invertible;
use crate::velocity::{VelocityField, points_from_tensor, tensor_from_points};
use serde::Serialize;

/// Weighted samples. `null` where undefined or not to be believed, never NaN.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Reweighed {
    /// Samples that were weighted.
    pub n: usize,
    /// The number of equally weighted samples that they are worth: (Σw)²/Σw².
    pub effective: Option<f64>,
    /// ln Z, the logarithm of the integral of e^(-E/T), by the weights' mean; of a density that is known as it is, 0 but for
    /// chance.
    pub log_z: Option<f64>,
    /// Its standard error.
    pub log_z_standard_error: Option<f64>,
    /// What it is.
    pub log_z_truth: Option<f64>,
    /// The free energy of the points whose first coordinate is above 0 less that of the others, in units of T.
    pub delta_f: Option<f64>,
    /// Its standard error.
    pub delta_f_standard_error: Option<f64>,
    /// What it is, where it is known.
    pub delta_f_truth: Option<f64>,
    /// Samples by ln of their weight over the mean weight: 40 equal bins from -5 to 5, the outermost with all beyond.
    pub histogram: Vec<u32>,
    /// The ends of the first coordinate's marginals, which have 40 equal bins between them.
    pub span: Option<[f64; 2]>,
    /// The share of samples in each bin as they are, and as they are weighted, and of data.
    pub marginals: [Vec<f64>; 3],
    /// Why a number is withheld, in one sentence.
    pub reason: Option<String>,
}

const BINS: usize = 40;
const MOST_LOG_WEIGHT: f64 = 5.0;
/// Samples, times their coordinates, that are weighted: each takes as many tangents, along twice the solver's steps.
const MOST_COORDINATES: usize = 16_384;
/// Coordinates of which all tangents are taken where no estimate of the divergence was asked for.
const MOST_EXACT: usize = 64;
/// The largest change of a log-weight, on average, when the solver's steps are doubled.
const STEP_DOUBLING_BAR: f64 = 0.05;
/// Data points behind the marginal that samples are compared with.
const DRAWN: usize = 20_000;

impl Session {
    /// The samples that a solver makes of this noise, each weighted by how likely it should be; with the seed that they are of.
    pub(super) async fn reweigh(
        &self,
        noise: &Points,
        field: &dyn VelocityField,
        drawn: (SolverConfig, u32),
    ) -> Reweighed {
        match self.weigh(noise, field, drawn).await {
            Ok(reweighed) => reweighed,
            Err(reason) => Reweighed { reason: Some(reason), ..Reweighed::default() },
        }
    }

    async fn weigh(
        &self,
        noise: &Points,
        field: &dyn VelocityField,
        (solver, seed): (SolverConfig, u32),
    ) -> Result<Reweighed, String> {
        if let Some(reason) = self.why_no_truth().or(self.why_no_density().map(str::to_string)) {
            return Err(reason);
        }
        let Some(law) = log_weight(self.wanted()) else { return Err(UNKNOWN.into()) };
        let is_estimate = self.experiment.divergence.kind.is_some_and(|kind| kind != DivergenceKind::Exact);
        if field.in_closed_form().is_none() && (is_estimate || self.dim() > MOST_EXACT) {
            return Err(ESTIMATED.into());
        }
        let noise = first(noise, MOST_COORDINATES / self.dim());
        let exact = DivergenceConfig { kind: Some(DivergenceKind::Exact), ..self.experiment.divergence };
        let flow = self.flow_with(field, solver, seed, exact);
        let not_finite = |_: FlowError| "Some samples, or their densities, are no finite numbers.".to_string();
        let fine = flow.refined();
        let (points, log_weights) = self.weights_of(fine.as_ref(), &noise, &law).await.map_err(not_finite)?;
        let (_, rough) = self.weights_of(flow.as_ref(), &noise, &law).await.map_err(not_finite)?;
        let changes =
            log_weights.iter().zip(&rough).map(|(fine, rough)| if fine == rough { 0.0 } else { (fine - rough).abs() });
        let change = changes.sum::<f64>() / rough.len() as f64;
        if change.is_nan() || change > STEP_DOUBLING_BAR {
            return Err(format!(
                "Not converged: twice the solver steps change a log-weight by {change:.2} on average."
            ));
        }
        let marked: Vec<bool> = points.rows().map(|row| row[0] > 0.0).collect();
        let Some(weighted) = Reweighting::of(&log_weights, &marked) else {
            return Err("No sample has any weight: all are where the data has no density.".into());
        };
        Ok(self.reported(&points, &log_weights, weighted, seed))
    }

    async fn weights_of(
        &self,
        flow: &dyn Invertible,
        noise: &Points,
        law: &dyn Fn(&[f64]) -> f64,
    ) -> Result<(Points, Vec<f64>), FlowError> {
        let (points, densities) = flow.generate_with_density(tensor_from_points(noise, &self.device)).await?;
        let points = points_from_tensor(points).await?;
        let unknown = || FlowError::NoDensity { reason: UNKNOWN.into() };
        let densities = densities.values.ok_or_else(unknown)?;
        let wide = points.rows().map(|row| row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
        let weights = wide.zip(densities).map(|(x, density)| law(&x) - density).collect();
        Ok((points, weights))
    }

    fn reported(&self, points: &Points, log_weights: &[f64], weighted: Reweighting, seed: u32) -> Reweighed {
        let law = self.wanted().boltzmann.as_deref();
        let Reweighting { n, effective, log_z, delta_f, .. } = weighted;
        let believed = weighted.is_believed();
        let reason = match (believed, delta_f) {
            (false, _) => Some(format!(
                "{n} samples are worth {effective:.0} by their weights, and of fewer than 100 nothing is believed."
            )),
            (true, None) => {
                Some("On one side of 0 there are fewer than 25 effective samples, too few for ΔF.".to_string())
            }
            _ => None,
        };
        let (log_z_shown, delta_f) = (believed.then_some(log_z), delta_f.filter(|_| believed));
        let mut histogram = vec![0; BINS];
        for weight in log_weights {
            histogram[bin(weight - log_z.mean, [-MOST_LOG_WEIGHT, MOST_LOG_WEIGHT])] += 1;
        }
        let (span, marginals) = self.marginals(points, &weighted.shares, seed);
        Reweighed {
            n,
            effective: Some(effective),
            log_z: log_z_shown.map(|z| z.mean),
            log_z_standard_error: log_z_shown.map(|z| z.standard_error),
            log_z_truth: Some(law.map_or(0.0, |law| law.log_z)),
            delta_f: delta_f.map(|f| f.mean),
            delta_f_standard_error: delta_f.map(|f| f.standard_error),
            delta_f_truth: law.map(|law| law.delta_f()).filter(|f| f.is_finite()),
            histogram,
            span: Some(span),
            marginals,
            reason,
        }
    }

    /// Of the first coordinate, over where all but a thousandth of the data is and a tenth of that more.
    fn marginals(&self, points: &Points, shares: &[f64], seed: u32) -> ([f64; 2], [Vec<f64>; 3]) {
        let first_of = |points: &Points| points.rows().map(|row| f64::from(row[0])).collect::<Vec<_>>();
        let data = first_of(&self.draw_heldout(DRAWN, seed));
        let mut sorted = data.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let [low, high] = [sorted[sorted.len() / 2000], sorted[sorted.len() - 1 - sorted.len() / 2000]];
        let span = [low - 0.1 * (high - low), high + 0.1 * (high - low)];
        let spread = |values: &[f64], share: &dyn Fn(usize) -> f64| {
            let mut bins = vec![0.0; BINS];
            for (i, &x) in values.iter().enumerate() {
                bins[bin(x, span)] += share(i);
            }
            bins
        };
        let generated = first_of(points);
        let [raw, truth] = [&generated, &data].map(|values| spread(values, &|_| 1.0 / values.len() as f64));
        (span, [raw, spread(&generated, &|i| shares[i]), truth])
    }
}

const UNKNOWN: &str = "These data are known by their points alone, so samples have no weights.";
const ESTIMATED: &str = "Weights need exact densities: with an estimated divergence they are wrong by e to its error.";

type LogWeight<'a> = Box<dyn Fn(&[f64]) -> f64 + 'a>;

/// ln of a density but for a constant: -E/T, or the density itself.
fn log_weight(data: &Distribution) -> Option<LogWeight<'_>> {
    if let Some(law) = &data.boltzmann {
        return Some(Box::new(|x| law.log_weight(x)));
    }
    let density = data.density.as_ref()?;
    Some(Box::new(|x| density.log_density(x)))
}

/// Of equal bins; what is beyond belongs to the outermost.
fn bin(x: f64, [low, high]: [f64; 2]) -> usize {
    (((x - low) / (high - low) * BINS as f64).max(0.0) as usize).min(BINS - 1)
}
