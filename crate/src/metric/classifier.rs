//! A small network that tells handwritten digits apart. It is frozen, and sets of pictures are compared in its features.

use crate::points::Points;
use crate::velocity::{Initial, Layout, Piece};

/// The side that every picture is brought to.
pub const CLASSIFIED_SIDE: usize = 16;
/// What it tells apart.
const DIGITS: usize = 10;

/// One of its convolutions: squares of `kernel` cells a side, `stride` apart, of a picture with `rim` cells of zeros around it.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    /// Cells a side that an output sees.
    pub kernel: usize,
    /// Cells from one output to the next.
    pub stride: usize,
    /// Cells of zeros on each side.
    pub rim: usize,
    /// Numbers of an output cell.
    pub features: usize,
}

/// All of them, with max(0, ·) between: the last but one makes the features of a whole picture, the last the digits' scores.
pub const CONVOLUTIONS: [Convolution; 4] = [
    Convolution { kernel: 3, stride: 2, rim: 1, features: 8 },
    Convolution { kernel: 3, stride: 2, rim: 1, features: 16 },
    Convolution { kernel: 4, stride: 4, rim: 0, features: 48 },
    Convolution { kernel: 1, stride: 1, rim: 0, features: DIGITS },
];

/// The network with its weights.
#[derive(Debug, Clone)]
pub struct Classifier {
    packed: Vec<f32>,
}

impl Classifier {
    /// Of each convolution the weights `[cells · inputs, features]`, line by line of the cells, and the bias.
    pub fn layout() -> Layout {
        let inputs = [1].into_iter().chain(CONVOLUTIONS.map(|layer| layer.features));
        let pieces = CONVOLUTIONS.iter().zip(inputs).enumerate().flat_map(|(index, (layer, inputs))| {
            let seen = layer.kernel * layer.kernel * inputs;
            [("weight", seen), ("bias", 1)].map(|(name, rows)| {
                Piece::new(format!("{index}.{name}"), [rows, layer.features], Initial::linear(seen))
            })
        });
        Layout(pieces.collect())
    }

    /// Of packed weights, as its layout cuts them.
    pub fn new(packed: Vec<f32>) -> Self {
        assert_eq!(packed.len(), Self::layout().num_parameters(), "the weights are those of a classifier");
        Self { packed }
    }

    /// What it sees of a picture: from 0 (paper) to 1 (ink), of [`CLASSIFIED_SIDE`] pixels a side.
    pub fn ink(picture: &[f32], colors: usize) -> Vec<f32> {
        let ink = |pixel: &[f32]| (0.5 * (1.0 + pixel.iter().sum::<f32>() / colors as f32)).clamp(0.0, 1.0);
        let ink: Vec<f32> = picture.chunks(colors).map(ink).collect();
        let side = ink.len().isqrt();
        resized(&resized(&ink, side), side)
    }

    /// The features of each picture and the scores of its digits: of square pictures of any side, one a row, line by line, from -1
    /// (paper) to 1 (ink), of `colors` numbers a pixel, of which it sees the mean.
    pub fn see(&self, pictures: &Points, colors: usize) -> [Points; 2] {
        let (mut features, mut scores) = (Vec::new(), Vec::new());
        for picture in pictures.rows() {
            let mut cells = Self::ink(picture, colors);
            let (mut side, mut rest) = (CLASSIFIED_SIDE, self.packed.as_slice());
            for (index, layer) in CONVOLUTIONS.iter().enumerate() {
                cells.iter_mut().for_each(|x| *x = x.max(0.0));
                if index + 1 == CONVOLUTIONS.len() {
                    features.extend_from_slice(&cells);
                }
                (cells, side, rest) = layer.apply(&cells, side, rest);
            }
            scores.extend(cells);
        }
        let rows = |values: Vec<f32>| {
            let dim = values.len() / pictures.len();
            Points::new(values, dim).expect("ink and weights are finite")
        };
        [features, scores].map(rows)
    }

    /// The digit that each row of scores is for.
    pub fn digits(scores: &Points) -> impl Iterator<Item = usize> {
        scores.rows().map(|row| (0..row.len()).max_by(|&i, &j| row[i].total_cmp(&row[j])).unwrap_or(0))
    }
}

impl Convolution {
    /// Of a picture of `side` cells; with the side of what comes out, and the weights of what comes next.
    fn apply<'a>(&self, cells: &[f32], side: usize, packed: &'a [f32]) -> (Vec<f32>, usize, &'a [f32]) {
        let (inputs, outputs) = (cells.len() / (side * side), (side + 2 * self.rim - self.kernel) / self.stride + 1);
        let (matrix, rest) = packed.split_at(self.kernel * self.kernel * inputs * self.features);
        let (bias, rest) = rest.split_at(self.features);
        let mut found = bias.repeat(outputs * outputs);
        for (at, sums) in found.chunks_exact_mut(self.features).enumerate() {
            for (cell, matrix) in matrix.chunks_exact(inputs * self.features).enumerate() {
                let of = |output: usize, off: usize| (output * self.stride + off).wrapping_sub(self.rim);
                let (row, column) = (of(at / outputs, cell / self.kernel), of(at % outputs, cell % self.kernel));
                if row >= side || column >= side {
                    continue;
                }
                let seen = &cells[(row * side + column) * inputs..][..inputs];
                for (x, weights) in seen.iter().zip(matrix.chunks_exact(self.features)) {
                    sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += x * weight);
                }
            }
        }
        (found, outputs, rest)
    }
}

/// Lines of `from` cells as the columns of [`CLASSIFIED_SIDE`] lines, each cell the mean of the stretch that it covers: twice, and a
/// picture is of that side.
fn resized(cells: &[f32], from: usize) -> Vec<f32> {
    let width = from as f32 / CLASSIFIED_SIDE as f32;
    let mut found = Vec::new();
    for start in (0..CLASSIFIED_SIDE).map(|cell| cell as f32 * width) {
        let share = |k: usize| ((k as f32 + 1.0).min(start + width) - start.max(k as f32)).max(0.0) / width;
        let shares: Vec<f32> = (0..from).map(share).collect();
        found.extend(
            cells.chunks_exact(from).map(|line| line.iter().zip(&shares).map(|(x, share)| x * share).sum::<f32>()),
        );
    }
    found
}
