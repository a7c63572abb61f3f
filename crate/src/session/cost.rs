//! Quality against cost: each metric at every number of evaluations, so that "as good at fewer evaluations" is a curve.

use super::measure::{first, off_manifold};
use super::metrics::Metric;
use super::truth::{Floor, FloorOf};
use super::{Sampling, Session};
use crate::error::{FlowError, check_range};
use crate::metric::{Bandwidth, Estimate, Moments, frechet, mmd, sliced_wasserstein_estimate};
use crate::ode::{SolverConfig, SolverKind};
use crate::points::Points;
use crate::sampler::SamplerConfig;
use crate::velocity::{VelocityField, tensor_from_points};
use serde::Serialize;

/// One solver's quality and cost. `null` where undefined or not asked for, never NaN.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CostPoint {
    /// The solver; the experiment's where a sampler generated.
    pub solver: SolverConfig,
    /// The sampler that generated in its place.
    pub sampler: Option<SamplerConfig>,
    /// Right-hand-side evaluations of generating a batch.
    pub nfe: usize,
    /// Different held-out points, and as many generated ones, that were compared.
    pub n: usize,
    /// The seed of those points.
    pub seed: u32,
    /// Squared sliced Wasserstein-2 distance between generated and held-out points; this and `w2` are in squared units of the
    /// data, or in squared standard deviations of each coordinate for points of one's own.
    pub sliced_w2: Option<f64>,
    /// Its standard error, by leaving out a sixteenth of both sets at a time.
    pub sliced_w2_standard_error: Option<f64>,
    /// What a perfect model would show: its mean over many pairs of sets of `n` data points.
    pub sliced_w2_floor: Option<f64>,
    /// Its standard deviation over those pairs.
    pub sliced_w2_floor_spread: Option<f64>,
    /// Fréchet distance of pictures, as in a measurement; its floor is there.
    pub frechet: Option<f64>,
    /// Squared Wasserstein-2 distance between the first of them, at most 500, by exact assignment.
    pub w2: Option<f64>,
    /// Unbiased MMD² between the first of them, at most 1000, with the deck's bandwidth; without unit.
    pub mmd: Option<f64>,
    /// Mean of -ln p(x) of the first held-out points, at most 500, as this solver computes it: no density of anything where
    /// its steps are too long; none by a sampler. In nats.
    pub nll: Option<f64>,
    /// Mean of -ln p of generated points under the data's true density, where known, in nats.
    pub generated_nll: Option<f64>,
}

/// The evaluations and the tolerances usually tried.
const EVALUATIONS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
const TOLERANCES: [f64; 4] = [1e-2, 1e-3, 1e-4, 1e-5];

/// `kind` in equal steps of 1, 2, 4, .., 64 evaluations, where it can make them exactly, and Dormand and Prince's pair at
/// tolerances from 1e-2 to 1e-5.
pub fn usual_solvers(kind: SolverKind) -> Vec<SolverConfig> {
    let stages = kind.tableau().stages();
    let equal = EVALUATIONS.into_iter().filter(|nfe| nfe.is_multiple_of(stages));
    let equal = equal.map(|nfe| SolverConfig { kind, steps: nfe / stages, tolerance: None });
    let adaptive =
        |tolerance| SolverConfig { kind: SolverKind::Dopri5, tolerance: Some(tolerance), ..Default::default() };
    equal.chain(TOLERANCES.map(adaptive)).collect()
}

const MOST_ASSIGNED: usize = 500;
const MOST_COMPARED: usize = 1000;
const MOST_DENSITIES: usize = 500;

/// What every solver's samples are compared with, and how.
struct Truth<'a> {
    metrics: &'a [Metric],
    heldout: Points,
    truth: Points,
    noise: Points,
    floor: Option<Floor>,
    bandwidth: Option<f64>,
    moments: Option<Moments>,
    seed: u32,
}

impl Session {
    /// Each of `metrics` of `n` generated points for each of `samplings`; those of [`usual_solvers`] if none is given. A
    /// method that must be sampled by one solver, or whose flow map is a formula, is one point. Straightness is none of a solver's.
    pub async fn quality_against_cost(
        &self,
        samplings: &[Sampling],
        n: usize,
        seed: u32,
        metrics: &[Metric],
    ) -> Result<Vec<CostPoint>, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        let field = self.field();
        let only = self.own_solver().or(field.in_closed_form().map(|_| self.experiment.solver));
        let samplings = match (only, samplings) {
            (Some(only), _) => vec![only.into()],
            (None, []) => usual_solvers(SolverKind::Euler).into_iter().map(Sampling::Solver).collect(),
            (None, some) => some.to_vec(),
        };
        samplings.iter().try_for_each(|&sampling| self.sampling(sampling).map(|_| ()))?;
        let metrics = self.meaningful(metrics);
        let heldout = self.draw_heldout(n, seed);
        let truth = self.comparable(&heldout);
        let wanted = |metric| metrics.contains(&metric).then_some(());
        let truth = Truth {
            metrics: &metrics,
            floor: wanted(Metric::SlicedW2).and_then(|()| self.floor(FloorOf::SlicedW2, truth.len())),
            bandwidth: wanted(Metric::Mmd).and_then(|()| Bandwidth::TenthOfMedian.of(&first(&truth, MOST_COMPARED))),
            moments: wanted(Metric::Frechet)
                .filter(|()| self.why_no_truth().is_none())
                .and_then(|()| self.moments(&truth)),
            heldout: first(&heldout, MOST_DENSITIES),
            noise: self.draw_noise(truth.len(), seed)?,
            truth,
            seed,
        };
        let mut points = Vec::new();
        for sampling in samplings {
            points.push(self.cost_point(field.as_ref(), sampling, &truth).await?);
        }
        Ok(points)
    }

    async fn cost_point(
        &self,
        field: &dyn VelocityField,
        sampling: Sampling,
        truth: &Truth<'_>,
    ) -> Result<CostPoint, FlowError> {
        let n = truth.truth.len();
        let transport = self.transport_by(field, sampling, truth.seed);
        let reached = self.generate(transport.as_ref(), &truth.noise).await.ok();
        let compared = reached.as_ref().map(|(points, _)| self.comparable(points));
        let generated = |metric| compared.as_ref().filter(|_| truth.metrics.contains(&metric));
        let cut = |points: &Points, most| first(points, most);
        let w2 = |points| self.w2(&cut(points, MOST_ASSIGNED), &cut(&truth.truth, MOST_ASSIGNED));
        let discrepancy =
            |points| mmd(&cut(points, MOST_COMPARED), &cut(&truth.truth, MOST_COMPARED), truth.bandwidth?);
        let modelled =
            reached.as_ref().map(|(points, _)| points).filter(|_| truth.metrics.contains(&Metric::GeneratedNll));
        let far = |points| frechet(&self.moments(points)?, truth.moments.as_ref()?);
        let sliced = generated(Metric::SlicedW2).and_then(|points| sliced_wasserstein_estimate(points, &truth.truth));
        Ok(CostPoint {
            solver: sampling.solver().unwrap_or(self.experiment.solver),
            sampler: sampling.sampler(),
            nfe: reached.as_ref().map_or(sampling.evaluations(), |(_, evaluations)| *evaluations),
            n,
            seed: truth.seed,
            sliced_w2: sliced.map(|sliced| sliced.mean),
            sliced_w2_standard_error: sliced.map(|sliced| sliced.standard_error),
            sliced_w2_floor: truth.floor.map(|floor| floor.mean),
            sliced_w2_floor_spread: truth.floor.map(|floor| floor.spread),
            frechet: generated(Metric::Frechet).and_then(far),
            w2: generated(Metric::W2).and_then(w2),
            mmd: generated(Metric::Mmd).and_then(discrepancy).and_then(|found| found.unbiased),
            nll: match sampling.solver() {
                Some(solver) => self.rough_nll(field, solver, truth).await,
                None => None,
            },
            generated_nll: modelled.and_then(|points| off_manifold(self.wanted(), points)),
        })
    }

    async fn rough_nll(&self, field: &dyn VelocityField, solver: SolverConfig, truth: &Truth<'_>) -> Option<f64> {
        if self.why_no_density().is_some() || !truth.metrics.contains(&Metric::Likelihood) {
            return None;
        }
        let x = tensor_from_points(&truth.heldout, &self.device);
        let densities = self.flow(field, solver, truth.seed).log_density(x, 0.0).await.ok()?;
        let values: Vec<f64> = densities.values?.iter().map(|p| -p).collect();
        Some(Estimate::of(&values)?.mean + self.units.log_volume())
    }
}
