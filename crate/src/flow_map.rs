//! Transport with a velocity field: generate, encode, and the log-density along the way.

use crate::divergence::Divergence;
use crate::ode::{SolverConfig, Span, State, solve};
use crate::velocity::VelocityField;
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
    /// ∫ div f dt along the trajectory, `[batch, 1]`: ln p(x(s)) = ln p(x(t)) + this, from s to t.
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

impl FlowMap<'_> {
    /// x(`from`) `[batch, dim]` to x(`to`).
    pub fn transport(&self, x: Tensor<2>, from: f64, to: f64) -> Tensor<2> {
        self.record(x, from, to, |_, _| {})
    }

    /// Noise x(1) to data x(0).
    pub fn generate(&self, noise: Tensor<2>) -> Tensor<2> {
        self.transport(noise, 1.0, 0.0)
    }

    /// Data x(0) to noise x(1).
    pub fn encode(&self, data: Tensor<2>) -> Tensor<2> {
        self.transport(data, 0.0, 1.0)
    }

    /// [`transport`](Self::transport), showing `observe` the start and every solver step.
    pub fn record(&self, x: Tensor<2>, from: f64, to: f64, observe: impl FnMut(f64, &Tensor<2>)) -> Tensor<2> {
        let rhs = |x: &Tensor<2>, t: f64| self.field.velocity(x.clone(), t);
        solve(self.solver.kind.tableau(), self.span(from, to), x, rhs, observe)
    }

    /// [`transport`](Self::transport) with the divergence and the energy integrated along (the deck's equation (6); FFJORD's
    /// augmented ODE).
    pub fn augmented(&self, x: Tensor<2>, from: f64, to: f64) -> Augmented {
        let batch = x.dims()[0];
        let zeros = Tensor::zeros([batch, 1], &x.device());
        let start = Augmented { position: x, divergence: zeros.clone(), energy: zeros };
        let rhs = |state: &Augmented, t: f64| {
            let (velocity, divergence) = Divergence::Exact.of(self.field, state.position.clone(), t);
            let energy = (velocity.clone() * velocity.clone()).sum_dim(1);
            Augmented { position: velocity, divergence, energy }
        };
        solve(self.solver.kind.tableau(), self.span(from, to), start, rhs, |_, _| {})
    }

    /// Right-hand-side evaluations from `from` to `to`.
    pub fn evaluations(&self, from: f64, to: f64) -> usize {
        self.span(from, to).steps * self.solver.kind.tableau().stages()
    }

    fn span(&self, from: f64, to: f64) -> Span {
        let share = self.solver.steps as f64 * (to - from).abs();
        // Less a rounding error, so that 0.3 of 10 steps is 3 and not 4.
        Span { from, to, steps: ((share - 1e-9).ceil() as usize).max(1) }
    }
}
