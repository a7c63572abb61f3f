//! Every metric of a trained flow, with what it was measured on.

use super::Session;
use crate::distribution::Distribution;
use crate::divergence::{Divergence, DivergenceKind};
use crate::error::{FlowError, check_range};
use crate::metric::{
    Bandwidth, Discrepancy, Estimate, Gate, Likelihood, NullBand, Straightness, kl, likelihood, mmd,
    normalized_path_energy, null_band, sliced_wasserstein, straightness, wasserstein,
};
use crate::ode::{SolverConfig, SolverKind, Trajectory};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::velocity::{VelocityField, tensor_from_points};
use serde::Serialize;

/// Metrics, with what they were measured on. `null` where undefined, never NaN.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// Held-out points the NLL was measured on, and generated points the distance was.
    pub n: usize,
    /// The seed of those points.
    pub seed: u32,
    /// The solver; the NLL takes twice its steps, or a tenth of its tolerance.
    pub solver: SolverConfig,
    /// How the NLL's divergence was computed.
    pub divergence: DivergenceKind,
    /// Probes of an estimated divergence, 1 for an exact one.
    pub probes: usize,
    /// Mean of -ln p(x), in nats, in the data's own units.
    pub nll: Option<f64>,
    /// Its standard error.
    pub nll_standard_error: Option<f64>,
    /// The part of that error that the divergence's probes make, where it is estimated.
    pub nll_probe_error: Option<f64>,
    /// The data's entropy, where known.
    pub entropy: Option<f64>,
    /// KL(P ‖ model): the mean of ln P(x) - ln p(x) over the same points where P's density is known, NLL - entropy where only
    /// that is.
    pub kl: Option<f64>,
    /// Its standard error.
    pub kl_standard_error: Option<f64>,
    /// Squared sliced Wasserstein-2 distance between generated and held-out points.
    pub sliced_w2: Option<f64>,
    /// The same between two sets of data points: what a perfect model would show.
    pub sliced_w2_floor: Option<f64>,
    /// Squared Wasserstein-2 distance between the first of them, at most 1000, by exact assignment.
    pub w2: Option<f64>,
    /// MMD² between generated and held-out points, unbiased, with the deck's bandwidth: a tenth of the median distance.
    pub mmd: Option<f64>,
    /// The same over all pairs, those of a point with itself included.
    pub mmd_biased: Option<f64>,
    /// τ: the biased MMD² of equal distributions stays below it in 95 of 100 permutations.
    pub mmd_null_band: Option<f64>,
    /// S of the generated trajectories: 0 for lines at constant speed.
    pub straightness: Option<f64>,
    /// ∫ E|f|² dt along them.
    pub path_energy: Option<f64>,
    /// E|x(1) - x(0)|² of them.
    pub transport_cost: Option<f64>,
    /// |path energy - W2²(noise, data)| / W2²(noise, data).
    pub normalized_path_energy: Option<f64>,
    /// Mean of -ln p of generated points under the data's true density, where known: catches mass between the modes.
    pub generated_nll: Option<f64>,
    /// Right-hand-side evaluations of generating a batch.
    pub nfe: usize,
    /// Right-hand-side evaluations of the reported log-density.
    pub likelihood_nfe: usize,
    /// Network passes of that log-density: velocities and divergences.
    pub likelihood_network_evaluations: usize,
    /// Network passes of the training so far.
    pub training_network_evaluations: usize,
    /// Root mean square distance after encoding and generating.
    pub round_trip_error: Option<f64>,
    /// Change of the NLL when the solver steps are doubled.
    pub step_doubling_change: Option<f64>,
    /// Whether the likelihood passed its gates.
    pub converged: bool,
    /// Which gate failed, in one sentence.
    pub reason: Option<String>,
}

/// Points that an exact assignment is computed for: its cost grows faster than with their square.
const MOST_ASSIGNED: usize = 1000;
/// Points that the kernel matrix is computed for.
const MOST_COMPARED: usize = 2000;
/// Permutations of the null band (algorithms, section 3.2).
const PERMUTATIONS: usize = 200;

/// Steps of the trajectories that straightness is taken on, at least: fewer measure the solver.
const STRAIGHTNESS_STEPS: usize = 50;

impl Session {
    /// Measures every metric on `n` held-out and `n` generated points of `seed`.
    pub async fn measure(&self, n: usize, seed: u32) -> Result<Measurement, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        let solver = self.experiment.solver;
        let field = self.field();
        let mut rng = Rng::new(u64::from(seed), Stream::Heldout);
        let heldout = self.heldout.sample(n, &mut rng);
        let fresh = self.scaling.undo(&self.heldout.sample(n, &mut rng));
        let divergence = self.divergence(n, seed);
        let likelihood = self.likelihood_of(field.as_ref(), &divergence, &heldout).await?;
        let own = self.scaling.undo(&heldout);
        let noise = self.draw_noise(n, seed)?;
        // Weights that send points to infinity have no trajectories and no distances, which is no reason to say nothing.
        let trajectory = self.record(field.as_ref(), solver, &noise, [1.0, 0.0]).await.ok();
        let generated = trajectory.as_ref().and_then(|trajectory| trajectory.positions.last());
        let distance = |of: fn(&Points, &Points) -> Option<f64>| of(generated?, &own);
        let discrepancy = generated.and_then(|points| compare(points, &own, seed));
        let curve = self.curve(field.as_ref(), &first(&noise, MOST_ASSIGNED)).await;
        let entropy = self.data.entropy();
        let gate = likelihood.as_ref().map(|likelihood| likelihood.gate(entropy));
        let nll = likelihood.as_ref().and_then(|likelihood| likelihood.nll);
        let values = likelihood.as_ref().and_then(|likelihood| likelihood.values.as_deref());
        let kl = values.and_then(|values| kl(values, self.data.as_ref(), &heldout));
        let kind = self.experiment.divergence.kind_for(self.dim());
        let likelihood_nfe = likelihood.as_ref().map_or(0, |likelihood| likelihood.evaluations);
        Ok(Measurement {
            n,
            seed,
            solver,
            divergence: kind,
            probes: divergence.columns(),
            nll: nll.map(|nll| nll.mean + self.scaling.log_volume()),
            nll_standard_error: nll.map(|Estimate { standard_error, .. }| standard_error),
            nll_probe_error: likelihood.as_ref().and_then(|likelihood| likelihood.probe_error),
            entropy,
            kl: kl.map(|kl| kl.mean),
            kl_standard_error: kl.map(|kl| kl.standard_error),
            sliced_w2: distance(sliced_wasserstein),
            sliced_w2_floor: sliced_wasserstein(&fresh, &own),
            w2: distance(|a, b| wasserstein(&first(a, MOST_ASSIGNED), &first(b, MOST_ASSIGNED))),
            mmd: discrepancy.and_then(|(found, _)| found.unbiased),
            mmd_biased: discrepancy.map(|(found, _)| found.biased),
            mmd_null_band: discrepancy.and_then(|(_, band)| Some(band?.threshold)),
            straightness: curve.map(|curve| curve.straightness),
            path_energy: curve.map(|curve| curve.path_energy),
            transport_cost: curve.map(|curve| curve.transport_cost),
            normalized_path_energy: curve.and_then(|curve| {
                let noise = self.scaling.undo(&first(&noise, MOST_ASSIGNED));
                normalized_path_energy(curve.path_energy, wasserstein(&noise, &first(&own, MOST_ASSIGNED))?)
            }),
            generated_nll: generated.and_then(|points| off_manifold(self.data.as_ref(), &self.scaling.apply(points))),
            nfe: trajectory.map_or(solver.evaluations(), |trajectory: Trajectory| trajectory.evaluations),
            likelihood_nfe,
            likelihood_network_evaluations: likelihood_nfe * Divergence::passes(kind, divergence.columns(), self.dim()),
            training_network_evaluations: self.network_evaluations(),
            round_trip_error: likelihood.as_ref().and_then(|likelihood| finite(likelihood.round_trip_error)),
            step_doubling_change: likelihood.as_ref().and_then(|likelihood| finite(likelihood.step_doubling_change)),
            converged: matches!(gate, Some(Ok(()))),
            reason: reason(gate),
        })
    }

    /// The likelihood, for a flow that has one.
    async fn likelihood_of(
        &self,
        field: &dyn VelocityField,
        divergence: &Divergence,
        heldout: &Points,
    ) -> Result<Option<Likelihood>, FlowError> {
        if !self.method().has_density() {
            return Ok(None);
        }
        let x = tensor_from_points(heldout, &self.device);
        likelihood(field, self.experiment.solver, divergence, self.noise.as_ref(), x).await.map(Some)
    }

    /// Straightness on enough equal steps of the solver.
    async fn curve(&self, field: &dyn VelocityField, noise: &Points) -> Option<Straightness> {
        let SolverConfig { kind, steps, tolerance } = self.experiment.solver;
        let kind = if tolerance.is_some() { SolverKind::Rk4 } else { kind };
        let solver = SolverConfig { kind, steps: steps.max(STRAIGHTNESS_STEPS), tolerance: None };
        straightness(&self.record(field, solver, noise, [1.0, 0.0]).await.ok()?)
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Why a likelihood is not to be believed, in one sentence; `None` for one that is.
fn reason(gate: Option<Result<(), Gate>>) -> Option<String> {
    match gate {
        Some(Ok(())) => None,
        Some(Err(gate)) => Some(format!("Not converged: {gate}.")),
        None => Some("A distilled student jumps and has no density.".into()),
    }
}

/// MMD², and the null band that its biased version is compared with.
fn compare(generated: &Points, truth: &Points, seed: u32) -> Option<(Discrepancy, Option<NullBand>)> {
    let (generated, truth) = (first(generated, MOST_COMPARED), first(truth, MOST_COMPARED));
    let bandwidth = Bandwidth::TenthOfMedian.of(&truth)?;
    let found = mmd(&generated, &truth, bandwidth)?;
    let mut rng = Rng::new(u64::from(seed), Stream::Permutations);
    Some((found, null_band(&generated, &truth, bandwidth, PERMUTATIONS, &mut rng)))
}

/// Mean of -ln p of points under the data's own density; `None` where it is unknown or zero somewhere.
pub(super) fn off_manifold(data: &dyn Distribution, points: &Points) -> Option<f64> {
    let density = |row: &[f32]| data.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    let values: Option<Vec<f64>> = points.rows().map(|row| density(row).map(|p| -p)).collect();
    Estimate::of(&values?).map(|estimate| estimate.mean)
}

/// The first `most` points.
pub(super) fn first(points: &Points, most: usize) -> Points {
    let len = points.len().min(most);
    let values = points.values()[..len * points.dim()].to_vec();
    Points::new(values, points.dim()).expect("a part of finite points")
}
