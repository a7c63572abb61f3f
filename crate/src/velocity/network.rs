//! The velocity network: a multilayer perceptron of [x, t].
//!
//! All weights live in one packed tensor, so that the optimizer, the moving average, clipping and the file format each
//! deal with a single buffer; [`Network`] is that buffer cut into layers.

use super::VelocityField;
use crate::error::{FlowError, check_range};
use crate::fused;
use crate::rng::Rng;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::ops::Range;

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
}

impl Activation {
    fn value(self, z: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Silu => fused::silu(z, 0),
            Self::Tanh => z.tanh(),
        }
    }

    /// The activation and its derivative, both differentiable once more in reverse mode.
    fn value_and_derivative(self, z: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        match self {
            Self::Silu => (fused::silu(z.clone(), 0), fused::silu(z, 1)),
            Self::Tanh => {
                let value = z.tanh();
                let derivative = (value.clone() * value.clone()).neg().add_scalar(1.0);
                (value, derivative)
            }
        }
    }
}

/// The size of the velocity network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkConfig {
    /// Neurons in each hidden layer, 1 to 512.
    pub width: usize,
    /// Hidden layers, 1 to 8.
    pub depth: usize,
    /// The nonlinearity.
    pub activation: Activation,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self { width: 64, depth: 3, activation: Activation::Silu }
    }
}

impl NetworkConfig {
    /// Refuses sizes that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("network.width", self.width, 1..=512)?;
        check_range("network.depth", self.depth, 1..=8)
    }
}

/// A network's layout: how the packed weights are cut.
///
/// In order: the input weights `[dim, width]`, the time weights `[1, width]` and their bias `[1, width]`; for each further
/// hidden layer its weights `[width, width]` and bias; the output weights `[width, dim]` and bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkShape {
    /// Coordinates of a point.
    pub dim: usize,
    /// The size of the network.
    pub config: NetworkConfig,
}

impl NetworkShape {
    /// Rows and columns of every piece, in packed order.
    pub fn pieces(&self) -> Vec<[usize; 2]> {
        let NetworkConfig { width, depth, .. } = self.config;
        let mut pieces = vec![[self.dim, width], [1, width], [1, width]];
        for _ in 1..depth {
            pieces.extend([[width, width], [1, width]]);
        }
        pieces.extend([[width, self.dim], [1, self.dim]]);
        pieces
    }

    /// The length of the packed weights.
    pub fn num_parameters(&self) -> usize {
        self.pieces().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// Initial weights, uniform within ± 1/√inputs of each layer (PyTorch's default for linear layers).
    pub fn initial_weights(&self, rng: &mut Rng) -> Vec<f32> {
        let NetworkConfig { width, .. } = self.config;
        let num_pieces = self.pieces().len();
        let inputs = |piece: usize| if piece < 3 { self.dim + 1 } else { width };
        (0..num_pieces)
            .zip(self.pieces())
            .flat_map(|(piece, [rows, columns])| std::iter::repeat_n(inputs(piece), rows * columns))
            .map(|inputs| ((2.0 * rng.uniform() - 1.0) / libm::sqrt(inputs as f64)) as f32)
            .collect()
    }

    /// Where each piece lies in the packed weights.
    fn ranges(&self) -> Vec<Range<usize>> {
        let mut end = 0;
        let ends = self.pieces().into_iter().map(|[rows, columns]| {
            let start = end;
            end += rows * columns;
            start..end
        });
        ends.collect()
    }
}

/// A velocity network on a device: v(x, t) by x ↦ act(x W + t w + b), hidden layers, a linear output.
#[derive(Debug, Clone)]
pub struct Network {
    shape: NetworkShape,
    pieces: Vec<Tensor<2>>,
}

impl Network {
    /// Cuts packed weights `[num_parameters]` into layers.
    pub fn new(shape: NetworkShape, weights: Tensor<1>) -> Self {
        let cut = |(range, size): (Range<usize>, [usize; 2])| weights.clone().slice(range).reshape(size);
        let pieces = shape.ranges().into_iter().zip(shape.pieces()).map(cut).collect();
        Self { shape, pieces }
    }

    /// The same network with its weights as leaves of an autodiff graph.
    pub fn tracked(mut self) -> Self {
        for piece in &mut self.pieces {
            piece.inplace(|piece| piece.autodiff().require_grad());
        }
        self
    }

    /// The gradient of `loss` with respect to the packed weights, `[num_parameters]`. Needs a [`tracked`](Self::tracked)
    /// network that `loss` depends on.
    pub fn gradient(&self, loss: &Tensor<1>) -> Tensor<1> {
        let mut gradients = loss.backward();
        let flat = self.pieces.iter().zip(self.shape.pieces()).map(|(piece, [rows, columns])| {
            let gradient = piece.grad_remove(&mut gradients);
            // The likelihood does not depend on the output bias of a network whose flow is never evaluated twice, for
            // one: a missing gradient is zero, not an error.
            let gradient = gradient.unwrap_or_else(|| piece.clone().inner().zeros_like());
            gradient.reshape([rows * columns])
        });
        Tensor::cat(flat.collect(), 0)
    }

    /// v(x, t) for `x` `[batch, dim]` and times `[batch, 1]`, or `[1, 1]` for one time: `[batch, dim]`.
    pub fn forward(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        let act = self.shape.config.activation;
        let mut hidden = act.value(self.input(x, times));
        for layer in self.hidden_layers() {
            hidden = act.value(linear(hidden, layer));
        }
        linear(hidden, self.output())
    }

    fn input(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        let [weights, time_weights, bias] = [0, 1, 2].map(|i| self.pieces[i].clone());
        x.matmul(weights) + (times * time_weights + bias)
    }

    fn hidden_layers(&self) -> std::slice::ChunksExact<'_, Tensor<2>> {
        self.pieces[3..self.pieces.len() - 2].chunks_exact(2)
    }

    fn output(&self) -> &[Tensor<2>] {
        &self.pieces[self.pieces.len() - 2..]
    }

    fn time(&self, t: f64) -> Tensor<2> {
        Tensor::full([1, 1], t as f32, &self.pieces[0].clone().inner().device())
    }
}

fn linear(x: Tensor<2>, layer: &[Tensor<2>]) -> Tensor<2> {
    x.matmul(layer[0].clone()) + layer[1].clone()
}

impl VelocityField for Network {
    fn dim(&self) -> usize {
        self.shape.dim
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let times = self.time(t);
        self.forward(x, times)
    }

    /// Forward-mode: one tangent for each coordinate is carried through the layers beside the point, T ← (T W) · act'(z),
    /// so that reverse mode over it gives exact gradients of likelihood losses (Burn differentiates once only).
    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let ([batch, dim], width) = (x.dims(), self.shape.config.width);
        let act = self.shape.config.activation;
        let times = self.time(t);
        let (mut hidden, derivative) = act.value_and_derivative(self.input(x, times));
        let seeds = self.pieces[0].clone().reshape([dim, 1, width]);
        let mut tangents: Tensor<3> = derivative.unsqueeze() * seeds;
        for layer in self.hidden_layers() {
            let (value, derivative) = act.value_and_derivative(linear(hidden, layer));
            let pushed = tangents.reshape([dim * batch, width]).matmul(layer[0].clone());
            tangents = pushed.reshape([dim, batch, width]) * derivative.unsqueeze();
            hidden = value;
        }
        let rows: Tensor<3> = self.output()[0].clone().transpose().reshape([dim, 1, width]);
        let trace = (tangents * rows).sum_dim(2).sum_dim(0).reshape([batch, 1]);
        (linear(hidden, self.output()), trace)
    }
}
