//! Solves in equal steps as one operation, where the field is a network and the device has it.

use super::Augmented;
use super::clock::Stretch;
use crate::fused::{Evaluation, Steps};
use crate::ode::{Span, Tableau};
use crate::velocity::{Fused, VelocityField};
use burn::tensor::Tensor;

/// A solve over one stretch with the network that the field is there.
pub struct Whole<'a> {
    network: Fused<'a>,
    steps: Steps,
    span: Span,
}

impl<'a> Whole<'a> {
    /// `None` for a field that is no one network throughout.
    pub fn plan(field: &'a dyn VelocityField, tableau: &'static Tableau, span: Span, stretch: Stretch) -> Option<Self> {
        let network = field.network_at(stretch.time(span.from))?.network;
        let mut steps = Steps { tableau, lengths: Vec::new(), evaluations: Vec::new(), recorded: false };
        for i in 0..span.steps {
            let (from, length) = (span.time(i), span.time(i + 1) - span.time(i));
            steps.lengths.push(length as f32);
            for stage in 0..tableau.stages() {
                let ticks = from + tableau.node(stage) * length;
                let (time, speed) = (stretch.time(ticks), stretch.speed(ticks));
                let at = field.network_at(time).filter(|at| at.network.is(&network))?;
                let [of_x, of_network] = [at.of_x, at.of_network].map(|factor| (factor * speed) as f32);
                steps.evaluations.push(Evaluation { time: time as f32, of_x, of_network, speed: speed as f32 });
            }
        }
        Some(Self { network, steps, span })
    }
}

/// Shown the start of a solve and the state after every step.
pub type Observer<'a, S> = &'a mut dyn FnMut(f64, &S);

impl Whole<'_> {
    /// Where points `[batch, dim]` end; `None` where the device has no such operation.
    pub fn points(self, x: &Tensor<2>, observe: Option<Observer<'_, Tensor<2>>>) -> Option<Tensor<2>> {
        let Self { network, steps, span } = self;
        let recorded = observe.is_some();
        let states = network.solve(x, false, Steps { recorded, ..steps })?;
        let Some(observe) = observe else {
            return Some(states);
        };
        observe(span.from, x);
        let (batch, mut state) = (x.dims()[0], x.clone());
        for i in 0..span.steps {
            state = states.clone().narrow(0, i * batch, batch);
            observe(span.time(i + 1), &state);
        }
        Some(state)
    }

    /// Where points end, with the exact divergence and the energy along the way.
    pub fn augmented(self, start: &Augmented) -> Option<Augmented> {
        let dim = start.position.dims()[1];
        let end = self.network.solve(&start.position, true, self.steps)?;
        let column = |k: usize| end.clone().narrow(1, dim + k, 1);
        Some(Augmented {
            position: end.clone().narrow(1, 0, dim),
            divergence: start.divergence.clone() + column(0),
            energy: start.energy.clone() + column(1),
        })
    }
}
