//! A multilayer perceptron of x and a context, whose first column is the time.

use super::layers::Layer;
use super::model::{Fused, Model};
use super::network::{Conditioning, NetworkConfig, NetworkKind};
use super::packed::{Initial, Layout, Piece, Weights};
use crate::fused::{self, NetworkShape};
use burn::tensor::{Device, Tensor};

impl NetworkConfig {
    /// The network from and to `dim` coordinates with `context` columns as the fused operations know it; `None` where they do not.
    pub fn shape(&self, dim: usize, context: usize, traced: bool) -> Option<NetworkShape> {
        if self.kind != NetworkKind::Perceptron {
            return None;
        }
        let Self { width, depth, activation, conditioning, .. } = *self;
        let context = match conditioning {
            Conditioning::Concat => context,
            Conditioning::None => 0,
            Conditioning::ConcatSquash => return None,
        };
        Some(NetworkShape { dim, outputs: dim, width, depth, context, activation: activation.fused()?, traced })
    }

    /// From so many coordinates to so many numbers, in order for each layer: its weights `[inputs, outputs]`, then what the conditioning adds, then the bias
    /// `[1, outputs]`.
    pub(super) fn layout_of_perceptron(&self, [dim, outputs]: [usize; 2], context: usize) -> Layout {
        let beside = context - 1;
        assert!(
            beside == 0 || self.conditioning == Conditioning::Concat,
            "only a concatenated context has a condition"
        );
        let last = self.depth;
        let name = |layer: usize| match layer {
            0 => "input".to_string(),
            layer if layer == last => "output".to_string(),
            layer => format!("hidden.{layer}"),
        };
        let size = |layer: usize| {
            let inputs = if layer == 0 { dim } else { self.width };
            [inputs, if layer == last { outputs } else { self.width }]
        };
        Layout(
            (0..=last)
                .flat_map(|layer| self.layer((layer == 0).then_some(beside), &name(layer), size(layer)))
                .collect(),
        )
    }

    /// The pieces of one layer; `beside` is how many columns the first is told beside the time.
    fn layer(&self, beside: Option<usize>, name: &str, [inputs, outputs]: [usize; 2]) -> Vec<Piece> {
        let concatenated = beside.filter(|_| self.conditioning == Conditioning::Concat);
        let initial = Initial::linear(inputs + concatenated.map_or(0, |beside| 1 + beside));
        let row = |name: String, initial| Piece::new(name, [1, outputs], initial);
        let mut pieces = vec![Piece::new(format!("{name}.weight"), [inputs, outputs], initial)];
        if let Some(beside) = concatenated {
            pieces.push(row("time.weight".into(), initial));
            if beside > 0 {
                pieces.push(Piece::new("context.weight", [beside, outputs], initial));
            }
        }
        pieces.push(row(format!("{name}.bias"), initial));
        if self.conditioning == Conditioning::ConcatSquash {
            let of_time = Initial::linear(1);
            pieces.extend(
                ["gate.weight", "gate.bias", "shift.weight"].map(|piece| row(format!("{name}.{piece}"), of_time)),
            );
        }
        pieces
    }
}

/// A perceptron on a device.
#[derive(Debug, Clone)]
pub struct Perceptron {
    config: NetworkConfig,
    weights: Weights,
    /// Pieces of the first layer, and of every later one.
    pieces: [usize; 2],
}

impl Perceptron {
    /// A perceptron of these weights, which [`NetworkConfig::layout_in`] cut.
    pub fn new(config: NetworkConfig, weights: &Weights) -> Self {
        let each = if config.conditioning == Conditioning::ConcatSquash { 5 } else { 2 };
        let first = weights.pieces.len() - config.depth * each;
        Self { config, weights: weights.clone(), pieces: [first, each] }
    }

    /// Where its weights are.
    pub fn device(&self) -> Device {
        self.weights.packed.device().inner()
    }

    fn shape(&self, traced: bool) -> Option<NetworkShape> {
        let outputs = self.weights.pieces.last().expect("an output's bias").dims()[1];
        Some(NetworkShape { outputs, ..self.config.shape(self.dim(), self.context(), traced)? })
    }

    /// The output, with the trace of its Jacobian as one more column if `traced`, in one operation where the device has it.
    fn evaluate(&self, x: Tensor<2>, context: Tensor<2>, traced: bool) -> Option<Tensor<2>> {
        self.check(&context);
        fused::network(x, context, self.weights.packed.clone(), self.shape(traced)?)
    }

    /// A column that the network has no weights for would be ignored without a word.
    fn check(&self, context: &Tensor<2>) {
        let (seen, told) = (self.context(), context.dims()[1]);
        assert!(seen == 0 || seen == told, "a network that sees {seen} columns of context was told {told}");
    }

    /// The output composed of Burn's operations: where no other is written, and the reference.
    pub fn forward_by_layers(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        let act = self.config.activation;
        let layers = self.layers(&context);
        let (output, hidden) = layers.split_last().expect("an input and an output layer");
        output.apply(hidden.iter().fold(x, |x, layer| act.value(layer.apply(x))))
    }

    fn layers(&self, context: &Tensor<2>) -> Vec<Layer> {
        self.check(context);
        self.pieces_by_layer().map(|pieces| Layer::new(pieces, context)).collect()
    }

    fn pieces_by_layer(&self) -> impl Iterator<Item = &[Tensor<2>]> {
        let [first, each] = self.pieces;
        let (input, rest) = self.weights.pieces.split_at(first);
        std::iter::once(input).chain(rest.chunks_exact(each))
    }

    /// Carries a point and tangents `[k, batch, width]`, which have passed the input layer's weights already, through all
    /// but the output layer: T ← (T W) act'(z). Forward mode, so that reverse mode over it gives exact gradients of
    /// likelihood losses (Burn differentiates once only).
    fn carry(&self, layers: &[Layer], x: Tensor<2>, tangents: Tensor<3>) -> (Tensor<2>, Tensor<3>) {
        let act = self.config.activation;
        let (mut hidden, derivative) = act.value_and_derivative(layers[0].apply(x));
        let mut tangents = derivative.unsqueeze() * tangents;
        for layer in &layers[1..layers.len() - 1] {
            let (value, derivative) = act.value_and_derivative(layer.apply(hidden));
            tangents = layer.push(tangents) * derivative.unsqueeze();
            hidden = value;
        }
        (hidden, tangents)
    }

    /// The output and the trace by one tangent for each coordinate, composed of Burn's operations.
    pub fn trace_by_layers(&self, x: Tensor<2>, context: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let ([batch, dim], width) = (x.dims(), self.config.width);
        let layers = self.layers(&context);
        let (input, output) = (&layers[0], &layers[layers.len() - 1]);
        let seeds = input.scale(input.weight.clone()).reshape([dim, 1, width]);
        let (hidden, tangents) = self.carry(&layers, x, seeds);
        let rows: Tensor<3> = output.scale(output.weight.clone()).transpose().reshape([dim, 1, width]);
        let trace = (tangents * rows).sum_dim(2).sum_dim(0).reshape([batch, 1]);
        (output.apply(hidden), trace)
    }
}

impl Model for Perceptron {
    fn dim(&self) -> usize {
        self.weights.pieces[0].dims()[0]
    }

    /// Only a concatenated context has more than the time.
    fn context(&self) -> usize {
        match self.config.conditioning {
            Conditioning::None => 0,
            Conditioning::ConcatSquash => 1,
            Conditioning::Concat => {
                let beside = &self.weights.pieces[2..self.pieces[0] - 1];
                1 + beside.iter().map(|piece| piece.dims()[0]).sum::<usize>()
            }
        }
    }

    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        self.evaluate(x.clone(), context.clone(), false).unwrap_or_else(|| self.forward_by_layers(x, context))
    }

    fn forward_and_trace(&self, x: Tensor<2>, context: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let dim = self.dim();
        match self.evaluate(x.clone(), context.clone(), true) {
            Some(both) => (both.clone().narrow(1, 0, dim), both.narrow(1, dim, 1)),
            None => self.trace_by_layers(x, context),
        }
    }

    fn forward_and_products(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        let layers = self.layers(&context);
        let (hidden, tangents) = self.carry(&layers, x, layers[0].push(probes));
        let output = &layers[layers.len() - 1];
        Some((output.apply(hidden), output.push(tangents)))
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        of_x: Tensor<2>,
        of_context: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        self.check(&of_context);
        let (mut value, mut tangent) = (x, of_x);
        for (i, (layer, pieces)) in self.layers(&context).iter().zip(self.pieces_by_layer()).enumerate() {
            let change = layer.change(pieces, &of_context);
            (value, tangent) = layer.apply_along(value, tangent, change);
            if i < self.config.depth {
                let slope;
                (value, slope) = self.config.activation.value_and_derivative(value);
                tangent = tangent * slope;
            }
        }
        Some((value, tangent))
    }

    fn fused(&self) -> Option<Fused<'_>> {
        Some(Fused { shape: self.shape(false)?, weights: &self.weights.packed, condition: &[] })
    }
}
