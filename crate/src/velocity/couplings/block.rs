//! One block of a coupling flow, and the linear ODE that it is once its networks were asked.

use super::linear::{exponential, identity, sinh_over};
use crate::velocity::{Network, VelocityField};
use burn::tensor::{Tensor, TensorData};

/// A map of time length 1.
#[derive(Debug, Clone)]
pub enum Block {
    /// A part of the coordinates moves as the rest decides.
    Coupling(Box<Coupling>),
    /// x → e^a ⊙ x, with a `[1, dim]`.
    Scaling(Tensor<2>),
    /// x → x e^A, with A `[dim, dim]`.
    Mixing(Tensor<2>),
}

/// x → e^s ⊙ x + b, where s and b are zero on the coordinates that rest and depend on those alone.
#[derive(Debug, Clone)]
pub struct Coupling {
    network: Network,
    /// 1 on the coordinates that move, `[1, dim]`.
    moving: Tensor<2>,
    /// How many do.
    count: usize,
    scales: bool,
}

/// The largest |s|: e^s stays within a factor of 7.4, so that no layer alone can make the likelihood diverge.
const MOST_SCALE: f32 = 2.0;

impl Coupling {
    /// A layer whose moving coordinates follow, in a ring, on those of the layer before: half of them, or one less than half.
    pub fn new(network: Network, layer: usize, dim: usize, scales: bool) -> Self {
        let count = dim / 2;
        let mut moving = vec![0.0_f32; dim];
        (0..count).for_each(|i| moving[(layer * count + i) % dim] = 1.0);
        let moving = Tensor::from_data(TensorData::new(moving, [1, dim]), &network.device());
        Self { network, moving, count, scales }
    }

    /// The network sees zeros for what moves. Of its outputs those of the coordinates that move are b, and those that follow on
    /// them in the ring s = 2 tanh(·/2).
    fn rates(&self, x: &Tensor<2>) -> Rates {
        let (dim, moving) = (x.dims()[1], &self.moving);
        let resting = moving.clone().neg().add_scalar(1.0);
        let output = self.network.velocity(x.clone() * resting, 0.0);
        let shift = output.clone() * moving.clone();
        if !self.scales {
            return Rates::each(shift.zeros_like(), shift);
        }
        let [before, behind] =
            [(0, self.count), (self.count, dim - self.count)].map(|(first, len)| output.clone().narrow(1, first, len));
        let scales = Tensor::cat(vec![behind, before], 1);
        let clamped = scales.div_scalar(MOST_SCALE).tanh().mul_scalar(MOST_SCALE);
        Rates::each(clamped * moving.clone(), shift)
    }
}

impl Block {
    /// The block's ODE at points `x` `[batch, dim]`, the same at all times within it.
    pub fn rates(&self, x: &Tensor<2>) -> Rates {
        match self {
            Self::Coupling(coupling) => coupling.rates(x),
            Self::Scaling(exponent) => Rates::each(exponent.clone(), exponent.zeros_like()),
            Self::Mixing(matrix) => Rates::Matrix(Box::new(matrix.clone())),
        }
    }
}

/// A linear ODE that each point has of its own.
pub enum Rates {
    /// dx/ds = s ⊙ x + b ⊙ s/(e^s - 1), whose time-1 map is x → e^s ⊙ x + b: s and b, `[batch, dim]` or `[1, dim]`.
    Each(Box<[Tensor<2>; 2]>),
    /// dx/ds = x A.
    Matrix(Box<Tensor<2>>),
}

impl Rates {
    fn each(exponent: Tensor<2>, shift: Tensor<2>) -> Self {
        Self::Each(Box::new([exponent, shift]))
    }

    /// dx/ds `[batch, dim]`.
    pub fn velocity(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Each(each) => {
                let [exponent, shift] = each.as_ref();
                let half = exponent.clone().mul_scalar(0.5);
                let share = half.clone().neg().exp() / sinh_over(half);
                x * exponent.clone() + shift.clone() * share
            }
            Self::Matrix(matrix) => x.matmul(*matrix.clone()),
        }
    }

    /// The trace of the Jacobian of dx/ds in x, `[batch, 1]` or `[1, 1]`.
    pub fn divergence(&self) -> Tensor<2> {
        match self {
            Self::Each(each) => each[0].clone().sum_dim(1),
            Self::Matrix(matrix) => {
                let [dim, _] = matrix.dims();
                (*matrix.clone() * identity(dim, &matrix.device().inner())).sum().reshape([1, 1])
            }
        }
    }

    /// Where points are after a time `way`, which is negative for one gone backward: e^{s way} ⊙ x + b ⊙ q with
    /// q = (e^{s way} - 1)/(e^s - 1).
    pub fn flow(&self, x: Tensor<2>, way: f64) -> Tensor<2> {
        let way = way as f32;
        match self {
            Self::Each(each) => {
                let [exponent, shift] = each.as_ref();
                if way == 1.0 {
                    return x * exponent.clone().exp() + shift.clone();
                }
                let half = exponent.clone().mul_scalar(0.5);
                // q without the quotient of zeros at s = 0.
                let ratio = sinh_over(half.clone().mul_scalar(way)) / sinh_over(half.clone());
                let share = half.mul_scalar(way - 1.0).exp() * ratio.mul_scalar(way);
                x * exponent.clone().mul_scalar(way).exp() + shift.clone() * share
            }
            Self::Matrix(matrix) => x.matmul(exponential(matrix.clone().mul_scalar(way))),
        }
    }
}
