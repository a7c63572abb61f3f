//! Training from an energy alone: the free energy E_q[ln q(x) + E(x)/T] of a model's own samples, which is KL(q ‖ p) - ln Z
//! (Noé 2019). It needs no data, and seeks modes: what a model never visits costs it nothing.

use super::{Ends, Problem};
use crate::distribution::{MOST_EXPONENT, Real};
use crate::error::FlowError;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What training minimizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// -ln q of data: KL(p ‖ q) but for a constant.
    #[default]
    Likelihood,
    /// The free energy of samples: KL(q ‖ p) but for a constant. For data of which the energy is known.
    ReverseKl,
}

impl Objective {
    /// Whether it is the one that need not be written.
    pub(super) fn is_likelihood(&self) -> bool {
        *self == Self::Likelihood
    }

    /// The free energy of the law itself.
    pub(super) fn least_loss(self, problem: &Problem<'_>) -> Option<f64> {
        let law = problem.data.boltzmann.as_ref().filter(|_| self == Self::ReverseKl)?;
        Some(-law.log_z)
    }

    /// Refuses data that are known by their points alone.
    pub(super) fn check(self, problem: &Problem<'_>) -> Result<(), FlowError> {
        if self == Self::Likelihood || problem.data.boltzmann.is_some() {
            return Ok(());
        }
        let allowed = "\"likelihood\" for data without an energy; the double well, Müller–Brown, the four wells, the ring and the φ⁴ chain have one";
        Err(FlowError::invalid("method.objective", "\"reverse-kl\"", allowed))
    }
}

/// The free energy of a batch of samples, `[1]`: `carry` makes points of noise `[batch, dim]`, with ln |det| of that, `[batch, 1]`.
pub(super) fn free_energy(
    ends: &mut Ends<'_>,
    carry: impl FnOnce(&mut Ends<'_>, Tensor<2>) -> [Tensor<2>; 2],
) -> Tensor<1> {
    let noise = ends.draw_noise();
    let noise = ends.upload(&noise);
    let square = (noise.clone() * noise.clone()).sum_dim(1);
    let [points, log_det] = carry(ends, noise);
    let law = ends.problem.data.boltzmann.as_deref().expect("checked when it was opened");
    let columns: Vec<Tensor<2>> = (0..ends.dim()).map(|k| points.clone().narrow(1, k, 1)).collect();
    let energy = law.landscape.energy(&columns).scale(1.0 / law.temperature);
    let per_point = energy - log_det - square.mul_scalar(0.5);
    ends.mean(per_point).sub_scalar(super::normalizing_flow::normal_constant(ends.dim()))
}

impl Real for Tensor<2> {
    fn scale(self, by: f64) -> Self {
        self.mul_scalar(by as f32)
    }

    fn shift(self, by: f64) -> Self {
        self.add_scalar(by as f32)
    }

    fn exp(self) -> Self {
        Self::exp(self.clamp_max(MOST_EXPONENT as f32))
    }
}
