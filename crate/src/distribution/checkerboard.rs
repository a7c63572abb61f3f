//! A checkerboard.

use super::{Class, Density, Distribution, Exact, Labelled, Sampler};
use crate::rng::Rng;
use std::rc::Rc;

/// The side of a checkerboard's square.
pub const SQUARE_SIDE: f64 = 2.0;

/// The lower left corners of its eight squares.
pub const SQUARES: [[f64; 2]; 8] =
    [[-4.0, -4.0], [-4.0, 0.0], [-2.0, -2.0], [-2.0, 2.0], [0.0, -4.0], [0.0, 0.0], [2.0, -2.0], [2.0, 2.0]];

/// Uniform on eight squares of side 2.
pub struct Checkerboard;

/// Uniform on one square, given by its lower left corner.
struct Square([f64; 2]);

impl From<Checkerboard> for Distribution {
    fn from(board: Checkerboard) -> Self {
        let one = |square: usize| Some(Exact::Squares(&SQUARES[square..=square]));
        let number = |x: f64| (x + 4.0) / SQUARE_SIDE + 1.0;
        let named = SQUARES.map(|[x, y]| (format!("square ({}, {})", number(x), number(y)), Square([x, y])));
        let classes = Class::equally(named).into_iter().enumerate();
        let classes = classes.map(|(square, class)| Class { exact: one(square), ..class }).collect();
        Self { classes, exact: Some(Exact::Squares(&SQUARES)), ..Self::new(Rc::new(board)) }
    }
}

impl Sampler for Checkerboard {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let x = 4.0 * rng.uniform() - 2.0;
            // Of a column's two squares, the lower one is 1.
            let (within, lower) = (rng.uniform(), rng.below(2));
            let column = libm::floor(x);
            let y = within - 2.0 * lower as f64 + column.rem_euclid(2.0);
            ([2.0 * x, 2.0 * y], 2 * (column + 2.0) as usize + 1 - lower)
        })
    }
}

impl Density for Square {
    fn log_density(&self, x: &[f64]) -> f64 {
        let inside = x.iter().zip(self.0).all(|(x, low)| (low..low + SQUARE_SIDE).contains(x));
        if inside { -2.0 * libm::log(SQUARE_SIDE) } else { f64::NEG_INFINITY }
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.0 * libm::log(SQUARE_SIDE))
    }
}

impl Density for Checkerboard {
    fn log_density(&self, x: &[f64]) -> f64 {
        let column = libm::floor(x[0] / 2.0);
        let row = libm::floor(x[1] / 2.0);
        let on_board = (-2.0..2.0).contains(&column) && (-2.0..2.0).contains(&row);
        let filled = on_board && (column + row).rem_euclid(2.0) == 0.0;
        if filled { -libm::log(32.0) } else { f64::NEG_INFINITY }
    }

    fn entropy(&self) -> Option<f64> {
        Some(libm::log(32.0))
    }
}
