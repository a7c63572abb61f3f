//! The data that a model is compared with: held-out points, each used once, and the distances between two sets of them that a
//! perfect model would show.

use super::Session;
use crate::distribution::{Distribution, Labelled};
use crate::metric::{normalized_path_energy, sliced_wasserstein_pairs};
use crate::ode::Trajectory;
use crate::points::Points;
use crate::rng::{Rng, Stream};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Why the last round of a distilled reflow has no density.
pub(super) const STUDENT_JUMPS: &str = "A distilled student jumps and has no density that this formula can give.";

/// A distance between two sets of data points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Floor {
    /// The mean over pairs of sets.
    pub mean: f64,
    /// The standard deviation over the pairs: that of a perfect model's distance over measuring seeds.
    pub spread: f64,
}

impl Floor {
    fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let spread = (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        (mean.is_finite() && spread.is_finite()).then_some(Self { mean, spread })
    }
}

/// What a floor is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FloorOf {
    SlicedW2,
    W2,
    PathEnergy,
    Frechet,
}

/// Floors that were computed already: they depend on the data and the number of points alone, not on the weights.
#[derive(Debug, Default)]
pub(super) struct Floors(Mutex<BTreeMap<(FloorOf, usize), Option<Floor>>>);

/// Sets of fresh points whose pairs a sliced distance is averaged over: 120 pairs.
const SETS: usize = 16;
/// Pairs of a user's own points.
const OWN_PAIRS: usize = 32;
/// Pairs that an exact assignment is computed for.
const ASSIGNED_PAIRS: usize = 8;

impl Session {
    /// Whether the data are a set of given points.
    pub(super) fn is_own(&self) -> bool {
        self.data.points().is_some()
    }

    /// Whether they were brought to one deviation in each coordinate; pictures are not.
    pub(super) fn is_standardized(&self) -> bool {
        self.is_own() && !self.experiment.data.kind.is_given_as_pictures() && self.space().is_none()
    }

    /// `n` held-out points in the model's units: fresh ones of a built-in set; of a user's points each once, in an order of
    /// the seed, and no more than there are.
    pub(super) fn draw_heldout(&self, n: usize, seed: u32) -> Points {
        draw_once(self.wanted_heldout(), n, &mut Rng::new(u64::from(seed), Stream::Heldout))
    }

    /// `n` of a user's training points, likewise.
    pub(super) fn draw_training(&self, n: usize, seed: u32) -> Option<Points> {
        let points = self.wanted().points()?;
        Some(points.pick(&Rng::new(u64::from(seed), Stream::Heldout).choose(points.len(), n)))
    }

    /// Every point of the user's that is wanted, training and held out, once.
    fn all_own(&self) -> Option<Labelled> {
        self.each_own([self.wanted(), self.wanted_heldout()])
    }

    /// Every point of these two, training and held out, once, where they are a user's.
    pub(super) fn each_own(&self, ends: [&Distribution; 2]) -> Option<Labelled> {
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for end in &ends[..if self.held_out { 2 } else { 1 }] {
            end.points()?;
            for (class, points) in end.parts().into_iter().enumerate() {
                values.extend_from_slice(points.values());
                labels.resize(labels.len() + points.len(), class as u32);
            }
        }
        let labels = (!ends[0].classes.is_empty()).then_some(labels);
        Some(Labelled { labels, ..Points::new(values, self.data.dim()).ok()?.into() })
    }

    /// Points of the model's units in those that distances are stated in: the data's own for a built-in set; for a user's
    /// points each coordinate in its standard deviations, so that no wide column outweighs the others.
    pub(super) fn comparable(&self, points: &Points) -> Points {
        if self.is_standardized() { points.standardized() } else { points.clone() }
    }

    /// Trajectories likewise.
    pub(super) fn comparable_curve(&self, curve: Trajectory) -> Trajectory {
        Trajectory { positions: curve.positions.iter().map(|points| self.comparable(points)).collect(), ..curve }
    }

    /// Why there is no density, of the flow or of the user's points, in one sentence; `None` where there is one.
    pub fn why_no_density(&self) -> Option<&str> {
        if self.method().rounds().student.is_some() { Some(STUDENT_JUMPS) } else { self.degenerate.as_deref() }
    }

    /// What a perfect model would show with `n` points.
    ///
    /// Of a built-in set every pair is of fresh draws. A user's points are permuted, and each permutation cut into sets of `n`
    /// that share no point: two of them are two independent draws. With fewer than 2 `n` points there is no such pair, and no
    /// floor.
    pub(super) fn floor(&self, of: FloorOf, n: usize) -> Option<Floor> {
        let known = |floors: &Floors| Some(*floors.0.lock().ok()?.get(&(of, n))?);
        if let Some(floor) = known(&self.floors) {
            return floor;
        }
        let floor = match of {
            FloorOf::SlicedW2 => self.mean_floor(n, &sliced_wasserstein_pairs),
            FloorOf::Frechet => self.mean_floor(n, &|sets| self.frechet_pairs(sets)),
            FloorOf::W2 => self.assigned_floor(n),
            FloorOf::PathEnergy => self.path_energy_floor(n),
        };
        if let Ok(mut floors) = self.floors.0.lock() {
            floors.insert((of, n), floor);
        }
        floor
    }

    /// Of what is computed of each pair of some sets.
    fn mean_floor(&self, n: usize, of: &dyn Fn(&[Points]) -> Option<Vec<f64>>) -> Option<Floor> {
        let mut rng = self.floor_rng();
        let mut pairs = Vec::new();
        if !self.is_own() {
            return Floor::of(&of(&self.disjoint_sets(n, SETS, &mut rng))?);
        }
        while pairs.len() < OWN_PAIRS {
            let found = of(&self.disjoint_sets(n, SETS, &mut rng))?;
            if found.is_empty() {
                return None;
            }
            pairs.extend(found);
        }
        Floor::of(&pairs)
    }

    fn assigned_floor(&self, n: usize) -> Option<Floor> {
        let mut rng = self.floor_rng();
        let pair = |_| {
            let sets = self.disjoint_sets(n, 2, &mut rng);
            self.w2(sets.first()?, sets.get(1)?)
        };
        Floor::of(&(0..ASSIGNED_PAIRS).map(pair).collect::<Option<Vec<_>>>()?)
    }

    /// What remains of NPE when the path energy is that of the optimal transport of other points: the mean of |a - b| / b over
    /// W2² of independent sets of noise and data.
    fn path_energy_floor(&self, n: usize) -> Option<Floor> {
        let mut rng = self.floor_rng();
        let distance = |_| {
            let noise = self.comparable(&self.noise.sample(n, &mut rng));
            self.w2(&noise, self.disjoint_sets(n, 1, &mut rng).first()?)
        };
        let found = (0..ASSIGNED_PAIRS).map(distance).collect::<Option<Vec<_>>>()?;
        let pairs = found.iter().enumerate().flat_map(|(i, &a)| found[..i].iter().map(move |&b| (a, b)));
        Floor::of(&pairs.map(|(a, b)| normalized_path_energy(a, b)).collect::<Option<Vec<_>>>()?)
    }

    /// The floor is the data's, whatever seed measures: its draws have one of their own.
    fn floor_rng(&self) -> Rng {
        Rng::new(u64::from(self.experiment.seed) + (1 << 32), Stream::Heldout)
    }

    /// At most `most` sets of `n` points that share none.
    fn disjoint_sets(&self, n: usize, most: usize, rng: &mut Rng) -> Vec<Points> {
        let Some(own) = self.all_own() else {
            return (0..most).map(|_| self.comparable(&self.wanted_heldout().sample(n, rng))).collect();
        };
        let order = rng.choose(own.points.len(), own.points.len());
        order.chunks_exact(n).take(most).map(|set| self.comparable(&own.points.pick(set))).collect()
    }
}

/// `n` points, of a finite set each once and no more than there are.
pub(super) fn draw_once(law: &Distribution, n: usize, rng: &mut Rng) -> Points {
    match law.points() {
        Some(points) => points.pick(&rng.choose(points.len(), n)),
        None => law.sample(n, rng),
    }
}
