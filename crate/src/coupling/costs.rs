//! What joining each data point to each noise point costs.

use crate::points::Points;
use crate::space::SpaceKind;

/// A square matrix of finite costs, row-major `[len, len]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    len: usize,
    values: Vec<f32>,
}

impl Costs {
    /// Wraps `len × len` finite values, row-major.
    pub fn new(values: Vec<f32>, len: usize) -> Self {
        assert_eq!(values.len(), len * len, "a square matrix");
        Self { len, values }
    }

    /// |a_i - b_j|², for as many points of `a` as of `b`. Not normalized. Distances beyond f32 count as its largest
    /// number, so that points far out of any range still get some pairing.
    pub fn squared(a: &Points, b: &Points) -> Self {
        Self::of_rows(a.values(), b.values(), a.dim())
    }

    /// The same for flat values `[len, dim]`.
    fn of_rows(a: &[f32], b: &[f32], dim: usize) -> Self {
        let square = |x: &[f32], y: &[f32]| {
            let squares =
                x.iter().zip(y).map(|(x, y)| (f64::from(*x) - f64::from(*y)) * (f64::from(*x) - f64::from(*y)));
            squares.sum::<f64>().min(f64::from(f32::MAX) / 4.0) as f32
        };
        let rows = a.chunks_exact(dim);
        let values = rows.flat_map(|x| b.chunks_exact(dim).map(move |y| square(x, y))).collect();
        Self::new(values, a.len() / dim)
    }

    /// The squared lengths of the shortest lines between points on a space: the same in the plane.
    pub fn on(space: SpaceKind, a: &Points, b: &Points) -> Self {
        Self::of_rows_on(space, [a.values(), b.values()], a.dim())
    }

    /// The same for flat values `[len, dim]`.
    pub(super) fn of_rows_on(space: SpaceKind, [a, b]: [&[f32]; 2], dim: usize) -> Self {
        let Some(space) = space.space() else { return Self::of_rows(a, b, dim) };
        let rows = a.chunks_exact(dim);
        let values = rows.flat_map(|x| b.chunks_exact(dim).map(|y| space.square_distance(x, y) as f32)).collect();
        Self::new(values, a.len() / dim)
    }

    /// Rows, and columns.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing to pair.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The costs of row `i`, `[len]`.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.len..(i + 1) * self.len]
    }

    /// The sum of the costs of row i joined to column `columns[i]`.
    pub fn total(&self, columns: &[usize]) -> f64 {
        columns.iter().enumerate().map(|(i, &j)| f64::from(self.row(i)[j])).sum()
    }

    /// Their roots: of squared distances the distances.
    pub(crate) fn rooted(&self) -> Self {
        Self { len: self.len, values: self.values.iter().map(|cost| cost.sqrt()).collect() }
    }

    /// The costs in another unit.
    pub(crate) fn times(&self, factor: f32) -> Self {
        Self { len: self.len, values: self.values.iter().map(|cost| cost * factor).collect() }
    }
}
