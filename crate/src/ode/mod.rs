//! Explicit Runge-Kutta integration of dx/dt = f(x, t).
//!
//! A solver is a [`Tableau`] of numbers; the stepping is written once, in [`solve`] for equal steps and in
//! [`solve_adaptive`] for steps that follow a tolerance, for any [`State`].

mod adaptive;
mod controller;
mod order_conditions;
mod solve;
mod tableau;
mod trajectory;

pub(crate) use adaptive::larger_norm;
pub use adaptive::{Adaptive, Normed, solve_adaptive};
pub use controller::{Gains, Tolerance};
pub use solve::{Span, State, solve, walk};
pub use tableau::{SolverKind, Tableau};
pub use trajectory::{Outcome, Solution, SolverConfig, Statistics, Trajectory};
