//! A field in, the trace of its Jacobian out.

use crate::velocity::VelocityField;
use burn::tensor::Tensor;

/// How div f = tr ∂f/∂x is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Divergence {
    /// One forward-mode tangent for each coordinate: no error but rounding, `dim` extra passes.
    #[default]
    Exact,
}

impl Divergence {
    /// f(x, t) `[batch, dim]` and its divergence `[batch, 1]`.
    pub fn of(self, field: &dyn VelocityField, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        match self {
            Self::Exact => field.velocity_and_trace(x, t),
        }
    }

    /// Network passes of one evaluation: the velocity's own and the tangents'.
    pub fn passes(self, dim: usize) -> usize {
        match self {
            Self::Exact => 1 + dim,
        }
    }
}
