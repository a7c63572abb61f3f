//! The output and the trace of one tile.

use super::super::lanes::{Lanes, Row, ZEROS, load, splat, store, vectors};
use super::super::product::{Column, ROWS, padded, product, product_into};
use super::activation::activate;
use super::layers::Layers;
use super::tape::{Keep, LayerTape, Place};
use crate::fused::NetworkShape;
use macerator::Simd;

/// The working memory of a tile's passes, allocated once for a batch.
#[derive(Debug, Clone)]
pub struct Work {
    /// Where everything lies in a tape.
    pub place: Place,
    /// Tangents behind a layer and behind the next, `[dim][padded(width)]` each, in turn.
    tangents: [Vec<Row>; 2],
    /// The output in whole blocks.
    output: Vec<Row>,
}

impl Work {
    pub fn new(layers: &Layers, keep: Keep) -> Self {
        let NetworkShape { dim, outputs, traced, .. } = layers.shape;
        let tangents = vec![ZEROS; if traced { dim * layers.rows() } else { 0 }];
        let place = Place::new(layers.shape, keep);
        Self { place, tangents: [tangents.clone(), tangents], output: vec![ZEROS; padded(outputs)] }
    }
}

/// Fills `output` `[outputs]`, with a row for the trace where it is wanted, from `input` `[inputs]`: coordinates, then
/// the context.
// Inlined for the instructions of the processor at hand; in wasm, which has but one set of them, once is enough.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn forward<S: Simd>(layers: &Layers, tape: &mut [Row], input: &[Row], output: &mut [Row], work: &mut Work) {
    let (shape, rows, place) = (layers.shape, layers.rows(), work.place);
    for layer in 0..shape.depth {
        let bias = &layers.biases[layer];
        let (below, here) = place.layer_mut(tape, layer);
        let (weights, x) = match &below {
            None => (&layers.input, input),
            Some(LayerTape { h, .. }) => (&layers.hidden[layer - 1], *h),
        };
        product_into::<S>(here.h, weights, x, Some(bias));
        activate::<S>(shape.activation.0, here.h, here.slope, here.curve);
        if !shape.traced {
            continue;
        }
        let [before, behind] = &mut work.tangents;
        for k in 0..shape.dim {
            let part = k * rows..(k + 1) * rows;
            let tangent = behind[part.clone()].as_chunks_mut::<ROWS>().0;
            let pushed = here.pushed.get_mut(part.clone()).unwrap_or_default().as_chunks_mut::<ROWS>().0;
            let slopes = here.slope.as_chunks::<ROWS>().0;
            // T = slope · U, and U itself where it is kept.
            let mut put = |block: usize, i: usize, u: Column<S>| {
                for ((t, slope), u) in tangent[block].iter_mut().zip(&slopes[block]).zip(u) {
                    store(t, i, u * load(slope, i));
                }
                if let Some(pushed) = pushed.get_mut(block) {
                    pushed.iter_mut().zip(u).for_each(|(row, u)| store(row, i, u));
                }
            };
            match layer {
                0 => layers.seeds[k].as_chunks::<ROWS>().0.iter().enumerate().for_each(|(block, seeds)| {
                    (0..vectors::<S>()).for_each(|i| put(block, i, seeds.map(splat)));
                }),
                _ => product::<S>(weights, &before[part], None, put),
            }
        }
        work.tangents.swap(0, 1);
    }
    let last = place.layer(tape, shape.depth - 1);
    product_into::<S>(&mut work.output, &layers.output, last.h, Some(&layers.biases[shape.depth]));
    let (of_velocity, of_trace) = output.split_at_mut(shape.outputs);
    of_velocity.copy_from_slice(&work.output[..shape.outputs]);
    if let [trace] = of_trace {
        let pairs = || work.tangents[0].chunks_exact(rows).zip(&layers.output_rows);
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
