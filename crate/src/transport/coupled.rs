//! A coupling flow's own map, block by block: exact both ways, with the density that its determinants give.

use super::density::{Densities, in_pieces, with_divergence};
use super::{Invertible, Observer, Pending, Transport};
use crate::distribution::Distribution;
use crate::divergence::Divergence;
use crate::flow_map::Carried;
use crate::velocity::{Couplings, Passed};
use burn::tensor::Tensor;

/// A coupling flow from noise of a known law.
#[derive(Clone, Copy)]
pub struct Coupled<'a> {
    /// The chain of blocks.
    pub map: &'a Couplings,
    /// The law of x(1).
    pub noise: &'a Distribution,
    /// States that are shown on the way, at least: as many in each block.
    pub states: usize,
}

/// So many parts of a block are shown at least: the way through one bends, and its speed changes.
const FEWEST_PARTS: usize = 3;

impl Coupled<'_> {
    /// Parts of each block that are shown.
    fn parts(&self) -> usize {
        self.states.div_ceil(self.map.len()).max(FEWEST_PARTS)
    }

    fn record(&self, x: Tensor<2>, ends: [f64; 2], observe: Option<Observer<'_>>) -> Carried<Tensor<2>> {
        let Passed { position: state, evaluations, .. } = match observe {
            Some(show) => self.map.carry(x, ends, self.parts(), show),
            None => self.map.carry(x, ends, 1, &mut |_, _| {}),
        };
        Carried { state, evaluations }
    }
}

impl Transport for Coupled<'_> {
    fn generate<'a>(&'a self, noise: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(async move { Ok(self.record(noise, [1.0, 0.0], observe)) })
    }

    fn most_states(&self) -> usize {
        self.parts() * self.map.len() + 1
    }

    fn invertible(&self) -> Result<&dyn Invertible, &'static str> {
        Ok(self)
    }
}

impl Invertible for Coupled<'_> {
    fn encode<'a>(&'a self, data: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(async move { Ok(self.record(data, [0.0, 1.0], observe)) })
    }

    fn log_density(&self, x: Tensor<2>, t: f64) -> Pending<'_, Densities> {
        Box::pin(async move {
            in_pieces(x, &Divergence::Exact, async |x, _| {
                let Passed { position, log_det, evaluations } = self.map.carry(x, [t, 1.0], 1, &mut |_, _| {});
                with_divergence(self.noise, position, log_det, evaluations).await
            })
            .await
        })
    }

    fn generate_with_density(&self, noise: Tensor<2>) -> Pending<'_, (Tensor<2>, Densities)> {
        Box::pin(async move {
            let Passed { position, log_det, evaluations } =
                self.map.carry(noise.clone(), [1.0, 0.0], 1, &mut |_, _| {});
            // The determinant of the way to the data is the inverse of that of the way back.
            let densities = with_divergence(self.noise, noise, -log_det, evaluations).await?;
            Ok((position, densities))
        })
    }

    /// It is exact as it is.
    fn refined(&self) -> Box<dyn Invertible + '_> {
        Box::new(*self)
    }
}
