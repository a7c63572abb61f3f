//! Distances of optimal transport between two samples.

use crate::coupling::{Costs, assign};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use std::f64::consts::PI;

/// Directions that are projected on. In 2-D they are equally spaced, so the number has no randomness of its own.
const NUM_DIRECTIONS: usize = 128;

/// A squared distance beyond which points were flung out by a diverged field: sums of such costs leave f32.
const FARTHEST: f32 = 1e30;

/// The squared Wasserstein-2 distance of two samples of equal size: the least mean squared distance over all ways to
/// pair them (algorithms, section 3.3). Takes n² memory and somewhat more than n² time: 1000 points are a good measure.
/// `None` for samples that do not compare.
pub fn wasserstein(a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    let costs = Costs::squared(a, b);
    if (0..costs.len()).flat_map(|i| costs.row(i)).any(|&cost| cost > FARTHEST) {
        return None;
    }
    let mean = costs.total(&assign(&costs).columns) / a.len() as f64;
    mean.is_finite().then_some(mean)
}

/// The squared sliced Wasserstein-2 distance of two samples of equal size: the mean over directions of the mean squared
/// difference of the sorted projections (algorithms, section 3.3). `None` for samples that do not compare.
pub fn sliced_wasserstein(a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    let directions = directions(a.dim());
    let total: f64 = directions.iter().map(|direction| projected(a, b, direction)).sum();
    let mean = total / directions.len() as f64;
    mean.is_finite().then_some(mean)
}

fn projected(a: &Points, b: &Points, direction: &[f64]) -> f64 {
    let sorted = |points: &Points| {
        let project = |row: &[f32]| row.iter().zip(direction).map(|(&x, e)| f64::from(x) * e).sum::<f64>();
        let mut projections: Vec<f64> = points.rows().map(project).collect();
        projections.sort_unstable_by(f64::total_cmp);
        projections
    };
    let squares = sorted(a).into_iter().zip(sorted(b)).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>() / a.len() as f64
}

fn directions(dim: usize) -> Vec<Vec<f64>> {
    if dim == 2 {
        let angle = |k: usize| (k as f64 + 0.5) * PI / NUM_DIRECTIONS as f64;
        return (0..NUM_DIRECTIONS).map(|k| vec![libm::cos(angle(k)), libm::sin(angle(k))]).collect();
    }
    // A fixed seed: the same directions for every sample that is compared.
    let mut rng = Rng::new(0, Stream::Heldout);
    let unit = |v: Vec<f64>| {
        let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        v.iter().map(|x| x / norm).collect()
    };
    (0..NUM_DIRECTIONS).map(|_| unit((0..dim).map(|_| rng.normal()).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Distribution, Mixture};

    #[test]
    fn a_shift_costs_its_squared_length_shared_by_the_dimensions() {
        let points = Mixture::standard_normal(2).sample(500, &mut Rng::new(1, Stream::Data));
        let moved = points.rows().flat_map(|row| [row[0] + 3.0, row[1] - 4.0]).collect();
        let moved = Points::new(moved, 2).unwrap();
        assert!((sliced_wasserstein(&points, &moved).unwrap() - 12.5).abs() < 1e-4);
        assert_eq!(sliced_wasserstein(&points, &points), Some(0.0));
    }

    #[test]
    fn points_flung_out_of_range_have_no_distance() {
        let far = Points::new(vec![0.0, 1e38, -1e38, 2e38], 2).unwrap();
        let near = Points::new(vec![0.0; 4], 2).unwrap();
        assert_eq!(wasserstein(&far, &near), None);
    }

    #[test]
    fn samples_that_do_not_compare_have_no_distance() {
        let points = |len| Mixture::standard_normal(2).sample(len, &mut Rng::new(1, Stream::Data));
        assert_eq!(sliced_wasserstein(&points(4), &points(5)), None);
    }
}
