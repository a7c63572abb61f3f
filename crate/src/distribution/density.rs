//! What knows how likely points are.

/// A probability density on R^dim. What draws from it is another matter: see [`Sampler`](super::Sampler).
pub trait Density {
    /// ln p(x) in nats.
    fn log_density(&self, x: &[f64]) -> f64;

    /// ∇ ln p(x), `[dim]`, where it has a closed form.
    fn score(&self, _x: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// The differential entropy in nats, where it is known.
    fn entropy(&self) -> Option<f64> {
        None
    }
}
