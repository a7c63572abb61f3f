//! Transport with a velocity field: generate, encode, and the log-density along the way.

use crate::divergence::Divergence;
use crate::error::FlowError;
use crate::ode::{Normed, Outcome, Solution, SolverConfig, Span, State, Tolerance, solve, solve_adaptive};
use crate::velocity::{VelocityField, values_from_tensor};
use burn::tensor::Tensor;

/// The map x(s) → x(t) that a field induces, as a solver computes it.
#[derive(Clone, Copy)]
pub struct FlowMap<'a> {
    /// The velocity field.
    pub field: &'a dyn VelocityField,
    /// The solver and its steps over the whole of [0, 1]; a shorter way takes proportionally fewer, at least one.
    pub solver: SolverConfig,
}

/// Points carried by the flow, with what was integrated along the way.
#[derive(Debug, Clone)]
pub struct Augmented {
    /// x(t), `[batch, dim]`.
    pub position: Tensor<2>,
    /// ∫ div f dt along the trajectory, `[batch, k]` for k estimates of it: ln p(x(s)) = ln p(x(t)) + this, from s to t.
    pub divergence: Tensor<2>,
    /// ∫ |f|² dt along the trajectory, `[batch, 1]`: the kinetic energy that regularisers penalise.
    pub energy: Tensor<2>,
}

impl State for Tensor<2> {
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        terms.iter().fold(self.clone(), |sum, (factor, term)| sum + (*term).clone().mul_scalar(*factor as f32))
    }
}

impl State for Augmented {
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        let each = |of: fn(&Self) -> &Tensor<2>| {
            let terms: Vec<_> = terms.iter().map(|(factor, term)| (*factor, of(term))).collect();
            of(self).add_scaled(&terms)
        };
        Self {
            position: each(|state| &state.position),
            divergence: each(|state| &state.divergence),
            energy: each(|state| &state.energy),
        }
    }
}

/// The root mean square of error over allowance, read back from the device; NaN where that fails.
impl Normed for Tensor<2> {
    async fn error_norm(error: &[(f64, &Self)], before: &Self, after: &Self, tolerance: Tolerance) -> f64 {
        let largest = before.clone().abs().max_pair(after.clone().abs());
        let allowed = largest.mul_scalar(tolerance.relative as f32).add_scalar(tolerance.absolute as f32);
        let error = before.zeros_like().add_scaled(error) / allowed;
        match values_from_tensor((error.clone() * error).mean()).await {
            Ok(square) => f64::from(square[0]).sqrt(),
            Err(_) => f64::NAN,
        }
    }
}

/// The larger of the position's and the divergence's norm, torchdiffeq's rule for tuples; the energy does not steer.
impl Normed for Augmented {
    async fn error_norm(error: &[(f64, &Self)], before: &Self, after: &Self, tolerance: Tolerance) -> f64 {
        let norm = async |of: fn(&Self) -> &Tensor<2>| {
            let error: Vec<_> = error.iter().map(|(factor, term)| (*factor, of(term))).collect();
            Tensor::error_norm(&error, of(before), of(after), tolerance).await
        };
        let (position, divergence) = (norm(|state| &state.position).await, norm(|state| &state.divergence).await);
        // f64::max would drop a NaN, and with it the sign that the field cannot be integrated.
        if position.is_nan() { position } else { position.max(divergence) }
    }
}

/// A state carried along the flow, and what that cost.
#[derive(Debug, Clone)]
pub struct Carried<S> {
    /// Where it ended.
    pub state: S,
    /// Right-hand-side evaluations (NFE).
    pub evaluations: usize,
}

impl FlowMap<'_> {
    /// Noise x(1) `[batch, dim]` to data x(0).
    pub async fn generate(&self, noise: Tensor<2>) -> Result<Carried<Tensor<2>>, FlowError> {
        self.record(noise, [1.0, 0.0], |_, _| {}).await
    }

    /// Data x(0) `[batch, dim]` to noise x(1).
    pub async fn encode(&self, data: Tensor<2>) -> Result<Carried<Tensor<2>>, FlowError> {
        self.record(data, [0.0, 1.0], |_, _| {}).await
    }

    /// x(`from`) to x(`to`), showing `observe` the start and every solver step.
    pub async fn record(
        &self,
        x: Tensor<2>,
        ends: [f64; 2],
        observe: impl FnMut(f64, &Tensor<2>),
    ) -> Result<Carried<Tensor<2>>, FlowError> {
        self.carry(x, ends, |x, t| self.field.velocity(x.clone(), t), observe).await
    }

    /// x(`from`) to x(`to`) with the divergence and the energy integrated along (the deck's equation (6); FFJORD's augmented
    /// ODE).
    pub async fn augmented(
        &self,
        x: Tensor<2>,
        ends: [f64; 2],
        divergence: &Divergence,
    ) -> Result<Carried<Augmented>, FlowError> {
        let rhs = |state: &Augmented, t: f64| augmented_velocity(self.field, divergence, state, t);
        self.carry(start(x, divergence), ends, rhs, |_, _| {}).await
    }

    /// [`augmented`](Self::augmented) in equal steps, whatever the tolerance, and without a wait: what training
    /// differentiates.
    pub fn integrate(&self, x: Tensor<2>, ends: [f64; 2], divergence: &Divergence) -> Augmented {
        let rhs = |state: &Augmented, t: f64| augmented_velocity(self.field, divergence, state, t);
        solve(self.solver.kind.tableau(), self.span(ends), start(x, divergence), rhs, |_, _| {})
    }

    /// Carries `start` over each stretch between two jumps of the field, and no nearer to t = 0 than it is finite.
    async fn carry<S: Normed>(
        &self,
        start: S,
        [from, to]: [f64; 2],
        mut rhs: impl FnMut(&S, f64) -> S,
        mut observe: impl FnMut(f64, &S),
    ) -> Result<Carried<S>, FlowError> {
        let earliest = self.field.earliest_time();
        let clock = if self.field.smooth_in_root() { Clock::Root } else { Clock::Linear };
        let mut carried = Carried { state: start, evaluations: 0 };
        let mut last = None;
        let mut observe = |ticks: f64, state: &S| {
            // The end of one stretch is the start of the next.
            if last.replace(ticks) != Some(ticks) {
                observe(clock.time(ticks), state);
            }
        };
        for ends in stretches([from.max(earliest), to.max(earliest)], self.field.breaks()) {
            let (low, high) = (ends[0].min(ends[1]) + INSIDE, ends[0].max(ends[1]) - INSIDE);
            let ticking = |x: &S, ticks: f64| {
                let t = clock.time(ticks);
                // A stage at the very end belongs to this stretch, not to the next.
                let slope = rhs(x, if low < high { t.clamp(low, high) } else { t });
                let speed = clock.speed(ticks);
                if speed == 1.0 { slope } else { slope.add_scaled(&[(speed - 1.0, &slope)]) }
            };
            let moved = self.stretch(carried.state, ends.map(|t| clock.ticks(t)), ticking, &mut observe).await?;
            carried = Carried { evaluations: carried.evaluations + moved.evaluations, ..moved };
        }
        Ok(carried)
    }

    async fn stretch<S: Normed>(
        &self,
        start: S,
        ends: [f64; 2],
        rhs: impl FnMut(&S, f64) -> S,
        observe: impl FnMut(f64, &S),
    ) -> Result<Carried<S>, FlowError> {
        let Some(adaptive) = self.solver.adaptive() else {
            let (span, tableau) = (self.span(ends), self.solver.kind.tableau());
            let state = solve(tableau, span, start, rhs, observe);
            return Ok(Carried { state, evaluations: span.steps * tableau.stages() });
        };
        let Solution { state, statistics, outcome } = solve_adaptive(&adaptive, ends, start, rhs, observe).await;
        match outcome {
            Outcome::Reached => Ok(Carried { state, evaluations: statistics.evaluations }),
            stopped => Err(FlowError::SolverStopped { outcome: stopped.to_string() }),
        }
    }

    fn span(&self, [from, to]: [f64; 2]) -> Span {
        let share = self.solver.steps as f64 * (to - from).abs();
        // Less a rounding error, so that 0.3 of 10 steps is 3 and not 4.
        Span { from, to, steps: ((share - 1e-9).ceil() as usize).max(1) }
    }
}

/// What a solver's equal steps are equal in.
#[derive(Clone, Copy)]
enum Clock {
    /// t.
    Linear,
    /// √t.
    Root,
}

impl Clock {
    fn ticks(self, t: f64) -> f64 {
        match self {
            Self::Linear => t,
            Self::Root => t.sqrt(),
        }
    }

    fn time(self, ticks: f64) -> f64 {
        match self {
            Self::Linear => ticks,
            Self::Root => ticks * ticks,
        }
    }

    /// dt over a tick.
    fn speed(self, ticks: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Root => 2.0 * ticks,
        }
    }
}

/// How far inside a stretch its ends are evaluated, where a field that jumps still belongs to it.
const INSIDE: f64 = 1e-9;

/// The way from one end to the other, cut at the `breaks` on it.
fn stretches([from, to]: [f64; 2], breaks: Vec<f64>) -> Vec<[f64; 2]> {
    let (low, high) = (from.min(to), from.max(to));
    let mut stops: Vec<f64> = breaks.into_iter().filter(|t| (low + INSIDE..high - INSIDE).contains(t)).collect();
    stops.extend([low, high]);
    stops.sort_unstable_by(f64::total_cmp);
    if from > to {
        stops.reverse();
    }
    stops.windows(2).map(|ends| [ends[0], ends[1]]).collect()
}

fn start(x: Tensor<2>, divergence: &Divergence) -> Augmented {
    let zeros = |columns| Tensor::zeros([x.dims()[0], columns], &x.device());
    Augmented { divergence: zeros(divergence.columns()), energy: zeros(1), position: x }
}

fn augmented_velocity(field: &dyn VelocityField, divergence: &Divergence, state: &Augmented, t: f64) -> Augmented {
    let (velocity, divergence) = divergence.of(field, state.position.clone(), t);
    let energy = (velocity.clone() * velocity.clone()).sum_dim(1);
    Augmented { position: velocity, divergence, energy }
}
