//! Two Gaussians on a line, unequally likely and wide: the set of one coordinate, in which every map is the same map.

use super::mixture::{Gaussian, Mixture};
use super::{Class, Distribution};

/// The share, the mean and the standard deviation of each.
const HUMPS: [(f64, f64, f64); 2] = [(0.3, -2.0, 0.5), (0.7, 1.0, 1.0)];
/// By quadrature.
const ENTROPY: f64 = 1.759_103_017_897_843_5;

/// 0.3 N(-2, ½²) + 0.7 N(1, 1).
pub(super) fn bimodal() -> Distribution {
    let components = HUMPS.map(|(_, mean, deviation)| Gaussian::isotropic(vec![mean], deviation));
    let weights = HUMPS.map(|(weight, ..)| weight).to_vec();
    let mut distribution = Distribution::from(Mixture::with_entropy(weights, components.to_vec(), ENTROPY));
    let name = |(class, name): (&mut Class, &str)| class.name = name.into();
    distribution.classes.iter_mut().zip(["lower", "upper"]).for_each(name);
    distribution
}
