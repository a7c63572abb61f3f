//! The stepping with steps chosen by the error they make: Runge-Kutta pairs under a [`Controller`].
//!
//! The norm of an error is awaited, because a state may live on a GPU: one read-back a solver step.

use super::controller::{Controller, Gains, Tolerance, first_length, probe_length};
use super::solve::{State, Step};
use super::tableau::{SolverKind, Tableau};
use super::trajectory::{Outcome, Solution, Statistics};

/// A state whose error can be measured.
pub trait Normed: State {
    /// The error Σ factor · term as a multiple of what `tolerance` allows in a step from `before` to `after`: the root
    /// mean square over all elements, where 1 just meets it. `error` has at least one term. Not finite if any element
    /// of the error or of `after` is not.
    fn error_norm(
        error: &[(f64, &Self)],
        before: &Self,
        after: &Self,
        tolerance: Tolerance,
    ) -> impl Future<Output = f64>;
}

/// The larger of two norms; NaN, the sign that a field cannot be integrated, where either is, which `f64::max` would drop.
pub(crate) fn larger_norm(a: f64, b: f64) -> f64 {
    if a >= b || a.is_nan() { a } else { b }
}

impl Normed for Vec<f64> {
    async fn error_norm(error: &[(f64, &Self)], before: &Self, after: &Self, tolerance: Tolerance) -> f64 {
        let square = |i: usize| {
            if !after[i].is_finite() {
                return f64::INFINITY;
            }
            let error: f64 = error.iter().map(|(factor, term)| factor * term[i]).sum();
            let share = error / tolerance.scale(before[i], after[i]);
            share * share
        };
        ((0..after.len()).map(square).sum::<f64>() / after.len().max(1) as f64).sqrt()
    }
}

/// An adaptive solver and when it gives up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adaptive {
    tableau: &'static Tableau,
    embedded: &'static [f64],
    /// The error allowed in one solver step.
    pub tolerance: Tolerance,
    /// The step-size controller.
    pub gains: Gains,
    /// The shortest solver step tried, in units of t.
    pub min_step: f64,
    /// The most solver steps tried, rejected ones included.
    pub max_steps: usize,
}

/// A step that is eight digits shorter than [0, 1] cannot be told from none in f32.
const MIN_STEP: f64 = 1e-8;
/// diffrax's default. Bosh3 takes 300 at a tolerance of 1e-7 on the equation of `tests/order.rs`.
const MAX_STEPS: usize = 4096;

impl Adaptive {
    /// `kind` at a relative and absolute tolerance of `tolerance`, under the integral controller; nothing for a method
    /// that does not estimate its error.
    pub fn new(kind: SolverKind, tolerance: f64) -> Option<Self> {
        let tableau = kind.tableau();
        Some(Self {
            tableau,
            embedded: tableau.embedded?,
            tolerance: Tolerance { absolute: tolerance, relative: tolerance },
            gains: Gains::I,
            min_step: MIN_STEP,
            max_steps: MAX_STEPS,
        })
    }
}

/// Integrates dx/dt = `rhs`(x, t) from `from` to `to`, which may be earlier, and hits `to` without rounding. `observe`
/// sees the start and the state after every accepted step, with its time. Two evaluations and one for each stage of
/// every step tried; a field that cannot be integrated ends in an [`Outcome`] that says why, with the last good state.
pub async fn solve_adaptive<S: Normed>(
    method: &Adaptive,
    [from, to]: [f64; 2],
    start: S,
    rhs: impl FnMut(&S, f64) -> S,
    observe: impl FnMut(f64, &S),
) -> Solution<S> {
    let mut run = Run { method, rhs, time: from, state: start, statistics: Statistics::default() };
    let outcome = run.advance(to, observe).await;
    Solution { state: run.state, statistics: run.statistics, outcome }
}

/// One solve in progress: the last good state, and what it took to come there.
struct Run<'a, S, F> {
    method: &'a Adaptive,
    rhs: F,
    time: f64,
    state: S,
    statistics: Statistics,
}

/// A step that was tried: where it leads, f there, and its error norm.
struct Tried<S> {
    state: S,
    slope: S,
    error: f64,
}

impl<S: Normed, F: FnMut(&S, f64) -> S> Run<'_, S, F> {
    async fn advance(&mut self, to: f64, mut observe: impl FnMut(f64, &S)) -> Outcome {
        observe(self.time, &self.state);
        if self.time == to {
            return Outcome::Reached;
        }
        let mut slope = (self.rhs)(&self.state, self.time);
        self.statistics.evaluations += 1;
        let Some(mut length) = self.first_length(&slope, to).await else {
            return Outcome::Diverged { time: self.time };
        };
        let mut controller = Controller::new(self.method.gains, self.method.tableau.order);
        for _ in 0..self.method.max_steps {
            let remaining = to - self.time;
            let last = length >= remaining.abs();
            let end = if last { to } else { self.time + length.copysign(remaining) };
            let tried = self.step(&slope, end).await;
            let verdict = controller.judge(tried.error);
            length = length.min(remaining.abs()) * verdict.factor;
            if verdict.accepted {
                self.statistics.accepted += 1;
                (self.time, self.state, slope) = (end, tried.state, tried.slope);
                observe(self.time, &self.state);
                if last {
                    return Outcome::Reached;
                }
                continue;
            }
            self.statistics.rejected += 1;
            if length < self.method.min_step {
                let time = self.time;
                let finite = tried.error.is_finite();
                return if finite { Outcome::StepTooSmall { time } } else { Outcome::Diverged { time } };
            }
        }
        Outcome::StepLimit { time: self.time, steps: self.method.max_steps }
    }

    /// The first step's length by Hairer's rule, which costs a second evaluation; nothing if x or f(x) is not finite
    /// at the start.
    async fn first_length(&mut self, slope: &S, to: f64) -> Option<f64> {
        let (tolerance, state) = (self.method.tolerance, &self.state);
        let size = S::error_norm(&[(1.0, state)], state, state, tolerance).await;
        let speed = S::error_norm(&[(1.0, slope)], state, state, tolerance).await;
        if !(size.is_finite() && speed.is_finite()) {
            return None;
        }
        // Not past the end, where the field need not exist.
        let remaining = to - self.time;
        let probe = probe_length(size, speed).min(remaining.abs());
        let ahead = state.add_scaled(&[(probe.copysign(remaining), slope)]);
        let slope_ahead = (self.rhs)(&ahead, self.time + probe.copysign(remaining));
        self.statistics.evaluations += 1;
        let change = [(1.0 / probe, &slope_ahead), (-1.0 / probe, slope)];
        let curvature = S::error_norm(&change, state, state, tolerance).await;
        Some(first_length(probe, speed, curvature, self.method.tableau.order).max(self.method.min_step))
    }

    /// Tries one step to `end`, with its first stage given.
    async fn step(&mut self, slope: &S, end: f64) -> Tried<S> {
        let Adaptive { tableau, embedded, tolerance, .. } = *self.method;
        let step = Step { from: self.time, to: end };
        let mut stages = Vec::with_capacity(embedded.len());
        stages.push(slope.clone());
        let state = step.take(tableau, &self.state, &mut stages, &mut self.rhs);
        stages.push((self.rhs)(&state, end));
        self.statistics.evaluations += tableau.stages();
        // The stage at the end has no weight in the step itself.
        let weights = tableau.b.iter().chain([&0.0]).zip(embedded).map(|(b, embedded)| step.length() * (b - embedded));
        let error: Vec<(f64, &S)> = weights.zip(&stages).filter(|(weight, _)| *weight != 0.0).collect();
        let error = S::error_norm(&error, &self.state, &state, tolerance).await;
        let slope = stages.swap_remove(tableau.stages());
        Tried { state, slope, error }
    }
}
