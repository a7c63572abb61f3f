//! The velocity network of a point and a context, whose first column is the time: which, and how large.

use super::activation::Activation;
use super::model::{Fused, Model};
use super::packed::{Layout, Weights};
use super::perceptron::Perceptron;
use super::unet::UNet;
use crate::error::{FlowError, check_range};
use crate::fused::RegressionShape;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// How the network sees its context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Conditioning {
    /// As more coordinates of the input.
    #[default]
    Concat,
    /// In every layer: y = (x W + b) σ(t g + h) + t s, FFJORD's "concatsquash" (Grathwohl 2019). It has a place for the time
    /// alone.
    ConcatSquash,
    /// Not at all: an autonomous field.
    None,
}

/// What the velocity network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// A multilayer perceptron, of any coordinates.
    #[default]
    Perceptron,
    /// A convolutional U-Net, of pictures (Ronneberger 2015).
    UNet,
}

impl NetworkKind {
    fn is_perceptron(&self) -> bool {
        *self == Self::Perceptron
    }
}

/// The size of the velocity network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkConfig {
    /// What it is.
    #[serde(skip_serializing_if = "NetworkKind::is_perceptron")]
    pub kind: NetworkKind,
    /// Neurons in each hidden layer, 1 to 1024; of a U-Net the features of a cell, 1 to 64.
    pub width: usize,
    /// Hidden layers, 1 to 8; of a U-Net the residual blocks before and behind its coarse grid, 1 to 3.
    pub depth: usize,
    /// The nonlinearity.
    pub activation: Activation,
    /// How it sees the time.
    pub conditioning: Conditioning,
    /// Pixels a side of a U-Net's cell, 1, 2 or 4: 1 for pictures of up to 8 pixels a side and 2 for larger ones if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<usize>,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            kind: NetworkKind::Perceptron,
            width: 64,
            depth: 3,
            activation: Activation::Silu,
            conditioning: Conditioning::Concat,
            patch: None,
        }
    }
}

impl NetworkConfig {
    /// Refuses sizes that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        let of_unet = self.kind == NetworkKind::UNet;
        check_range("network.width", self.width, 1..=if of_unet { 64 } else { 1024 })?;
        check_range("network.depth", self.depth, 1..=if of_unet { 3 } else { 8 })?;
        match self.patch {
            Some(patch) if !of_unet => {
                Err(FlowError::invalid("network.patch", patch, "none for a perceptron, which knows no pixels"))
            }
            Some(patch) if ![1, 2, 4].contains(&patch) => Err(FlowError::invalid("network.patch", patch, "1, 2 or 4")),
            _ if of_unet && self.activation != Activation::Silu => {
                Err(FlowError::invalid("network.activation", "not SiLU", "\"silu\" for a U-Net"))
            }
            _ if of_unet && self.conditioning != Conditioning::Concat => {
                let allowed = "\"concat\" for a U-Net, which is told the time in every block";
                Err(FlowError::invalid("network.conditioning", "another", allowed))
            }
            _ => Ok(()),
        }
    }

    /// Refuses data that the network is not made for.
    pub fn check_dim(&self, dim: usize) -> Result<(), FlowError> {
        if self.kind == NetworkKind::Perceptron || self.unet(dim, 1).is_some() {
            return Ok(());
        }
        let allowed = format!(
            "\"perceptron\" for data of {dim} coordinates; a U-Net needs square pictures, grey or of three colors, whose side is \
             a multiple of {} pixels",
            2 * self.patch.unwrap_or(1)
        );
        Err(FlowError::invalid("network.kind", "\"u-net\"", allowed))
    }

    /// Numbers that a forward pass keeps of each point of `dim` coordinates.
    pub fn kept(&self, dim: usize) -> u64 {
        let kept = match self.unet(dim, 1) {
            Some(shape) if self.kind == NetworkKind::UNet => shape.kept(),
            // Of pictures what they are is more than what a small network makes of them.
            _ => (self.width * self.depth).max(dim),
        };
        kept as u64
    }

    /// The network as a regression's step knows it, from and to `dim` coordinates with `context` columns; `None` where it does not.
    pub fn regression(&self, dim: usize, context: usize) -> Option<RegressionShape> {
        match self.kind {
            NetworkKind::Perceptron => self.shape(dim, context, false).map(RegressionShape::Perceptron),
            NetworkKind::UNet => self.unet(dim, context).map(RegressionShape::UNet),
        }
    }

    /// The pieces of a network from and to `dim` coordinates that is told the time alone.
    pub fn layout(&self, dim: usize) -> Layout {
        self.layout_in(dim, 1)
    }

    /// The pieces of a network from and to `dim` coordinates in a context of so many columns, its time the first. Only
    /// [`Conditioning::Concat`] has a place for a second.
    pub fn layout_in(&self, dim: usize, context: usize) -> Layout {
        match self.kind {
            NetworkKind::Perceptron => self.layout_of_perceptron([dim, dim], context),
            NetworkKind::UNet => {
                UNet::layout(self.unet(dim, context).expect("pictures, which the data was checked to be"))
            }
        }
    }
}

/// A velocity network on a device.
#[derive(Debug, Clone)]
pub enum Network {
    /// A multilayer perceptron.
    Perceptron(Perceptron),
    /// A convolutional network of pictures.
    UNet(UNet),
}

impl Network {
    /// A network of points of `dim` coordinates with these weights, which [`NetworkConfig::layout_in`] cut.
    pub fn new(config: NetworkConfig, dim: usize, weights: &Weights) -> Self {
        match config.kind {
            NetworkKind::Perceptron => Self::Perceptron(Perceptron::new(config, weights)),
            NetworkKind::UNet => Self::UNet(UNet::new(config, dim, weights)),
        }
    }

    /// Where its weights are.
    pub fn device(&self) -> Device {
        match self {
            Self::Perceptron(network) => network.device(),
            Self::UNet(network) => network.device(),
        }
    }

    fn model(&self) -> &dyn Model {
        match self {
            Self::Perceptron(network) => network,
            Self::UNet(network) => network,
        }
    }
}

impl Model for Network {
    fn dim(&self) -> usize {
        self.model().dim()
    }

    fn context(&self) -> usize {
        self.model().context()
    }

    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        self.model().forward(x, context)
    }

    fn forward_and_trace(&self, x: Tensor<2>, context: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        self.model().forward_and_trace(x, context)
    }

    fn forward_and_products(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        self.model().forward_and_products(x, context, probes)
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        of_x: Tensor<2>,
        of_context: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        self.model().forward_and_product(x, context, of_x, of_context)
    }

    fn fused(&self) -> Option<Fused<'_>> {
        self.model().fused()
    }
}
