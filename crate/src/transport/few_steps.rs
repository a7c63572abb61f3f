//! A map of few steps that were trained as they are: no ODE is solved, and between its steps there is nothing.

use super::{Invertible, Observer, Pending, Transport};
use crate::flow_map::{Carried, FlowMap};
use crate::ode::{SolverConfig, SolverKind};
use crate::velocity::VelocityField;
use burn::tensor::Tensor;

/// A distilled student in its own steps, or a network that is told how far to jump in as many as are asked for.
pub struct FewSteps<'a> {
    /// The mean velocity of a step from each time on.
    pub field: Box<dyn VelocityField + 'a>,
    /// Equal steps from noise to data.
    pub steps: usize,
    /// What it is.
    pub what: &'static str,
}

impl FewSteps<'_> {
    /// A step by a mean velocity is one of Euler's.
    fn map(&self) -> FlowMap<'_> {
        let solver = SolverConfig { kind: SolverKind::Euler, steps: self.steps, tolerance: None };
        FlowMap { field: self.field.as_ref(), solver }
    }
}

impl Transport for FewSteps<'_> {
    fn generate<'a>(&'a self, noise: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(async move { self.map().record(noise, [1.0, 0.0], observe).await })
    }

    fn most_states(&self) -> usize {
        self.steps + 1
    }

    fn invertible(&self) -> Result<&dyn Invertible, &'static str> {
        Err(self.what)
    }
}
