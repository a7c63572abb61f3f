//! What the solutions of linear ODEs are made of, in Burn's operations.

use burn::tensor::{Device, Tensor, TensorData};

/// sinh(x)/x for |x| ≤ 1, where it is exact to f32's rounding: a quotient of small differences would not be.
pub fn sinh_over(x: Tensor<2>) -> Tensor<2> {
    let square = x.clone() * x;
    // 1 + y/6 (1 + y/20 (1 + y/42 (1 + y/72))).
    let factor = |sum: Tensor<2>, each: f32| (square.clone() * sum).mul_scalar(1.0 / each).add_scalar(1.0);
    let last = square.clone().mul_scalar(1.0 / 72.0).add_scalar(1.0);
    [42.0, 20.0, 6.0].into_iter().fold(last, factor)
}

/// The identity matrix. Burn's own is scattered into place, by operations that nothing else here needs.
pub fn identity(dim: usize, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = (0..dim * dim).map(|i| if i % (dim + 1) == 0 { 1.0 } else { 0.0 }).collect();
    Tensor::from_data(TensorData::new(values, [dim, dim]), device)
}

/// The matrix is halved this often before its series is summed, and the sum squared as often.
const SQUARINGS: i32 = 4;
/// Terms of the series: enough for f32 at a norm of 8.
const ORDER: usize = 8;

/// e^A by scaling and squaring: the Taylor series of A / 2^k, squared k times.
pub fn exponential(matrix: Tensor<2>) -> Tensor<2> {
    let [dim, _] = matrix.dims();
    let small = matrix.mul_scalar(0.5_f32.powi(SQUARINGS));
    let one = || identity(dim, &small.device().inner());
    let first = small.clone().mul_scalar(1.0 / ORDER as f32) + one();
    let sum = (1..ORDER).rev().fold(first, |sum, k| small.clone().matmul(sum).mul_scalar(1.0 / k as f32) + one());
    (0..SQUARINGS).fold(sum, |power, _| power.clone().matmul(power))
}
