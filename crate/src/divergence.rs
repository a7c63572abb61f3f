//! A field in, the trace of its Jacobian out: exactly, or estimated with random probes (Hutchinson 1990).

use crate::error::{FlowError, check_range};
use crate::rng::{Rng, Stream};
use crate::velocity::VelocityField;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// How div f = tr ∂f/∂x is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum DivergenceKind {
    /// One forward-mode tangent for each coordinate: no error but rounding, `dim` extra passes.
    #[default]
    Exact,
    /// eᵀ J e with signs e (Hutchinson 1990; FFJORD): of variance 2 (|S|² - Σ S_ii²), where S is J's symmetric part.
    Hutchinson,
    /// eᵀ J e with normal e: of variance 2 |S|².
    HutchinsonGaussian,
    /// e · (f(x + σ e) - f(x)) / σ with normal e and σ = 0.02 / √dim (JKO-iFlow): the divergence of f smoothed by σ.
    FiniteDifference,
}

/// How log-densities are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct DivergenceConfig {
    /// The estimator; exact up to 8 coordinates and Hutchinson's above if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DivergenceKind>,
    /// Probes of an estimate, 1 to 64; 8 if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probes: Option<usize>,
}

/// Up to so many coordinates the exact trace is the default.
const MOST_EXACT: usize = 8;
const DEFAULT_PROBES: usize = 8;
/// JKO-iFlow's step in two dimensions, before it is divided by √dim. Smaller ones drown in f32's rounding.
const DIFFERENCE: f64 = 0.02;

impl DivergenceConfig {
    /// Refuses a number of probes out of range.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("divergence.probes", self.num_probes(), 1..=64)
    }

    /// Probes of an estimate.
    pub fn num_probes(&self) -> usize {
        self.probes.unwrap_or(DEFAULT_PROBES)
    }

    /// The estimator for `dim` coordinates.
    pub fn kind_for(&self, dim: usize) -> DivergenceKind {
        let usual = if dim <= MOST_EXACT { DivergenceKind::Exact } else { DivergenceKind::Hutchinson };
        self.kind.unwrap_or(usual)
    }

    /// The divergence of `n` points of `dim` coordinates, with probes of `seed`.
    pub fn draw(&self, [n, dim]: [usize; 2], seed: u32, device: &Device) -> Divergence {
        let rng = &mut Rng::new(u64::from(seed), Stream::Probes);
        Divergence::draw(self.kind_for(dim), [self.num_probes(), n, dim], rng, device)
    }
}

/// A way to find the divergence, with the probes of one solve. They stay the same within it: otherwise the right-hand
/// side were no function, and an adaptive solver's evaluations would explode (FFJORD).
#[derive(Debug, Clone)]
pub enum Divergence {
    /// By `dim` tangents, or a closed form.
    Exact,
    /// By Jacobian products with these probes, `[k, batch, dim]`.
    Hutchinson(Tensor<3>),
    /// By differences along these probes.
    FiniteDifference {
        /// `[k, batch, dim]`.
        probes: Tensor<3>,
        /// σ.
        step: f64,
    },
}

impl Divergence {
    /// Draws the probes for a batch.
    pub fn draw(kind: DivergenceKind, [k, batch, dim]: [usize; 3], rng: &mut Rng, device: &Device) -> Self {
        let mut probes = |draw: fn(&mut Rng) -> f64| {
            let values: Vec<f32> = (0..k * batch * dim).map(|_| draw(rng) as f32).collect();
            Tensor::from_data(TensorData::new(values, [k, batch, dim]), device)
        };
        let sign = |rng: &mut Rng| if rng.below(2) == 0 { -1.0 } else { 1.0 };
        match kind {
            DivergenceKind::Exact => Self::Exact,
            DivergenceKind::Hutchinson => Self::Hutchinson(probes(sign)),
            DivergenceKind::HutchinsonGaussian => Self::Hutchinson(probes(Rng::normal)),
            DivergenceKind::FiniteDifference => {
                let step = DIFFERENCE / libm::sqrt(dim as f64);
                Self::FiniteDifference { probes: probes(Rng::normal), step }
            }
        }
    }

    /// The same for points `first` to `first` + `len` of the batch.
    pub fn narrowed(&self, first: usize, len: usize) -> Self {
        let narrow = |probes: &Tensor<3>| probes.clone().narrow(1, first, len);
        match self {
            Self::Exact => Self::Exact,
            Self::Hutchinson(probes) => Self::Hutchinson(narrow(probes)),
            Self::FiniteDifference { probes, step } => Self::FiniteDifference { probes: narrow(probes), step: *step },
        }
    }

    /// The columns that [`of`](Self::of) gives: estimates of each point's divergence.
    pub fn columns(&self) -> usize {
        match self {
            Self::Exact => 1,
            Self::Hutchinson(probes) | Self::FiniteDifference { probes, .. } => probes.dims()[0],
        }
    }

    /// f(x, t) `[batch, dim]` and each probe's estimate of its divergence `[batch, k]`, or the exact one `[batch, 1]`.
    pub fn of(&self, field: &dyn VelocityField, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        match self {
            Self::Exact => field.velocity_and_trace(x, t),
            Self::Hutchinson(probes) => match field.velocity_and_products(x.clone(), t, probes.clone()) {
                Some((velocity, products)) => (velocity, along(probes, products)),
                None => {
                    let (velocity, trace) = field.velocity_and_trace(x, t);
                    (velocity, trace.repeat_dim(1, probes.dims()[0]))
                }
            },
            Self::FiniteDifference { probes, step } => {
                let [k, batch, dim] = probes.dims();
                let velocity = field.velocity(x.clone(), t);
                let moved = probes.clone().mul_scalar(*step as f32) + x.unsqueeze();
                let there = field.velocity(moved.reshape([k * batch, dim]), t).reshape([k, batch, dim]);
                let change = there - velocity.clone().unsqueeze();
                (velocity, along(probes, change).div_scalar(*step as f32))
            }
        }
    }

    /// Network passes of one evaluation: the velocity's own and the tangents'.
    pub fn passes(kind: DivergenceKind, probes: usize, dim: usize) -> usize {
        1 + if kind == DivergenceKind::Exact { dim } else { probes }
    }
}

/// eᵀ v of each probe: `[batch, k]`.
fn along(probes: &Tensor<3>, products: Tensor<3>) -> Tensor<2> {
    let [k, batch, _] = probes.dims();
    (probes.clone() * products).sum_dim(2).reshape([k, batch]).transpose()
}
