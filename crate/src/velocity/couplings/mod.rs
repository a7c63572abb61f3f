//! Coupling flows (NICE, Dinh 2014; RealNVP, Dinh 2017; Glow, Kingma and Dhariwal 2018) as velocity fields: blocks that share
//! the time between them. Within a block the ODE is linear in what moves, so that its flow map is a formula.

mod block;
mod linear;

use super::network::{Network, NetworkConfig};
use super::packed::{Initial, Layout, Piece, Weights};
use super::{Conditioning, VelocityField};
use block::{Block, Coupling};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

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
            let coupling = self.network().layout(self.dim).named(&format!("coupling.{layer}"));
            match self.kind {
                CouplingKind::Glow => self.linear(&format!("mixing.{layer}"), self.dim).then(coupling),
                CouplingKind::Nice | CouplingKind::RealNvp => coupling,
            }
        };
        let layers = (0..self.layers).fold(Layout::default(), |all, layer| all.then(each(layer)));
        if self.kind == CouplingKind::Nice { layers.then(self.linear("scaling", 1)) } else { layers }
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
        let each = network.layout(config.dim).0.len();
        let mixed = usize::from(config.kind == CouplingKind::Glow);
        let mut blocks = Vec::new();
        for layer in 0..config.layers {
            let first = layer * (mixed + each);
            if mixed == 1 {
                blocks.push(Block::Mixing(weights.pieces[first].clone()));
            }
            let weights = weights.part(first + mixed..first + mixed + each);
            let scales = config.kind != CouplingKind::Nice;
            let coupling = Coupling::new(Network::new(network, &weights), layer, config.dim, scales);
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
        for (block, [from, to]) in self.stretches(ends) {
            let start = passed.position;
            let rates = block.rates(&start);
            for part in 1..parts {
                let way = (to - from) * part as f64 / parts as f64;
                show((from + way) / count, &rates.flow(start.clone(), way));
            }
            passed = Passed {
                position: rates.flow(start, to - from),
                log_det: passed.log_det + rates.divergence().mul_scalar((to - from) as f32),
                evaluations: passed.evaluations + 1,
            };
            show(to / count, &passed.position);
        }
        passed
    }

    /// The blocks on a way in its order, each with the ends of its stretch in the chain's own time, a unit for each block.
    fn stretches(&self, ends: [f64; 2]) -> Vec<(&Block, [f64; 2])> {
        let [from, to] = ends.map(|t| t * self.blocks.len() as f64);
        let (low, high) = (from.min(to), from.max(to));
        let inside = |(k, block)| {
            let stretch = [low.max(k as f64), high.min(k as f64 + 1.0)];
            (stretch[0] < stretch[1]).then_some((block, stretch))
        };
        let mut stretches: Vec<_> = self.blocks.iter().enumerate().filter_map(inside).collect();
        if from > to {
            stretches.reverse();
            stretches.iter_mut().for_each(|(_, stretch)| stretch.reverse());
        }
        stretches
    }

    fn at(&self, t: f64) -> &Block {
        let block = (t * self.blocks.len() as f64) as usize;
        &self.blocks[block.min(self.blocks.len() - 1)]
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
        let (rates, count, batch) = (self.at(t).rates(&x), self.blocks.len() as f32, x.dims()[0]);
        (rates.velocity(x).mul_scalar(count), rates.divergence().mul_scalar(count).expand([batch, 1]))
    }

    fn in_closed_form(&self) -> Option<&Couplings> {
        Some(self)
    }

    fn breaks(&self) -> Vec<f64> {
        (1..self.blocks.len()).map(|k| k as f64 / self.blocks.len() as f64).collect()
    }
}
