//! One block of a coupling flow, and the ODE that it is once its networks were asked.

use super::CouplingKind;
use super::linear::{exponential, identity, sinh_over};
use super::spline::{Places, Spline};
use crate::velocity::{Perceptron, VelocityField};
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

/// x → e^s ⊙ x + b, where s and b are zero on the coordinates that rest and depend on those alone; or a spline of each that moves.
#[derive(Debug, Clone)]
pub struct Coupling {
    network: Perceptron,
    /// 1 on the coordinates that move, `[1, dim]`.
    moving: Tensor<2>,
    /// How many do.
    count: usize,
    does: Does,
}

/// What happens to the coordinates that move.
#[derive(Debug, Clone)]
enum Does {
    Shift,
    Scale,
    Bend(Box<Places>),
}

/// The largest |s|: e^s stays within a factor of 7.4, so that no layer alone can make the likelihood diverge.
const MOST_SCALE: f32 = 2.0;

impl Coupling {
    /// A layer whose moving coordinates follow, in a ring, on those of the layer before: half of them, or one less than half.
    pub fn new(network: Perceptron, layer: usize, dim: usize, kind: CouplingKind) -> Self {
        let count = dim / 2;
        let places: Vec<usize> = (0..count).map(|i| (layer * count + i) % dim).collect();
        let mut moving = vec![0.0_f32; dim];
        places.iter().for_each(|&place| moving[place] = 1.0);
        let device = network.device();
        let does = match kind {
            CouplingKind::Nice => Does::Shift,
            CouplingKind::RealNvp | CouplingKind::Glow => Does::Scale,
            CouplingKind::Spline => Does::Bend(Box::new(Places::new(&places, dim, &device))),
        };
        let moving = Tensor::from_data(TensorData::new(moving, [1, dim]), &device);
        Self { network, moving, count, does }
    }

    /// The network sees zeros for what moves. Of its outputs those of the coordinates that move are b, and those that follow on
    /// them in the ring s = 2 tanh(·/2).
    fn rates(&self, x: &Tensor<2>) -> Rates {
        let (dim, moving) = (x.dims()[1], &self.moving);
        let resting = moving.clone().neg().add_scalar(1.0);
        let output = self.network.velocity(x.clone() * resting, 0.0);
        if let Does::Bend(places) = &self.does {
            return Rates::Spline(Box::new(Spline::new(output, places.as_ref().clone())));
        }
        let shift = output.clone() * moving.clone();
        if let Does::Shift = self.does {
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
    /// The block's ODE at points `x` `[batch, dim]`, which knows no more of them than what rests.
    pub fn rates(&self, x: &Tensor<2>) -> Rates {
        match self {
            Self::Coupling(coupling) => coupling.rates(x),
            Self::Scaling(exponent) => Rates::each(exponent.clone(), exponent.zeros_like()),
            Self::Mixing(matrix) => Rates::Matrix(Box::new(matrix.clone())),
        }
    }
}

/// An ODE that each point has of its own, for a time s from 0 to 1.
pub enum Rates {
    /// dx/ds = s ⊙ x + b ⊙ s/(e^s - 1), whose time-1 map is x → e^s ⊙ x + b: s and b, `[batch, dim]` or `[1, dim]`.
    Each(Box<[Tensor<2>; 2]>),
    /// dx/ds = x A.
    Matrix(Box<Tensor<2>>),
    /// Coordinates that move as the rest bends them.
    Spline(Box<Spline>),
}

impl Rates {
    fn each(exponent: Tensor<2>, shift: Tensor<2>) -> Self {
        Self::Each(Box::new([exponent, shift]))
    }

    /// dx/ds at time s `[batch, dim]`, and the trace of its Jacobian in x, `[batch, 1]` or `[1, 1]`.
    pub fn velocity_and_divergence(&self, x: Tensor<2>, s: f64) -> [Tensor<2>; 2] {
        match self {
            Self::Each(each) => {
                let [exponent, shift] = each.as_ref();
                let half = exponent.clone().mul_scalar(0.5);
                let share = half.clone().neg().exp() / sinh_over(half);
                [x * exponent.clone() + shift.clone() * share, self.growth()]
            }
            Self::Matrix(matrix) => [x.matmul(*matrix.clone()), self.growth()],
            Self::Spline(spline) => spline.velocity_and_divergence(x, s),
        }
    }

    /// The divergence of a linear ODE, the same at all points and times.
    fn growth(&self) -> Tensor<2> {
        match self {
            Self::Each(each) => each[0].clone().sum_dim(1),
            Self::Matrix(matrix) => {
                let [dim, _] = matrix.dims();
                (*matrix.clone() * identity(dim, &matrix.device().inner())).sum().reshape([1, 1])
            }
            Self::Spline(_) => unreachable!("a spline's differs from point to point"),
        }
    }

    /// Where points at one time are at another, and ln |det| of that, `[batch, 1]` or `[1, 1]`. After a time `way`, which is negative
    /// for one gone backward, a linear one has made e^{s way} ⊙ x + b ⊙ q of x, with q = (e^{s way} - 1)/(e^s - 1).
    pub fn carry(&self, x: Tensor<2>, ends: [f64; 2]) -> [Tensor<2>; 2] {
        let way = (ends[1] - ends[0]) as f32;
        let position = match self {
            Self::Each(each) => {
                let [exponent, shift] = each.as_ref();
                if way == 1.0 {
                    x * exponent.clone().exp() + shift.clone()
                } else {
                    let half = exponent.clone().mul_scalar(0.5);
                    // q without the quotient of zeros at s = 0.
                    let ratio = sinh_over(half.clone().mul_scalar(way)) / sinh_over(half.clone());
                    let share = half.mul_scalar(way - 1.0).exp() * ratio.mul_scalar(way);
                    x * exponent.clone().mul_scalar(way).exp() + shift.clone() * share
                }
            }
            Self::Matrix(matrix) => x.matmul(exponential(matrix.clone().mul_scalar(way))),
            Self::Spline(spline) => return spline.carry(x, ends),
        };
        [position, self.growth().mul_scalar(way)]
    }
}
