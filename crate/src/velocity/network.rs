//! The velocity network: a multilayer perceptron of [x, t].

use super::activation::Activation;
use super::packed::{Initial, Layout, Piece, Weights};
use super::{NetworkAt, VelocityField};
use crate::error::{FlowError, check_range};
use crate::fused::{self, NetworkShape, SolvePlan, Steps};
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use serde::{Deserialize, Serialize};

/// How the network sees the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Conditioning {
    /// As one more coordinate of the input.
    #[default]
    Concat,
    /// In every layer: y = (x W + b) σ(t g + h) + t s, FFJORD's "concatsquash" (Grathwohl 2019).
    ConcatSquash,
    /// Not at all: an autonomous field.
    None,
}

/// The size of the velocity network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkConfig {
    /// Neurons in each hidden layer, 1 to 1024.
    pub width: usize,
    /// Hidden layers, 1 to 8.
    pub depth: usize,
    /// The nonlinearity.
    pub activation: Activation,
    /// How it sees the time.
    pub conditioning: Conditioning,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self { width: 64, depth: 3, activation: Activation::Silu, conditioning: Conditioning::Concat }
    }
}

impl NetworkConfig {
    /// Refuses sizes that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("network.width", self.width, 1..=1024)?;
        check_range("network.depth", self.depth, 1..=8)
    }

    /// The network of `dim` coordinates as the fused operations know it; `None` where they do not.
    pub fn shape(&self, dim: usize, traced: bool) -> Option<NetworkShape> {
        let Self { width, depth, activation, conditioning } = *self;
        let timed = match conditioning {
            Conditioning::Concat => true,
            Conditioning::None => false,
            Conditioning::ConcatSquash => return None,
        };
        Some(NetworkShape { dim, width, depth, timed, activation: activation.fused()?, traced })
    }

    /// The pieces of a network from and to `dim` coordinates.
    ///
    /// In order for each layer: its weights `[inputs, outputs]`, then what the conditioning adds, then the bias
    /// `[1, outputs]`.
    pub fn layout(&self, dim: usize) -> Layout {
        let last = self.depth;
        let name = |layer: usize| match layer {
            0 => "input".to_string(),
            layer if layer == last => "output".to_string(),
            layer => format!("hidden.{layer}"),
        };
        let size = |layer: usize| {
            let inputs = if layer == 0 { dim } else { self.width };
            [inputs, if layer == last { dim } else { self.width }]
        };
        Layout((0..=last).flat_map(|layer| self.layer(layer == 0, &name(layer), size(layer))).collect())
    }

    fn layer(&self, first: bool, name: &str, [inputs, outputs]: [usize; 2]) -> Vec<Piece> {
        let concatenated = first && self.conditioning == Conditioning::Concat;
        let initial = Initial::linear(inputs + usize::from(concatenated));
        let row = |name: String, initial| Piece::new(name, [1, outputs], initial);
        let mut pieces = vec![Piece::new(format!("{name}.weight"), [inputs, outputs], initial)];
        if concatenated {
            pieces.push(row("time.weight".into(), initial));
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

/// A velocity network on a device.
#[derive(Debug, Clone)]
pub struct Network {
    config: NetworkConfig,
    weights: Weights,
}

/// One layer at given times: y = (x W) gate + offset.
struct Layer {
    weight: Tensor<2>,
    gate: Option<Tensor<2>>,
    offset: Tensor<2>,
}

impl Layer {
    fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        self.scale(x.matmul(self.weight.clone())) + self.offset.clone()
    }

    fn scale(&self, y: Tensor<2>) -> Tensor<2> {
        match &self.gate {
            Some(gate) => y * gate.clone(),
            None => y,
        }
    }

    /// J v for tangents `[k, batch, inputs]`.
    fn push(&self, tangents: Tensor<3>) -> Tensor<3> {
        let [count, batch, inputs] = tangents.dims();
        let outputs = self.weight.dims()[1];
        let pushed = tangents.reshape([count * batch, inputs]).matmul(self.weight.clone());
        self.scale(pushed).reshape([count, batch, outputs])
    }
}

impl Network {
    /// A network of these weights, which [`NetworkConfig::layout`] cut.
    pub fn new(config: NetworkConfig, weights: &Weights) -> Self {
        Self { config, weights: weights.clone() }
    }

    fn shape(&self, traced: bool) -> Option<NetworkShape> {
        self.config.shape(self.dim(), traced)
    }

    /// The output, with the trace of its Jacobian as one more column if `traced`, in one operation where the device has it.
    fn fused(&self, x: Tensor<2>, times: Tensor<2>, traced: bool) -> Option<Tensor<2>> {
        fused::network(x, times, self.weights.packed.clone(), self.shape(traced)?)
    }

    /// Where a solve with this network ends that starts at `x` `[batch, dim]`, and what it passes if that is recorded: states
    /// `[records · batch, dim]`, with ∫ div dt and ∫ |dx/dt|² dt as two more columns if `traced`, in one operation; `None` where
    /// the device has none.
    pub fn solve(&self, x: &Tensor<2>, traced: bool, steps: Steps) -> Option<Tensor<2>> {
        let plan = SolvePlan { shape: self.shape(traced)?, steps };
        fused::solve_network(x, &self.weights.packed, plan)
    }

    /// Whether both are one and the same.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    /// The output for `x` `[batch, dim]` and times `[batch, 1]`, or `[1, 1]` for one time: `[batch, dim]`.
    pub fn forward(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        self.fused(x.clone(), times.clone(), false).unwrap_or_else(|| self.forward_by_layers(x, times))
    }

    /// The same, composed of Burn's operations: where no other is written, and the reference.
    pub fn forward_by_layers(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        let act = self.config.activation;
        let layers = self.layers(&times);
        let (output, hidden) = layers.split_last().expect("an input and an output layer");
        output.apply(hidden.iter().fold(x, |x, layer| act.value(layer.apply(x))))
    }

    fn layers(&self, times: &Tensor<2>) -> Vec<Layer> {
        let first = if self.config.conditioning == Conditioning::Concat { 3 } else { self.pieces_each() };
        let (input, rest) = self.weights.pieces.split_at(first);
        let later = rest.chunks_exact(self.pieces_each());
        std::iter::once(input).chain(later).map(|pieces| layer(pieces, times)).collect()
    }

    fn pieces_each(&self) -> usize {
        if self.config.conditioning == Conditioning::ConcatSquash { 5 } else { 2 }
    }

    fn time(&self, t: f64) -> Tensor<2> {
        Tensor::full([1, 1], t as f32, &self.weights.packed.clone().inner().device())
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

    /// The velocity and the trace of its Jacobian by one tangent for each coordinate, composed of Burn's operations.
    pub fn trace_by_layers(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let ([batch, dim], width) = (x.dims(), self.config.width);
        let layers = self.layers(&self.time(t));
        let (input, output) = (&layers[0], &layers[layers.len() - 1]);
        let seeds = input.scale(input.weight.clone()).reshape([dim, 1, width]);
        let (hidden, tangents) = self.carry(&layers, x, seeds);
        let rows: Tensor<3> = output.scale(output.weight.clone()).transpose().reshape([dim, 1, width]);
        let trace = (tangents * rows).sum_dim(2).sum_dim(0).reshape([batch, 1]);
        (output.apply(hidden), trace)
    }
}

/// Weights and bias; with the time's weights between them or a gate and a shift after them.
fn layer(pieces: &[Tensor<2>], times: &Tensor<2>) -> Layer {
    let piece = |i: usize| pieces[i].clone();
    let timed = |i: usize| times.clone() * piece(i);
    match pieces.len() {
        2 => Layer { weight: piece(0), gate: None, offset: piece(1) },
        3 => Layer { weight: piece(0), gate: None, offset: timed(1) + piece(2) },
        _ => {
            let gate = sigmoid(timed(2) + piece(3));
            Layer { weight: piece(0), offset: piece(1) * gate.clone() + timed(4), gate: Some(gate) }
        }
    }
}

impl VelocityField for Network {
    fn dim(&self) -> usize {
        self.weights.pieces[0].dims()[0]
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let times = self.time(t);
        self.forward(x, times)
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let dim = self.dim();
        match self.fused(x.clone(), self.time(t), true) {
            Some(both) => (both.clone().narrow(1, 0, dim), both.narrow(1, dim, 1)),
            None => self.trace_by_layers(x, t),
        }
    }

    fn network_at(&self, _t: f64) -> Option<NetworkAt<'_>> {
        Some(NetworkAt::itself(self))
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        let layers = self.layers(&self.time(t));
        let (hidden, tangents) = self.carry(&layers, x, layers[0].push(probes));
        let output = &layers[layers.len() - 1];
        Some((output.apply(hidden), output.push(tangents)))
    }
}
