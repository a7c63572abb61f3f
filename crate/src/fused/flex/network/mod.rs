//! The network in tiles of points that stay in the nearest cache through all layers.

mod backward;
mod forward;
mod vector;

use crate::fused::network::{Inputs, NetworkGradients, NetworkOps, NetworkShape};
use backward::{Sums, backward};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;
use forward::forward;

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
