//! All weights of a model in one buffer, and how it is cut.
//!
//! The optimizer, the moving average, clipping and the file format each deal with a single packed tensor; a model is
//! that tensor cut into pieces.

use crate::rng::Rng;
use burn::tensor::Tensor;
use std::ops::Range;

/// How a piece starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initial {
    /// Uniform within ± this bound.
    Uniform(f64),
    /// The same number throughout.
    Constant(f64),
}

impl Initial {
    /// Uniform within ± 1/√inputs: PyTorch's default for linear layers.
    pub fn linear(inputs: usize) -> Self {
        Self::Uniform(1.0 / libm::sqrt(inputs as f64))
    }
}

/// One matrix of a model, row-major `[rows, columns]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its name in files.
    pub name: String,
    /// Rows and columns.
    pub size: [usize; 2],
    /// How it starts.
    pub initial: Initial,
}

impl Piece {
    /// A piece of this name, size and beginning.
    pub fn new(name: impl Into<String>, size: [usize; 2], initial: Initial) -> Self {
        Self { name: name.into(), size, initial }
    }

    fn len(&self) -> usize {
        self.size[0] * self.size[1]
    }
}

/// How packed weights are cut: the pieces in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout(pub Vec<Piece>);

impl Layout {
    /// The length of the packed weights.
    pub fn num_parameters(&self) -> usize {
        self.0.iter().map(Piece::len).sum()
    }

    /// Initial packed weights.
    pub fn initial_weights(&self, rng: &mut Rng) -> Vec<f32> {
        let mut draw = |initial| match initial {
            Initial::Uniform(bound) => ((2.0 * rng.uniform() - 1.0) * bound) as f32,
            Initial::Constant(value) => value as f32,
        };
        let initials = self.0.iter().flat_map(|piece| std::iter::repeat_n(piece.initial, piece.len()));
        initials.map(&mut draw).collect()
    }

    /// Cuts packed weights `[num_parameters]` into pieces.
    pub fn cut(&self, packed: &Tensor<1>) -> Weights {
        let mut start = 0;
        let cut = |piece: &Piece| {
            let end = start + piece.len();
            let cut = packed.clone().slice(start..end).reshape(piece.size);
            start = end;
            cut
        };
        Weights { pieces: self.0.iter().map(cut).collect(), packed: packed.clone() }
    }

    /// The same pieces under `prefix.`: for a model made of several.
    pub fn named(mut self, prefix: &str) -> Self {
        for piece in &mut self.0 {
            piece.name = format!("{prefix}.{}", piece.name);
        }
        self
    }

    /// These pieces, then those of `next`.
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }
}

/// Weights whole, and cut into the pieces of a [`Layout`]: a model reads either.
#[derive(Debug, Clone)]
pub struct Weights {
    /// `[num_parameters]`.
    pub packed: Tensor<1>,
    /// The pieces in order.
    pub pieces: Vec<Tensor<2>>,
}

impl Weights {
    /// The same weights as leaves of an autodiff graph.
    pub fn tracked(mut self) -> Self {
        self.packed.inplace(|packed| packed.autodiff().require_grad());
        for piece in &mut self.pieces {
            piece.inplace(|piece| piece.autodiff().require_grad());
        }
        self
    }

    /// The same weights without a graph, for what no gradient goes through.
    pub fn settled(&self) -> Self {
        let pieces = self.pieces.iter().map(|piece| piece.clone().inner()).collect();
        Self { packed: self.packed.clone().inner(), pieces }
    }

    /// The weights of two models of the same layout, one behind the other.
    pub fn halves(&self) -> [Self; 2] {
        let (middle, len) = (self.pieces.len() / 2, self.pieces.len());
        [self.part(0..middle), self.part(middle..len)]
    }

    /// Some of the pieces, alone.
    pub fn part(&self, pieces: Range<usize>) -> Self {
        let len = |pieces: &[Tensor<2>]| pieces.iter().map(|piece| piece.dims().iter().product::<usize>()).sum();
        let start: usize = len(&self.pieces[..pieces.start]);
        let end = start + len(&self.pieces[pieces.clone()]);
        Self { packed: self.packed.clone().slice(start..end), pieces: self.pieces[pieces].to_vec() }
    }

    /// The gradient of `loss` with respect to the packed weights, `[num_parameters]`. Needs [`tracked`](Self::tracked)
    /// weights that `loss` depends on.
    pub fn gradient(&self, loss: &Tensor<1>) -> Tensor<1> {
        let mut gradients = loss.backward();
        let whole = self.packed.grad_remove(&mut gradients);
        let of_pieces: Vec<_> = self.pieces.iter().map(|piece| piece.grad_remove(&mut gradients)).collect();
        if of_pieces.iter().all(Option::is_none) {
            return whole.unwrap_or_else(|| self.packed.clone().inner().zeros_like());
        }
        let flat = self.pieces.iter().zip(of_pieces).map(|(piece, gradient)| {
            // A likelihood does not depend on the output bias of a network whose flow is never evaluated twice, for
            // one: a missing gradient is zero, not an error.
            let gradient = gradient.unwrap_or_else(|| piece.clone().inner().zeros_like());
            let [rows, columns] = gradient.dims();
            gradient.reshape([rows * columns])
        });
        let cut = Tensor::cat(flat.collect(), 0);
        whole.map_or(cut.clone(), |whole| whole + cut)
    }
}
