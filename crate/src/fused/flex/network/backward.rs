//! The gradients of one tile's output and trace, from the last layer to the first.

use super::super::lanes::{Row, ZEROS, load, splat, store, sum, vectors};
use super::super::product::{COLUMNS, Outer, Turned, UNTURNED, padded, product_into, turn};
use super::forward::scale;
use super::layers::{Layers, LayersBack};
use super::tape::{LayerTape, Place};
use crate::fused::NetworkShape;
use macerator::Simd;

/// The gradients of the weights, summed over tiles, with what a tile's pass works in.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// Those of the input's, with the context's, and of its bias; of the hidden biases; of the output's and its bias. As they lie in
    /// the packed weights, the hidden weights left out.
    input: Vec<f32>,
    biases: Vec<f32>,
    output: Vec<f32>,
    output_bias: Vec<f32>,
    hidden: Vec<Outer>,
    work: Work,
}

#[derive(Debug, Clone)]
struct Work {
    of_h: Vec<Row>,
    of_z: Vec<Row>,
    /// `[dim][padded(width)]`: the gradients of a layer's tangents, turned into those of U on the way.
    of_tangents: Vec<Row>,
    tangent: Vec<Row>,
    turned: Vec<Turned>,
}

/// What a tile's pass reads.
#[derive(Clone, Copy)]
pub struct Tile<'a> {
    pub layers: &'a Layers,
    pub back: &'a LayersBack,
    pub place: Place,
    pub tape: &'a [Row],
    /// `[inputs]`: coordinates, then the context.
    pub input: &'a [Row],
}

impl Gradients {
    /// None yet.
    pub fn new(shape: NetworkShape) -> Self {
        let NetworkShape { dim, outputs, width, depth, traced, .. } = shape;
        let rows = padded(width);
        let tangents = if traced { dim * rows } else { 0 };
        Self {
            input: vec![0.0; shape.inputs() * width],
            biases: vec![0.0; depth * width],
            output: vec![0.0; width * outputs],
            output_bias: vec![0.0; outputs],
            hidden: vec![Outer::new([width, width]); depth - 1],
            work: Work {
                of_h: vec![ZEROS; rows],
                of_z: vec![ZEROS; rows],
                of_tangents: vec![ZEROS; tangents],
                tangent: vec![ZEROS; rows],
                turned: vec![UNTURNED; width.div_ceil(COLUMNS)],
            },
        }
    }

    /// None any more.
    pub fn clear(&mut self) {
        let Self { input, biases, output, output_bias, hidden, .. } = self;
        [input, biases, output, output_bias].into_iter().for_each(|sums| sums.fill(0.0));
        hidden.iter_mut().for_each(Outer::clear);
    }

    /// As the packed weights lie.
    pub fn packed(&self, shape: NetworkShape) -> Vec<f32> {
        let mut packed = Vec::with_capacity(shape.num_parameters());
        self.append_to(&mut packed, shape);
        packed
    }

    /// The same behind what is there.
    pub fn append_to(&self, packed: &mut Vec<f32>, shape: NetworkShape) {
        let NetworkShape { width, depth, .. } = shape;
        packed.extend_from_slice(&self.input);
        packed.extend_from_slice(&self.biases[..width]);
        for layer in 1..depth {
            self.hidden[layer - 1].append_to(packed, 0..width, width);
            packed.extend_from_slice(&self.biases[layer * width..(layer + 1) * width]);
        }
        packed.extend_from_slice(&self.output);
        packed.extend_from_slice(&self.output_bias);
    }

    /// Adds a tile's, for the gradient `of_output` `[outputs]`, with a row for the trace's; fills `of_x`, `padded(dim)` rows, with those
    /// of the coordinates where they are wanted.
    // Inlined for the instructions of the processor at hand; in wasm, which has but one set of them, once is enough.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn add<S: Simd>(&mut self, tile: Tile<'_>, of_output: &[Row], of_x: Option<&mut [Row]>) {
        let depth = tile.layers.shape.depth;
        self.output_layer::<S>(tile, of_output);
        for layer in (1..depth).rev() {
            self.activation::<S>(tile, layer);
            self.hidden_layer::<S>(tile, layer);
        }
        self.activation::<S>(tile, 0);
        self.input_layer::<S>(tile, of_x);
    }

    #[inline(always)]
    fn output_layer<S: Simd>(&mut self, tile: Tile<'_>, of_output: &[Row]) {
        let (shape, rows) = (tile.layers.shape, tile.layers.rows());
        let last = tile.place.layer(tile.tape, shape.depth - 1);
        let (of_velocity, of_trace) = of_output.split_at(shape.outputs);
        let Work { of_h, of_tangents, tangent, .. } = &mut self.work;
        product_into::<S>(of_h, &tile.back.output, of_velocity, None);
        for (k, g) in of_velocity.iter().enumerate() {
            self.output_bias[k] += total::<S>(g);
            for (of_weight, h) in self.output.iter_mut().skip(k).step_by(shape.outputs).zip(last.h) {
                *of_weight += dot::<S>(h, g);
            }
        }
        let [g] = of_trace else { return };
        for (k, of_tangent) in of_tangents.chunks_exact_mut(rows).enumerate() {
            scale::<S>(tangent, last.slope, &last.pushed[k * rows..(k + 1) * rows]);
            for (of_tangent, &w) in of_tangent.iter_mut().zip(&tile.layers.output_rows[k]) {
                for i in 0..vectors::<S>() {
                    store(of_tangent, i, load::<S>(g, i) * splat(w));
                }
            }
            for (of_weight, t) in self.output.iter_mut().skip(k).step_by(shape.outputs).zip(&*tangent) {
                *of_weight += dot::<S>(t, g);
            }
        }
    }

    /// From the gradients of a layer's output to those of its preactivation z and of its pushed tangents U, and of its bias.
    #[inline(always)]
    fn activation<S: Simd>(&mut self, tile: Tile<'_>, layer: usize) {
        let (NetworkShape { width, traced, .. }, rows) = (tile.layers.shape, tile.layers.rows());
        let LayerTape { slope, curve, pushed, .. } = tile.place.layer(tile.tape, layer);
        let Work { of_h, of_z, of_tangents, .. } = &mut self.work;
        for j in 0..rows {
            for i in 0..vectors::<S>() {
                let slope = load::<S>(&slope[j], i);
                let mut of_z_here = load::<S>(&of_h[j], i) * slope;
                if traced {
                    let mut bent = splat::<S>(0.0);
                    for (of_tangents, pushed) in of_tangents.chunks_exact_mut(rows).zip(pushed.chunks_exact(rows)) {
                        let g = load::<S>(&of_tangents[j], i);
                        bent = g.mul_add(load(&pushed[j], i), bent);
                        store(&mut of_tangents[j], i, g * slope);
                    }
                    of_z_here = bent.mul_add(load(&curve[j], i), of_z_here);
                }
                store(&mut of_z[j], i, of_z_here);
            }
        }
        let of_biases = &mut self.biases[layer * width..(layer + 1) * width];
        of_biases.iter_mut().zip(&*of_z).for_each(|(of_bias, of_z)| *of_bias += total::<S>(of_z));
    }

    #[inline(always)]
    fn hidden_layer<S: Simd>(&mut self, tile: Tile<'_>, layer: usize) {
        let (NetworkShape { width, .. }, rows) = (tile.layers.shape, tile.layers.rows());
        let below = tile.place.layer(tile.tape, layer - 1);
        let weights = &tile.back.hidden[layer - 1];
        let sums = &mut self.hidden[layer - 1];
        let Work { of_h, of_z, of_tangents, tangent, turned } = &mut self.work;
        let mut add = |x: &[Row], of_y: &[Row]| {
            turn(turned, &of_y[..width]);
            sums.add::<S>(x, turned);
        };
        add(below.h, of_z);
        product_into::<S>(of_h, weights, of_z, None);
        for (k, of_tangent) in of_tangents.chunks_exact_mut(rows).enumerate() {
            scale::<S>(tangent, below.slope, &below.pushed[k * rows..(k + 1) * rows]);
            add(tangent, of_tangent);
            product_into::<S>(tangent, weights, of_tangent, None);
            of_tangent.copy_from_slice(tangent);
        }
    }

    #[inline(always)]
    fn input_layer<S: Simd>(&mut self, tile: Tile<'_>, of_x: Option<&mut [Row]>) {
        let (NetworkShape { width, .. }, rows) = (tile.layers.shape, tile.layers.rows());
        let Work { of_z, of_tangents, .. } = &self.work;
        for (x, of_weights) in tile.input.iter().zip(self.input.chunks_exact_mut(width)) {
            of_weights.iter_mut().zip(of_z).for_each(|(of_weight, of_z)| *of_weight += dot::<S>(x, of_z));
        }
        // Tangents start as the input's weights.
        for (of_tangent, of_weights) in of_tangents.chunks_exact(rows).zip(self.input.chunks_exact_mut(width)) {
            of_weights.iter_mut().zip(of_tangent).for_each(|(of_weight, g)| *of_weight += total::<S>(g));
        }
        if let Some(of_x) = of_x {
            product_into::<S>(of_x, &tile.back.input, of_z, None);
        }
    }
}

/// Σ over the tile's points.
#[inline(always)]
fn total<S: Simd>(row: &Row) -> f32 {
    sum::<S>(|i, sum| sum + load(row, i))
}

#[inline(always)]
fn dot<S: Simd>(a: &Row, b: &Row) -> f32 {
    sum::<S>(|i, sum| load::<S>(a, i).mul_add(load(b, i), sum))
}
