//! The gradients of the output and of the trace, tile by tile from the last layer to the first.

use super::super::matmul::{add_product, add_transposed_product, transposed};
use super::vector::{activate, dot};
use super::{Batch, Layers, Saved, TILE, saved_of};
use crate::fused::NetworkShape;

/// What the backward pass adds to.
pub struct Sums<'a> {
    pub x: &'a mut [f32],
    pub weights: &'a mut [f32],
}

/// A tile's working memory.
struct Work {
    h: Vec<f32>,
    slope: Vec<f32>,
    curve: Vec<f32>,
    below: Vec<f32>,
    of_h: Vec<f32>,
    of_z: Vec<f32>,
    tangent: Vec<f32>,
    of_tangents: Vec<f32>,
}

#[inline(always)]
pub fn backward<const FMA: bool>(
    layers: &Layers<'_>,
    batch: Batch<'_>,
    saved: &[f32],
    gradient: &[f32],
    sums: Sums<'_>,
) {
    let shape = layers.shape;
    let NetworkShape { dim, width, depth, traced, .. } = shape;
    let turned: Vec<Vec<f32>> = layers.hidden.iter().map(|[w, _]| transposed(w, [width, width])).collect();
    let output_turned = transposed(layers.output, [width, dim]);
    let tile = || vec![0.0; TILE * width];
    let mut work = Work {
        h: tile(),
        slope: tile(),
        curve: tile(),
        below: tile(),
        of_h: tile(),
        of_z: tile(),
        tangent: tile(),
        of_tangents: vec![0.0; if traced { dim * TILE * width } else { 0 }],
    };
    let (in_len, time_len) = (dim * width, if shape.timed { width } else { 0 });
    let (of_input, rest) = sums.weights.split_at_mut(in_len + time_len + width);
    let (of_hidden, of_output) = rest.split_at_mut((depth - 1) * (width + 1) * width);
    // The output's weights as they are read, column after column, then its bias.
    let mut of_turned = vec![0.0; (width + 1) * dim];
    for first in (0..batch.len).step_by(TILE) {
        let rows = TILE.min(batch.len - first);
        let tile = Tile { layers, saved, place: saved_of(shape, batch.len), first, rows };
        let gradient = &gradient[first * shape.columns()..(first + rows) * shape.columns()];
        output_backward(&tile, &mut work, gradient, &output_turned, &mut of_turned);
        for layer in (1..depth).rev() {
            let sums = &mut of_hidden[(layer - 1) * (width + 1) * width..layer * (width + 1) * width];
            hidden_backward::<FMA>(&tile, &mut work, layer, &turned[layer - 1], sums);
        }
        input_backward::<FMA>(&tile, &mut work, batch, of_input, &mut sums.x[first * dim..(first + rows) * dim]);
    }
    let (of_weights, of_bias) = of_turned.split_at(width * dim);
    of_output[..width * dim].copy_from_slice(&transposed(of_weights, [dim, width]));
    of_output[width * dim..].copy_from_slice(of_bias);
}

/// One tile of the batch.
struct Tile<'a> {
    layers: &'a Layers<'a>,
    saved: &'a [f32],
    place: Saved,
    first: usize,
    rows: usize,
}

impl Tile<'_> {
    fn z(&self, layer: usize) -> &[f32] {
        let at = self.place.z(layer, self.first);
        &self.saved[at..at + self.rows * self.place.width]
    }

    /// T of tangent `k` behind `layer`, whose slopes are given.
    #[inline(always)]
    fn tangent(&self, layer: usize, k: usize, slope: &[f32], tangent: &mut [f32]) {
        let width = self.place.width;
        if layer == 0 {
            let seed = &self.layers.input[k * width..(k + 1) * width];
            let rows = tangent.chunks_exact_mut(width).zip(slope.chunks_exact(width)).take(self.rows);
            for (tangent, slope) in rows {
                tangent.iter_mut().zip(slope.iter().zip(seed)).for_each(|(t, (s, w))| *t = s * w);
            }
            return;
        }
        let pushed = self.pushed(layer, k);
        tangent.iter_mut().zip(slope.iter().zip(pushed)).for_each(|(t, (s, u))| *t = s * u);
    }

    fn pushed(&self, layer: usize, k: usize) -> &[f32] {
        let at = self.place.u(layer, k, self.first);
        &self.saved[at..at + self.rows * self.place.width]
    }
}

/// The gradients of the last hidden layer's output and tangents, and of the output layer's weights.
#[inline(always)]
fn output_backward(tile: &Tile<'_>, work: &mut Work, gradient: &[f32], turned: &[f32], sums: &mut [f32]) {
    let NetworkShape { dim, width, depth, traced, activation: (function, _), .. } = tile.layers.shape;
    let columns = dim + usize::from(traced);
    let (of_weights, of_bias) = sums.split_at_mut(width * dim);
    activate(function, tile.z(depth - 1), [&mut work.h, &mut work.slope, &mut work.curve]);
    for (row, gradient) in gradient.chunks_exact(columns).enumerate() {
        let cut = row * width..(row + 1) * width;
        let (of_h, h) = (&mut work.of_h[cut.clone()], &work.h[cut]);
        of_h.fill(0.0);
        for (i, &g) in gradient[..dim].iter().enumerate() {
            let weights = &turned[i * width..(i + 1) * width];
            of_h.iter_mut().zip(weights).for_each(|(o, w)| *o += g * w);
            of_weights[i * width..(i + 1) * width].iter_mut().zip(h).for_each(|(o, h)| *o += g * h);
            of_bias[i] += g;
        }
    }
    if !traced {
        return;
    }
    for k in 0..dim {
        tile.tangent(depth - 1, k, &work.slope, &mut work.tangent);
        let weights = &turned[k * width..(k + 1) * width];
        for (row, gradient) in gradient.chunks_exact(columns).enumerate() {
            let g = gradient[dim];
            let of_tangent = &mut work.of_tangents[(k * TILE + row) * width..(k * TILE + row + 1) * width];
            of_tangent.iter_mut().zip(weights).for_each(|(o, w)| *o = g * w);
            let tangent = &work.tangent[row * width..(row + 1) * width];
            of_weights[k * width..(k + 1) * width].iter_mut().zip(tangent).for_each(|(o, t)| *o += g * t);
        }
    }
}

/// From the gradients of a layer's output to those of its preactivation: of_z, and of_tangents turned into those of U.
#[inline(always)]
fn activation_backward(tile: &Tile<'_>, work: &mut Work, layer: usize) {
    let NetworkShape { width, traced, .. } = tile.layers.shape;
    let len = tile.rows * width;
    let Work { slope, curve, of_h, of_z, tangent, of_tangents, .. } = work;
    of_z[..len].iter_mut().zip(of_h.iter().zip(slope.iter())).for_each(|(z, (h, s))| *z = h * s);
    if !traced {
        return;
    }
    for (k, of_tangent) in of_tangents.chunks_exact_mut(TILE * width).enumerate() {
        let pushed: &[f32] = if layer == 0 {
            let seed = &tile.layers.input[k * width..(k + 1) * width];
            tangent.chunks_exact_mut(width).take(tile.rows).for_each(|row| row.copy_from_slice(seed));
            &tangent[..len]
        } else {
            tile.pushed(layer, k)
        };
        let sums = of_z[..len].iter_mut().zip(of_tangent.iter_mut());
        for ((z, g), (u, (s, c))) in sums.zip(pushed.iter().zip(slope.iter().zip(curve.iter()))) {
            *z += *g * u * c;
            *g *= s;
        }
    }
}

#[inline(always)]
fn hidden_backward<const FMA: bool>(tile: &Tile<'_>, work: &mut Work, layer: usize, turned: &[f32], sums: &mut [f32]) {
    let NetworkShape { width, traced, activation: (function, _), .. } = tile.layers.shape;
    let (rows, len) = (tile.rows, tile.rows * width);
    activation_backward(tile, work, layer);
    // From here on h and the slopes are those of the layer below.
    activate(function, tile.z(layer - 1), [&mut work.h, &mut work.slope, &mut work.curve]);
    let (of_weights, of_bias) = sums.split_at_mut(width * width);
    add_transposed_product::<FMA>(of_weights, &work.h, &work.of_z, [rows, width, width]);
    for z in work.of_z[..len].chunks_exact(width) {
        of_bias.iter_mut().zip(z).for_each(|(b, z)| *b += z);
    }
    work.of_h[..len].fill(0.0);
    add_product::<FMA>(&mut work.of_h, &work.of_z, turned, [rows, width, width]);
    if !traced {
        return;
    }
    for (k, of_tangent) in work.of_tangents.chunks_exact_mut(TILE * width).enumerate() {
        tile.tangent(layer - 1, k, &work.slope, &mut work.tangent);
        add_transposed_product::<FMA>(of_weights, &work.tangent, of_tangent, [rows, width, width]);
        work.below[..len].fill(0.0);
        add_product::<FMA>(&mut work.below, of_tangent, turned, [rows, width, width]);
        of_tangent[..len].copy_from_slice(&work.below[..len]);
    }
}

#[inline(always)]
fn input_backward<const FMA: bool>(
    tile: &Tile<'_>,
    work: &mut Work,
    batch: Batch<'_>,
    sums: &mut [f32],
    of_x: &mut [f32],
) {
    let NetworkShape { dim, width, timed, traced, .. } = tile.layers.shape;
    let (first, rows, len) = (tile.first, tile.rows, tile.rows * width);
    activation_backward(tile, work, 0);
    let (of_weights, rest) = sums.split_at_mut(dim * width);
    let (of_time, of_bias) = rest.split_at_mut(if timed { width } else { 0 });
    add_transposed_product::<FMA>(of_weights, &batch.x[first * dim..], &work.of_z, [rows, dim, width]);
    for (row, z) in work.of_z[..len].chunks_exact(width).enumerate() {
        let t = batch.time(first + row);
        of_time.iter_mut().zip(z).for_each(|(w, z)| *w += t * z);
        of_bias.iter_mut().zip(z).for_each(|(b, z)| *b += z);
        for (of_x, weights) in of_x[row * dim..(row + 1) * dim].iter_mut().zip(tile.layers.input.chunks_exact(width)) {
            *of_x += dot::<FMA>(z, weights);
        }
    }
    if !traced {
        return;
    }
    for (of_tangent, of_weights) in work.of_tangents.chunks_exact(TILE * width).zip(of_weights.chunks_exact_mut(width))
    {
        for row in of_tangent[..len].chunks_exact(width) {
            of_weights.iter_mut().zip(row).for_each(|(w, g)| *w += g);
        }
    }
}
