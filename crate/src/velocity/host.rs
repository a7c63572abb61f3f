//! A closed-form field, computed in f64 on the host.

use super::VelocityField;
use super::exact::{ClosedForm, ExactPoint};
use burn::tensor::{Tensor, TensorData};

/// A closed form as a field. It reads each batch back, so its tensors live on the CPU engine.
pub struct OnHost(pub Box<dyn ClosedForm>);

impl OnHost {
    /// `columns` numbers for each point of `x`, at one time: a tensor `[batch, columns]` for each part that `of` gives.
    fn each<const N: usize>(&self, x: &Tensor<2>, t: f64, of: impl Fn(ExactPoint) -> [Vec<f64>; N]) -> [Tensor<2>; N] {
        let ([batch, dim], device) = (x.dims(), x.device());
        let data = x.clone().into_data().try_into_vec::<f32>();
        let values = data.expect("the CPU engine's tensors are f32 and can be read");
        let at = self.0.at(t);
        let mut columns: [Vec<f32>; N] = std::array::from_fn(|_| Vec::new());
        let mut point = vec![0.0; dim];
        for row in values.chunks_exact(dim) {
            point.iter_mut().zip(row).for_each(|(x, &value)| *x = f64::from(value));
            for (column, part) in columns.iter_mut().zip(of(at(&point))) {
                column.extend(part.into_iter().map(|value| value as f32));
            }
        }
        columns.map(|values| {
            let width = values.len() / batch.max(1);
            Tensor::from_data(TensorData::new(values, [batch, width]), &device)
        })
    }
}

impl VelocityField for OnHost {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        let [velocity] = self.each(&x, t, |point| [point.velocity]);
        velocity
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let [velocity, trace] = self.each(&x, t, |point| [point.velocity, vec![point.divergence]]);
        (velocity, trace)
    }

    fn velocity_and_score(&self, x: Tensor<2>, t: f64) -> Option<(Tensor<2>, Tensor<2>)> {
        let [velocity, score] = self.each(&x, t, |point| [point.velocity, point.score]);
        Some((velocity, score))
    }

    fn smooth_in_root(&self) -> bool {
        self.0.schedule().smooth_in_root()
    }

    fn earliest_time(&self) -> f64 {
        self.0.earliest_time()
    }
}
