//! A flat host batch of points, and the scaling that brings a user's own units to the models'.

use crate::error::{FlowError, coordinates};

/// `len` points of `dim` coordinates, flat: `[x0, y0, x1, y1, ..]`.
///
/// In the models' units coordinates are f32. In the data's own they are f64: their 0 may lie so far off that f32 would lose
/// what tells the points apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Points<T = f32> {
    dim: usize,
    values: Vec<T>,
}

impl<T: Copy + Into<f64>> Points<T> {
    /// Wraps flat values. Refuses a dimension of 0, a length that is no multiple of it and values that are not finite.
    pub fn new(values: Vec<T>, dim: usize) -> Result<Self, FlowError> {
        if dim == 0 || !values.len().is_multiple_of(dim) {
            let reason = format!("{} values do not make points of {}", values.len(), coordinates(dim));
            return Err(FlowError::InvalidPoints { reason });
        }
        let wide = || values.iter().map(|&value| -> f64 { value.into() });
        if let Some((at, value)) = wide().enumerate().find(|(_, value)| !value.is_finite()) {
            let reason =
                format!("point {}, coordinate {} is {value}, which is not a finite number", at / dim, at % dim);
            return Err(FlowError::InvalidPoints { reason });
        }
        Ok(Self { dim, values })
    }

    /// Coordinates of a point.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Whether there is no point at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The flat values.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The flat values, taken.
    pub fn into_values(self) -> Vec<T> {
        self.values
    }

    /// Point after point.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, T> {
        self.values.chunks_exact(self.dim)
    }

    /// The points of these numbers, in this order.
    pub fn pick(&self, indices: &[usize]) -> Self {
        let values = indices.iter().flat_map(|&i| self.row(i)).copied().collect();
        Self { dim: self.dim, values }
    }

    /// At most `most` of the points, evenly over their order.
    pub fn thinned(&self, most: usize) -> Self {
        let every = self.len().div_ceil(most).max(1);
        self.pick(&(0..self.len()).step_by(every).collect::<Vec<_>>())
    }

    /// Point number `i`.
    pub fn row(&self, i: usize) -> &[T] {
        &self.values[i * self.dim..(i + 1) * self.dim]
    }
}

impl Points<f64> {
    /// In f32, as metrics take them: of a built-in set the same numbers, of one far from 0 not.
    pub fn narrowed(&self) -> Points {
        Points { dim: self.dim, values: self.values.iter().map(|&x| x as f32).collect() }
    }
}

impl From<Points> for Points<f64> {
    fn from(points: Points) -> Self {
        Self { dim: points.dim, values: points.values.into_iter().map(f64::from).collect() }
    }
}

impl Points {
    /// `len` points whose coordinates are drawn by `draw`, one point after the other.
    pub(crate) fn draw<const D: usize>(len: usize, mut draw: impl FnMut(usize) -> [f64; D]) -> Self {
        let values = (0..len).flat_map(|i| draw(i).map(|x| x as f32)).collect();
        Self { dim: D, values }
    }

    /// A user's points in the model's units, brought to a standard deviation of 1 in each coordinate.
    pub(crate) fn standardized(&self) -> Self {
        let values = self.values.iter().map(|&x| (f64::from(x) / STANDARD_DEVIATION) as f32).collect();
        Self { dim: self.dim, values }
    }

    /// The first column that is a sum of multiples of those before it, by the Cholesky factors of the columns' correlations in
    /// f64: less than 1e-8 of its variance is left when they are known, which is what f32 leaves of a sum.
    pub(crate) fn dependent_column(&self) -> Option<usize> {
        let (n, dim) = (self.len() as f64, self.dim);
        let column = |k: usize| self.rows().map(move |row| f64::from(row[k]));
        let standard: Vec<Vec<f64>> = (0..dim)
            .map(|k| {
                let mean = column(k).sum::<f64>() / n;
                let deviation = (column(k).map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
                column(k).map(|x| (x - mean) / deviation).collect()
            })
            .collect();
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut factors: Vec<Vec<f64>> = Vec::new();
        for k in 0..dim {
            let mut row = Vec::new();
            for (j, factor) in factors.iter().enumerate() {
                let known = product(&row, &factor[..j]);
                row.push((product(&standard[k], &standard[j]) / n - known) / factor[j]);
            }
            let left = 1.0 - product(&row, &row);
            if left < LEAST_LEFT {
                return Some(k);
            }
            row.push(left.sqrt());
            factors.push(row);
        }
        None
    }
}

/// The standard deviation that a user's points are brought to in each coordinate: that of the built-in toy sets, whose
/// coordinates have standard deviations of 1.3 to 2.3.
const STANDARD_DEVIATION: f64 = 1.5;

/// The share of a column's variance below which it is a function of the others but for rounding.
const LEAST_LEFT: f64 = 1e-8;

/// An affine change of units, per coordinate: `modelled = (own - center) / scale`.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Scaling {
    /// What is subtracted, one value a coordinate.
    pub center: Vec<f64>,
    /// What is divided by, one positive value a coordinate.
    pub scale: Vec<f64>,
}

impl Scaling {
    /// The change that changes nothing.
    pub fn identity(dim: usize) -> Self {
        Self { center: vec![0.0; dim], scale: vec![1.0; dim] }
    }

    /// Centers each coordinate and gives it the toy sets' spread. Refuses a constant coordinate.
    pub fn standardizing(points: &Points<f64>) -> Result<Self, FlowError> {
        let n = points.len() as f64;
        let (mut center, mut scale) = (Vec::new(), Vec::new());
        for coordinate in 0..points.dim() {
            let column = || points.rows().map(|row| row[coordinate]);
            let rough = column().sum::<f64>() / n;
            // The rounding of a large sum is large beside a small spread.
            let mean = rough + column().map(|x| x - rough).sum::<f64>() / n;
            let deviation = (column().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
            let refused = |reason| Err(FlowError::InvalidPoints { reason });
            if deviation == 0.0 || column().all(|x| Some(x) == column().next()) {
                return refused(format!("coordinate {coordinate} has the same value, {mean}, in every point"));
            }
            if !deviation.is_finite() {
                return refused(format!("coordinate {coordinate} goes beyond {:e}", f32::MAX));
            }
            center.push(mean);
            scale.push(deviation / STANDARD_DEVIATION);
        }
        Ok(Self { center, scale })
    }

    /// From the user's units to the model's.
    pub fn apply(&self, points: &Points<f64>) -> Points {
        narrow(self.map(points, |x, center, scale| (x - center) / scale))
    }

    /// From the model's units to the user's.
    pub fn undo(&self, points: &Points) -> Points<f64> {
        self.map(points, |x, center, scale| x * scale + center)
    }

    /// Velocities from the model's units to the user's: scaled, not shifted.
    pub fn undo_velocity(&self, velocities: &Points) -> Points {
        narrow(self.map(velocities, |x, _, scale| x * scale))
    }

    /// The length in the user's units of a vector of these coordinates.
    pub(crate) fn undo_length(&self, vector: &[f64]) -> f64 {
        vector.iter().zip(&self.scale).map(|(x, scale)| (x * scale) * (x * scale)).sum::<f64>().sqrt()
    }

    /// ln |d own / d modelled|: what a log-density in the model's units exceeds the one in the user's units by.
    pub fn log_volume(&self) -> f64 {
        self.scale.iter().map(|&scale| libm::log(scale)).sum()
    }

    fn map<T: Copy + Into<f64>>(&self, points: &Points<T>, change: impl Fn(f64, f64, f64) -> f64) -> Points<f64> {
        let values = points
            .rows()
            .flat_map(|row| row.iter().zip(self.center.iter().zip(&self.scale)))
            .map(|(&x, (&center, &scale))| change(x.into(), center, scale).clamp(f64::MIN, f64::MAX))
            .collect();
        Points { dim: points.dim, values }
    }
}

/// Finite points stay finite: what is beyond f32 counts as its largest number.
fn narrow(points: Points<f64>) -> Points {
    let Points { dim, values } = points;
    Points { dim, values: values.into_iter().map(|x| (x as f32).clamp(f32::MIN, f32::MAX)).collect() }
}

/// Sorts numbers with what belongs to each: once, for a sort is thousands of instructions.
pub(crate) fn sort_by_value(pairs: &mut [(f64, usize)]) {
    pairs.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_undoes_itself() {
        let points = Points::new(vec![1000.0, -3.0, 1010.0, 4.0, 990.0, 0.5], 2).unwrap();
        let scaling = Scaling::standardizing(&points).unwrap();
        let back = scaling.undo(&scaling.apply(&points));
        for (a, b) in back.values().iter().zip(points.values()) {
            assert!((a - b).abs() < 2e-6, "{a} {b}");
        }
    }

    #[test]
    fn finite_points_stay_finite_in_any_units() {
        let points: Points = Points::new(vec![3e38, -3e38, 1.0, -2.0], 2).unwrap();
        let scaling = Scaling { center: vec![1e30, -5.0], scale: vec![1e10, 1e-30] };
        assert!(Points::new(scaling.undo(&points).into_values(), 2).is_ok());
        for changed in [scaling.undo_velocity(&points), scaling.apply(&points.into())] {
            assert!(Points::new(changed.into_values(), 2).is_ok());
        }
    }

    #[test]
    fn unusable_points_are_refused_in_one_sentence() {
        let sentence = |values: &[f32], dim| Points::new(values.to_vec(), dim).unwrap_err().to_string();
        assert_eq!(
            sentence(&[1.0, 2.0, 3.0], 2),
            "The points cannot be used: 3 values do not make points of 2 coordinates."
        );
        assert_eq!(
            sentence(&[1.0, 2.0, f32::NAN, 3.0], 2),
            "The points cannot be used: point 1, coordinate 0 is NaN, which is not a finite number."
        );
        let constant = Points::new(vec![1.0, 5.0, 2.0, 5.0], 2).unwrap();
        assert!(Scaling::standardizing(&constant).is_err());
    }
}
