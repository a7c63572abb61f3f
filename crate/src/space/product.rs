//! Geometry on a product of unit spheres, each of `size` coordinates: circles of 2, spheres of 3. Of one it is that sphere's.

use burn::tensor::Tensor;

/// Each sphere's share of two points or vectors.
fn shares<'a, T>(size: usize, x: &'a [T], y: &'a [T]) -> impl Iterator<Item = (&'a [T], &'a [T])> {
    x.chunks_exact(size).zip(y.chunks_exact(size))
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The angle on each sphere between two points; near 0 and near π as exact as elsewhere (Kahan).
pub(super) fn angles<'a>(size: usize, x: &'a [f32], y: &'a [f32]) -> impl Iterator<Item = f64> + use<'a> {
    shares(size, x, y).map(|(x, y)| {
        let (mut apart, mut together) = (0.0, 0.0);
        for (&x, &y) in x.iter().zip(y) {
            let (x, y) = (f64::from(x), f64::from(y));
            apart += (x - y) * (x - y);
            together += (x + y) * (x + y);
        }
        2.0 * libm::atan2(libm::sqrt(apart), libm::sqrt(together))
    })
}

pub(super) fn log(size: usize, x: &[f64], y: &[f64]) -> Vec<f64> {
    let of_sphere = |(x, y): (&[f64], &[f64])| {
        let cos = dot(x, y);
        let aside: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - cos * x).collect();
        let sin = libm::sqrt(dot(&aside, &aside));
        let scale = if sin > 0.0 { libm::atan2(sin, cos) / sin } else { 0.0 };
        aside.into_iter().map(move |v| scale * v)
    };
    shares(size, x, y).flat_map(of_sphere).collect()
}

pub(super) fn geodesic(size: usize, [x, v]: [&[f64]; 2], t: f64) -> [Vec<f64>; 2] {
    let (mut point, mut velocity) = (Vec::with_capacity(x.len()), Vec::with_capacity(x.len()));
    for (x, v) in shares(size, x, v) {
        let speed = libm::sqrt(dot(v, v));
        let (sin, cos) = libm::sincos(t * speed);
        let along = if speed > 0.0 { sin / speed } else { t };
        point.extend(x.iter().zip(v).map(|(x, v)| cos * x + along * v));
        velocity.extend(x.iter().zip(v).map(|(x, v)| cos * v - speed * sin * x));
    }
    [point, velocity]
}

pub(super) fn project(size: usize, x: &[f64], v: &[f64]) -> Vec<f64> {
    let of_sphere = |(x, v): (&[f64], &[f64])| {
        let outward = dot(x, v);
        x.iter().zip(v).map(|(x, v)| v - outward * x).collect::<Vec<_>>()
    };
    shares(size, x, v).flat_map(of_sphere).collect()
}

/// A row for each sphere's share of points `[batch, coordinates]`.
fn rows(size: usize, x: Tensor<2>) -> Tensor<2> {
    let [batch, dim] = x.dims();
    x.reshape([batch * dim / size, size])
}

/// The nearest points of the space to points around it `[batch, coordinates]`, and by how much each coordinate is nearer its sphere's middle
/// there, as a factor of the same size.
pub fn nearest(size: usize, x: Tensor<2>) -> [Tensor<2>; 2] {
    let dims = x.dims();
    let rows = rows(size, x);
    let length = (rows.clone() * rows.clone()).sum_dim(1).sqrt();
    let wide = length.clone().repeat_dim(1, size);
    [(rows / length).reshape(dims), wide.reshape(dims)]
}

/// The tangent parts of vectors `[batch, coordinates]` at points of the space.
pub fn tangent(size: usize, at: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
    let dims = vectors.dims();
    let (at, vectors) = (rows(size, at), rows(size, vectors));
    let outward = (at.clone() * vectors.clone()).sum_dim(1);
    (vectors - at * outward).reshape(dims)
}
