//! The nonlinearity between layers, with the derivatives that forward-mode tangents need.

use crate::fused::{Elementwise, elementwise};
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, softplus};
use serde::{Deserialize, Serialize};

/// The nonlinearity between layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// z · sigmoid(z).
    #[default]
    Silu,
    /// tanh(z).
    Tanh,
    /// ln(1 + exp(β z)) / β with β = 20, as in JKO-iFlow (Xu 2023): a rounded ReLU.
    Softplus,
}

/// JKO-iFlow's softplus is this sharp.
const SOFTPLUS_BETA: f64 = 20.0;

impl Activation {
    /// The fused function and the order of its derivative, where there is one.
    pub fn fused(self) -> Option<(Elementwise, usize)> {
        match self {
            Self::Silu => Some((Elementwise::Silu, 0)),
            Self::Tanh => Some((Elementwise::LogCosh, 1)),
            Self::Softplus => None,
        }
    }

    /// act(z), element by element.
    pub fn value(self, z: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Silu => elementwise(z, Elementwise::Silu, 0),
            Self::Tanh => elementwise(z, Elementwise::LogCosh, 1),
            Self::Softplus => softplus(z, SOFTPLUS_BETA),
        }
    }

    /// act(z) and act'(z), both differentiable once more in reverse mode.
    pub fn value_and_derivative(self, z: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        match self {
            Self::Silu => (elementwise(z.clone(), Elementwise::Silu, 0), elementwise(z, Elementwise::Silu, 1)),
            Self::Tanh => (elementwise(z.clone(), Elementwise::LogCosh, 1), elementwise(z, Elementwise::LogCosh, 2)),
            Self::Softplus => (softplus(z.clone(), SOFTPLUS_BETA), sigmoid(z.mul_scalar(SOFTPLUS_BETA as f32))),
        }
    }
}
