//! The velocity field f(x, t) of dx/dt = f(x, t) on t in [0, 1]: what every method trains and everything else sees.

mod activation;
mod blocks;
mod couplings;
mod exact;
mod host;
mod layers;
mod model;
mod network;
mod on_space;
mod packed;
mod perceptron;
mod potential;
mod predicted;
mod scored;
mod told;
mod unet;

pub use activation::Activation;
pub use blocks::Blocks;
pub use couplings::{CouplingKind, Couplings, CouplingsConfig, Passed};
pub use exact::{ClosedForm, ExactCheckerboard, ExactEmpirical, ExactMixture, ExactPoint, Frozen, Guided, closed_form};
pub use host::OnHost;
pub use model::{Fused, Model};
pub use network::{Conditioning, Network, NetworkConfig, NetworkKind};
pub use on_space::OnSpace;
pub use packed::{Initial, Layout, Piece, Weights};
pub use perceptron::Perceptron;
pub use potential::{Potential, PotentialConfig};
pub use predicted::Predicted;
pub use scored::Scored;
pub use told::{Beside, Told};
pub use unet::UNet;

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

    /// f(x, t) `[batch, dim]` and the Jacobian's product with each of `probes` `[k, batch, dim]`; `None` for a field whose
    /// exact trace is as cheap.
    fn velocity_and_products(&self, _x: Tensor<2>, _t: f64, _probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        None
    }

    /// f(x, t) and the score ∇ ln p_t(x) `[batch, dim]`, for a field that knows it.
    fn velocity_and_score(&self, _x: Tensor<2>, _t: f64) -> Option<(Tensor<2>, Tensor<2>)> {
        None
    }

    /// What the field is at `t` where it is no more than a fused network scaled and shifted: the reason that a whole solve can be one
    /// operation. `None` for all others.
    fn network_at(&self, _t: f64) -> Option<NetworkAt<'_>> {
        None
    }

    /// The field where its flow map is a formula, so that no solver need be asked. `None` for all others.
    fn in_closed_form(&self) -> Option<&Couplings> {
        None
    }

    /// The earliest time at which the field is finite; whoever comes near t = 0 stops there.
    fn earliest_time(&self) -> f64 {
        0.0
    }

    /// Whether solvers step equally in √t instead of t: for a field that is smooth in √t only, as the noise of a diffusion
    /// makes it near the data.
    fn smooth_in_root(&self) -> bool {
        false
    }

    /// Times inside (0, 1) at which the field jumps. A solver takes no step across one.
    fn breaks(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// A field at one time: f(x, t) = `of_x` x + `of_network` g(x, t).
#[derive(Debug, Clone, Copy)]
pub struct NetworkAt<'a> {
    /// g.
    pub network: Fused<'a>,
    /// The factor of x.
    pub of_x: f64,
    /// The factor of g.
    pub of_network: f64,
}

/// Uploads points as a tensor `[len, dim]`.
pub fn tensor_from_points(points: &Points, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(points.values().to_vec(), [points.len(), points.dim()]), device)
}

/// Reads what a model made, a tensor `[len, dim]`, back. Asynchronous, because a browser's GPU cannot be waited for. Values
/// that are not finite are the model's, and no fault of the points that it was given.
pub async fn points_from_tensor(tensor: Tensor<2>) -> Result<Points, FlowError> {
    let dim = tensor.dims()[1];
    let values = values_from_tensor(tensor).await?;
    let Some(lost) = values.iter().position(|value| !value.is_finite()) else {
        return Points::new(values, dim);
    };
    let (point, coordinate) = (lost / dim, lost % dim);
    let outcome = format!(
        "The model carries point {point} out of all finite numbers: its coordinate {coordinate} became {}. The field has \
         diverged, or the solver's steps are too long for it.",
        values[lost]
    );
    Err(FlowError::SolverStopped { outcome })
}

/// Reads a tensor's values back, row-major.
pub async fn values_from_tensor<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, FlowError> {
    let data = tensor.into_data_async().await.map_err(|error| FlowError::engine("active", error))?;
    data.try_into_vec().map_err(|error| FlowError::engine("active", error))
}
