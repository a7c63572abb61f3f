//! Where points live: in the plane, or in R^d, where nothing here is asked; on a flat torus or a sphere, where lines are geodesics, distances
//! are theirs and a density is one of area (Chen and Lipman 2024, “Flow matching on general geometries”).
//!
//! People write a point with its own numbers, on a torus two angles. A model sees it in the Euclidean space around, as a point of a
//! product of unit spheres: a torus is two circles. So there are no seams and no poles, and networks, solvers and kernels stay those of R^d.

mod product;
mod sphere;
mod torus;

pub use product::{nearest, tangent};
pub use sphere::Sphere;
pub use torus::Torus;

use crate::points::Points;
use crate::rng::Rng;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Where the points of a distribution live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SpaceKind {
    /// R^d, of as many coordinates as they have: where nothing is said of it.
    #[default]
    #[serde(skip)]
    Plane,
    /// The flat torus: two angles in radians.
    Torus,
    /// The unit sphere in R³.
    Sphere,
}

impl SpaceKind {
    /// Its geometry; `None` for the plane, whose own code needs none and stays as fast as it is.
    pub fn space(self) -> Option<&'static dyn Space> {
        match self {
            Self::Plane => None,
            Self::Torus => Some(&Torus),
            Self::Sphere => Some(&Sphere),
        }
    }

    /// Points by the numbers that people write them with; of the plane as they are.
    pub fn own(self, points: &Points) -> Points<f64> {
        let Some(space) = self.space() else { return points.clone().into() };
        let values = points.rows().flat_map(|row| space.own(&wide(row))).collect();
        Points::new(values, space.dim()).expect("points on a space are finite")
    }
}

/// A closed space that is a product of unit spheres. `x` and `y` are points as models see them, `v` tangent vectors: `[coordinates]`.
/// What has a body here is written for all such products.
pub trait Space {
    /// How many spheres it is a product of, and the coordinates of each.
    fn spheres(&self) -> [usize; 2];

    /// Numbers that people write a point with.
    fn dim(&self) -> usize;

    /// How it is called in a sentence, and what its points are.
    fn words(&self) -> [&'static str; 2];

    /// ln of its area.
    fn log_volume(&self) -> f64;

    /// The point of these numbers.
    fn point(&self, own: &[f64]) -> Vec<f64>;

    /// A point's own numbers. What is a little off the space is taken for the nearest point.
    fn own(&self, x: &[f64]) -> Vec<f64>;

    /// A tangent vector at x, in a point's own numbers a unit of time.
    fn own_velocity(&self, x: &[f64], v: &[f64]) -> Vec<f64>;

    /// A point of the uniform law.
    fn uniform(&self, rng: &mut Rng) -> Vec<f64>;

    /// The point that noise is wrapped around.
    fn origin(&self) -> Vec<f64>;

    /// ln of the density at x of exp(v) with tangent v at the [origin](Self::origin) that are normal with this deviation.
    fn log_wrapped(&self, x: &[f64], deviation: f64) -> f64;

    /// Tangent vectors e at points `[batch, coordinates]` whose Σ e eᵀ is the projection on the tangent space, as an orthonormal frame's
    /// is: `[dim, batch, coordinates]`.
    fn frame(&self, at: Tensor<2>) -> Tensor<3>;

    /// Whether numbers are a point's, however they came by.
    fn is_point(&self, _own: &[f64]) -> bool {
        true
    }

    /// Coordinates that a model sees.
    fn coordinates(&self) -> usize {
        let [count, size] = self.spheres();
        count * size
    }

    /// log_x(y): the shortest tangent vector at x whose geodesic is at y after a unit of time; 0 between opposite points.
    fn log(&self, x: &[f64], y: &[f64]) -> Vec<f64> {
        product::log(self.spheres()[1], x, y)
    }

    /// exp_x(t v), and its derivative in t.
    fn geodesic(&self, x: &[f64], v: &[f64], t: f64) -> [Vec<f64>; 2] {
        product::geodesic(self.spheres()[1], [x, v], t)
    }

    /// The tangent part of a vector at x.
    fn project(&self, x: &[f64], v: &[f64]) -> Vec<f64> {
        product::project(self.spheres()[1], x, v)
    }

    /// The squared length of the shortest line between two points.
    fn square_distance(&self, x: &[f32], y: &[f32]) -> f64 {
        product::angles(self.spheres()[1], x, y).map(|angle| angle * angle).sum()
    }

    /// Whether f32 cannot tell which line between two points is the shortest: one is on the other's cut locus.
    fn are_opposite(&self, x: &[f32], y: &[f32]) -> bool {
        product::angles(self.spheres()[1], x, y).any(|angle| angle > std::f64::consts::PI - NEARLY_OPPOSITE)
    }
}

/// In radians.
const NEARLY_OPPOSITE: f64 = 1e-4;

/// A point of f32 in f64.
pub fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&x| f64::from(x)).collect()
}

/// Points at their times on the geodesics between the pairs of two batches, and how they move there.
pub fn geodesics(space: &dyn Space, [from, to]: [&Points; 2], time: impl Fn(usize) -> f64) -> [Points; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for (i, (x, y)) in from.rows().zip(to.rows()).enumerate() {
        let (x, y) = (wide(x), wide(y));
        let parts = space.geodesic(&x, &space.log(&x, &y), time(i));
        found.iter_mut().zip(parts).for_each(|(all, part)| all.extend(part.into_iter().map(|value| value as f32)));
    }
    found.map(|values| Points::new(values, from.dim()).expect("geodesics are finite"))
}
