//! A model that is told its condition once and for all: what is left of its context is the time.

use super::model::{Fused, Model};
use burn::tensor::{Tensor, TensorData};

/// g(x, (t, c)) for one c.
#[derive(Debug, Clone)]
pub struct Conditioned<M> {
    /// g.
    pub model: M,
    /// c, one for all points or one for each, row-major.
    pub condition: Vec<f32>,
}

impl<M: Model> Conditioned<M> {
    /// The model's context of times `[batch, 1]` or `[1, 1]`.
    fn whole(&self, times: Tensor<2>) -> Tensor<2> {
        self.beside(times, self.condition.clone())
    }

    /// Times with what stands beside them, each repeated for all points where the other is not.
    fn beside(&self, times: Tensor<2>, values: Vec<f32>) -> Tensor<2> {
        let columns = self.model.context() - 1;
        let rows = values.len() / columns;
        let values = Tensor::<2>::from_data(TensorData::new(values, [rows, columns]), &times.device());
        let batch = rows.max(times.dims()[0]);
        Tensor::cat(vec![times.expand([batch, 1]), values.expand([batch, columns])], 1)
    }
}

impl<M: Model> Model for Conditioned<M> {
    fn dim(&self) -> usize {
        self.model.dim()
    }

    fn context(&self) -> usize {
        1
    }

    fn forward(&self, x: Tensor<2>, times: Tensor<2>) -> Tensor<2> {
        self.model.forward(x, self.whole(times))
    }

    fn forward_and_trace(&self, x: Tensor<2>, times: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        self.model.forward_and_trace(x, self.whole(times))
    }

    fn forward_and_products(
        &self,
        x: Tensor<2>,
        times: Tensor<2>,
        probes: Tensor<3>,
    ) -> Option<(Tensor<2>, Tensor<3>)> {
        self.model.forward_and_products(x, self.whole(times), probes)
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        times: Tensor<2>,
        of_x: Tensor<2>,
        of_times: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        let of_context = self.beside(of_times, vec![0.0; self.condition.len()]);
        self.model.forward_and_product(x, self.whole(times), of_x, of_context)
    }

    fn fused(&self) -> Option<Fused<'_>> {
        Some(Fused { condition: &self.condition, ..self.model.fused()? })
    }
}
