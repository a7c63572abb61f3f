//! Distances between points and lengths of trajectories where these live: by straight lines in the plane, by geodesics on a closed space.

use super::Session;
use super::metrics::Metric;
use crate::metric::{
    Straightness, nearest_distance, nearest_distance_on, straightness, straightness_on, wasserstein, wasserstein_on,
};
use crate::ode::Trajectory;
use crate::points::Points;
use crate::space::Space;

impl Session {
    /// The closed space that the data is on; `None` in the plane.
    pub(super) fn space(&self) -> Option<&'static dyn Space> {
        self.data.space.space()
    }

    /// The squared Wasserstein-2 distance of two sets.
    pub(super) fn w2(&self, a: &Points, b: &Points) -> Option<f64> {
        match self.space() {
            None => wasserstein(a, b),
            Some(_) => wasserstein_on(self.data.space, a, b),
        }
    }

    /// The mean distance of points to the nearest of others.
    pub(super) fn nearest(&self, points: &Points, others: &Points) -> Option<f64> {
        match self.space() {
            None => nearest_distance(points, others),
            Some(space) => nearest_distance_on(space, points, others),
        }
    }

    /// How straight trajectories in the models' units are, and how long.
    pub(super) fn curve(&self, trajectory: Trajectory) -> Option<Straightness> {
        match self.space() {
            None => straightness(&self.comparable_curve(trajectory)),
            Some(space) => straightness_on(space, &trajectory),
        }
    }

    /// The metric that the distance to the nearest point belongs to.
    pub(super) fn told_with_nearest(&self) -> Metric {
        if self.space().is_none() { Metric::SlicedW2 } else { Metric::W2 }
    }

    /// Whether a metric is one of points that live where the data does.
    pub(super) fn is_of_space(&self, metric: Metric) -> bool {
        let of_plane = matches!(metric, Metric::SlicedW2 | Metric::Reweighting | Metric::Frechet | Metric::Snapshots);
        self.space().is_none() || !of_plane
    }
}

/// What is not measured on a space, and why.
pub(super) fn absent(space: &'static dyn Space) -> String {
    format!(
        "Points on {} have no projections onto lines, so there is no sliced W₂²: W₂² is by assignment, with geodesic distances, and MMD² with \
         those in the space around. Weighted samples are not told there.",
        space.words()[0]
    )
}
