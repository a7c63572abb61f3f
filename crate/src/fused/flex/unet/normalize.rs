//! SiLU of features over their root mean square, of each picture alone (Zhang and Sennrich 2019).

use super::super::lanes::{Lanes, Row, TILE, ZEROS, load, run, splat, store, vectors};
use super::super::smooth::{Silu, Smooth};
use super::grid::Grid;
use crate::fused::MEAN_SQUARE;
use macerator::{Simd, WithSimd};

/// Fills `y` with silu(x / |x|), where |x| is the root mean square over a picture, and `inverse` with 1 / |x|.
pub fn normalize(grid: Grid, x: &[Row], y: &mut [Row], inverse: &mut Row) {
    run(Forward { grid, x, y, inverse });
}

/// Adds to `of_x` the gradient that `of_y` makes of it, which is overwritten.
pub fn normalize_back(grid: Grid, [x, inverse]: [&[Row]; 2], of_y: &mut [Row], of_x: &mut [Row]) {
    run(Back { grid, x, inverse: &inverse[0], of_y, of_x });
}

struct Forward<'a> {
    grid: Grid,
    x: &'a [Row],
    y: &'a mut [Row],
    inverse: &'a mut Row,
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { grid, x, y, inverse } = self;
        let mut squares = ZEROS;
        for line in grid.lines() {
            for row in &x[line] {
                for i in 0..vectors::<S>() {
                    let x = load::<S>(row, i);
                    let sum = x.mul_add(x, load(&squares, i));
                    store(&mut squares, i, sum);
                }
            }
        }
        let count = (grid.side * grid.side * grid.features) as f32;
        **inverse = std::array::from_fn::<f32, TILE, _>(|p| 1.0 / (squares[p] / count + MEAN_SQUARE).sqrt());
        for line in grid.lines() {
            for (y, x) in y[line.clone()].iter_mut().zip(&x[line]) {
                for i in 0..vectors::<S>() {
                    store(y, i, Silu::<S>::at(load::<S>(x, i) * load(inverse, i)).value());
                }
            }
        }
    }
}

struct Back<'a> {
    grid: Grid,
    x: &'a [Row],
    inverse: &'a Row,
    of_y: &'a mut [Row],
    of_x: &'a mut [Row],
}

impl WithSimd for Back<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { grid, x, inverse, of_y, of_x } = self;
        // With n = x / |x|: what a change of n does, then its part along n, which does not change n.
        let mut along = ZEROS;
        for line in grid.lines() {
            for (g, x) in of_y[line.clone()].iter_mut().zip(&x[line]) {
                for i in 0..vectors::<S>() {
                    let n = load::<S>(x, i) * load(inverse, i);
                    let of_n: Lanes<S> = load::<S>(g, i) * Silu::<S>::at(n).slope();
                    store(g, i, of_n);
                    let sum = of_n.mul_add(n, load(&along, i));
                    store(&mut along, i, sum);
                }
            }
        }
        let count = splat::<S>(1.0 / (grid.side * grid.side * grid.features) as f32);
        for line in grid.lines() {
            let rows = of_x[line.clone()].iter_mut().zip(of_y[line.clone()].iter().zip(&x[line]));
            for (of_x, (g, x)) in rows {
                for i in 0..vectors::<S>() {
                    let inverse = load::<S>(inverse, i);
                    let n = load::<S>(x, i) * inverse;
                    let across = load::<S>(g, i) - n * load::<S>(&along, i) * count;
                    let sum = across.mul_add(inverse, load(of_x, i));
                    store(of_x, i, sum);
                }
            }
        }
    }
}
