//! The network's convolutions: where their weights lie as training has them, and where in whole fours, which the passes read.

use crate::fused::UNetShape;

/// The fours that hold so many numbers.
pub fn fours(numbers: usize) -> usize {
    numbers.div_ceil(4)
}

/// A square of cells on the tape.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    pub at: usize,
    pub side: usize,
    pub fours: usize,
}

impl Grid {
    /// Fours in all.
    pub fn len(&self) -> usize {
        self.side * self.side * self.fours
    }
}

/// What a cell of the output sees: `taps` cells a side of the input, from so many cells before its own place times `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub taps: usize,
    pub step: usize,
    pub before: usize,
    /// Each cell of the input stands for so many a side.
    pub shared: usize,
}

impl Window {
    /// The cell of its place with its eight neighbours.
    pub const AROUND: Self = Self { taps: 3, step: 1, before: 1, shared: 1 };
    /// Four cells of a grid twice as fine.
    pub const SQUARE: Self = Self { taps: 2, step: 2, before: 0, shared: 1 };
    /// The cell of its place.
    pub const ALONE: Self = Self { taps: 1, step: 1, before: 0, shared: 1 };
    /// The cell of a grid half as fine.
    pub const BELOW: Self = Self { shared: 2, ..Self::ALONE };

    /// Cells seen.
    pub fn cells(&self) -> usize {
        self.taps * self.taps
    }
}

/// A convolution: where its numbers begin in the packed weights, and its fours in what [`Matrix`] makes of them.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    pub window: Window,
    pub inputs: usize,
    pub outputs: usize,
    pub weights: usize,
    pub bias: usize,
    /// Weights `[taps, inputs, outputs]`, the same from outputs to inputs, and the bias.
    pub forward: usize,
    pub back: usize,
    pub bias_fours: usize,
}

/// A residual block, with what the context adds within it.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    pub first: Convolution,
    pub told: usize,
    pub second: Convolution,
}

/// A matrix of the packed weights that is filled up with zeros to whole fours: `taps` times `rows`, each of `columns` fours
/// that are `line` fours apart.
#[derive(Debug, Clone, Copy, Default)]
struct Matrix {
    at: usize,
    line: usize,
    taps: usize,
    rows: usize,
    columns: usize,
    /// Rows and columns that have numbers, where the first of them is, and how far apart they are.
    real: [usize; 2],
    from: usize,
    apart: [usize; 3],
    turned: bool,
}

/// Numbers of a row of the table of matrices.
pub const OF_MATRIX: usize = 13;

/// Everything that the packed weights hold.
#[derive(Debug, Clone)]
pub struct Parts {
    pub input: Convolution,
    pub blocks: Vec<Block>,
    pub down: Convolution,
    pub up: Convolution,
    pub output: Convolution,
    /// What the context adds to each block's features, those of all blocks beside each other: weights and bias.
    pub told: [usize; 2],
    /// The features of all blocks, in fours, and the most that any zeros stand for.
    pub told_fours: usize,
    pub zeros: usize,
    /// Numbers of the packed weights.
    pub num_parameters: usize,
    /// Fours that the matrices fill.
    pub len: usize,
    matrices: Vec<Matrix>,
}

/// Cuts packed weights from their beginning on.
struct Cutter {
    packed: usize,
    len: usize,
    matrices: Vec<Matrix>,
}

impl Cutter {
    fn take(&mut self, fours: usize) -> usize {
        self.len += fours;
        self.len - fours
    }

    fn matrix(&mut self, matrix: Matrix) -> usize {
        let at = self.take(matrix.taps * matrix.rows * matrix.columns);
        self.matrices.push(Matrix { at, line: matrix.columns, ..matrix });
        at
    }

    /// Its weights and its bias, which lie behind each other.
    fn convolution(&mut self, window: Window, [inputs, outputs]: [usize; 2]) -> Convolution {
        let weights = self.weights(window.cells(), [inputs, outputs]);
        let bias = self.packed;
        self.packed += outputs;
        let tap = inputs * outputs;
        let whole = |real: [usize; 2], apart, turned| Matrix {
            taps: window.cells(),
            rows: 4 * fours(real[0]),
            columns: fours(real[1]),
            real,
            from: weights,
            apart,
            turned,
            ..Matrix::default()
        };
        let forward = self.matrix(whole([inputs, outputs], [tap, outputs, 1], false));
        // Seen from the input, the output's neighbours lie the other way round.
        let back = self.matrix(whole([outputs, inputs], [tap, 1, outputs], window.taps == 3));
        let bias_fours = self.matrix(row(bias, outputs));
        Convolution { window, inputs, outputs, weights, bias, forward, back, bias_fours }
    }

    fn weights(&mut self, taps: usize, [inputs, outputs]: [usize; 2]) -> usize {
        self.packed += taps * inputs * outputs;
        self.packed - taps * inputs * outputs
    }

    fn block(&mut self, features: usize, told: usize) -> Block {
        let first = self.convolution(Window::AROUND, [features; 2]);
        let told = self.weights(1, [told, features]);
        Block { first, told, second: self.convolution(Window::AROUND, [features; 2]) }
    }
}

/// One row of numbers.
fn row(from: usize, len: usize) -> Matrix {
    Matrix { taps: 1, rows: 1, columns: fours(len), real: [1, len], from, apart: [0, 0, 1], ..Matrix::default() }
}

impl Parts {
    /// Of a network.
    pub fn new(shape: UNetShape) -> Self {
        let UNetShape { width, depth, .. } = shape;
        let told_fours = shape.blocks().map(fours).sum();
        let zeros = [fours(shape.cell()), fours(2 * width), fours(shape.told()), told_fours].into_iter().max();
        let zeros = zeros.expect("a list that is not empty");
        let mut cutter = Cutter { packed: 0, len: 0, matrices: Vec::new() };
        cutter.matrix(Matrix { taps: 1, rows: 1, columns: zeros, ..Matrix::default() });
        let input = cutter.convolution(Window::AROUND, [shape.cell(), width]);
        let (mut blocks, mut ways) = (Vec::new(), Vec::new());
        for (index, features) in shape.blocks().enumerate() {
            if index == depth {
                ways.push(cutter.convolution(Window::SQUARE, [width, 2 * width]));
            } else if index == 3 * depth {
                ways.push(cutter.convolution(Window::BELOW, [2 * width, width]));
            }
            blocks.push(cutter.block(features, shape.told()));
        }
        let output = cutter.convolution(Window::AROUND, [width, shape.cell()]);
        let told = told(&mut cutter, shape, &blocks, told_fours);
        let [down, up] = [ways[0], ways[1]];
        let Cutter { packed: num_parameters, len, matrices } = cutter;
        Self { input, blocks, down, up, output, told, told_fours, zeros, num_parameters, len, matrices }
    }

    /// The matrices as a table, and fours that they have together.
    pub fn table(&self) -> (Vec<f32>, usize) {
        let (mut table, mut first) = (Vec::new(), 0);
        for matrix in &self.matrices {
            let &Matrix { at, line, taps, rows, columns, real, from, apart, turned } = matrix;
            let head = [first, at, line, rows, columns];
            let tail = [real[0], real[1], from, apart[0], apart[1], apart[2], taps, usize::from(turned)];
            table.extend(head.iter().chain(&tail).map(|&number| number as f32));
            first += taps * rows * columns;
        }
        (table, first)
    }
}

/// The weights of what is told, which lie apart in the packed weights, beside each other; and the biases of the convolutions that
/// they are added to.
fn told(cutter: &mut Cutter, shape: UNetShape, blocks: &[Block], line: usize) -> [usize; 2] {
    let rows = 4 * fours(shape.told());
    let (weights, bias) = (cutter.take(rows * line), cutter.take(line));
    let mut column = 0;
    for Block { first, told, .. } in blocks {
        let features = first.outputs;
        let matrix = Matrix {
            at: weights + column,
            line,
            taps: 1,
            rows,
            columns: fours(features),
            real: [shape.told(), features],
            from: *told,
            apart: [0, features, 1],
            turned: false,
        };
        cutter.matrices.push(matrix);
        cutter.matrices.push(Matrix { at: bias + column, line, ..row(first.bias, features) });
        column += fours(features);
    }
    [weights, bias]
}
