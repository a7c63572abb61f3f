//! What weights make of samples: a model's points x, each with w = e^(-E(x)/T)/q(x), stand for the law of the energy wherever the
//! model has points at all. How many points they are worth is the effective sample size (Kish 1965).
//!
//! Few effective points tell little, least of all how few they are: what is not seen has no weight. So numbers below a bar are
//! withheld, and none of them sees a mode that the model never visits.

use super::Estimate;

/// Weighted samples and what they say of the law that the weights lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reweighting {
    /// Samples.
    pub n: usize,
    /// (Σw)²/Σw²: the number of equally weighted samples of the same scatter.
    pub effective: f64,
    /// ln Z = ln mean w, with the error of the delta method.
    pub log_z: Estimate,
    /// -ln of the weight of those marked over that of the others, likewise; `None` where one of both has too few.
    pub delta_f: Option<Estimate>,
    /// Each sample's share of the weight; adds up to 1.
    pub shares: Vec<f64>,
}

/// The fewest effective samples that ln Z is believed of, and on each side for a difference of free energies.
pub const FEWEST_EFFECTIVE: f64 = 100.0;
const FEWEST_ON_A_SIDE: f64 = 25.0;

impl Reweighting {
    /// Of the logarithms of weights, and which samples are marked; `None` where no weight is above 0, or one is no number.
    pub fn of(log_weights: &[f64], marked: &[bool]) -> Option<Self> {
        let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !largest.is_finite() || log_weights.iter().any(|weight| weight.is_nan()) {
            return None;
        }
        let weights: Vec<f64> = log_weights.iter().map(|weight| libm::exp(weight - largest)).collect();
        let (n, total) = (weights.len() as f64, weights.iter().sum::<f64>());
        let effective = effective_samples(weights.iter());
        let log_z = Estimate { mean: largest + libm::log(total / n), standard_error: relative_error(effective, n) };
        let side = |marked_ones: bool| {
            let side = weights.iter().zip(marked).filter(move |(_, marked)| **marked == marked_ones);
            let weights: Vec<f64> = side.map(|(weight, _)| *weight).collect();
            (weights.iter().sum::<f64>(), effective_samples(weights.iter()))
        };
        let [(marked, worth), (rest, rest_worth)] = [true, false].map(side);
        let delta_f = (worth.min(rest_worth) >= FEWEST_ON_A_SIDE).then(|| Estimate {
            mean: libm::log(rest / marked),
            standard_error: libm::sqrt(1.0 / worth + 1.0 / rest_worth),
        });
        let shares = weights.iter().map(|weight| weight / total).collect();
        Some(Self { n: weights.len(), effective, log_z, delta_f, shares })
    }

    /// Whether there are enough to be believed.
    pub fn is_believed(&self) -> bool {
        self.effective >= FEWEST_EFFECTIVE
    }
}

/// 0 where there is no weight.
fn effective_samples<'a>(weights: impl Iterator<Item = &'a f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The standard error of a mean over it, whose variance is n/effective - 1 in its own square.
fn relative_error(effective: f64, n: f64) -> f64 {
    libm::sqrt((1.0 / effective - 1.0 / n).max(0.0))
}
