//! The stepping, once, for every solver and every state.

use super::tableau::Tableau;

/// What an ODE moves: anything that can be combined linearly. A batch of points, or points with their log-density.
pub trait State: Clone {
    /// `self` + Σ factor · term.
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self;

    /// factor · `self`.
    fn scaled(&self, factor: f64) -> Self {
        self.add_scaled(&[(factor - 1.0, self)])
    }
}

impl State for Vec<f64> {
    fn scaled(&self, factor: f64) -> Self {
        self.iter().map(|x| factor * x).collect()
    }

    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        let sum = |i: usize| terms.iter().map(|(factor, term)| factor * term[i]).sum::<f64>();
        self.iter().enumerate().map(|(i, x)| x + sum(i)).collect()
    }
}

/// Several quantities moved together.
impl<S: State, const N: usize> State for [S; N] {
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        std::array::from_fn(|i| {
            let terms: Vec<(f64, &S)> = terms.iter().map(|(factor, term)| (*factor, &term[i])).collect();
            self[i].add_scaled(&terms)
        })
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
    observe: impl FnMut(f64, &S),
) -> S {
    let step = |state: &S, [from, to]: [f64; 2]| {
        Step { from, to }.take(tableau, state, &mut Vec::with_capacity(tableau.stages()), &mut rhs)
    };
    walk((0..=span.steps).map(|i| span.time(i)), start, step, observe)
}

/// Moves `start` through `times` by `step`, which sees the state and the times it goes from and to: the one loop of every
/// solver of fixed steps and of every sampler. `observe` sees the start and the state after every step, with its time.
pub fn walk<S>(
    mut times: impl Iterator<Item = f64>,
    start: S,
    mut step: impl FnMut(&S, [f64; 2]) -> S,
    mut observe: impl FnMut(f64, &S),
) -> S {
    let mut state = start;
    let Some(mut from) = times.next() else { return state };
    observe(from, &state);
    for to in times {
        state = step(&state, [from, to]);
        observe(to, &state);
        from = to;
    }
    state
}

/// One solver step.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub from: f64,
    pub to: f64,
}

impl Step {
    /// With its sign: negative when time runs backward.
    pub fn length(self) -> f64 {
        self.to - self.from
    }

    /// The state at the step's end. `stages` holds none or the first of the stages before, and all of them after.
    pub fn take<S: State>(
        self,
        tableau: &Tableau,
        state: &S,
        stages: &mut Vec<S>,
        mut rhs: impl FnMut(&S, f64) -> S,
    ) -> S {
        for stage in stages.len()..tableau.stages() {
            let at = combine(state, self.length(), tableau.row(stage), stages);
            stages.push(rhs(&at, self.from + tableau.node(stage) * self.length()));
        }
        combine(state, self.length(), tableau.b, stages)
    }
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
