//! The data's own units and the models': a scaling of each coordinate, or on a closed space its own numbers and the coordinates around it.

use crate::points::{Points, Scaling};
use crate::space::{SpaceKind, wide};

/// How the two relate.
pub(super) struct Units {
    /// In the plane, or R^d; on a closed space it changes nothing.
    pub scaling: Scaling,
    pub space: SpaceKind,
}

impl Units {
    /// Numbers that people write a point with.
    pub fn dim(&self) -> usize {
        self.scaling.center.len()
    }

    /// From the data's own units to the models'.
    pub fn apply(&self, own: &Points<f64>) -> Points {
        let Some(space) = self.space.space() else { return self.scaling.apply(own) };
        let values = own.rows().flat_map(|row| space.point(row)).map(|x| x as f32).collect();
        Points::new(values, space.coordinates()).expect("points on a space are finite")
    }

    /// From the models' units to the data's own.
    pub fn undo(&self, points: &Points) -> Points<f64> {
        if self.space == SpaceKind::Plane { self.scaling.undo(points) } else { self.space.own(points) }
    }

    /// Velocities at points likewise.
    pub fn undo_velocity(&self, at: &Points, velocities: &Points) -> Points {
        let Some(space) = self.space.space() else { return self.scaling.undo_velocity(velocities) };
        let each = at.rows().zip(velocities.rows());
        let values = each.flat_map(|(x, v)| space.own_velocity(&wide(x), &wide(v))).map(|v| v as f32).collect();
        Points::new(values, space.dim()).expect("finite velocities stay finite")
    }

    /// One velocity at a point.
    pub fn undo_mean_velocity(&self, x: &[f64], velocity: &[f64]) -> Vec<f64> {
        match self.space.space() {
            Some(space) => space.own_velocity(x, velocity),
            None => velocity.iter().zip(&self.scaling.scale).map(|(v, scale)| v * scale).collect(),
        }
    }

    /// What solvers reached, put back on the space: they keep to it but for the errors of their steps.
    pub fn settled(&self, points: Points) -> Points {
        if self.space == SpaceKind::Plane { points } else { self.apply(&self.undo(&points)) }
    }

    /// The length in the data's own units of a vector of the models' coordinates.
    pub fn undo_length(&self, vector: &[f64]) -> f64 {
        match self.space.space() {
            Some(_) => vector.iter().map(|x| x * x).sum::<f64>().sqrt(),
            None => self.scaling.undo_length(vector),
        }
    }

    /// What a log-density in the models' units exceeds the one in the data's own by: on a space both are of its area.
    pub fn log_volume(&self) -> f64 {
        self.scaling.log_volume()
    }
}
