//! The network in tiles of points that stay in the nearest cache through all layers.

use super::exp::{logistic, tanh};
use super::matmul::{add_product, add_transposed_product, multiply_add, transposed};
use crate::fused::Elementwise;
use crate::fused::network::{Inputs, NetworkGradients, NetworkOps, NetworkShape};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;

/// Points a tile: their activations at width 64 fill half of a first-level cache.
const TILE: usize = 32;

/// Packed weights cut into layers.
struct Layers<'a> {
    shape: NetworkShape,
    input: &'a [f32],
    time: Option<&'a [f32]>,
    bias: &'a [f32],
    hidden: Vec<[&'a [f32]; 2]>,
    output: &'a [f32],
    output_bias: &'a [f32],
}

impl<'a> Layers<'a> {
    fn cut(weights: &'a [f32], shape: NetworkShape) -> Self {
        let NetworkShape { dim, width, .. } = shape;
        let mut rest = weights;
        let mut take = |len: usize| {
            let (taken, after) = rest.split_at(len);
            rest = after;
            taken
        };
        let input = take(dim * width);
        let time = shape.timed.then(|| take(width));
        let bias = take(width);
        let hidden = (1..shape.depth).map(|_| [take(width * width), take(width)]).collect();
        Self { shape, input, time, bias, hidden, output: take(width * dim), output_bias: take(dim) }
    }
}

/// The activation, and its first two derivatives.
#[inline(always)]
fn activation(function: Elementwise, z: f32) -> [f32; 3] {
    match function {
        Elementwise::Silu => {
            let s = logistic(z);
            let slope = s * (1.0 - s);
            [z * s, s + z * slope, slope * (2.0 + z * (1.0 - 2.0 * s))]
        }
        Elementwise::LogCosh => {
            let h = tanh(z);
            let slope = 1.0 - h * h;
            [h, slope, -2.0 * h * slope]
        }
    }
}

/// Fills `outputs` with the activation's derivatives of order 0, 1, .. of every z.
#[inline(always)]
fn activate<const N: usize>(function: Elementwise, z: &[f32], outputs: [&mut [f32]; N]) {
    // Matched outside of the loop, so that the loop becomes SIMD.
    match function {
        Elementwise::Silu => each(z, outputs, |z| activation(Elementwise::Silu, z)),
        Elementwise::LogCosh => each(z, outputs, |z| activation(Elementwise::LogCosh, z)),
    }
}

/// Values computed at once.
const LANES: usize = 8;

#[inline(always)]
fn each<const N: usize>(z: &[f32], mut outputs: [&mut [f32]; N], f: impl Fn(f32) -> [f32; 3]) {
    let mut values = [[0.0f32; LANES]; N];
    for (i, z) in z.chunks(LANES).enumerate() {
        // A whole vector even at the end, so that every turn is the same.
        let mut lanes = [0.0f32; LANES];
        lanes[..z.len()].copy_from_slice(z);
        for lane in 0..LANES {
            let all = f(lanes[lane]);
            for (values, value) in values.iter_mut().zip(all) {
                values[lane] = value;
            }
        }
        for (output, values) in outputs.iter_mut().zip(&values) {
            output[i * LANES..i * LANES + z.len()].copy_from_slice(&values[..z.len()]);
        }
    }
}

/// Σ a b, in as many sums as a vector has lanes.
#[inline(always)]
fn dot<const FMA: bool>(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a_whole, a_rest) = a.as_chunks::<LANES>();
    let (b_whole, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_whole.iter().zip(b_whole) {
        for lane in 0..LANES {
            sums[lane] = multiply_add::<FMA>(a[lane], b[lane], sums[lane]);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// A batch as the tiles see it.
#[derive(Clone, Copy)]
struct Batch<'a> {
    x: &'a [f32],
    times: &'a [f32],
    len: usize,
}

impl Batch<'_> {
    fn time(&self, row: usize) -> f32 {
        if self.times.len() == 1 { self.times[0] } else { self.times[row] }
    }
}

/// Where a tile's preactivations z and pushed tangents U lie in what is saved: `[depth][batch, width]` of z, then
/// `[depth - 1][dim][batch, width]` of U.
#[derive(Clone, Copy)]
struct Saved {
    batch: usize,
    width: usize,
    depth: usize,
    dim: usize,
}

impl Saved {
    fn len(&self, traced: bool) -> usize {
        let tangents = if traced { (self.depth - 1) * self.dim } else { 0 };
        (self.depth + tangents) * self.batch * self.width
    }

    fn z(&self, layer: usize, row: usize) -> usize {
        (layer * self.batch + row) * self.width
    }

    fn u(&self, layer: usize, k: usize, row: usize) -> usize {
        let block = self.depth + (layer - 1) * self.dim + k;
        (block * self.batch + row) * self.width
    }
}

fn saved_of(shape: NetworkShape, batch: usize) -> Saved {
    Saved { batch, width: shape.width, depth: shape.depth, dim: shape.dim }
}

#[inline(always)]
fn forward<const FMA: bool>(layers: &Layers<'_>, batch: Batch<'_>, output: &mut [f32], mut saved: Option<&mut [f32]>) {
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
        for row in 0..rows {
            let output = &mut output[(first + row) * columns..(first + row + 1) * columns];
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
}

/// What the backward pass adds to.
struct Sums<'a> {
    x: &'a mut [f32],
    weights: &'a mut [f32],
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
fn backward<const FMA: bool>(layers: &Layers<'_>, batch: Batch<'_>, saved: &[f32], gradient: &[f32], sums: Sums<'_>) {
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

/// The two passes compiled for AVX2 with fused multiply-adds, for processors that have them.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod wide {
    use super::{Batch, Layers, Sums};

    pub fn is_here() -> bool {
        std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn forward(layers: &Layers<'_>, batch: Batch<'_>, output: &mut [f32], saved: Option<&mut [f32]>) {
        super::forward::<true>(layers, batch, output, saved);
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn backward(layers: &Layers<'_>, batch: Batch<'_>, saved: &[f32], gradient: &[f32], sums: Sums<'_>) {
        super::backward::<true>(layers, batch, saved, gradient, sums);
    }
}

#[allow(unsafe_code)]
fn run_forward(layers: &Layers<'_>, batch: Batch<'_>, output: &mut [f32], saved: Option<&mut [f32]>) {
    #[cfg(target_arch = "x86_64")]
    if wide::is_here() {
        // SAFETY: the processor has the features that the function is compiled for.
        return unsafe { wide::forward(layers, batch, output, saved) };
    }
    forward::<false>(layers, batch, output, saved);
}

#[allow(unsafe_code)]
fn run_backward(layers: &Layers<'_>, batch: Batch<'_>, saved: &[f32], gradient: &[f32], sums: Sums<'_>) {
    #[cfg(target_arch = "x86_64")]
    if wide::is_here() {
        // SAFETY: the processor has the features that the function is compiled for.
        return unsafe { wide::backward(layers, batch, saved, gradient, sums) };
    }
    backward::<false>(layers, batch, saved, gradient, sums);
}

/// The numbers of a contiguous tensor, which may be a part of a larger buffer.
fn values(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers in f32")
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FloatTensor<Flex> {
    FloatTensor::<Flex>::from_data(TensorData::new(values, shape))
}

fn evaluate(inputs: &Inputs<Flex>, save: bool) -> (FloatTensor<Flex>, Option<Vec<f32>>) {
    let [x, times, weights] = [&inputs.x, &inputs.times, &inputs.weights].map(|tensor| tensor.to_contiguous());
    let shape = inputs.shape;
    let len = values(&x).len() / shape.dim;
    let batch = Batch { x: values(&x), times: values(&times), len };
    let layers = Layers::cut(values(&weights), shape);
    let mut output = vec![0.0; len * shape.columns()];
    let mut saved = save.then(|| vec![0.0; saved_of(shape, len).len(shape.traced)]);
    run_forward(&layers, batch, &mut output, saved.as_deref_mut());
    (tensor(output, [len, shape.columns()]), saved)
}

impl NetworkOps for Flex {
    fn network(
        x: FloatTensor<Self>,
        times: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: NetworkShape,
    ) -> FloatTensor<Self> {
        evaluate(&Inputs { x, times, weights, shape }, false).0
    }
}

impl NetworkGradients for Flex {
    fn network_saving(inputs: &Inputs<Self>) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (output, saved) = evaluate(inputs, true);
        let saved = saved.unwrap_or_default();
        let len = saved.len();
        (output, tensor(saved, [len]))
    }

    fn network_backward(
        inputs: Inputs<Self>,
        saved: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [x, times, weights, gradient] =
            [&inputs.x, &inputs.times, &inputs.weights, &gradient].map(|tensor| tensor.to_contiguous());
        let shape = inputs.shape;
        let len = values(&x).len() / shape.dim;
        let batch = Batch { x: values(&x), times: values(&times), len };
        let layers = Layers::cut(values(&weights), shape);
        let (mut of_x, mut of_weights) = (vec![0.0; len * shape.dim], vec![0.0; shape.num_parameters()]);
        let sums = Sums { x: &mut of_x, weights: &mut of_weights };
        run_backward(&layers, batch, values(&saved), values(&gradient), sums);
        (tensor(of_x, [len, shape.dim]), tensor(of_weights, [shape.num_parameters()]))
    }
}
