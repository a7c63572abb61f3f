//! A model that is told the time and, settled beforehand, nothing more, a condition, or two that guidance weighs.

use super::model::{Fused, Model};
use burn::tensor::{Tensor, TensorData};

/// A model whose context is the time alone; it is told the rest here.
#[derive(Debug, Clone)]
pub struct Told<M> {
    /// The model.
    pub model: M,
    /// What it is told.
    pub beside: Beside,
}

/// What a model is told beside the time.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside {
    /// Nothing: it sees the time at most.
    Nothing,
    /// A condition, as these columns: one for all points or one for each, row-major.
    Condition(Vec<f32>),
    /// Guidance (Ho and Salimans 2022): `weight` · g(x, t, given) + (1 - `weight`) · g(x, t, none), both in one pass over twice as
    /// many rows. Of noises, scores and velocities alike, which are affine in one another.
    Guided {
        /// The columns of the condition.
        given: Vec<f32>,
        /// Those of no condition.
        none: Vec<f32>,
        /// The guidance weight.
        weight: f64,
    },
}

impl Beside {
    /// A context of `columns` for a batch at `times` `[batch, 1]` or `[1, 1]`, as often as the model is asked; with columns of zeros
    /// for how it changes along tangents.
    fn context(&self, times: Tensor<2>, columns: usize, batch: usize, factor: f32) -> Tensor<2> {
        let beside = |told: &[f32], least: usize| {
            let told: Vec<f32> = told.iter().map(|value| value * factor).collect();
            let size = [told.len() / (columns - 1), columns - 1];
            let rows = size[0].max(times.dims()[0]).max(least);
            let told = Tensor::<2>::from_data(TensorData::new(told, size), &times.device());
            Tensor::cat(vec![times.clone().expand([rows, 1]), told.expand([rows, columns - 1])], 1)
        };
        match self {
            Self::Nothing => times,
            Self::Condition(told) => beside(told, 1),
            Self::Guided { given, none, .. } => Tensor::cat(vec![beside(given, batch), beside(none, batch)], 0),
        }
    }

    /// A batch along `axis`, as often as the model is asked.
    fn repeated<const D: usize>(&self, batch: Tensor<D>, axis: usize) -> Tensor<D> {
        match self {
            Self::Nothing | Self::Condition(_) => batch,
            Self::Guided { .. } => Tensor::cat(vec![batch.clone(), batch], axis),
        }
    }

    /// The one answer that a batch's answers along `axis` make.
    fn weighed<const D: usize>(&self, answers: Tensor<D>, axis: usize) -> Tensor<D> {
        let Self::Guided { weight, .. } = self else { return answers };
        let batch = answers.dims()[axis] / 2;
        let [given, none] = [0, batch].map(|first| answers.clone().narrow(axis, first, batch));
        given.mul_scalar(*weight as f32) + none.mul_scalar((1.0 - weight) as f32)
    }
}

impl<M: Model> Model for Told<M> {
    fn dim(&self) -> usize {
        self.model.dim()
    }

    fn context(&self) -> usize {
        self.model.context().min(1)
    }

    fn forward(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        let Self { model, beside } = self;
        let context = beside.context(times, model.context(), x.dims()[0], 1.0);
        beside.weighed(model.forward(beside.repeated(x, 0), context), 0)
    }

    fn forward_and_trace(&self, x: Tensor<2>, times: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let Self { model, beside } = self;
        let context = beside.context(times, model.context(), x.dims()[0], 1.0);
        let (output, trace) = model.forward_and_trace(beside.repeated(x, 0), context);
        (beside.weighed(output, 0), beside.weighed(trace, 0))
    }

    fn forward_and_products(
        &self,
        x: Tensor<2>,
        times: Tensor<2>,
        probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        let Self { model, beside } = self;
        let context = beside.context(times, model.context(), x.dims()[0], 1.0);
        let (x, probes) = (beside.repeated(x, 0), beside.repeated(probes, 1));
        let (output, products) = model.forward_and_products(x, context, probes)?;
        Some((beside.weighed(output, 0), beside.weighed(products, 1)))
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        times: Tensor<2>,
        of_x: Tensor<2>,
        of_times: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        let Self { model, beside } = self;
        let batch = x.dims()[0];
        let [context, of_context] = [(times, 1.0), (of_times, 0.0)]
            .map(|(times, factor)| beside.context(times, model.context(), batch, factor));
        let [x, of_x] = [x, of_x].map(|rows| beside.repeated(rows, 0));
        let (output, product) = model.forward_and_product(x, context, of_x, of_context)?;
        Some((beside.weighed(output, 0), beside.weighed(product, 0)))
    }

    fn fused(&self) -> Option<Fused<'_>> {
        match &self.beside {
            Beside::Nothing => self.model.fused(),
            Beside::Condition(condition) => Some(Fused { condition, ..self.model.fused()? }),
            Beside::Guided { .. } => None,
        }
    }
}
