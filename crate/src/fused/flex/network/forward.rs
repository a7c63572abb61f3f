//! The output and the trace of one tile.

use super::super::lanes::{Lanes, Row, ZEROS, load, splat, store, vectors};
use super::super::product::product;
use super::activation::activate;
use super::layers::Layers;
use super::tape::{LayerTape, Place};
use macerator::Simd;

/// The working memory of a tile's passes, allocated once for a batch.
#[derive(Debug, Clone)]
pub struct Work {
    /// Tangents behind a layer, `[dim][padded(width)]`.
    tangents: Vec<Row>,
    /// One of them behind the next layer.
    next: Vec<Row>,
}

impl Work {
    pub fn new(layers: &Layers) -> Self {
        let count = if layers.shape.traced { layers.shape.dim } else { 0 };
        Self { tangents: vec![ZEROS; count * layers.rows()], next: vec![ZEROS; layers.rows()] }
    }
}

/// Fills `output` `[dim]`, with a row for the trace where it is wanted, from `input` `[dim]`, with a row for the times where the
/// network is timed.
#[inline(always)]
pub fn forward<S: Simd>(
    layers: &Layers,
    place: Place,
    tape: &mut [Row],
    input: &[Row],
    output: &mut [Row],
    work: &mut Work,
) {
    let (shape, rows) = (layers.shape, layers.rows());
    for layer in 0..shape.depth {
        let bias = &layers.biases[layer];
        let (below, here) = place.layer_mut(tape, layer);
        let (weights, x) = match &below {
            None => (&layers.input, input),
            Some(LayerTape { h, .. }) => (&layers.hidden[layer - 1], *h),
        };
        product::<S>(weights, x, |j| bias[j], |j, i, z| store(&mut here.h[j], i, z));
        activate::<S>(shape.activation.0, here.h, here.slope, here.curve);
        if !shape.traced {
            continue;
        }
        for k in 0..shape.dim {
            let part = k * rows..(k + 1) * rows;
            let (next, tangent) = (&mut work.next[..], &mut work.tangents[part.clone()]);
            // T = slope · U, and U itself where it is kept.
            let mut put = |j: usize, i: usize, u: Lanes<S>| {
                store(&mut next[j], i, u * load(&here.slope[j], i));
                if let Some(pushed) = here.pushed.get_mut(k * rows + j) {
                    store(pushed, i, u);
                }
            };
            match layer {
                0 => (0..rows).for_each(|j| (0..vectors::<S>()).for_each(|i| put(j, i, splat(layers.seeds[k][j])))),
                _ => product::<S>(weights, tangent, |_| 0.0, put),
            }
            tangent.copy_from_slice(next);
        }
    }
    let last = place.layer(tape, shape.depth - 1);
    let bias = &layers.biases[shape.depth];
    let (of_velocity, of_trace) = output.split_at_mut(shape.dim);
    let put = |j: usize, i: usize, y| {
        if j < shape.dim {
            store::<S>(&mut of_velocity[j], i, y);
        }
    };
    product::<S>(&layers.output, last.h, |j| bias[j], put);
    if let [trace] = of_trace {
        let pairs = || work.tangents.chunks_exact(rows).zip(&layers.output_rows);
        for i in 0..vectors::<S>() {
            let along = |sum, (t, w): (&Row, &f32)| load::<S>(t, i).mul_add(splat(*w), sum);
            let sum = pairs().fold(splat::<S>(0.0), |sum, (t, w)| t.iter().zip(w).fold(sum, along));
            store(trace, i, sum);
        }
    }
}

/// T = slope · U.
#[inline(always)]
pub fn scale<S: Simd>(tangent: &mut [Row], slope: &[Row], pushed: &[Row]) {
    for (t, (s, u)) in tangent.iter_mut().zip(slope.iter().zip(pushed)) {
        for i in 0..vectors::<S>() {
            let product: Lanes<S> = load::<S>(s, i) * load(u, i);
            store(t, i, product);
        }
    }
}
