//! Products of small matrices, blocked in registers. All are row-major and all add to what is there.
//!
//! Plain loops over arrays of a known size, which the compiler turns into SIMD. `FMA` says whether the processor multiplies and
//! adds at once; where it does not, asking for it would be a call.

/// Columns and rows of a block: as many sums as the registers hold. Wasm's vectors have 4 lanes, AVX2's 8.
const COLUMNS: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };
const ROWS: usize = 4;

/// x y + sum.
#[inline(always)]
pub fn multiply_add<const FMA: bool>(x: f32, y: f32, sum: f32) -> f32 {
    if FMA { x.mul_add(y, sum) } else { x * y + sum }
}

/// C `[m, n]` += A `[m, k]` B `[k, n]`.
#[inline(always)]
pub fn add_product<const FMA: bool>(c: &mut [f32], a: &[f32], b: &[f32], [m, k, n]: [usize; 3]) {
    let (a, b, c) = (&a[..m * k], &b[..k * n], &mut c[..m * n]);
    let whole = m - m % ROWS;
    for row in (0..whole).step_by(ROWS) {
        rows::<ROWS, FMA>(&mut c[row * n..(row + ROWS) * n], &a[row * k..(row + ROWS) * k], b, [k, n]);
    }
    for row in whole..m {
        rows::<1, FMA>(&mut c[row * n..(row + 1) * n], &a[row * k..(row + 1) * k], b, [k, n]);
    }
}

/// `R` rows of it.
#[inline(always)]
fn rows<const R: usize, const FMA: bool>(c: &mut [f32], a: &[f32], b: &[f32], [k, n]: [usize; 2]) {
    let whole = n - n % COLUMNS;
    for column in (0..whole).step_by(COLUMNS) {
        let mut sums = [[0.0f32; COLUMNS]; R];
        for (p, b) in b.chunks_exact(n).enumerate() {
            let b: &[f32; COLUMNS] = b[column..column + COLUMNS].try_into().expect("a slice of that length");
            for (r, sums) in sums.iter_mut().enumerate() {
                let x = a[r * k + p];
                for (sum, &y) in sums.iter_mut().zip(b) {
                    *sum = multiply_add::<FMA>(x, y, *sum);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let c = &mut c[r * n + column..r * n + column + COLUMNS];
            c.iter_mut().zip(sums).for_each(|(c, sum)| *c += sum);
        }
    }
    for column in whole..n {
        for r in 0..R {
            let products = a[r * k..(r + 1) * k].iter().zip(b.chunks_exact(n));
            c[r * n + column] += products.map(|(x, b)| x * b[column]).sum::<f32>();
        }
    }
}

/// C `[k, n]` += Aᵀ B for A `[m, k]` and B `[m, n]`.
#[inline(always)]
pub fn add_transposed_product<const FMA: bool>(c: &mut [f32], a: &[f32], b: &[f32], [m, k, n]: [usize; 3]) {
    let (a, b, c) = (&a[..m * k], &b[..m * n], &mut c[..k * n]);
    let (whole_rows, whole) = (k - k % ROWS, n - n % COLUMNS);
    for row in (0..whole_rows).step_by(ROWS) {
        for column in (0..whole).step_by(COLUMNS) {
            let mut sums = [[0.0f32; COLUMNS]; ROWS];
            for (a, b) in a.chunks_exact(k).zip(b.chunks_exact(n)) {
                let a: &[f32; ROWS] = a[row..row + ROWS].try_into().expect("a slice of that length");
                let b: &[f32; COLUMNS] = b[column..column + COLUMNS].try_into().expect("a slice of that length");
                for (sums, &x) in sums.iter_mut().zip(a) {
                    for (sum, &y) in sums.iter_mut().zip(b) {
                        *sum = multiply_add::<FMA>(x, y, *sum);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                let c = &mut c[(row + r) * n + column..(row + r) * n + column + COLUMNS];
                c.iter_mut().zip(sums).for_each(|(c, sum)| *c += sum);
            }
        }
    }
    // What is left over: the last columns of every row, and the last rows.
    for (a, b) in a.chunks_exact(k).zip(b.chunks_exact(n)) {
        for (row, &x) in a.iter().enumerate() {
            let first = if row < whole_rows { whole } else { 0 };
            let c = &mut c[row * n + first..(row + 1) * n];
            c.iter_mut().zip(&b[first..]).for_each(|(c, &y)| *c += x * y);
        }
    }
}

/// Aᵀ `[n, m]` of A `[m, n]`.
pub fn transposed(a: &[f32], [m, n]: [usize; 2]) -> Vec<f32> {
    (0..n).flat_map(|j| (0..m).map(move |i| a[i * n + j])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, Stream};

    #[test]
    fn products_agree_with_sums_for_every_shape_of_block() {
        let mut rng = Rng::new(1, Stream::Weights);
        let mut draw = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.normal() as f32).collect() };
        for m in [1, 3, 4, 9] {
            for k in [1, 2, 5, 16] {
                for n in [1, 2, 7, 16, 33] {
                    let (a, b, c, g) = (draw(m * k), draw(k * n), draw(m * n), draw(k * n));
                    let mut product = c.clone();
                    add_product::<false>(&mut product, &a, &b, [m, k, n]);
                    let mut gradient = g.clone();
                    add_transposed_product::<false>(&mut gradient, &a, &c, [m, k, n]);
                    for i in 0..m {
                        for j in 0..n {
                            let sum: f32 = (0..k).map(|p| a[i * k + p] * b[p * n + j]).sum();
                            assert!((product[i * n + j] - c[i * n + j] - sum).abs() < 1e-4);
                        }
                    }
                    for p in 0..k {
                        for j in 0..n {
                            let sum: f32 = (0..m).map(|i| a[i * k + p] * c[i * n + j]).sum();
                            assert!((gradient[p * n + j] - g[p * n + j] - sum).abs() < 1e-4);
                        }
                    }
                    assert_eq!(transposed(&transposed(&a, [m, k]), [k, m]), a);
                }
            }
        }
    }
}
