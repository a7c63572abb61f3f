//! Distances of optimal transport between two samples.

use super::Estimate;
use crate::coupling::{Costs, assign};
use crate::points::{Points, sort_by_value};
use crate::rng::{Rng, Stream};
use crate::space::{Space, SpaceKind};
use std::f64::consts::PI;

/// Directions that are projected on. In 2-D they are equally spaced, so the number has no randomness of its own; on a line
/// there is only one.
const NUM_DIRECTIONS: usize = 128;

/// A squared distance beyond which points were flung out by a diverged field: sums of such costs leave f32.
const FARTHEST: f32 = 1e30;

/// The squared Wasserstein-2 distance of two samples of equal size: the least mean squared distance over all ways to
/// pair them. Takes n² memory and somewhat more than n² time: 1000 points are a good measure. On a line the sorted ones are
/// the pairs.
/// `None` for samples that do not compare.
pub fn wasserstein(a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    if a.dim() == 1 {
        return sliced_wasserstein(a, b);
    }
    least_mean(&Costs::squared(a, b))
}

/// The same on a space, with the lengths of its shortest lines.
pub fn wasserstein_on(space: SpaceKind, a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    least_mean(&Costs::on(space, a, b))
}

/// The Wasserstein-1 distance of two samples of equal size: the same of the distances themselves.
pub fn wasserstein_one(a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    least_mean(&Costs::squared(a, b).rooted())
}

fn least_mean(costs: &Costs) -> Option<f64> {
    if (0..costs.len()).flat_map(|i| costs.row(i)).any(|&cost| cost > FARTHEST) {
        return None;
    }
    let mean = costs.total(&assign(costs).columns) / costs.len() as f64;
    mean.is_finite().then_some(mean)
}

/// The squared sliced Wasserstein-2 distance of two samples of equal size: the mean over directions of the mean squared
/// difference of the sorted projections. `None` for samples that do not compare.
pub fn sliced_wasserstein(a: &Points, b: &Points) -> Option<f64> {
    if a.len() != b.len() || a.dim() != b.dim() || a.is_empty() {
        return None;
    }
    let directions = directions(a.dim());
    let total: f64 =
        directions.iter().map(|direction| mean_square(&projections(a, direction), &projections(b, direction))).sum();
    let mean = total / directions.len() as f64;
    mean.is_finite().then_some(mean)
}

/// Independent blocks that the error of a sliced distance is found by leaving out.
const BLOCKS: usize = 16;

/// The same with its standard error, by leaving out each of 16 blocks of points of both samples at a time (the jackknife):
/// what the distance would vary by over other samples of this size. The mean is the distance itself.
pub fn sliced_wasserstein_estimate(a: &Points, b: &Points) -> Option<Estimate> {
    let mean = sliced_wasserstein(a, b)?;
    let blocks = BLOCKS.min(a.len());
    if blocks < 2 {
        return None;
    }
    let block = |i: usize| i * blocks / a.len();
    let mut left: Vec<f64> = vec![0.0; blocks];
    let directions = directions(a.dim());
    for direction in &directions {
        let labelled = |points: &Points| {
            let rows = points.rows().enumerate();
            let mut found: Vec<(f64, usize)> = rows.map(|(i, row)| (project(row, direction), block(i))).collect();
            sort_by_value(&mut found);
            found
        };
        let (a, b) = (labelled(a), labelled(b));
        for (out, total) in left.iter_mut().enumerate() {
            let keep = |all: &[(f64, usize)]| -> Vec<f64> {
                all.iter().filter(|(_, block)| *block != out).map(|(x, _)| *x).collect()
            };
            *total += mean_square(&keep(&a), &keep(&b)) / directions.len() as f64;
        }
    }
    let center = left.iter().sum::<f64>() / blocks as f64;
    let squares: f64 = left.iter().map(|value| (value - center) * (value - center)).sum();
    let standard_error = (squares * (blocks as f64 - 1.0) / blocks as f64).sqrt();
    standard_error.is_finite().then_some(Estimate { mean, standard_error })
}

/// The squared sliced distance of each pair of samples, each sorted once. `None` where some do not compare.
pub fn sliced_wasserstein_pairs(sets: &[Points]) -> Option<Vec<f64>> {
    let (n, dim) = sets.first().map_or((1, 1), |set| (set.len(), set.dim()));
    if n == 0 || sets.iter().any(|set| (set.len(), set.dim()) != (n, dim)) {
        return None;
    }
    let mut pairs = vec![0.0; sets.len() * sets.len().saturating_sub(1) / 2];
    let directions = directions(dim);
    for direction in &directions {
        let sorted: Vec<Vec<f64>> = sets.iter().map(|set| projections(set, direction)).collect();
        let each = (0..sets.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        for (pair, (i, j)) in pairs.iter_mut().zip(each) {
            *pair += mean_square(&sorted[i], &sorted[j]) / directions.len() as f64;
        }
    }
    pairs.iter().all(|pair| pair.is_finite()).then_some(pairs)
}

/// The mean distance of points to the nearest of `others`. `None` for samples that do not compare.
pub fn nearest_distance(points: &Points, others: &Points) -> Option<f64> {
    let square = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
    mean_nearest(square, points, others)
}

/// The same on a closed space, by the lengths of its shortest lines.
pub fn nearest_distance_on(space: &dyn Space, points: &Points, others: &Points) -> Option<f64> {
    mean_nearest(|a, b| space.square_distance(a, b), points, others)
}

fn mean_nearest(square: impl Fn(&[f32], &[f32]) -> f64, points: &Points, others: &Points) -> Option<f64> {
    if points.dim() != others.dim() || points.is_empty() || others.is_empty() {
        return None;
    }
    let nearest = |row: &[f32]| others.rows().map(|other| square(row, other)).fold(f64::INFINITY, f64::min).sqrt();
    let mean = points.rows().map(nearest).sum::<f64>() / points.len() as f64;
    mean.is_finite().then_some(mean)
}

fn project(row: &[f32], direction: &[f64]) -> f64 {
    row.iter().zip(direction).map(|(&x, e)| f64::from(x) * e).sum()
}

fn projections(points: &Points, direction: &[f64]) -> Vec<f64> {
    let mut found: Vec<f64> = points.rows().map(|row| project(row, direction)).collect();
    found.sort_unstable_by(f64::total_cmp);
    found
}

fn mean_square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64
}

fn directions(dim: usize) -> Vec<Vec<f64>> {
    if dim == 1 {
        return vec![vec![1.0]];
    }
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
    use crate::distribution::{Mixture, Sampler};

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
