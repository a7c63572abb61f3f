//! The flow map of an ODE, with the density that the change of variables gives (the deck's equation (6)).

use super::density::{Densities, in_pieces, with_divergence};
use super::{Invertible, Observer, Pending, Transport};
use crate::distribution::Distribution;
use crate::divergence::DivergenceConfig;
use crate::flow_map::{Carried, FlowMap};
use burn::tensor::Tensor;

/// A velocity field's flow map from noise of a known law.
#[derive(Clone, Copy)]
pub struct Flow<'a> {
    /// The field and its solver.
    pub map: FlowMap<'a>,
    /// The law of x(1).
    pub noise: &'a Distribution,
    /// How the divergence is found.
    pub divergence: DivergenceConfig,
    /// The seed of its probes.
    pub seed: u32,
}

impl Transport for Flow<'_> {
    fn generate<'a>(&'a self, noise: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(self.map.record(noise, [1.0, 0.0], observe))
    }

    fn most_states(&self) -> usize {
        self.map.most_states()
    }

    fn invertible(&self) -> Result<&dyn Invertible, &'static str> {
        Ok(self)
    }
}

impl Invertible for Flow<'_> {
    fn encode<'a>(&'a self, data: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(self.map.record(data, [0.0, 1.0], observe))
    }

    fn log_density(&self, x: Tensor<2>, t: f64) -> Pending<'_, Densities> {
        Box::pin(async move {
            let divergence = self.divergence.draw(x.dims(), self.seed, &x.device());
            in_pieces(x, &divergence, async |x, divergence| {
                let Carried { state, evaluations } = self.map.augmented(x, [t, 1.0], divergence).await?;
                with_divergence(self.noise, state.position, state.divergence, evaluations).await
            })
            .await
        })
    }

    fn generate_with_density(&self, noise: Tensor<2>) -> Pending<'_, (Tensor<2>, Densities)> {
        Box::pin(async move {
            let divergence = self.divergence.draw(noise.dims(), self.seed, &noise.device());
            let Carried { state, evaluations } = self.map.augmented(noise.clone(), [1.0, 0.0], &divergence).await?;
            // From 1 to 0 the integral is ln p(x(1)) seen from x(0): what the density gains there with the other sign.
            let densities = with_divergence(self.noise, noise, -state.divergence, evaluations).await?;
            Ok((state.position, densities))
        })
    }

    fn refined(&self) -> Box<dyn Invertible + '_> {
        Box::new(Self { map: FlowMap { solver: self.map.solver.refined(), ..self.map }, ..*self })
    }
}
