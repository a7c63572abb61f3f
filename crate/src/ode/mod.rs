//! Explicit Runge-Kutta integration of dx/dt = f(x, t).
//!
//! A solver is a [`Tableau`] of numbers; the stepping is written once, in [`solve`], for any [`State`].

mod solve;
mod tableau;
mod trajectory;

pub use solve::{Span, State, solve};
pub use tableau::{SolverKind, Tableau};
pub use trajectory::{SolverConfig, Trajectory};
