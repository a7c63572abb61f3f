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
    shape: NetworkShape,
    /// From the first layer to the coordinates.
    pub input: Panels,
    pub hidden: Vec<Panels>,
    /// From the outputs to the last layer.
    pub output: Panels,
}

impl Layers {
    /// Room for the weights of such a network.
    pub fn new(shape: NetworkShape) -> Self {
        let NetworkShape { dim, outputs, width, depth, .. } = shape;
        let mut biases = vec![vec![0.0; padded(width)]; depth];
        biases.push(vec![0.0; padded(outputs)]);
        Self {
            shape,
            input: Panels::new([shape.inputs(), width]),
            seeds: vec![vec![0.0; padded(width)]; dim],
            hidden: vec![Panels::new([width, width]); depth - 1],
            biases,
            output: Panels::new([width, outputs]),
            output_rows: vec![vec![0.0; padded(width)]; outputs],
        }
    }

    /// Packs `weights`, which lie as [`NetworkShape`] says.
    pub fn pack(weights: &[f32], shape: NetworkShape) -> Self {
        let mut layers = Self::new(shape);
        layers.fill(weights);
        layers
    }

    /// Takes up other `weights`.
    pub fn fill(&mut self, weights: &[f32]) {
        let NetworkShape { outputs, width, depth, .. } = self.shape;
        let mut cuts = Cuts { rest: weights, shape: self.shape };
        let input = cuts.input();
        self.input.fill(input);
        self.seeds
            .iter_mut()
            .zip(input.chunks_exact(width))
            .for_each(|(seeds, row)| seeds[..width].copy_from_slice(row));
        self.biases[0][..width].copy_from_slice(cuts.take(width));
        for layer in 1..depth {
            self.hidden[layer - 1].fill(cuts.take(width * width));
            self.biases[layer][..width].copy_from_slice(cuts.take(width));
        }
        let output = cuts.take(width * outputs);
        self.output.fill(output);
        for (k, row) in self.output_rows.iter_mut().enumerate() {
            row.iter_mut().zip(output.iter().skip(k).step_by(outputs)).for_each(|(to, &weight)| *to = weight);
        }
        self.biases[depth][..outputs].copy_from_slice(cuts.take(outputs));
    }

    /// `padded(width)`: the rows of a layer.
    pub fn rows(&self) -> usize {
        padded(self.shape.width)
    }
}

impl LayersBack {
    /// Room for the weights of such a network.
    pub fn new(shape: NetworkShape) -> Self {
        let NetworkShape { dim, outputs, width, depth, .. } = shape;
        Self {
            shape,
            input: Panels::new([width, dim]),
            hidden: vec![Panels::new([width, width]); depth - 1],
            output: Panels::new([outputs, width]),
        }
    }

    /// Packs `weights` for the way back.
    pub fn pack(weights: &[f32], shape: NetworkShape) -> Self {
        let mut layers = Self::new(shape);
        layers.fill(weights);
        layers
    }

    /// Takes up other `weights`.
    pub fn fill(&mut self, weights: &[f32]) {
        let NetworkShape { dim, outputs, width, .. } = self.shape;
        let mut cuts = Cuts { rest: weights, shape: self.shape };
        self.input.fill_turned(&cuts.input()[..dim * width]);
        cuts.take(width);
        for hidden in &mut self.hidden {
            hidden.fill_turned(cuts.take(width * width));
            cuts.take(width);
        }
        self.output.fill_turned(cuts.take(width * outputs));
    }
}

/// What is left of packed weights.
struct Cuts<'a> {
    rest: &'a [f32],
    shape: NetworkShape,
}

impl<'a> Cuts<'a> {
    fn take(&mut self, len: usize) -> &'a [f32] {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    /// The input's, followed by the context's.
    fn input(&mut self) -> &'a [f32] {
        self.take(self.shape.inputs() * self.shape.width)
    }
}
