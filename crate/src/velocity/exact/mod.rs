//! Closed-form fields: the truth to compare with. In f64, on the host.

mod checkerboard;
mod empirical;
mod guided;
mod mixture;

pub use checkerboard::ExactCheckerboard;
pub use empirical::ExactEmpirical;
pub use guided::Guided;
pub use mixture::ExactMixture;

use crate::distribution::{Distribution, Exact, Mixture};
use crate::path::{Coefficients, Prediction, Schedule};

/// A field with a closed form.
pub trait ClosedForm {
    /// Coordinates of a point.
    fn dim(&self) -> usize;

    /// The schedule of its path.
    fn schedule(&self) -> Schedule;

    /// The earliest time at which the field is finite.
    fn earliest_time(&self) -> f64;

    /// The field frozen at one time: what depends only on `t` is computed here, once for all points.
    fn at(&self, t: f64) -> Frozen<'_>;
}

/// A field frozen at one time.
pub type Frozen<'a> = Box<dyn Fn(&[f64]) -> ExactPoint + 'a>;

/// All that is known at one (x, t), in f64.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactPoint {
    /// ln p_t(x).
    pub log_density: f64,
    /// ∇ ln p_t(x).
    pub score: Vec<f64>,
    /// The marginal velocity u(x, t).
    pub velocity: Vec<f64>,
    /// div u(x, t).
    pub divergence: f64,
    /// E[x(0) | x(t) = x].
    pub data_prediction: Vec<f64>,
    /// E[x(1) | x(t) = x].
    pub noise_prediction: Vec<f64>,
}

impl ExactPoint {
    /// tr Cov[x(0) | x(t) = x] on a path with normal noise, where sigma and alpha are above 0: the velocity is affine in
    /// the data prediction, whose Jacobian is alpha/sigma² times that covariance.
    pub fn data_variance(&self, at: Coefficients) -> f64 {
        let [of_x, of_data] = at.velocity_from(Prediction::Data);
        let trace = (self.divergence - of_x * self.velocity.len() as f64) / of_data;
        (trace * at.sigma * at.sigma / at.alpha).max(0.0)
    }
}

/// The closed form of the flow between two distributions along independent ends, where there is one.
pub fn closed_form(data: &Distribution, noise: &Distribution, schedule: Schedule) -> Option<Box<dyn ClosedForm>> {
    match (data.exact.as_ref()?, noise.mixture()?) {
        (Exact::Mixture(data), noise) => {
            let (data, noise) = (Mixture::clone(data), noise.clone());
            Some(Box::new(ExactMixture { data, noise, schedule, bridge: 0.0 }))
        }
        (Exact::Squares(squares), noise) if noise.is_standard_normal() => {
            Some(Box::new(ExactCheckerboard { squares, schedule }))
        }
        _ => None,
    }
}

/// What is known of x(0) at a point x of a path with normal noise.
struct Denoised {
    log_density: f64,
    /// E[x(0) | x(t) = x].
    mean: Vec<f64>,
    /// tr Cov[x(0) | x(t) = x].
    variance: f64,
}

impl Denoised {
    /// Everything else follows from the posterior mean; the divergence from the posterior variance: ∂D/∂x = α/σ² Cov.
    fn point(self, x: &[f64], at: Coefficients) -> ExactPoint {
        let Self { log_density, mean, variance } = self;
        let [of_x, of_data] = at.velocity_from(Prediction::Data);
        let each = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(&mean).map(|(&x, &d)| f(x, d)).collect::<Vec<f64>>();
        let noise = |x: f64, d: f64| (x - at.alpha * d) / at.sigma;
        ExactPoint {
            log_density,
            score: each(&|x, d| -noise(x, d) / at.sigma),
            velocity: each(&|x, d| of_x * x + of_data * d),
            divergence: of_x * x.len() as f64 + of_data * at.alpha / (at.sigma * at.sigma) * variance,
            noise_prediction: each(&noise),
            data_prediction: mean,
        }
    }
}
