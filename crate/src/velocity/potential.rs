//! OT-Flow's potential (Onken 2021, section 3): the field is f = -∇Φ, and the trace of its Jacobian has a closed form.
//!
//! With s = (x, t): Φ(s) = wᵀ N(s) + ½ sᵀ AᵀA s + bᵀ s, where N is a residual network with the activation
//! |z| + ln(1 + exp(-2|z|)), whose derivative is tanh. Only first derivatives are taken here, so that one reverse pass
//! differentiates a loss of f, its divergence and ∂Φ/∂t.

use super::model::Model;
use super::packed::{Initial, Layout, Piece};
use crate::fused::{Elementwise, elementwise};
use burn::tensor::Tensor;

/// The size of a potential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PotentialConfig {
    /// Coordinates of a point.
    pub dim: usize,
    /// Neurons in each layer.
    pub width: usize,
    /// Layers, the opening one included.
    pub depth: usize,
}

/// The largest rank of the quadratic term.
const MOST_RANK: usize = 10;

impl PotentialConfig {
    /// The pieces: the opening layer `[dim + 1, width]`, the residual layers, w, A and b.
    pub fn layout(&self) -> Layout {
        let Self { dim, width, depth } = *self;
        let (inputs, rank) = (dim + 1, MOST_RANK.min(dim + 1));
        // Glorot and Bengio 2010.
        let xavier = Initial::Uniform(libm::sqrt(6.0 / (inputs + rank) as f64));
        let mut pieces = Vec::new();
        for layer in 0..depth {
            let inputs = if layer == 0 { inputs } else { width };
            let initial = Initial::linear(inputs);
            pieces.push(Piece::new(format!("layer.{layer}.weight"), [inputs, width], initial));
            pieces.push(Piece::new(format!("layer.{layer}.bias"), [1, width], initial));
        }
        pieces.push(Piece::new("output.weight", [1, width], Initial::Constant(1.0)));
        pieces.push(Piece::new("quadratic.weight", [rank, inputs], xavier));
        pieces.push(Piece::new("linear.weight", [1, inputs], Initial::Constant(0.0)));
        Layout(pieces)
    }
}

/// A potential on a device, as the field -∇Φ.
#[derive(Debug, Clone)]
pub struct Potential {
    config: PotentialConfig,
    pieces: Vec<Tensor<2>>,
}

/// What is known of Φ at a batch of points.
#[derive(Debug, Clone)]
pub struct Slopes {
    /// -∇Φ, `[batch, dim]`.
    pub velocity: Tensor<2>,
    /// ∂Φ/∂t, `[batch, 1]`.
    pub d_time: Tensor<2>,
    /// The trace of the velocity's Jacobian, -ΔΦ, `[batch, 1]`.
    pub trace: Tensor<2>,
}

/// The network's activations at a batch: tanh of every layer's input, and the adjoints z that the backward recursion
/// leaves behind each layer (Onken 2021, equation (11)).
struct Recursion {
    tanh: Vec<Tensor<2>>,
    adjoint: Vec<Tensor<2>>,
    gradient: Tensor<2>,
}

impl Potential {
    /// A potential of these pieces, which [`PotentialConfig::layout`] cut.
    pub fn new(config: PotentialConfig, pieces: &[Tensor<2>]) -> Self {
        Self { config, pieces: pieces.to_vec() }
    }

    /// The field, its divergence and the potential's change in time, at times `[batch, 1]` or `[1, 1]`.
    pub fn slopes(&self, x: Tensor<2>, times: Tensor<2>) -> Slopes {
        let recursion = self.recursion(x, times);
        let dim = self.config.dim;
        let trace = self.laplacian(&recursion).neg();
        let Recursion { gradient, .. } = recursion;
        let velocity = gradient.clone().narrow(1, 0, dim).neg();
        Slopes { velocity, d_time: gradient.narrow(1, dim, 1), trace }
    }

    fn recursion(&self, x: Tensor<2>, times: Tensor<2>) -> Recursion {
        let [batch, _] = x.dims();
        let s = Tensor::cat(vec![x, times.expand([batch, 1])], 1);
        let (depth, step) = (self.config.depth, self.step());
        let input = |layer: usize, x: Tensor<2>| x.matmul(self.weight(layer)) + self.pieces[2 * layer + 1].clone();
        let first = input(0, s.clone());
        let mut tanh = vec![derivative(first.clone(), 1)];
        let mut hidden = derivative(first, 0);
        for layer in 1..depth {
            let z = input(layer, hidden.clone());
            tanh.push(derivative(z.clone(), 1));
            hidden = hidden + derivative(z, 0).mul_scalar(step);
        }
        let mut adjoint = vec![self.pieces[2 * depth].clone()];
        for (layer, tanh) in tanh.iter().enumerate().skip(1).rev() {
            let after = adjoint[adjoint.len() - 1].clone();
            let pulled = (tanh.clone() * after.clone()).matmul(self.weight(layer).transpose());
            adjoint.push(after + pulled.mul_scalar(step));
        }
        adjoint.reverse();
        let opened = (tanh[0].clone() * adjoint[0].clone()).matmul(self.weight(0).transpose());
        let (a, b) = (self.pieces[2 * depth + 1].clone(), self.pieces[2 * depth + 2].clone());
        let gradient = opened + s.matmul(a.clone().transpose()).matmul(a) + b;
        Recursion { tanh, adjoint, gradient }
    }

    /// ΔΦ `[batch, 1]` (Onken 2021, equations (13) to (15)).
    fn laplacian(&self, Recursion { tanh, adjoint, .. }: &Recursion) -> Tensor<2> {
        let (PotentialConfig { dim, width, depth }, step) = (self.config, self.step());
        let batch = tanh[0].dims()[0];
        let curved = |layer: usize, squares: Tensor<2>| {
            let slope = (tanh[layer].clone() * tanh[layer].clone()).neg().add_scalar(1.0);
            (slope * adjoint[layer].clone() * squares).sum_dim(1)
        };
        let seeds = self.weight(0).narrow(0, 0, dim);
        let mut trace = curved(0, (seeds.clone() * seeds.clone()).sum_dim(0));
        let mut jacobian: Tensor<3> = tanh[0].clone().unsqueeze() * seeds.reshape([dim, 1, width]);
        for (layer, tanh) in tanh.iter().enumerate().skip(1) {
            let pushed = jacobian.clone().reshape([dim * batch, width]).matmul(self.weight(layer));
            let pushed = pushed.reshape([dim, batch, width]);
            let squares = (pushed.clone() * pushed.clone()).sum_dim(0).reshape([batch, width]);
            trace = trace + curved(layer, squares).mul_scalar(step);
            if layer + 1 < depth {
                jacobian = jacobian + pushed * tanh.clone().mul_scalar(step).unsqueeze();
            }
        }
        let a = self.pieces[2 * depth + 1].clone().narrow(1, 0, dim);
        trace + (a.clone() * a).sum().reshape([1, 1])
    }

    fn weight(&self, layer: usize) -> Tensor<2> {
        self.pieces[2 * layer].clone()
    }

    /// The residual layers' step: they are Euler's method over a depth of 1.
    fn step(&self) -> f32 {
        1.0 / (self.config.depth.max(2) - 1) as f32
    }
}

/// The activation's derivative of an order.
fn derivative(z: Tensor<2>, order: usize) -> Tensor<2> {
    elementwise(z, Elementwise::LogCosh, order)
}

/// The potential's gradient field, as a model of the time alone.
impl Model for Potential {
    fn dim(&self) -> usize {
        self.config.dim
    }

    fn context(&self) -> usize {
        1
    }

    fn forward(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        self.recursion(x, times).gradient.narrow(1, 0, self.config.dim).neg()
    }

    fn forward_and_trace(&self, x: Tensor<2>, times: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let Slopes { velocity, trace, .. } = self.slopes(x, times);
        (velocity, trace)
    }
}
