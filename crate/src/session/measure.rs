//! Every metric of a trained flow, with what it was measured on.

use super::{Origin, Session};
use crate::distribution::Distribution;
use crate::error::{FlowError, check_range};
use crate::metric::{
    Bandwidth, Discrepancy, Estimate, NullBand, likelihood, mmd, normalized_path_energy, null_band, sliced_wasserstein,
    straightness, wasserstein,
};
use crate::ode::{SolverConfig, Trajectory};
use crate::points::Points;
use crate::rng::{Rng, Stream};
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
    /// Mean of -ln p(x), in nats, in the data's own units.
    pub nll: Option<f64>,
    /// Its standard error.
    pub nll_standard_error: Option<f64>,
    /// The data's entropy, where known.
    pub entropy: Option<f64>,
    /// NLL - entropy, where known.
    pub kl: Option<f64>,
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
    /// |path energy - W2²(noise, data)| / W2²(noise, data).
    pub normalized_path_energy: Option<f64>,
    /// Mean of -ln p of generated points under the data's true density, where known: catches mass between the modes.
    pub generated_nll: Option<f64>,
    /// Right-hand-side evaluations of generating a batch.
    pub nfe: usize,
    /// Right-hand-side evaluations of the reported log-density.
    pub likelihood_nfe: usize,
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

impl Session {
    /// Measures every metric on `n` held-out and `n` generated points of `seed`.
    pub async fn measure(&self, n: usize, seed: u32) -> Result<Measurement, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        let solver = self.experiment.solver;
        let network = self.training.network();
        let mut rng = Rng::new(u64::from(seed), Stream::Heldout);
        let heldout = self.heldout.sample(n, &mut rng);
        let fresh = self.scaling.undo(&self.heldout.sample(n, &mut rng));
        let likelihood = likelihood(&network, solver, self.noise.as_ref(), &heldout, &self.device).await?;
        let own = self.scaling.undo(&heldout);
        // Weights that send points to infinity have no trajectories and no distances, which is no reason to say nothing.
        let trajectory = self.trajectories(n, solver, seed, Origin::Noise).await.ok();
        let generated = trajectory.as_ref().and_then(|trajectory| trajectory.positions.last());
        let distance = |of: fn(&Points, &Points) -> Option<f64>| of(generated?, &own);
        let discrepancy = generated.and_then(|points| compare(points, &own, seed));
        let curve = trajectory.as_ref().and_then(straightness);
        let entropy = self.data.entropy();
        let gate = likelihood.gate(entropy);
        let volume = self.scaling.log_volume();
        let finite = |value: f64| value.is_finite().then_some(value);
        Ok(Measurement {
            n,
            seed,
            solver,
            nll: likelihood.nll.map(|nll| nll.mean + volume),
            nll_standard_error: likelihood.nll.map(|Estimate { standard_error, .. }| standard_error),
            entropy,
            kl: likelihood.nll.zip(entropy).map(|(nll, entropy)| nll.mean - entropy),
            sliced_w2: distance(sliced_wasserstein),
            sliced_w2_floor: sliced_wasserstein(&fresh, &own),
            w2: distance(|a, b| wasserstein(&first(a, MOST_ASSIGNED), &first(b, MOST_ASSIGNED))),
            mmd: discrepancy.and_then(|(found, _)| found.unbiased),
            mmd_biased: discrepancy.map(|(found, _)| found.biased),
            mmd_null_band: discrepancy.and_then(|(_, band)| Some(band?.threshold)),
            straightness: curve.map(|curve| curve.straightness),
            path_energy: curve.map(|curve| curve.path_energy),
            normalized_path_energy: curve.zip(trajectory.as_ref()).and_then(|(curve, trajectory)| {
                let noise = first(trajectory.positions.first()?, MOST_ASSIGNED);
                normalized_path_energy(curve.path_energy, wasserstein(&noise, &first(&own, MOST_ASSIGNED))?)
            }),
            generated_nll: generated.and_then(|points| off_manifold(self.data.as_ref(), &self.scaling.apply(points))),
            nfe: trajectory.map_or(solver.evaluations(), |trajectory: Trajectory| trajectory.evaluations),
            likelihood_nfe: likelihood.evaluations,
            round_trip_error: finite(likelihood.round_trip_error),
            step_doubling_change: finite(likelihood.step_doubling_change),
            converged: gate.is_ok(),
            reason: gate.err().map(|gate| format!("Not converged: {gate}.")),
        })
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
fn off_manifold(data: &dyn Distribution, points: &Points) -> Option<f64> {
    let density = |row: &[f32]| data.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    let values: Option<Vec<f64>> = points.rows().map(|row| density(row).map(|p| -p)).collect();
    Estimate::of(&values?).map(|estimate| estimate.mean)
}

/// The first `most` points.
fn first(points: &Points, most: usize) -> Points {
    let len = points.len().min(most);
    let values = points.values()[..len * points.dim()].to_vec();
    Points::new(values, points.dim()).expect("a part of finite points")
}
