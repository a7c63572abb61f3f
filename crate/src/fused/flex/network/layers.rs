//! Packed weights cut into layers, in the order in which each pass reads them.

use super::super::product::{Panels, padded};
use crate::fused::NetworkShape;

/// A network's weights, ready for a whole batch.
#[derive(Debug, Clone)]
pub struct Layers {
    pub shape: NetworkShape,
    /// From the coordinates and the context to the first layer.
    pub input: Panels,
    /// Row k: the weights from coordinate k, `padded(width)` of them, where tangents start.
    pub seeds: Vec<Vec<f32>>,
    /// From each hidden layer to the next.
    pub hidden: Vec<Panels>,
    /// The bias of each layer, the output's last, filled up with zeros.
    pub biases: Vec<Vec<f32>>,
    pub output: Panels,
    /// Row k: the weights to output k, `padded(width)` of them.
    pub output_rows: Vec<Vec<f32>>,
}

/// The same, read backwards: what gradients pass through.
#[derive(Debug, Clone)]
pub struct LayersBack {
    /// From the first layer to the coordinates.
    pub input: Panels,
    pub hidden: Vec<Panels>,
    /// From the outputs to the last layer.
    pub output: Panels,
}

impl Layers {
    /// Packs `weights`, which lie as [`NetworkShape`] says.
    pub fn pack(weights: &[f32], shape: NetworkShape) -> Self {
        let cuts = Cuts::new(weights, shape);
        let NetworkShape { dim, outputs, width, .. } = shape;
        let filled = |row: &[f32]| {
            let mut row = row.to_vec();
            row.resize(padded(row.len()), 0.0);
            row
        };
        let mut biases = vec![filled(cuts.bias)];
        biases.extend(cuts.hidden.iter().map(|[_, bias]| filled(bias)));
        biases.push(filled(cuts.output_bias));
        Self {
            shape,
            input: Panels::pack([shape.inputs(), width], |i, j| cuts.input[i * width + j]),
            seeds: cuts.input.chunks_exact(width).take(dim).map(filled).collect(),
            hidden: cuts.hidden.iter().map(|[w, _]| Panels::pack([width, width], |i, j| w[i * width + j])).collect(),
            biases,
            output: Panels::pack([width, outputs], |i, j| cuts.output[i * outputs + j]),
            output_rows: (0..outputs).map(|j| filled(&column(cuts.output, outputs, j))).collect(),
        }
    }

    /// `padded(width)`: the rows of a layer.
    pub fn rows(&self) -> usize {
        padded(self.shape.width)
    }
}

impl LayersBack {
    /// Packs `weights` for the way back.
    pub fn pack(weights: &[f32], shape: NetworkShape) -> Self {
        let cuts = Cuts::new(weights, shape);
        let NetworkShape { dim, outputs, width, .. } = shape;
        Self {
            input: Panels::pack([width, dim], |j, i| cuts.input[i * width + j]),
            hidden: cuts.hidden.iter().map(|[w, _]| Panels::pack([width, width], |j, i| w[i * width + j])).collect(),
            output: Panels::pack([outputs, width], |j, i| cuts.output[i * outputs + j]),
        }
    }
}

fn column(matrix: &[f32], columns: usize, j: usize) -> Vec<f32> {
    matrix.iter().skip(j).step_by(columns).copied().collect()
}

/// Packed weights cut, in their order. The input's are followed by the context's.
struct Cuts<'a> {
    input: &'a [f32],
    bias: &'a [f32],
    hidden: Vec<[&'a [f32]; 2]>,
    output: &'a [f32],
    output_bias: &'a [f32],
}

impl<'a> Cuts<'a> {
    fn new(weights: &'a [f32], shape: NetworkShape) -> Self {
        let NetworkShape { outputs, width, depth, .. } = shape;
        let mut rest = weights;
        let mut take = |len: usize| {
            let (taken, after) = rest.split_at(len);
            rest = after;
            taken
        };
        Self {
            input: take(shape.inputs() * width),
            bias: take(width),
            hidden: (1..depth).map(|_| [take(width * width), take(width)]).collect(),
            output: take(width * outputs),
            output_bias: take(outputs),
        }
    }
}
