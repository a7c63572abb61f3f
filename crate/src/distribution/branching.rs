//! Cells that branch in the plane: one kind becomes two, and one of these two, seen at five times.

use super::mixture::{Gaussian, Mixture};
use super::{Class, Distribution, Exact, Labelled, Sampler};
use crate::rng::Rng;
use std::rc::Rc;

/// The middle of each kind, and its share.
type Kinds = &'static [([f64; 2], f64)];

/// What there is at each time.
const SNAPSHOTS: [(&str, Kinds); 5] = [
    ("0", &[([-3.4, 0.0], 1.0)]),
    ("1", &[([-1.7, 0.1], 1.0)]),
    ("2", &[([0.0, 0.9], 0.6), ([0.0, -0.8], 0.4)]),
    ("3", &[([1.7, 1.6], 0.6), ([1.7, -1.9], 0.4)]),
    ("4", &[([3.4, 2.8], 0.3), ([3.4, 0.9], 0.3), ([3.4, -2.6], 0.4)]),
];
/// The standard deviation of each kind.
const DEVIATION: f64 = 0.35;
/// The entropy of all, in nats, by quadrature on grids of spacing 0.04 and 0.02.
const ENTROPY: f64 = 2.807925132639;

/// A mixture, of whose components some are one class together.
struct Grouped {
    mixture: Rc<Mixture>,
    class: Vec<u32>,
}

/// The snapshots, equally likely: a class each, called by its time.
pub(super) fn branching() -> Distribution {
    let probability = 1.0 / SNAPSHOTS.len() as f64;
    let (mut weights, mut components, mut class) = (Vec::new(), Vec::new(), Vec::new());
    let mut classes = Vec::new();
    for ((name, kinds), number) in SNAPSHOTS.iter().zip(0..) {
        let of: Vec<Gaussian> = kinds.iter().map(|(mean, _)| Gaussian::isotropic(mean.to_vec(), DEVIATION)).collect();
        let shares: Vec<f64> = kinds.iter().map(|(_, share)| *share).collect();
        weights.extend(shares.iter().map(|share| share * probability));
        class.extend(kinds.iter().map(|_| number));
        components.extend(of.iter().cloned());
        let mixture = Rc::new(match &of[..] {
            [one] => Mixture::of_one(one.clone()),
            _ => Mixture::new(shares, of),
        });
        let (name, density) = (name.to_string(), Some(mixture.clone() as _));
        classes.push(Class { name, probability, density, exact: Some(Exact::Mixture(mixture)) });
    }
    let mixture = Rc::new(Mixture::with_entropy(weights, components, ENTROPY));
    let sampler = Rc::new(Grouped { mixture: mixture.clone(), class });
    let (density, exact) = (Some(mixture.clone() as _), Some(Exact::Mixture(mixture)));
    Distribution { density, classes, exact, ..Distribution::sampled(sampler) }
}

impl Sampler for Grouped {
    fn dim(&self) -> usize {
        self.mixture.dim()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let mut drawn = self.mixture.sample_labelled(len, rng);
        let labels = drawn.labels.iter_mut().flatten();
        labels.for_each(|label| *label = self.class[*label as usize]);
        drawn
    }
}
