//! The velocity field f(x, t) of dx/dt = f(x, t) on t in [0, 1]: what every method trains and everything else sees.

mod exact;
mod network;

pub use exact::{ExactMixture, ExactPoint};
pub use network::{Activation, Network, NetworkConfig, NetworkShape};

use crate::error::FlowError;
use crate::points::Points;
use burn::tensor::{Device, Tensor, TensorData};

/// A velocity field on batches of points.
pub trait VelocityField {
    /// Coordinates of a point.
    fn dim(&self) -> usize;

    /// f(x, t) for points `x` `[batch, dim]` and one time `t` in [0, 1]: `[batch, dim]`.
    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2>;

    /// f(x, t) `[batch, dim]` and the trace of its Jacobian ∂f/∂x `[batch, 1]`, exactly.
    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>);
}

/// Uploads points as a tensor `[len, dim]`.
pub fn tensor_from_points(points: &Points, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(points.values().to_vec(), [points.len(), points.dim()]), device)
}

/// Reads a tensor `[len, dim]` back. Asynchronous, because a browser's GPU cannot be waited for.
pub async fn points_from_tensor(tensor: Tensor<2>) -> Result<Points, FlowError> {
    let dim = tensor.dims()[1];
    Points::new(values_from_tensor(tensor).await?, dim)
}

/// Reads a tensor's values back, row-major.
pub async fn values_from_tensor<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, FlowError> {
    let failed = |reason: String| FlowError::EngineFailed { engine: "active", reason };
    let data = tensor.into_data_async().await.map_err(|error| failed(error.to_string()))?;
    data.try_into_vec().map_err(|error| failed(error.to_string()))
}
