//! Convolutions of a tile's pictures, with their gradients: at each cell a product of small matrices, whose vectors run over the
//! pictures.

use super::super::lanes::{Row, load, run, store, sum, vectors};
use super::super::product::{COLUMNS, Outer, Panels, Reach, UNTURNED, add_product_of_runs, turn};
use super::grid::{Grid, Place};
use macerator::{Simd, WithSimd};

/// What a cell of the output sees of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The cell of its place with its eight neighbours.
    Around,
    /// Four cells of a grid twice as fine.
    Square,
    /// The cell of its place.
    Alone,
}

impl Window {
    /// Cells seen.
    pub fn cells(self) -> usize {
        match self {
            Self::Around => 9,
            Self::Square => 4,
            Self::Alone => 1,
        }
    }
}

/// A product wherever it is made.
#[derive(Debug, Clone)]
struct Everywhere {
    weights: Panels,
    reach: Reach,
    places: Vec<Place>,
}

/// A convolution from one grid to another: its weights `[cells · inputs, outputs]`, then its bias.
#[derive(Debug, Clone)]
pub struct Convolution {
    pub from: Grid,
    pub to: Grid,
    window: Window,
    forward: Everywhere,
    /// The same read backwards, by parts of the input that do not overlap.
    back: Vec<Everywhere>,
    /// Filled up with zeros.
    pub bias: Vec<f32>,
}

impl Convolution {
    /// Packs what lies at the beginning of `weights`, and moves on behind it.
    pub fn pack(weights: &mut &[f32], window: Window, from: Grid, to: Grid) -> Self {
        let (cells, inputs, outputs) = (window.cells(), from.features, to.features);
        let (matrix, rest) = weights.split_at(cells * inputs * outputs);
        let (bias, rest) = rest.split_at(outputs);
        *weights = rest;
        // Rows that only fill a block up have no weights.
        let weight = |cell: usize, input: usize, output: usize| {
            let is_real = input < inputs && output < outputs;
            if is_real { matrix[(cell * inputs + input) * outputs + output] } else { 0.0 }
        };
        let forward = Everywhere {
            weights: Panels::pack([cells * from.rows, to.rows], |i, o| weight(i / from.rows, i % from.rows, o)),
            reach: reach(window, from),
            places: match window {
                Window::Around => from.cells_to(to),
                Window::Square => from.squares_to(to),
                Window::Alone => from.cells().map(|[y, x]| Place { from: from.at(y, x), to: to.at(y, x) }).collect(),
            },
        };
        let mut filled = bias.to_vec();
        filled.resize(to.rows, 0.0);
        let back = match window {
            Window::Around => vec![Everywhere {
                weights: Panels::pack([9 * to.rows, from.rows], |o, i| weight(8 - o / to.rows, i, o % to.rows)),
                reach: to.around(),
                places: to.cells_to(from),
            }],
            Window::Square => (0..2)
                .map(|line| Everywhere {
                    weights: Panels::pack([to.rows, 2 * from.rows], |o, i| {
                        weight(2 * line + i / from.rows, i % from.rows, o)
                    }),
                    reach: to.alone(),
                    places: to
                        .cells()
                        .map(|[y, x]| Place { from: to.at(y, x), to: from.at(2 * y + line, 2 * x) })
                        .collect(),
                })
                .collect(),
            Window::Alone => vec![Everywhere {
                weights: Panels::pack([to.rows, from.rows], |o, i| weight(0, i, o)),
                reach: to.alone(),
                places: to.cells().map(|[y, x]| Place { from: to.at(y, x), to: from.at(y, x) }).collect(),
            }],
        };
        Self { from, to, window, forward, back, bias: filled }
    }

    /// Adds the convolution of `x` to `y`, without its bias.
    pub fn add(&self, x: &[Row], y: &mut [Row]) {
        run(Add { everywhere: &self.forward, x, y });
    }

    /// Adds to `of_x` the gradient that `of_y` makes of it.
    pub fn add_back(&self, of_y: &[Row], of_x: &mut [Row]) {
        for everywhere in &self.back {
            run(Add { everywhere, x: of_y, y: of_x });
        }
    }
}

fn reach(window: Window, from: Grid) -> Reach {
    match window {
        Window::Around => from.around(),
        Window::Square => from.square(),
        Window::Alone => from.alone(),
    }
}

struct Add<'a> {
    everywhere: &'a Everywhere,
    x: &'a [Row],
    y: &'a mut [Row],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Everywhere { weights, reach, places } = self.everywhere;
        for &Place { from, to } in places {
            let outputs = weights.outputs();
            add_product_of_runs::<S>(&mut self.y[to..to + outputs], weights, *reach, &self.x[from..]);
        }
    }
}

/// The gradients of a convolution's weights and bias, summed over tiles.
#[derive(Debug, Clone)]
pub struct OfConvolution {
    weights: Outer,
    bias: Vec<f32>,
}

impl OfConvolution {
    /// None yet.
    pub fn new(of: &Convolution) -> Self {
        let inputs = of.window.cells() * of.from.rows;
        Self { weights: Outer::new([inputs, of.to.features]), bias: vec![0.0; of.to.features] }
    }

    /// Adds a tile's, for the gradient `of_y` of what `x` gave.
    pub fn add(&mut self, of: &Convolution, x: &[Row], of_y: &[Row]) {
        run(AddOuter { sums: self, of, x, of_y });
    }

    /// As they lie in the packed weights.
    pub fn append_to(&self, of: &Convolution, packed: &mut Vec<f32>) {
        let Grid { features, rows, .. } = of.from;
        let (cells, outputs) = (of.window.cells(), of.to.features);
        for cell in 0..cells {
            self.weights.append_to(packed, cell * rows..cell * rows + features, outputs);
        }
        packed.extend(&self.bias);
    }
}

struct AddOuter<'a> {
    sums: &'a mut OfConvolution,
    of: &'a Convolution,
    x: &'a [Row],
    of_y: &'a [Row],
}

impl WithSimd for AddOuter<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { sums, of, x, of_y } = self;
        let features = of.to.features;
        let mut of_cell = vec![UNTURNED; features.div_ceil(COLUMNS)];
        for &Place { from, to } in &of.forward.places {
            let rows = &of_y[to..to + features];
            turn(&mut of_cell, rows);
            sums.weights.add_runs::<S>(of.forward.reach, &x[from..], &of_cell);
            sums.bias.iter_mut().zip(rows).for_each(|(of_bias, row)| *of_bias += sum::<S>(|i, sum| sum + load(row, i)));
        }
    }
}

/// Adds `x` to `y`, row by row.
pub struct AddRows<'a> {
    pub x: &'a [Row],
    pub y: &'a mut [Row],
}

impl WithSimd for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        for (y, x) in self.y.iter_mut().zip(self.x) {
            for i in 0..vectors::<S>() {
                let sum = load::<S>(y, i) + load(x, i);
                store(y, i, sum);
            }
        }
    }
}
