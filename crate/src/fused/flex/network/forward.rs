//! The output and the trace, tile by tile.

use super::super::matmul::{add_product, transposed};
use super::vector::{activate, dot};
use super::{Batch, Layers, TILE, saved_of};
use crate::fused::NetworkShape;

/// Fills `output` `[batch, columns]` and, if asked for, what the backward pass needs.
#[inline(always)]
pub fn forward<const FMA: bool>(
    layers: &Layers<'_>,
    batch: Batch<'_>,
    output: &mut [f32],
    mut saved: Option<&mut [f32]>,
) {
    let NetworkShape { dim, width, traced, activation: (function, _), .. } = layers.shape;
    let columns = layers.shape.columns();
    let place = saved_of(layers.shape, batch.len);
    let [mut z, mut h, mut slope, mut pushed] = std::array::from_fn(|_| vec![0.0; TILE * width]);
    let mut tangents = vec![0.0; if traced { dim * TILE * width } else { 0 }];
    let turned = transposed(layers.output, [width, dim]);
    for first in (0..batch.len).step_by(TILE) {
        let rows = TILE.min(batch.len - first);
        let len = rows * width;
        for (row, z) in z.chunks_exact_mut(width).take(rows).enumerate() {
            let t = batch.time(first + row);
            match layers.time {
                Some(time) => z.iter_mut().zip(layers.bias.iter().zip(time)).for_each(|(z, (b, w))| *z = t * w + b),
                None => z.copy_from_slice(layers.bias),
            }
        }
        add_product::<FMA>(&mut z, &batch.x[first * dim..], layers.input, [rows, dim, width]);
        for layer in 0..layers.shape.depth {
            if layer > 0 {
                let [weights, bias] = layers.hidden[layer - 1];
                z.chunks_exact_mut(width).take(rows).for_each(|z| z.copy_from_slice(bias));
                add_product::<FMA>(&mut z, &h, weights, [rows, width, width]);
            }
            if let Some(saved) = saved.as_deref_mut() {
                let at = place.z(layer, first);
                saved[at..at + len].copy_from_slice(&z[..len]);
            }
            if !traced {
                activate(function, &z[..len], [&mut h]);
                continue;
            }
            activate(function, &z[..len], [&mut h, &mut slope]);
            for (k, tangent) in tangents.chunks_exact_mut(TILE * width).enumerate() {
                if layer == 0 {
                    let seed = &layers.input[k * width..(k + 1) * width];
                    for (tangent, slope) in tangent.chunks_exact_mut(width).zip(slope.chunks_exact(width)).take(rows) {
                        tangent.iter_mut().zip(slope.iter().zip(seed)).for_each(|(t, (s, w))| *t = s * w);
                    }
                    continue;
                }
                pushed[..len].fill(0.0);
                add_product::<FMA>(&mut pushed, tangent, layers.hidden[layer - 1][0], [rows, width, width]);
                if let Some(saved) = saved.as_deref_mut() {
                    let at = place.u(layer, k, first);
                    saved[at..at + len].copy_from_slice(&pushed[..len]);
                }
                tangent[..len].iter_mut().zip(slope.iter().zip(&pushed)).for_each(|(t, (s, u))| *t = s * u);
            }
        }
        let output = &mut output[first * columns..(first + rows) * columns];
        write_output::<FMA>(layers, &turned, [&h, &tangents], output);
    }
}

/// The output layer: `turned` are its weights column after column.
#[inline(always)]
fn write_output<const FMA: bool>(layers: &Layers<'_>, turned: &[f32], [h, tangents]: [&[f32]; 2], output: &mut [f32]) {
    let NetworkShape { dim, width, traced, .. } = layers.shape;
    for (row, output) in output.chunks_exact_mut(layers.shape.columns()).enumerate() {
        let h = &h[row * width..(row + 1) * width];
        let mut trace = 0.0;
        for (k, weights) in turned.chunks_exact(width).enumerate() {
            output[k] = layers.output_bias[k] + dot::<FMA>(h, weights);
            if traced {
                let at = (k * TILE + row) * width;
                trace += dot::<FMA>(&tangents[at..at + width], weights);
            }
        }
        if traced {
            output[dim] = trace;
        }
    }
}
