//! A network that predicts the noise, the score or the data, as the velocity field that this makes of a Gaussian path.

use super::{Model, NetworkAt, VelocityField};
use crate::path::{NEAREST_TO_ENDS, Prediction, Schedule};
use burn::tensor::Tensor;

/// The velocity f = a(t) x + b(t) g(x, t) of a model g.
#[derive(Debug, Clone)]
pub struct Predicted<M> {
    /// g.
    pub model: M,
    /// What g is. A score network is scaled by sigma: g = σ ∇ ln p_t, which stays of size 1 near the data (Song 2021).
    pub prediction: Prediction,
    /// The path's schedule.
    pub schedule: Schedule,
}

impl<M> Predicted<M> {
    /// a and b.
    fn factors(&self, t: f64) -> [f32; 2] {
        self.exact_factors(t).map(|factor| factor as f32)
    }

    fn exact_factors(&self, t: f64) -> [f64; 2] {
        let at = self.schedule.at(t);
        let [of_x, of_prediction] = at.velocity_from(self.prediction);
        let scale = if self.prediction == Prediction::Score { at.sigma } else { 1.0 };
        [of_x, of_prediction / scale]
    }
}

impl<M: Model> VelocityField for Predicted<M> {
    fn dim(&self) -> usize {
        Model::dim(&self.model)
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let [a, b] = self.factors(t);
        x.clone().mul_scalar(a) + self.model.velocity(x, t).mul_scalar(b)
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let [a, b] = self.factors(t);
        let (predicted, trace) = self.model.velocity_and_trace(x.clone(), t);
        let own = a * self.dim() as f32;
        (x.mul_scalar(a) + predicted.mul_scalar(b), trace.mul_scalar(b).add_scalar(own))
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        let [a, b] = self.factors(t);
        let (predicted, products) = self.model.velocity_and_products(x.clone(), t, probes.clone())?;
        Some((x.mul_scalar(a) + predicted.mul_scalar(b), probes.mul_scalar(a) + products.mul_scalar(b)))
    }

    fn network_at(&self, t: f64) -> Option<NetworkAt<'_>> {
        let [of_x, of_network] = self.exact_factors(t);
        Some(NetworkAt { network: self.model.fused()?, of_x, of_network })
    }

    fn smooth_in_root(&self) -> bool {
        self.schedule.smooth_in_root()
    }

    fn earliest_time(&self) -> f64 {
        self.schedule.earliest_time().max(NEAREST_TO_ENDS)
    }
}
