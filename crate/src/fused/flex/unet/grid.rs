//! Where a picture's features lie: cell by cell in rows of a tile, with a border of zeros that convolutions reach into.

use super::super::lanes::{Row, ZEROS};
use super::super::product::{Reach, padded};

/// A square of cells, and the rows that each has. They are filled up to whole blocks with rows that stay zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    pub side: usize,
    pub features: usize,
    /// Rows of a cell.
    pub rows: usize,
}

impl Grid {
    pub fn new(side: usize, features: usize) -> Self {
        Self { side, features, rows: padded(features) }
    }

    /// Rows of a line of cells, with its border.
    pub fn line(&self) -> usize {
        (self.side + 2) * self.rows
    }

    /// Rows in all.
    pub fn len(&self) -> usize {
        (self.side + 2) * self.line()
    }

    /// Where a cell's rows begin.
    pub fn at(&self, y: usize, x: usize) -> usize {
        (y + 1) * self.line() + (x + 1) * self.rows
    }

    /// The cells, line by line.
    pub fn cells(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let side = self.side;
        (0..side * side).map(move |cell| [cell / side, cell % side])
    }

    /// The rows of each line's cells.
    pub fn lines(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let (grid, len) = (*self, self.side * self.rows);
        (0..self.side).map(move |y| grid.at(y, 0)..grid.at(y, 0) + len)
    }

    /// Makes the border zero.
    pub fn clear_border(&self, rows: &mut [Row]) {
        let line = self.line();
        for (y, cells) in rows.chunks_exact_mut(line).enumerate() {
            if y == 0 || y == self.side + 1 {
                cells.fill(ZEROS);
            } else {
                cells[..self.rows].fill(ZEROS);
                cells[line - self.rows..].fill(ZEROS);
            }
        }
    }

    /// A cell with its eight neighbours: three lines of three.
    pub fn around(&self) -> Reach {
        Reach { runs: 3, run: 3 * self.rows, apart: self.line() }
    }

    /// A square of four cells.
    pub fn square(&self) -> Reach {
        Reach { runs: 2, run: 2 * self.rows, apart: self.line() }
    }

    /// A cell.
    pub fn alone(&self) -> Reach {
        Reach { runs: 1, run: self.rows, apart: 0 }
    }

    /// Where the neighbourhood of each cell begins, and the cell in `other`, a grid of as many.
    pub fn cells_to(self, other: Self) -> Vec<Place> {
        self.cells().map(|[y, x]| Place { from: self.at(y, x) - self.at(0, 0), to: other.at(y, x) }).collect()
    }

    /// Where each square of four cells begins, and its cell in `coarse`.
    pub fn squares_to(self, coarse: Self) -> Vec<Place> {
        coarse.cells().map(|[y, x]| Place { from: self.at(2 * y, 2 * x), to: coarse.at(y, x) }).collect()
    }
}

/// Where a product reads and where it writes.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub from: usize,
    pub to: usize,
}
