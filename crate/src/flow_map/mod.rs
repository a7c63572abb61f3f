//! Transport with a velocity field: generate, encode, and the log-density along the way.

mod clock;
mod whole;

use crate::divergence::Divergence;
use crate::error::FlowError;
use crate::ode::{Normed, Outcome, Solution, SolverConfig, Span, State, Tolerance, larger_norm, solve, solve_adaptive};
use crate::velocity::{VelocityField, values_from_tensor};
use burn::tensor::Tensor;
use clock::{Stretch, stretches};
use whole::Whole;

pub use whole::Observer;

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
    fn scaled(&self, factor: f64) -> Self {
        self.clone().mul_scalar(factor as f32)
    }

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
        larger_norm(position, divergence)
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

/// What is carried, and how it changes.
trait Moving {
    type State: Normed;

    /// Its derivative.
    fn slope(&self, state: &Self::State, t: f64) -> Self::State;

    /// A whole solve in equal steps as one operation, where there is one.
    fn whole(
        &self,
        plan: Whole<'_>,
        start: &Self::State,
        observe: Option<Observer<'_, Self::State>>,
    ) -> Option<Self::State>;
}

/// Points alone.
struct Positions<'a>(&'a dyn VelocityField);

impl Moving for Positions<'_> {
    type State = Tensor<2>;

    fn slope(&self, x: &Tensor<2>, t: f64) -> Tensor<2> {
        self.0.velocity(x.clone(), t)
    }

    fn whole(&self, plan: Whole<'_>, x: &Tensor<2>, observe: Option<Observer<'_, Tensor<2>>>) -> Option<Tensor<2>> {
        plan.points(x, observe)
    }
}

/// Points with what is integrated along the way.
struct WithDivergence<'a> {
    field: &'a dyn VelocityField,
    divergence: &'a Divergence,
}

impl Moving for WithDivergence<'_> {
    type State = Augmented;

    fn slope(&self, state: &Augmented, t: f64) -> Augmented {
        let (velocity, divergence) = self.divergence.of(self.field, state.position.clone(), t);
        let energy = (velocity.clone() * velocity.clone()).sum_dim(1);
        Augmented { position: velocity, divergence, energy }
    }

    fn whole(&self, plan: Whole<'_>, start: &Augmented, observe: Option<Observer<'_, Augmented>>) -> Option<Augmented> {
        let exact = matches!(self.divergence, Divergence::Exact);
        if exact && observe.is_none() { plan.augmented(start) } else { None }
    }
}

impl FlowMap<'_> {
    /// x(`from`) to x(`to`).
    pub async fn transport(&self, x: Tensor<2>, ends: [f64; 2]) -> Result<Carried<Tensor<2>>, FlowError> {
        self.carry(x, ends, &Positions(self.field), None).await
    }

    /// The same, showing `observe` the start and every solver step.
    pub async fn record(
        &self,
        x: Tensor<2>,
        ends: [f64; 2],
        observe: Option<Observer<'_, Tensor<2>>>,
    ) -> Result<Carried<Tensor<2>>, FlowError> {
        self.carry(x, ends, &Positions(self.field), observe).await
    }

    /// The most states that an observer is shown.
    pub fn most_states(&self) -> usize {
        self.solver.adaptive().map_or(self.solver.steps, |adaptive| adaptive.max_steps) + 1
    }

    /// x(`from`) to x(`to`) with the divergence and the energy integrated along (the deck's equation (6); FFJORD's augmented
    /// ODE).
    pub async fn augmented(
        &self,
        x: Tensor<2>,
        ends: [f64; 2],
        divergence: &Divergence,
    ) -> Result<Carried<Augmented>, FlowError> {
        self.carry(start(x, divergence), ends, &WithDivergence { field: self.field, divergence }, None).await
    }

    /// [`augmented`](Self::augmented) in equal steps, whatever the tolerance, and without a wait: what training
    /// differentiates. For a field without jumps.
    pub fn integrate(&self, x: Tensor<2>, ends: [f64; 2], divergence: &Divergence) -> Augmented {
        let moving = WithDivergence { field: self.field, divergence };
        let (tableau, span, start) = (self.solver.kind.tableau(), self.span(ends), start(x, divergence));
        let plan = Whole::plan(self.field, tableau, span, Stretch::whole(ends));
        let whole = plan.and_then(|plan| moving.whole(plan, &start, None));
        whole.unwrap_or_else(|| solve(tableau, span, start, |state, t| moving.slope(state, t), |_, _| {}))
    }

    /// Carries `start` over each stretch between two jumps of the field.
    async fn carry<M: Moving>(
        &self,
        start: M::State,
        ends: [f64; 2],
        moving: &M,
        mut observe: Option<Observer<'_, M::State>>,
    ) -> Result<Carried<M::State>, FlowError> {
        let mut carried = Carried { state: start, evaluations: 0 };
        let mut last = None;
        for stretch in stretches(self.field, ends) {
            let observed = observe.is_some();
            let mut watch = |ticks: f64, state: &M::State| {
                // The end of one stretch is the start of the next.
                if last.replace(ticks) != Some(ticks) {
                    show(&mut observe, stretch.shown_time(ticks), state);
                }
            };
            let watch: Option<Observer<'_, M::State>> = if observed { Some(&mut watch) } else { None };
            let moved = self.stretch(carried.state, stretch, moving, watch).await?;
            carried = Carried { evaluations: carried.evaluations + moved.evaluations, ..moved };
        }
        Ok(carried)
    }

    async fn stretch<M: Moving>(
        &self,
        start: M::State,
        stretch: Stretch,
        moving: &M,
        mut observe: Option<Observer<'_, M::State>>,
    ) -> Result<Carried<M::State>, FlowError> {
        let (ends, observed) = (stretch.ends(), observe.is_some());
        let rhs = |state: &M::State, ticks: f64| {
            let (slope, speed) = (moving.slope(state, stretch.time(ticks)), stretch.speed(ticks));
            if speed == 1.0 { slope } else { slope.add_scaled(&[(speed - 1.0, &slope)]) }
        };
        let Some(adaptive) = self.solver.adaptive() else {
            let (span, tableau) = (self.span(ends), self.solver.kind.tableau());
            let evaluations = span.steps * tableau.stages();
            let mut watch = |ticks: f64, state: &M::State| show(&mut observe, ticks, state);
            let watch: Option<Observer<'_, M::State>> = if observed { Some(&mut watch) } else { None };
            if let Some(plan) = Whole::plan(self.field, tableau, span, stretch)
                && let Some(state) = moving.whole(plan, &start, watch)
            {
                return Ok(Carried { state, evaluations });
            }
            let state = solve(tableau, span, start, rhs, |ticks, state| show(&mut observe, ticks, state));
            return Ok(Carried { state, evaluations });
        };
        let watch = |ticks: f64, state: &M::State| show(&mut observe, ticks, state);
        let Solution { state, statistics, outcome } = solve_adaptive(&adaptive, ends, start, rhs, watch).await;
        match outcome {
            Outcome::Reached => Ok(Carried { state, evaluations: statistics.evaluations }),
            stopped => {
                let outcome = stopped.at(|ticks| stretch.shown_time(ticks)).to_string();
                Err(FlowError::SolverStopped { outcome })
            }
        }
    }

    fn span(&self, [from, to]: [f64; 2]) -> Span {
        let share = self.solver.steps as f64 * (to - from).abs();
        // Less a rounding error, so that 0.3 of 10 steps is 3 and not 4.
        Span { from, to, steps: ((share - 1e-9).ceil() as usize).max(1) }
    }
}

fn show<S>(observe: &mut Option<Observer<'_, S>>, t: f64, state: &S) {
    if let Some(observe) = observe {
        observe(t, state);
    }
}

fn start(x: Tensor<2>, divergence: &Divergence) -> Augmented {
    let zeros = |columns| Tensor::zeros([x.dims()[0], columns], &x.device());
    Augmented { divergence: zeros(divergence.columns()), energy: zeros(1), position: x }
}
