//! Coupling flows (NICE, Dinh 2014; RealNVP, Dinh 2017; Glow, Kingma and Dhariwal 2018; neural splines, Durkan 2019) as velocity
//! fields: blocks that share the time between them. Within a block the flow map of its ODE is a formula.

mod block;
mod linear;
mod spline;

use super::network::NetworkConfig;
use super::packed::{Initial, Layout, Piece, Weights};
use super::perceptron::Perceptron;
use super::{Conditioning, VelocityField};
use block::{Block, Coupling};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use spline::{KEPT, PARAMETERS};

/// Which maps are chained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum CouplingKind {
    /// x₂ → x₂ + b(x₁), which keep volumes, and one scaling of every coordinate behind all.
    Nice,
    /// x₂ → e^s(x₁) x₂ + b(x₁).
    #[default]
    RealNvp,
    /// The same, each behind a learned linear mixing x → x e^A of all coordinates.
    Glow,
    /// A monotone spline of each coordinate of x₂, whose knots x₁ sets.
    Spline,
}

impl CouplingKind {
    /// Numbers that a layer's training keeps of a point beside its network's.
    pub(crate) fn kept(self, dim: usize) -> usize {
        if self == Self::Spline { dim / 2 * KEPT } else { 0 }
    }
}

/// The size of a coupling flow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CouplingsConfig {
    /// Which maps are chained.
    pub kind: CouplingKind,
    /// Coupling layers.
    pub layers: usize,
    /// Coordinates of a point, at least 2.
    pub dim: usize,
    /// The network of each layer. It sees no time.
    pub network: NetworkConfig,
}

impl CouplingsConfig {
    fn network(&self) -> NetworkConfig {
        NetworkConfig { conditioning: Conditioning::None, ..self.network }
    }

    /// The pieces in the order of the blocks. Mixings and the scaling begin as the identity.
    pub fn layout(&self) -> Layout {
        let each = |layer: usize| {
            let coupling = self.coupling().named(&format!("coupling.{layer}"));
            match self.kind {
                CouplingKind::Glow => self.linear(&format!("mixing.{layer}"), self.dim).then(coupling),
                _ => coupling,
            }
        };
        let layers = (0..self.layers).fold(Layout::default(), |all, layer| all.then(each(layer)));
        if self.kind == CouplingKind::Nice { layers.then(self.linear("scaling", 1)) } else { layers }
    }

    /// The network of a layer. Splines begin as the identity, which is where all that it says is 0.
    fn coupling(&self) -> Layout {
        if self.kind != CouplingKind::Spline {
            return self.network().layout(self.dim);
        }
        let mut layout = self.network().layout_of_perceptron([self.dim, self.dim / 2 * PARAMETERS], 1);
        let last = layout.0.len() - 2;
        layout.0[last..].iter_mut().for_each(|piece| piece.initial = Initial::Constant(0.0));
        layout
    }

    fn linear(&self, name: &str, rows: usize) -> Layout {
        Layout(vec![Piece::new(format!("{name}.exponent"), [rows, self.dim], Initial::Constant(0.0))])
    }
}

/// A chain of blocks, the k-th of K of which flows for a unit of its own time while t goes from k/K to (k + 1)/K.
#[derive(Debug, Clone)]
pub struct Couplings {
    dim: usize,
    blocks: Vec<Block>,
}

/// Points carried from one time to another.
#[derive(Debug, Clone)]
pub struct Passed {
    /// Where they are, `[batch, dim]`.
    pub position: Tensor<2>,
    /// ln |det| of the Jacobian of the map that carried them, `[batch, 1]`.
    pub log_det: Tensor<2>,
    /// Blocks that were evaluated.
    pub evaluations: usize,
}

impl Couplings {
    /// The flow of these weights, which [`CouplingsConfig::layout`] cut.
    pub fn new(config: CouplingsConfig, weights: &Weights) -> Self {
        let network = config.network();
        let each = config.coupling().0.len();
        let mixed = usize::from(config.kind == CouplingKind::Glow);
        let mut blocks = Vec::new();
        for layer in 0..config.layers {
            let first = layer * (mixed + each);
            if mixed == 1 {
                blocks.push(Block::Mixing(weights.pieces[first].clone()));
            }
            let weights = weights.part(first + mixed..first + mixed + each);
            let coupling = Coupling::new(Perceptron::new(network, &weights), layer, config.dim, config.kind);
            blocks.push(Block::Coupling(Box::new(coupling)));
        }
        if config.kind == CouplingKind::Nice {
            blocks.push(Block::Scaling(weights.pieces[config.layers * each].clone()));
        }
        Self { dim: config.dim, blocks }
    }

    /// Blocks.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there are none, and the map is the identity.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Where points `x` at one time are at another, exactly: no solver is asked. `show` is shown the start, and where they are
    /// after each of `parts` equal parts of every block.
    pub fn carry(&self, x: Tensor<2>, ends: [f64; 2], parts: usize, show: &mut dyn FnMut(f64, &Tensor<2>)) -> Passed {
        let count = self.blocks.len() as f64;
        show(ends[0], &x);
        let log_det = Tensor::zeros([x.dims()[0], 1], &x.device());
        let mut passed = Passed { position: x, log_det, evaluations: 0 };
        for (k, [from, to]) in self.stretches(ends) {
            let start = passed.position;
            let rates = self.blocks[k].rates(&start);
            for part in 1..parts {
                let now = from + (to - from) * part as f64 / parts as f64;
                show((k as f64 + now) / count, &rates.carry(start.clone(), [from, now])[0]);
            }
            let [position, log_det] = rates.carry(start, [from, to]);
            passed = Passed { position, log_det: passed.log_det + log_det, evaluations: passed.evaluations + 1 };
            show((k as f64 + to) / count, &passed.position);
        }
        passed
    }

    /// The blocks on a way in its order, each with the ends of its stretch in its own time, from 0 to 1.
    fn stretches(&self, ends: [f64; 2]) -> Vec<(usize, [f64; 2])> {
        let [from, to] = ends.map(|t| t * self.blocks.len() as f64);
        let (low, high) = (from.min(to), from.max(to));
        let inside = |k: usize| {
            let stretch = [(low - k as f64).max(0.0), (high - k as f64).min(1.0)];
            (stretch[0] < stretch[1]).then_some((k, stretch))
        };
        let mut stretches: Vec<_> = (0..self.blocks.len()).filter_map(inside).collect();
        if from > to {
            stretches.reverse();
            stretches.iter_mut().for_each(|(_, stretch)| stretch.reverse());
        }
        stretches
    }

    /// The block at a time, and its own time.
    fn at(&self, t: f64) -> (&Block, f64) {
        let t = t * self.blocks.len() as f64;
        let block = (t as usize).min(self.blocks.len() - 1);
        (&self.blocks[block], t - block as f64)
    }
}

impl VelocityField for Couplings {
    fn dim(&self) -> usize {
        self.dim
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        self.velocity_and_trace(x, t).0
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let ((block, s), count, batch) = (self.at(t), self.blocks.len() as f32, x.dims()[0]);
        let [velocity, divergence] = block.rates(&x).velocity_and_divergence(x, s);
        (velocity.mul_scalar(count), divergence.mul_scalar(count).expand([batch, 1]))
    }

    fn in_closed_form(&self) -> Option<&Couplings> {
        Some(self)
    }

    fn breaks(&self) -> Vec<f64> {
        (1..self.blocks.len()).map(|k| k as f64 / self.blocks.len() as f64).collect()
    }
}
