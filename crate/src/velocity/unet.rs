//! A convolutional U-Net from pictures to pictures (Ronneberger 2015), told its context in every block.

use super::model::Model;
use super::network::NetworkConfig;
use super::packed::{Initial, Layout, Piece, Weights};
use crate::fused::{self, Elementwise, FREQUENCIES, MEAN_SQUARE, UNetShape, frequency};
use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Value, json};

impl NetworkConfig {
    /// The U-Net for data of `dim` coordinates as the fused operation knows it; `None` where these are no pictures that it can
    /// halve.
    pub fn unet(&self, dim: usize, context: usize) -> Option<UNetShape> {
        let [side, colors] = UNetShape::of_pictures(dim)?;
        let patch = self.patch.unwrap_or(if side <= 8 { 1 } else { 2 });
        let is_halved = side >= 4 && side.is_multiple_of(2 * patch);
        is_halved.then_some(UNetShape { side, colors, patch, width: self.width, depth: self.depth, context })
    }
}

/// A U-Net on a device.
#[derive(Debug, Clone)]
pub struct UNet {
    shape: UNetShape,
    weights: Weights,
}

/// Features `[batch, side, side, features]` of a grid's cells, and how they change along some tangents of the input
/// `[tangents · batch, ...]`.
struct Features {
    value: Tensor<4>,
    tangent: Option<Tensor<4>>,
}

impl Features {
    /// The same linear map of both, and what only the value has.
    fn map(self, linear: impl Fn(Tensor<4>) -> Tensor<4>) -> Self {
        Self { value: linear(self.value), tangent: self.tangent.map(linear) }
    }

    fn plus(self, other: &Self) -> Self {
        let sum = |a: Tensor<4>, b: &Tensor<4>| a + b.clone();
        Self {
            value: sum(self.value, &other.value),
            tangent: self.tangent.zip(other.tangent.as_ref()).map(|(a, b)| sum(a, b)),
        }
    }

    /// silu(x / |x|), where |x| is the root mean square over a picture.
    fn normalized(&self) -> Self {
        let mean = |x: Tensor<4>| x.mean_dim(3).mean_dim(2).mean_dim(1);
        let x = self.value.clone();
        let inverse = mean(x.clone() * x.clone()).add_scalar(MEAN_SQUARE).sqrt().recip();
        let n = x * inverse.clone();
        let value = fused::elementwise(n.clone(), Elementwise::Silu, 0);
        let tangent = self.tangent.clone().map(|tangent| {
            let times = tangent.dims()[0] / n.dims()[0];
            let [n, inverse, slope] = [n.clone(), inverse, fused::elementwise(n, Elementwise::Silu, 1)]
                .map(|each| Tensor::cat(vec![each; times], 0));
            // What lies along n does not change it.
            let along = n.clone() * mean(n * tangent.clone());
            slope * ((tangent - along) * inverse)
        });
        Self { value, tangent }
    }
}

/// Squares of `patch` cells a side as one cell each.
fn merged(x: Tensor<4>, patch: usize) -> Tensor<4> {
    let [batch, side, _, features] = x.dims();
    let cells = side / patch;
    let lines = x.reshape([batch * cells, patch, cells, patch * features]).swap_dims(1, 2);
    lines.reshape([batch, cells, cells, patch * patch * features])
}

/// The inverse of [`merged`].
fn split(x: Tensor<4>, patch: usize) -> Tensor<4> {
    let [batch, cells, _, features] = x.dims();
    let features = features / (patch * patch);
    let lines = x.reshape([batch * cells, cells, patch, patch * features]).swap_dims(1, 2);
    lines.reshape([batch, cells * patch, cells * patch, features])
}

/// Each cell with its eight neighbours, zeros where there are none.
fn surrounded(x: Tensor<4>) -> Tensor<4> {
    let [batch, side, _, features] = x.dims();
    let padded = |x: Tensor<4>, axis: usize, size: [usize; 4]| {
        let zeros = Tensor::zeros(size, &x.device());
        Tensor::cat(vec![zeros.clone(), x, zeros], axis)
    };
    let x = padded(x, 1, [batch, 1, side, features]);
    let x = padded(x, 2, [batch, side + 2, 1, features]);
    let shifted = |k: usize| x.clone().slice([0..batch, k / 3..k / 3 + side, k % 3..k % 3 + side]);
    Tensor::cat((0..9).map(shifted).collect(), 3)
}

fn product(x: Tensor<4>, weight: &Tensor<2>) -> Tensor<4> {
    let [batch, side, _, inputs] = x.dims();
    let outputs = weight.dims()[1];
    x.reshape([batch * side * side, inputs]).matmul(weight.clone()).reshape([batch, side, side, outputs])
}

/// A row for each picture, at every cell.
fn everywhere(rows: Tensor<2>) -> Tensor<4> {
    let [batch, features] = rows.dims();
    rows.reshape([batch, 1, 1, features])
}

/// The context's columns as the blocks see them, and how these change.
struct Heard {
    value: Tensor<2>,
    tangent: Option<Tensor<2>>,
}

impl Heard {
    fn new(context: Tensor<2>, tangent: Option<Tensor<2>>) -> Self {
        let columns = context.dims()[1];
        let frequencies: Vec<f32> = (0..FREQUENCIES).map(|k| frequency(k) as f32).collect();
        let frequencies = Tensor::<2>::from_data(TensorData::new(frequencies, [1, FREQUENCIES]), &context.device());
        let angles = context.clone().narrow(1, 0, 1) * frequencies.clone();
        let (sin, cos) = (angles.clone().sin(), angles.cos());
        let beside = |waves: Vec<Tensor<2>>, context: Tensor<2>| {
            let others = (columns > 1).then(|| context.narrow(1, 1, columns - 1));
            Tensor::cat(waves.into_iter().chain(others).collect(), 1)
        };
        let tangent = tangent.map(|tangent| {
            let turned = tangent.clone().narrow(1, 0, 1) * frequencies;
            beside(vec![cos.clone() * turned.clone(), (sin.clone() * turned).neg()], tangent)
        });
        Self { value: beside(vec![sin, cos], context), tangent }
    }
}

impl UNet {
    /// The pieces of a U-Net: a convolution's weights `[cells · inputs, outputs]`, line by line of the cells that it sees, and its
    /// bias; each block's two convolutions with the context's weights between them.
    pub fn layout(shape: UNetShape) -> Layout {
        let UNetShape { width, depth, .. } = shape;
        let convolution = |name: &str, [inputs, outputs]: [usize; 2], initial: Initial| {
            vec![
                Piece::new(format!("{name}.weight"), [inputs, outputs], initial),
                Piece::new(format!("{name}.bias"), [1, outputs], initial),
            ]
        };
        let usual =
            |name: &str, [inputs, outputs]: [usize; 2]| convolution(name, [inputs, outputs], Initial::linear(inputs));
        let block = |index: usize, features: usize| {
            let mut pieces = usual(&format!("residual.{index}.first"), [9 * features, features]);
            let told = [shape.told(), features];
            pieces.push(Piece::new(format!("residual.{index}.context.weight"), told, Initial::linear(told[0])));
            pieces.extend(usual(&format!("residual.{index}.second"), [9 * features, features]));
            pieces
        };
        let mut pieces = usual("input", [9 * shape.cell(), width]);
        for (index, features) in shape.blocks().enumerate() {
            if index == depth {
                pieces.extend(usual("down", [4 * width, 2 * width]));
            } else if index == 3 * depth {
                pieces.extend(usual("up", [2 * width, width]));
            }
            pieces.extend(block(index, features));
        }
        // A field that starts small, so that no picture is carried far before there is anything to carry it to.
        let small = Initial::Uniform(0.1 / libm::sqrt(9.0 * width as f64));
        pieces.extend(convolution("output", [9 * width, shape.cell()], small));
        Layout(pieces)
    }

    /// A U-Net of pictures of `dim` numbers with these weights, which [`layout`](Self::layout) cut.
    pub fn new(config: NetworkConfig, dim: usize, weights: &Weights) -> Self {
        // The first block's context follows the input's convolution and the block's first.
        let context = weights.pieces[4].dims()[0] + 1 - 2 * FREQUENCIES;
        let shape = config.unet(dim, context).expect("pictures, which the data was checked to be");
        Self { shape, weights: weights.clone() }
    }

    /// The parts of an experiment that suit a U-Net where nothing else is asked for.
    pub fn recommended() -> Value {
        json!({
            "network": { "width": 16, "depth": 1, "conditioning": "concat" },
            "optimizer": { "batch": 64, "learningRate": 0.002 },
            "budget": { "steps": 1500 }
        })
    }

    /// Where its weights are.
    pub fn device(&self) -> Device {
        self.weights.packed.device().inner()
    }

    /// The output composed of Burn's operations, with its changes along tangents of x `[tangents · batch, dim]` and of the context:
    /// where no other is written, and the reference.
    pub fn forward_by_layers(
        &self,
        [x, context]: [Tensor<2>; 2],
        [of_x, of_context]: [Option<Tensor<2>>; 2],
    ) -> (Tensor<2>, Option<Tensor<2>>) {
        let UNetShape { side, colors, patch, depth, .. } = self.shape;
        let dim = self.shape.dim();
        let heard = Heard::new(context, of_context);
        let cells = |x: Tensor<2>| {
            let batch = x.dims()[0];
            merged(x.reshape([batch, side, side, colors]), patch)
        };
        let mut pieces = self.weights.pieces.iter();
        let mut features = Features { value: cells(x), tangent: of_x.map(cells) };
        features = convolved(features, &mut pieces, surrounded);
        let mut skipped = None;
        for block in 0..4 * depth {
            if block == depth {
                let below = Features { value: features.value.clone(), tangent: features.tangent.clone() };
                skipped = Some(features);
                features = convolved(below, &mut pieces, |x| merged(x, 2));
            } else if block == 3 * depth {
                let above = convolved(features, &mut pieces, |x| x);
                let spread = above.map(|x| split(Tensor::cat(vec![x; 4], 3), 2));
                features = spread.plus(skipped.as_ref().expect("the fine grid's"));
            }
            let first = convolved(features.normalized(), &mut pieces, surrounded);
            let between = first.told(&heard, pieces.next().expect("the context's weights"));
            features = convolved(between.normalized(), &mut pieces, surrounded).plus(&features);
        }
        let output = convolved(features, &mut pieces, surrounded).map(|x| split(x, patch));
        let flat = |x: Tensor<4>| {
            let batch = x.dims()[0];
            x.reshape([batch, dim])
        };
        (flat(output.value), output.tangent.map(flat))
    }
}

impl Features {
    /// With what the context adds at every cell.
    fn told(self, heard: &Heard, weights: &Tensor<2>) -> Self {
        let add = |x: Tensor<4>, told: &Tensor<2>| x + everywhere(told.clone().matmul(weights.clone()));
        let tangent = self.tangent.map(|tangent| match &heard.tangent {
            Some(of_told) => add(tangent, of_told),
            None => tangent,
        });
        Self { value: add(self.value, &heard.value), tangent }
    }
}

/// A convolution of what `seen` makes of each cell.
fn convolved<'a>(
    features: Features,
    pieces: &mut impl Iterator<Item = &'a Tensor<2>>,
    seen: impl Fn(Tensor<4>) -> Tensor<4>,
) -> Features {
    let mut next = || pieces.next().expect("as many pieces as the layout has");
    let (weight, bias) = (next(), next());
    let mut features = features.map(|x| product(seen(x), weight));
    features.value = features.value + everywhere(bias.clone());
    features
}

impl Model for UNet {
    fn dim(&self) -> usize {
        self.shape.dim()
    }

    fn context(&self) -> usize {
        self.shape.context
    }

    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        fused::unet(x.clone(), context.clone(), self.weights.packed.clone(), self.shape)
            .unwrap_or_else(|| self.forward_by_layers([x, context], [None, None]).0)
    }

    /// By a tangent for each coordinate.
    fn forward_and_trace(&self, x: Tensor<2>, context: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let [batch, dim] = x.dims();
        let mut trace = Tensor::zeros([batch, 1], &x.device());
        for k in 0..dim {
            let unit: Vec<f32> = (0..dim).map(|i| f32::from(u8::from(i == k))).collect();
            let unit = Tensor::<2>::from_data(TensorData::new(unit, [1, dim]), &x.device()).expand([batch, dim]);
            let along = self.forward_by_layers([x.clone(), context.clone()], [Some(unit), None]).1;
            trace = trace + along.expect("a tangent").narrow(1, k, 1);
        }
        (self.forward(x, context), trace)
    }

    fn forward_and_products(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        let [count, batch, dim] = probes.dims();
        let packed = self.weights.packed.clone();
        if let Some(all) = fused::unet_products([x.clone(), context.clone()], packed, probes.clone(), self.shape) {
            return Some(all);
        }
        let tangents = [Some(probes.reshape([count * batch, dim])), None];
        let (output, products) = self.forward_by_layers([x, context], tangents);
        Some((output, products?.reshape([count, batch, dim])))
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        of_x: Tensor<2>,
        of_context: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        let (output, product) = self.forward_by_layers([x, context], [Some(of_x), Some(of_context)]);
        Some((output, product?))
    }
}
