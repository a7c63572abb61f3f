//! Every metric of a trained flow, with what it was measured on.

use super::course::SnapshotReport;
use super::distances::absent;
use super::ends::FEWEST_SPLIT;
use super::metrics::Metric;
use super::reweigh::Reweighed;
use super::truth::FloorOf;
use super::{Origin, Sampling, Session};
use crate::distribution::Distribution;
use crate::divergence::{Divergence, DivergenceConfig, DivergenceKind};
use crate::error::{FlowError, check_range};
use crate::metric::{
    Bandwidth, Discrepancy, Estimate, NullBand, kl, likelihood, mmd, normalized_path_energy, null_band,
    sliced_wasserstein_estimate,
};
use crate::ode::{SolverConfig, SolverKind};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::sampler::SamplerConfig;
use crate::velocity::{VelocityField, tensor_from_points};
use serde::Serialize;

/// Metrics, with what they were measured on. `null` where undefined or not asked for, never NaN.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// Different held-out points that it was measured on, and as many generated ones: at most as many as there are. (A count.)
    pub n: usize,
    /// Whether training saw none of them: `false` for fewer than 80 points of one's own, which are all trained on.
    pub held_out: bool,
    /// Whether distances are in standard deviations of each coordinate, as they are for points of one's own; otherwise they are
    /// in the data's own units.
    pub standardized: bool,
    /// The seed of those points.
    pub seed: u32,
    /// The solver; the NLL takes twice its steps, or a tenth of its tolerance.
    pub solver: SolverConfig,
    /// The sampler that generated, in the solver's place; the NLL is the solver's all the same.
    pub sampler: Option<SamplerConfig>,
    /// How the NLL's divergence was computed.
    pub divergence: DivergenceKind,
    /// Probes of an estimated divergence, 1 for an exact one.
    pub probes: usize,
    /// Mean of -ln p(x), in nats, in the data's own units.
    pub nll: Option<f64>,
    /// Its standard error, in nats.
    pub nll_standard_error: Option<f64>,
    /// The same of pictures whose pixels were whole grays, each spread evenly over its share of the range: bits a pixel, an upper
    /// bound of what those grays take.
    pub bits_per_dim: Option<f64>,
    /// Its standard error, in bits a pixel.
    pub bits_per_dim_standard_error: Option<f64>,
    /// The part of that error that the divergence's probes make, where it is estimated, in nats.
    pub nll_probe_error: Option<f64>,
    /// Mean of -ln p(x) of as many training points, for points of one's own, in nats: far below the NLL it is memorisation.
    pub training_nll: Option<f64>,
    /// The data's entropy, where known, in nats.
    pub entropy: Option<f64>,
    /// KL(P ‖ model): the mean of ln P(x) - ln p(x) over the same points where P's density is known, NLL - entropy where only
    /// that is. In nats.
    pub kl: Option<f64>,
    /// Its standard error, in nats.
    pub kl_standard_error: Option<f64>,
    /// Squared sliced Wasserstein-2 distance between generated and held-out points. In squared units of distance (see
    /// `standardized`), as everything down to the transport cost that names no other.
    pub sliced_w2: Option<f64>,
    /// Its standard error, by leaving out a sixteenth of both sets at a time.
    pub sliced_w2_standard_error: Option<f64>,
    /// What a perfect model would show: its mean over many pairs of sets of `n` data points; `null` where there are fewer
    /// than 2 `n` points of one's own.
    pub sliced_w2_floor: Option<f64>,
    /// Its standard deviation over those pairs.
    pub sliced_w2_floor_spread: Option<f64>,
    /// Squared Wasserstein-2 distance between the first of them, at most 1000, by exact assignment.
    pub w2: Option<f64>,
    /// What a perfect model would show: its mean over eight pairs of sets of as many data points.
    pub w2_floor: Option<f64>,
    /// MMD² between generated and held-out points, unbiased, with the deck's bandwidth: a tenth of the median distance.
    /// Without unit, between -2 and 2, as are the next two.
    pub mmd: Option<f64>,
    /// The same over all pairs, those of a point with itself included.
    pub mmd_biased: Option<f64>,
    /// τ: the biased MMD² of equal distributions stays below it in 95 of 100 permutations.
    pub mmd_null_band: Option<f64>,
    /// That bandwidth, in units of distance.
    pub mmd_bandwidth: Option<f64>,
    /// Mean distance of generated points, at most 1000, to the nearest training point, for points of one's own; in units of
    /// distance.
    pub nearest_distance: Option<f64>,
    /// The same of held-out points: generated points much nearer than these are copies.
    pub nearest_distance_heldout: Option<f64>,
    /// Fréchet distance between generated and held-out pictures in the classifier's features, in squared units of these. Of two sets
    /// of one law it is of order 1/`n`, as its floor is: compare at the same `n`, with the floor beside it.
    pub frechet: Option<f64>,
    /// What a perfect model would show: its mean over many pairs of sets of `n` data points.
    pub frechet_floor: Option<f64>,
    /// Its standard deviation over those pairs.
    pub frechet_floor_spread: Option<f64>,
    /// Of the pictures generated, how many the classifier takes for the class asked for: a share, 0 to 1.
    pub accuracy: Option<f64>,
    /// S of the generated trajectories: 0 for lines at constant speed, on a torus or a sphere for shortest lines.
    pub straightness: Option<f64>,
    /// ∫ E|f|² dt along them.
    pub path_energy: Option<f64>,
    /// E|x(1) - x(0)|² of them.
    pub transport_cost: Option<f64>,
    /// |path energy - W2²(noise, data)| / W2²(noise, data), without unit.
    pub normalized_path_energy: Option<f64>,
    /// What optimal transport would show: its mean when the energy is W2² of one set of noise and data, at most 1000 of each,
    /// and the distance that of another.
    pub normalized_path_energy_floor: Option<f64>,
    /// Mean of -ln p of generated points under the data's true density, where known: catches mass between the modes.
    /// In nats.
    pub generated_nll: Option<f64>,
    /// Of snapshots in time each but the first, as it is reached from the one before; empty of other data.
    pub snapshots: Vec<SnapshotReport>,
    /// Weighted samples, by the solver's density whatever generated.
    pub reweighting: Option<Reweighed>,
    /// Right-hand-side evaluations of generating a batch.
    pub nfe: usize,
    /// Right-hand-side evaluations of the reported log-density.
    pub likelihood_nfe: usize,
    /// Network passes of that log-density: velocities and divergences.
    pub likelihood_network_evaluations: usize,
    /// Network passes of the training so far.
    pub training_network_evaluations: u64,
    /// Root mean square distance after encoding and generating, in the data's own units.
    pub round_trip_error: Option<f64>,
    /// Change of the NLL when the solver steps are doubled, in nats.
    pub step_doubling_change: Option<f64>,
    /// Whether the likelihood passed its gates.
    pub converged: bool,
    /// Which gate failed, in one sentence.
    pub reason: Option<String>,
    /// Which distances there are none of where points live, and why, in one sentence; `null` in the plane.
    pub absent: Option<String>,
}

/// Points that an exact assignment is computed for: its cost grows faster than with their square.
const MOST_ASSIGNED: usize = 1000;
/// Points that the kernel matrix is computed for.
const MOST_COMPARED: usize = 2000;
/// Generated points whose nearest training point is looked for.
const MOST_NEAREST: usize = 1000;
/// Permutations of the null band (Gretton 2012).
const PERMUTATIONS: usize = 200;

/// Steps of the trajectories that straightness is taken on, at least: fewer measure the solver.
const STRAIGHTNESS_STEPS: usize = 50;

impl Session {
    /// Measures every metric on `n` held-out and `n` generated points of `seed`, with the experiment's solver.
    pub async fn measure(&self, n: usize, seed: u32) -> Result<Measurement, FlowError> {
        self.measure_with(n, seed, self.experiment.solver, &Metric::ALL).await
    }

    /// Measures some metrics with any solver or sampler; with the one solver of a method that must be sampled by that.
    pub async fn measure_with(
        &self,
        n: usize,
        seed: u32,
        sampling: impl Into<Sampling>,
        metrics: &[Metric],
    ) -> Result<Measurement, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        let (sampling, metrics) = (self.sampling(sampling)?, self.meaningful(metrics));
        let field = self.field();
        // A flow map that is a formula knows its determinant.
        let exact = DivergenceConfig { kind: Some(DivergenceKind::Exact), ..self.experiment.divergence };
        let divergence = if field.in_closed_form().is_some() { exact } else { self.experiment.divergence };
        let heldout = self.draw_heldout(n, seed);
        let noise = self.draw_noise(heldout.len(), seed)?;
        let mut found = Measurement {
            n: heldout.len(),
            held_out: self.held_out,
            standardized: self.is_standardized(),
            seed,
            solver: sampling.solver().unwrap_or(self.experiment.solver),
            sampler: sampling.sampler(),
            divergence: divergence.kind_for(self.data.dim()),
            probes: divergence.draw([1, self.data.dim()], seed, &self.device).columns(),
            entropy: self.wanted().entropy().filter(|_| self.why_no_truth().is_none()),
            training_network_evaluations: self.network_evaluations(),
            nfe: sampling.evaluations(),
            absent: self.space().map(absent),
            ..Measurement::default()
        };
        if metrics.contains(&Metric::Likelihood) {
            self.measure_likelihood(field.as_ref(), &heldout, &mut found).await?;
        } else {
            found.reason = self.why_no_truth().or_else(|| Some("The likelihood was not asked for.".into()));
        }
        let truth = self.comparable(&heldout);
        // Weights that send points to infinity have no trajectories and no distances, which is no reason to say nothing.
        let transport = self.transport_by(field.as_ref(), sampling, seed);
        if let Ok((generated, nfe)) = self.generate(transport.as_ref(), &noise).await {
            found.nfe = nfe;
            self.compare_samples(&generated, &truth, &metrics, &mut found);
        }
        if metrics.contains(&Metric::SlicedW2) {
            let floor = self.floor(FloorOf::SlicedW2, found.n);
            found.sliced_w2_floor = floor.map(|floor| floor.mean);
            found.sliced_w2_floor_spread = floor.map(|floor| floor.spread);
        }
        if metrics.contains(&self.told_with_nearest()) {
            found.nearest_distance_heldout = self.nearest_training(&truth);
        }
        if metrics.contains(&Metric::W2) {
            found.w2_floor = self.floor(FloorOf::W2, first(&truth, MOST_ASSIGNED).len()).map(|floor| floor.mean);
        }
        if metrics.contains(&Metric::Snapshots) {
            found.snapshots = self.snapshot_reports(field.as_ref(), &found).await;
        }
        if metrics.contains(&Metric::Straightness) {
            let [noise, truth] = [&noise, &truth].map(|points| first(points, MOST_ASSIGNED));
            self.measure_curve(field.as_ref(), &noise, &truth, &mut found).await;
        }
        if metrics.contains(&Metric::Reweighting) {
            found.reweighting = Some(self.reweigh(&noise, field.as_ref(), (found.solver, seed)).await);
        }
        Ok(found)
    }

    /// The likelihood and whether it may be believed, for a flow that has one.
    async fn measure_likelihood(
        &self,
        field: &dyn VelocityField,
        heldout: &Points,
        found: &mut Measurement,
    ) -> Result<(), FlowError> {
        if let Some(reason) = self.why_no_density() {
            found.reason = Some(reason.into());
            return Ok(());
        }
        let x = tensor_from_points(heldout, &self.device);
        let likelihood = likelihood(self.flow(field, found.solver, found.seed).as_ref(), x).await?;
        let gate = likelihood.gate(found.entropy);
        let kl = likelihood.values.as_deref().and_then(|values| kl(values, self.wanted(), heldout));
        found.nll = likelihood.nll.map(|nll| nll.mean + self.units.log_volume());
        found.nll_standard_error = likelihood.nll.map(|nll| nll.standard_error);
        self.tell_bits(found);
        found.nll_probe_error = likelihood.probe_error;
        found.kl = kl.map(|kl| kl.mean);
        found.kl_standard_error = kl.map(|kl| kl.standard_error);
        found.likelihood_nfe = likelihood.evaluations;
        let passes = match field.in_closed_form() {
            Some(_) => 1,
            None => Divergence::passes(found.divergence, found.probes, self.dim()),
        };
        found.likelihood_network_evaluations = likelihood.evaluations * passes;
        found.round_trip_error = finite(self.units.undo_length(&likelihood.round_trip_errors));
        found.step_doubling_change = finite(likelihood.step_doubling_change);
        found.converged = gate.is_ok() && self.held_out;
        found.reason = gate.err().map(|gate| format!("Not converged: {gate}."));
        if !self.held_out && found.reason.is_none() {
            let points = self.wanted().points().map_or(0, Points::len);
            found.reason = Some(format!(
                "With fewer than {FEWEST_SPLIT} points none is held out: it is the likelihood of the {points} training points."
            ));
        }
        found.training_nll = self.training_nll(field, found).await;
        Ok(())
    }

    /// The NLL of as many training points as held-out ones, by the same solver and probes.
    async fn training_nll(&self, field: &dyn VelocityField, found: &Measurement) -> Option<f64> {
        let points =
            self.draw_training(found.n, found.seed).filter(|points| self.held_out && points.len() == found.n)?;
        let flow = self.flow(field, found.solver.refined(), found.seed);
        let x = tensor_from_points(&points, &self.device);
        let values = flow.log_density(x, 0.0).await.ok()?.values?;
        let estimate = Estimate::of(&values)?;
        Some(self.units.log_volume() - estimate.mean)
    }

    /// The mean distance to the nearest training point, for a user's own.
    fn nearest_training(&self, points: &Points) -> Option<f64> {
        let training = self.wanted().points().filter(|_| self.held_out)?;
        self.nearest(&first(points, MOST_NEAREST), &self.comparable(training))
    }

    /// Every distance between generated points and the truth that was asked for.
    fn compare_samples(&self, generated: &Points, truth: &Points, metrics: &[Metric], found: &mut Measurement) {
        let modelled = generated;
        let generated = &self.comparable(modelled);
        if metrics.contains(&self.told_with_nearest()) {
            found.nearest_distance = self.nearest_training(generated);
        }
        for metric in metrics {
            match metric {
                Metric::SlicedW2 => {
                    let distance = sliced_wasserstein_estimate(generated, truth);
                    found.sliced_w2 = distance.map(|distance| distance.mean);
                    found.sliced_w2_standard_error = distance.map(|distance| distance.standard_error);
                }
                Metric::W2 => found.w2 = self.w2(&first(generated, MOST_ASSIGNED), &first(truth, MOST_ASSIGNED)),
                Metric::Mmd => {
                    found.mmd_bandwidth = Bandwidth::TenthOfMedian.of(&first(truth, MOST_COMPARED));
                    let discrepancy =
                        found.mmd_bandwidth.and_then(|width| compare(generated, truth, width, found.seed));
                    found.mmd = discrepancy.and_then(|(discrepancy, _)| discrepancy.unbiased);
                    found.mmd_biased = discrepancy.map(|(discrepancy, _)| discrepancy.biased);
                    found.mmd_null_band = discrepancy.and_then(|(_, band)| Some(band?.threshold));
                }
                Metric::GeneratedNll => {
                    found.generated_nll = off_manifold(self.wanted(), modelled);
                }
                Metric::Frechet => self.measure_pictures(generated, truth, found),
                Metric::Likelihood | Metric::Straightness | Metric::Reweighting | Metric::Snapshots => {}
            }
        }
    }

    /// Straightness and transport on enough equal steps of the solver, from noise to as many points of the truth. A map of
    /// its own few steps has no curve between them: only where its points begin and end is measured.
    async fn measure_curve(&self, field: &dyn VelocityField, noise: &Points, truth: &Points, found: &mut Measurement) {
        if let Some(solver) = self.own_solver() {
            let student = self.transport_by(field, solver.into(), found.seed);
            let Ok(trajectory) = self.record(student.as_ref(), noise, Origin::Noise).await else { return };
            let curve = self.curve(trajectory);
            found.transport_cost = curve.map(|curve| curve.transport_cost);
            return;
        }
        let SolverConfig { kind, steps, tolerance } = found.solver;
        let kind = if tolerance.is_some() { SolverKind::Rk4 } else { kind };
        let solver = SolverConfig { kind, steps: steps.max(STRAIGHTNESS_STEPS), tolerance: None };
        let flow = self.flow(field, solver, found.seed);
        let Ok(trajectory) = self.record(flow.as_ref(), noise, Origin::Noise).await else { return };
        let Some(curve) = self.curve(trajectory) else { return };
        found.straightness = Some(curve.straightness);
        found.path_energy = Some(curve.path_energy);
        found.transport_cost = Some(curve.transport_cost);
        if self.why_no_truth().is_some() {
            return;
        }
        found.normalized_path_energy = self
            .w2(&self.comparable(noise), truth)
            .and_then(|distance| normalized_path_energy(curve.path_energy, distance));
        found.normalized_path_energy_floor = self.floor(FloorOf::PathEnergy, noise.len()).map(|floor| floor.mean);
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// MMD², and the null band that its biased version is compared with.
fn compare(generated: &Points, truth: &Points, bandwidth: f64, seed: u32) -> Option<(Discrepancy, Option<NullBand>)> {
    let (generated, truth) = (first(generated, MOST_COMPARED), first(truth, MOST_COMPARED));
    let found = mmd(&generated, &truth, bandwidth)?;
    let mut rng = Rng::new(u64::from(seed), Stream::Permutations);
    Some((found, null_band(&generated, &truth, bandwidth, PERMUTATIONS, &mut rng)))
}

/// Mean of -ln p of points under the data's own density; `None` where it is unknown or zero somewhere.
pub(super) fn off_manifold(data: &Distribution, points: &Points) -> Option<f64> {
    let density = |row: &[f32]| data.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    let values: Option<Vec<f64>> = points.rows().map(|row| density(row).map(|p| -p)).collect();
    Estimate::of(&values?).map(|estimate| estimate.mean)
}

/// Up to so many coordinates points are compared in the numbers above. Every point is compared with every other: of more
/// coordinates there are fewer points, so that it takes at most as long for each.
const FEW_COORDINATES: usize = 128;

/// The first `most` points, or fewer of many coordinates.
pub(super) fn first(points: &Points, most: usize) -> Points {
    let shorter = (FEW_COORDINATES as f64 / points.dim().max(FEW_COORDINATES) as f64).sqrt();
    let len = points.len().min((most as f64 * shorter) as usize);
    let values = points.values()[..len * points.dim()].to_vec();
    Points::new(values, points.dim()).expect("a part of finite points")
}
