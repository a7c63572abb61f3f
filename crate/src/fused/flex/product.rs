//! Products of small matrices, blocked in registers.
//!
//! Weights are packed into panels of [`ROWS`] outputs, in the order in which they are read, so that a block of sums needs two
//! addresses and no more.

use super::lanes::{Aligned, Lanes, Row, TILE, ZEROS, load, splat, store, vectors};
use macerator::{Scalar, Simd, vload_unaligned, vstore_unaligned};
use std::ops::Range;

/// A block is so many rows of so many vectors: 8 sums, which leave registers for what is multiplied.
pub const ROWS: usize = 4;
const VECTORS: usize = 2;

/// `len` rounded up to whole blocks.
pub fn padded(len: usize) -> usize {
    len.next_multiple_of(ROWS)
}

/// Weights `[inputs, outputs]` as panels of [`ROWS`] outputs, the last filled up with zeros: of each panel, input by input.
#[derive(Debug, Clone, Default)]
pub struct Panels {
    panels: Vec<[f32; ROWS]>,
    inputs: usize,
}

impl Panels {
    /// The panels of weights whose number from `input` to `output` is `weight(input, output)`.
    pub fn pack([inputs, outputs]: [usize; 2], weight: impl Fn(usize, usize) -> f32) -> Self {
        let mut panels = Vec::with_capacity(outputs.div_ceil(ROWS) * inputs);
        for first in (0..outputs).step_by(ROWS) {
            let rows = ROWS.min(outputs - first);
            panels.extend(
                (0..inputs).map(|input| std::array::from_fn(|r| if r < rows { weight(input, first + r) } else { 0.0 })),
            );
        }
        Self { panels, inputs }
    }

    /// Room for weights `[inputs, outputs]`.
    pub fn new([inputs, outputs]: [usize; 2]) -> Self {
        Self { panels: vec![[0.0; ROWS]; outputs.div_ceil(ROWS) * inputs], inputs }
    }

    /// Takes up weights that lie as `[inputs, outputs]`.
    pub fn fill(&mut self, weights: &[f32]) {
        let outputs = weights.len() / self.inputs;
        for (block, panel) in self.panels.chunks_exact_mut(self.inputs).enumerate() {
            for (cell, row) in panel.iter_mut().zip(weights.chunks_exact(outputs)) {
                let row = &row[ROWS * block..];
                match row.first_chunk() {
                    Some(whole) => *cell = *whole,
                    None => cell[..row.len()].copy_from_slice(row),
                }
            }
        }
    }

    /// Takes up weights that lie as `[outputs, inputs]`.
    pub fn fill_turned(&mut self, weights: &[f32]) {
        let inputs = self.inputs;
        for (panel, rows) in self.panels.chunks_exact_mut(inputs).zip(weights.chunks(ROWS * inputs)) {
            for (r, row) in rows.chunks_exact(inputs).enumerate() {
                panel.iter_mut().zip(row).for_each(|(cell, &weight)| cell[r] = weight);
            }
        }
    }

    /// Outputs, in whole blocks.
    pub fn outputs(&self) -> usize {
        ROWS * self.panels.len() / self.inputs
    }
}

/// So many rows of a vector each.
pub type Column<S> = [Lanes<S>; ROWS];

/// Wᵀ x for x `[inputs, TILE]`, plus the `bias` of each output: `put(block, i, column)` is given the `i`th vector of each of the
/// `block`th [`ROWS`] outputs.
#[inline(always)]
pub fn product<S: Simd>(
    weights: &Panels,
    x: &[Row],
    bias: Option<&[f32]>,
    mut put: impl FnMut(usize, usize, Column<S>),
) {
    assert!(vectors::<S>().is_multiple_of(VECTORS), "a row is whole blocks");
    let x = &x[..weights.inputs];
    let biases = bias.map(|bias| bias.as_chunks::<ROWS>().0);
    for (block, panel) in weights.panels.chunks_exact(weights.inputs).enumerate() {
        let start = biases.map_or([splat::<S>(0.0); ROWS], |biases| biases[block].map(splat));
        for first in (0..vectors::<S>()).step_by(VECTORS) {
            let sums = start.map(|start| [start; VECTORS]);
            #[allow(unsafe_code)]
            // SAFETY: each row of x, of which there are as many as weights, holds the vectors from `first` on.
            let sums = unsafe {
                let x = x.as_ptr().cast::<f32>().add(first * f32::lanes::<S>());
                add_products::<S, ROWS, 1>(sums, panel.as_flattened(), x, TILE)
            };
            for v in 0..VECTORS {
                put(block, first + v, sums.map(|sums| sums[v]));
            }
        }
    }
}

/// [`product`] into `y` `[padded(outputs), TILE]`.
#[inline(always)]
pub fn product_into<S: Simd>(y: &mut [Row], weights: &Panels, x: &[Row], bias: Option<&[f32]>) {
    let blocks = y.as_chunks_mut::<ROWS>().0;
    product::<S>(weights, x, bias, |block, i, column| {
        blocks[block].iter_mut().zip(column).for_each(|(y, value)| store(y, i, value));
    });
}

/// What a product reads of rows in several places: so many runs of rows that begin so many rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub runs: usize,
    pub run: usize,
    pub apart: usize,
}

impl Reach {
    /// Rows from the first that is read to the last.
    fn len(&self) -> usize {
        (self.runs - 1) * self.apart + self.run
    }
}

/// Adds Wᵀ x to `y` `[padded(outputs), TILE]`, where x is what `reach` reads of `x`: a convolution at one place.
#[inline(always)]
pub fn add_product_of_runs<S: Simd>(y: &mut [Row], weights: &Panels, reach: Reach, x: &[Row]) {
    assert!(vectors::<S>().is_multiple_of(VECTORS), "a row is whole blocks");
    assert_eq!(weights.inputs, reach.runs * reach.run, "as many weights as rows");
    let x = &x[..reach.len()];
    let lanes = f32::lanes::<S>();
    for first in (0..vectors::<S>()).step_by(VECTORS) {
        for (y, panel) in y.as_chunks_mut::<ROWS>().0.iter_mut().zip(weights.panels.chunks_exact(weights.inputs)) {
            let mut sums: [[Lanes<S>; VECTORS]; ROWS] =
                std::array::from_fn(|r| std::array::from_fn(|v| load(&y[r], first + v)));
            for (k, panel) in panel.chunks_exact(reach.run).enumerate() {
                #[allow(unsafe_code)]
                // SAFETY: each row of a run, of which there are as many as weights, holds the vectors from `first` on.
                unsafe {
                    let x = x[k * reach.apart..].as_ptr().cast::<f32>().add(first * lanes);
                    sums = add_products::<S, ROWS, 1>(sums, panel.as_flattened(), x, TILE);
                }
            }
            for (y, sums) in y.iter_mut().zip(sums) {
                (0..VECTORS).for_each(|v| store(y, first + v, sums[v]));
            }
        }
    }
}

/// Adds to a block of sums, for each of as many runs of whole vectors as there are weights to a row, each row's weight times the
/// run. Runs start at `x` and lie `stride` numbers apart; a row's weights lie `NEXT` apart, and the rows `APART`.
///
/// # Safety
/// Every run must be readable.
#[inline(always)]
#[allow(unsafe_code)]
unsafe fn add_products<S: Simd, const NEXT: usize, const APART: usize>(
    mut sums: [[Lanes<S>; VECTORS]; ROWS],
    weights: &[f32],
    x: *const f32,
    stride: usize,
) -> [[Lanes<S>; VECTORS]; ROWS] {
    let turns = weights.len() / ROWS;
    assert!(APART == 1 && NEXT == ROWS || NEXT == 1 && APART == turns, "rows are panels, or one behind the other");
    // Pointers that move on up to an end, not indices: two additions a turn instead of eight, a sixth of the time in wasm, as long as LLVM does not rewrite the addresses (.cargo/config.toml).
    let (mut w, mut x) = (weights.as_ptr(), x);
    let end = weights[NEXT * turns..].as_ptr();
    while w != end {
        // SAFETY: as many turns as there are weights; the runs are the caller's.
        unsafe {
            let run: [Lanes<S>; VECTORS] = std::array::from_fn(|v| vload_unaligned(x.add(v * f32::lanes::<S>())));
            for (r, sums) in sums.iter_mut().enumerate() {
                let w = splat(*w.add(r * APART));
                for (sum, &x) in sums.iter_mut().zip(&run) {
                    *sum = x.mul_add(w, *sum);
                }
            }
            (w, x) = (w.add(NEXT), x.wrapping_add(stride));
        }
    }
    sums
}

/// Columns of a block of outer products.
pub const COLUMNS: usize = if cfg!(target_arch = "wasm32") { 8 } else { 32 };

/// Sums over points of products of inputs and outputs, `[inputs, outputs]` in blocks of [`ROWS`] times [`COLUMNS`].
#[derive(Debug, Clone, Default)]
pub struct Outer {
    sums: Vec<Aligned<[[f32; COLUMNS]; ROWS]>>,
    columns: usize,
}

impl Outer {
    /// No products yet, of so many inputs and outputs.
    pub fn new([inputs, outputs]: [usize; 2]) -> Self {
        let columns = outputs.div_ceil(COLUMNS);
        Self { sums: vec![Aligned([[0.0; COLUMNS]; ROWS]); inputs.div_ceil(ROWS) * columns], columns }
    }

    /// Adds Σ x y over a tile's points, for x in whole blocks and [`turn`]ed y.
    #[inline(always)]
    pub fn add<S: Simd>(&mut self, x: &[Row], y: &[Turned]) {
        self.add_from::<S>(0, x, y);
    }

    /// The same for the inputs that `reach` reads of `x`, whose runs are whole blocks.
    #[inline(always)]
    pub fn add_runs<S: Simd>(&mut self, reach: Reach, x: &[Row], y: &[Turned]) {
        for k in 0..reach.runs {
            self.add_from::<S>(k * reach.run / ROWS, &x[k * reach.apart..][..reach.run], y);
        }
    }

    /// The same for inputs from the `first`th block on.
    #[inline(always)]
    fn add_from<S: Simd>(&mut self, first: usize, x: &[Row], y: &[Turned]) {
        let sums = &mut self.sums[first * self.columns..];
        for (x, blocks) in x.as_chunks::<ROWS>().0.iter().zip(sums.chunks_exact_mut(self.columns)) {
            for (y, block) in y.iter().zip(blocks) {
                for first in (0..COLUMNS).step_by(VECTORS * f32::lanes::<S>()) {
                    add_block::<S>(block, x, y, first);
                }
            }
        }
    }

    /// No products any more.
    pub fn clear(&mut self) {
        self.sums.fill(Aligned([[0.0; COLUMNS]; ROWS]));
    }

    /// Appends the sums of some inputs with as many outputs, row by row.
    pub fn append_to(&self, rows: &mut Vec<f32>, inputs: Range<usize>, outputs: usize) {
        for input in inputs {
            let blocks = &self.sums[input / ROWS * self.columns..][..self.columns];
            for (k, block) in blocks.iter().enumerate() {
                rows.extend_from_slice(&block[input % ROWS][..COLUMNS.min(outputs - k * COLUMNS)]);
            }
        }
    }
}

#[inline(always)]
fn add_block<S: Simd>(block: &mut [[f32; COLUMNS]; ROWS], x: &[Row; ROWS], y: &[[f32; COLUMNS]; TILE], first: usize) {
    assert!(first + VECTORS * f32::lanes::<S>() <= COLUMNS);
    let place = |v: usize| first + v * f32::lanes::<S>();
    #[allow(unsafe_code)]
    // SAFETY: the vectors from `first` on lie within a row of the block, and of y.
    unsafe {
        let read = |row: &[f32; COLUMNS]| std::array::from_fn(|v| vload_unaligned(row.as_ptr().add(place(v))));
        let sums = add_products::<S, 1, TILE>(
            std::array::from_fn(|r| read(&block[r])),
            flat(x),
            y.as_ptr().cast::<f32>().add(first),
            COLUMNS,
        );
        for (row, sums) in block.iter_mut().zip(&sums) {
            for (v, &sum) in sums.iter().enumerate() {
                vstore_unaligned(row.as_mut_ptr().add(place(v)), sum);
            }
        }
    }
}

/// The numbers of a block's rows, one row behind the other.
#[inline(always)]
fn flat(x: &[Row; ROWS]) -> &[f32] {
    #[allow(unsafe_code)]
    // SAFETY: a row is its numbers and nothing else, which fill whole cache lines.
    unsafe {
        std::slice::from_raw_parts(x.as_ptr().cast(), ROWS * TILE)
    }
}

const _: () = assert!(size_of::<Row>() == TILE * size_of::<f32>());

/// [`COLUMNS`] rows of a tile, point by point.
pub type Turned = Aligned<[[f32; COLUMNS]; TILE]>;

/// A panel of zeros.
pub const UNTURNED: Turned = Aligned([[0.0; COLUMNS]; TILE]);

/// Turns rows `[n, TILE]` into panels `[n / COLUMNS][TILE, COLUMNS]`, point by point. The last panel may lack some rows.
#[inline(always)]
pub fn turn(panels: &mut [Turned], rows: &[Row]) {
    for (panel, rows) in panels.iter_mut().zip(rows.chunks(COLUMNS)) {
        match rows.as_array() {
            Some(rows) => turn_panel(panel, rows),
            None => {
                let mut whole = [ZEROS; COLUMNS];
                whole[..rows.len()].copy_from_slice(rows);
                turn_panel(panel, &whole);
            }
        }
    }
}

#[inline(always)]
fn turn_panel(panel: &mut [[f32; COLUMNS]; TILE], rows: &[Row; COLUMNS]) {
    for quad in 0..TILE / 4 {
        for part in 0..COLUMNS / 4 {
            let square: [[f32; 4]; 4] = std::array::from_fn(|r| rows[4 * part + r].as_chunks::<4>().0[quad]);
            for column in 0..4 {
                panel[4 * quad + column].as_chunks_mut::<4>().0[part] = std::array::from_fn(|r| square[r][column]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::run;
    use super::*;
    use crate::rng::{Rng, Stream};
    use macerator::WithSimd;

    struct Both<'a> {
        panels: &'a Panels,
        bias: &'a [f32],
        x: &'a [Row],
        y: &'a mut [Row],
        outer: &'a mut Outer,
        turned_y: &'a [Turned],
    }

    impl WithSimd for Both<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self) {
            product_into::<S>(self.y, self.panels, self.x, Some(self.bias));
            self.outer.add::<S>(self.x, self.turned_y);
            self.outer.add::<S>(self.x, self.turned_y);
        }
    }

    #[test]
    fn panels_are_the_same_however_the_weights_lie() {
        for [inputs, outputs] in [[1, 1], [2, 9], [5, 4], [3, 66]] {
            let weight = |i: usize, j: usize| (100 * i + j) as f32;
            let packed = Panels::pack([inputs, outputs], weight);
            let lying = |rows: usize, columns: usize, turned: bool| -> Vec<f32> {
                let at = |k: usize| (k / columns, k % columns);
                (0..rows * columns).map(at).map(|(i, j)| if turned { weight(j, i) } else { weight(i, j) }).collect()
            };
            let mut panels = [Panels::new([inputs, outputs]), Panels::new([inputs, outputs])];
            panels[0].fill(&lying(inputs, outputs, false));
            panels[1].fill_turned(&lying(outputs, inputs, true));
            panels.iter().for_each(|panels| assert_eq!(panels.panels, packed.panels));
        }
    }

    #[test]
    fn products_agree_with_sums_for_every_shape_of_block() {
        let mut rng = Rng::new(1, Stream::Weights);
        let mut draw = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.normal() as f32).collect() };
        let rows = |n: usize, draw: &mut dyn FnMut(usize) -> Vec<f32>| -> Vec<Row> {
            (0..n).map(|_| Aligned(draw(TILE).try_into().expect("a row"))).collect()
        };
        for inputs in [1, 2, 5, 16] {
            for outputs in [1, 3, 4, 17, 33] {
                let weights = draw(inputs * outputs);
                let panels = Panels::pack([inputs, outputs], |i, j| weights[i * outputs + j]);
                let mut x = rows(inputs, &mut draw);
                x.resize(padded(inputs), ZEROS);
                let g = rows(outputs, &mut draw);
                let mut y = vec![ZEROS; padded(outputs)];
                let mut outer = Outer::new([inputs, outputs]);
                let mut g_turned = vec![UNTURNED; outputs.div_ceil(COLUMNS)];
                turn(&mut g_turned, &g);
                let turned_y = g_turned.as_slice();
                let bias: Vec<f32> = (0..padded(outputs)).map(|j| j as f32).collect();
                run(Both { panels: &panels, bias: &bias, x: &x, y: &mut y, outer: &mut outer, turned_y });
                let mut sums = Vec::new();
                outer.append_to(&mut sums, 0..inputs, outputs);
                for j in 0..outputs {
                    for p in 0..TILE {
                        let sum: f32 = (0..inputs).map(|i| x[i][p] * weights[i * outputs + j]).sum();
                        assert!((y[j][p] - sum - j as f32).abs() < 1e-4);
                    }
                    for i in 0..inputs {
                        let sum: f32 = (0..TILE).map(|p| x[i][p] * g[j][p]).sum();
                        assert!((sums[i * outputs + j] - 2.0 * sum).abs() < 1e-4);
                    }
                }
            }
        }
    }
}
