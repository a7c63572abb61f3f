//! Noise on a closed space: uniform, or a Gaussian wrapped around it.

use super::{Density, Distribution, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use crate::space::{Space, SpaceKind};
use std::rc::Rc;

/// Equally likely everywhere.
struct Uniform(&'static dyn Space);

/// exp(v) with normal v in the tangent plane at the space's origin.
struct Wrapped {
    space: &'static dyn Space,
    /// The standard deviation in each direction, in radians.
    deviation: f64,
}

/// The uniform law; `None` for the plane.
pub(super) fn uniform(kind: SpaceKind) -> Option<Distribution> {
    let law = Uniform(kind.space()?);
    Some(Distribution { space: kind, ..Distribution::new(Rc::new(law)) })
}

/// The wrapped Gaussian of this deviation; `None` for the plane.
pub(super) fn wrapped(kind: SpaceKind, deviation: f64) -> Option<Distribution> {
    let law = Wrapped { space: kind.space()?, deviation };
    Some(Distribution { space: kind, ..Distribution::new(Rc::new(law)) })
}

fn draw(space: &dyn Space, len: usize, mut one: impl FnMut() -> Vec<f64>) -> Labelled {
    let values = (0..len).flat_map(|_| one()).map(|x| x as f32).collect();
    Points::new(values, space.coordinates()).expect("points on a space are finite").into()
}

impl Sampler for Uniform {
    fn dim(&self) -> usize {
        self.0.coordinates()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        draw(self.0, len, || self.0.uniform(rng))
    }
}

impl Density for Uniform {
    fn log_density(&self, _x: &[f64]) -> f64 {
        -self.0.log_volume()
    }

    fn entropy(&self) -> Option<f64> {
        Some(self.0.log_volume())
    }
}

impl Sampler for Wrapped {
    fn dim(&self) -> usize {
        self.space.coordinates()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let origin = self.space.origin();
        draw(self.space, len, || {
            let normal: Vec<f64> = origin.iter().map(|_| self.deviation * rng.normal()).collect();
            let [point, _] = self.space.geodesic(&origin, &self.space.project(&origin, &normal), 1.0);
            point
        })
    }
}

impl Density for Wrapped {
    fn log_density(&self, x: &[f64]) -> f64 {
        self.space.log_wrapped(x, self.deviation)
    }
}
