//! The stepping, once, for every solver and every state.

use super::tableau::Tableau;

/// What an ODE moves: anything that can be combined linearly. A batch of points, or points with their log-density.
pub trait State: Clone {
    /// `self` + Σ factor · term.
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self;
}

impl State for Vec<f64> {
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        let sum = |i: usize| terms.iter().map(|(factor, term)| factor * term[i]).sum::<f64>();
        self.iter().enumerate().map(|(i, x)| x + sum(i)).collect()
    }
}

/// A stretch of time cut into equal solver steps. `to` may be earlier than `from`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Where integration starts.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// The number of solver steps between them.
    pub steps: usize,
}

impl Span {
    /// The time before solver step `i`; the end itself for `i = steps`, without rounding.
    pub fn time(&self, i: usize) -> f64 {
        if i == self.steps {
            return self.to;
        }
        self.from + (self.to - self.from) * (i as f64 / self.steps as f64)
    }
}

/// Integrates dx/dt = `rhs`(x, t) over `span` in equal steps and returns the final state. `observe` sees the start and
/// the state after every solver step, with its time. Evaluates `rhs` exactly `stages × steps` times.
pub fn solve<S: State>(
    tableau: &Tableau,
    span: Span,
    start: S,
    mut rhs: impl FnMut(&S, f64) -> S,
    mut observe: impl FnMut(f64, &S),
) -> S {
    let step = (span.to - span.from) / span.steps as f64;
    let mut state = start;
    observe(span.from, &state);
    for i in 0..span.steps {
        let time = span.time(i);
        let mut stages: Vec<S> = Vec::with_capacity(tableau.stages());
        for stage in 0..tableau.stages() {
            let at = combine(&state, step, tableau.row(stage), &stages);
            stages.push(rhs(&at, time + tableau.node(stage) * step));
        }
        state = combine(&state, step, tableau.b, &stages);
        observe(span.time(i + 1), &state);
    }
    state
}

fn combine<S: State>(state: &S, step: f64, weights: &[f64], stages: &[S]) -> S {
    let terms: Vec<(f64, &S)> = weights
        .iter()
        .zip(stages)
        .filter(|(weight, _)| **weight != 0.0)
        .map(|(weight, stage)| (weight * step, stage))
        .collect();
    if terms.is_empty() { state.clone() } else { state.add_scaled(&terms) }
}
