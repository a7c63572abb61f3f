//! What each round has reached: how straight each reflow is, how far each block descends the free energy.

use super::truth::STUDENT_JUMPS;
use super::{Origin, Session};
use crate::error::{FlowError, check_range};
use crate::metric::{Estimate, kl, relative_movement};
use crate::ode::{SolverConfig, SolverKind};
use crate::points::Points;
use crate::transport::Invertible;
use crate::velocity::{points_from_tensor, tensor_from_points};
use serde::Serialize;

/// The flow of the rounds up to one. `null` where undefined, never NaN.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct RoundReport {
    /// The round, from 0.
    pub round: usize,
    /// The different held-out points it was measured on.
    pub n: usize,
    /// Their seed.
    pub seed: u32,
    /// Mean of -ln p(x) of held-out points under the flow of the rounds up to this one, in nats.
    pub nll: Option<f64>,
    /// Its standard error, in nats.
    pub nll_standard_error: Option<f64>,
    /// Why there is no likelihood, and no free energy, where there can be none.
    pub reason: Option<String>,
    /// KL(p ‖ N(0, I)) of the data after these rounds, which is KL(P ‖ model): the free energy that a block descends.
    /// In nats.
    pub free_energy: Option<f64>,
    /// E|x_k - x_{k-1}|² / E|x_k|² of encoded data: how far this round still moves it. Without unit.
    pub relative_movement: Option<f64>,
    /// S of generated trajectories: 0 for lines at constant speed. In squared units of distance, as [`Measurement`]'s are.
    /// None of a distilled student, which has no curve between its steps.
    ///
    /// [`Measurement`]: super::Measurement
    pub straightness: Option<f64>,
    /// E|x(1) - x(0)|² of generated trajectories, in the same.
    pub transport_cost: Option<f64>,
}

/// Fine enough for a straightness of the field rather than of the solver, in every block.
const STEPS_EACH: usize = 50;

impl Session {
    /// Measures the flow after each round on `n` points of `seed`.
    pub async fn rounds(&self, n: usize, seed: u32) -> Result<Vec<RoundReport>, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        let points = self.draw_heldout(n, seed);
        let n = points.len();
        let noise = self.draw_noise(n, seed)?;
        let rounds = self.rounds_so_far();
        let mut reports = Vec::new();
        let mut before = points.clone();
        for round in 0..rounds.len() {
            let field = self.method().field(&self.problem(), &rounds[..=round]);
            let only = self.method().rounds().only_solver(round);
            let steps = STEPS_EACH.max(self.experiment.solver.steps);
            let solver = only.unwrap_or(SolverConfig { kind: SolverKind::Rk4, steps, tolerance: None });
            let flow = self.flow(field.as_ref(), solver, seed);
            let curve = self.record(flow.as_ref(), &noise, Origin::Noise).await.ok();
            let curve = curve.and_then(|curve| self.curve(curve));
            let mut report = RoundReport {
                round,
                n,
                seed,
                straightness: curve.filter(|_| only.is_none()).map(|curve| curve.straightness),
                transport_cost: curve.map(|curve| curve.transport_cost),
                ..RoundReport::default()
            };
            // A student goes one way only.
            if only.is_some() {
                report.reason = Some(STUDENT_JUMPS.into());
            } else {
                self.encode_round(flow.as_ref(), &points, &mut before, &mut report).await?;
            }
            reports.push(report);
        }
        Ok(reports)
    }

    /// What a round makes of held-out points: their likelihood, and how far it moves them on.
    async fn encode_round(
        &self,
        flow: &dyn Invertible,
        points: &Points,
        before: &mut Points,
        report: &mut RoundReport,
    ) -> Result<(), FlowError> {
        let heldout = tensor_from_points(points, &self.device);
        report.reason.clone_from(&self.degenerate);
        if report.reason.is_none() {
            let densities = flow.log_density(heldout.clone(), 0.0).await?;
            let values: Option<Vec<f64>> = densities.values.map(|all| all.iter().map(|p| -p).collect());
            let nll = values.as_ref().and_then(|values| Estimate::of(values));
            let kl = values.as_ref().and_then(|values| kl(values, self.wanted(), points));
            report.nll = nll.map(|nll| nll.mean + self.units.log_volume());
            report.nll_standard_error = nll.map(|nll| nll.standard_error);
            report.free_energy = kl.map(|kl| kl.mean);
        }
        let encoded = points_from_tensor(flow.encode(heldout, None).await?.state).await?;
        // Beside how far points are from 0, which on a torus or a sphere is nowhere.
        report.relative_movement = relative_movement(before, &encoded).filter(|_| self.space().is_none());
        *before = encoded;
        Ok(())
    }
}
