//! The law e^(-E/T)/Z of an energy, with what training is never told: Z, and exact draws. In the plane both are sums over a grid's
//! cells; of a chain whose sites know their neighbours alone they are products of transfer matrices.

use super::landscape::Landscape;
use super::tabulated::Tabulated;
use super::transfer::Transfer;
use super::{Density, Distribution, Labelled, Sampler};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use std::rc::Rc;

/// The law of an energy at a temperature.
pub struct Boltzmann {
    /// The energy.
    pub landscape: Landscape,
    /// T, in units of the energy.
    pub temperature: f64,
    /// ln of the integral of e^(-E/T).
    pub log_z: f64,
    /// The probability that the first coordinate is above 0.
    pub right: f64,
    entropy: f64,
    draws: Draws,
}

enum Draws {
    Cells(Tabulated),
    Sites(Transfer),
}

impl Boltzmann {
    /// At a temperature in the landscape's own [unit](Landscape::unit).
    pub fn new(landscape: Landscape, temperature: f64) -> Self {
        let temperature = temperature * landscape.unit();
        let (log_z, right, entropy, draws) = if landscape == Landscape::PhiFour {
            let chain = Transfer::new(temperature);
            (chain.log_z, chain.right, chain.entropy, Draws::Sites(chain))
        } else {
            let cells = Tabulated::new(&|x| landscape.energy(&x) / temperature);
            (cells.log_z, cells.right, cells.entropy, Draws::Cells(cells))
        };
        Self { landscape, temperature, log_z, right, entropy, draws }
    }

    /// -E(x)/T: ln p(x) but for a constant.
    pub fn log_weight(&self, x: &[f64]) -> f64 {
        -self.landscape.energy(x) / self.temperature
    }

    /// ∇ ln p(x).
    fn slope(&self, x: &[f64]) -> Vec<f64> {
        self.landscape.gradient(x).into_iter().map(|slope| -slope / self.temperature).collect()
    }

    /// The free energy of the points whose first coordinate is above 0 less that of the others, in units of T.
    pub fn delta_f(&self) -> f64 {
        libm::log(1.0 - self.right) - libm::log(self.right)
    }

    /// The same law, of which training sees the points that a short Markov chain finds.
    pub fn by_chain(distribution: Distribution, len: usize, seed: u32) -> Distribution {
        let Some(law) = distribution.boltzmann.clone() else { return distribution };
        let points = law.walk(len, &mut Rng::new(u64::from(seed), Stream::Chain));
        Distribution { sampler: Rc::new(Walked(points)), ..distribution }
    }

    /// `len` points of a Metropolis-adjusted Langevin chain (Roberts and Tweedie 1996) that starts in one well, one of every
    /// [`THINNED`] steps. While it settles its step is fitted to the acceptance that suits it best; then it is fixed.
    fn walk(&self, len: usize, rng: &mut Rng) -> Points {
        let at = |x: Vec<f64>| Walker { slope: self.slope(&x), log_weight: self.log_weight(&x), x };
        let mut state = at(self.landscape.start());
        let (mut values, mut step) = (Vec::with_capacity(len * state.x.len()), FIRST_STEP);
        for i in 0..SETTLING + len * THINNED {
            let next = at(state.proposal(step, rng));
            let accepted = libm::log(1.0 - rng.uniform()) < state.log_ratio(&next, step);
            if i < SETTLING {
                let wanted = if accepted { 1.0 - BEST_ACCEPTANCE } else { -BEST_ACCEPTANCE };
                step *= libm::exp(wanted / libm::sqrt(1.0 + i as f64 / 10.0));
            }
            if accepted {
                state = next;
            }
            if i >= SETTLING && (i - SETTLING + 1).is_multiple_of(THINNED) {
                values.extend(state.x.iter().map(|&x| x as f32));
            }
        }
        Points::new(values, self.landscape.dim()).expect("accepted points are finite")
    }
}

/// Of the chain: its steps before it counts, and of each point that is kept; ε at first; and the best share of accepted steps
/// (Roberts and Rosenthal 1998).
const SETTLING: usize = 500;
const THINNED: usize = 5;
const FIRST_STEP: f64 = 0.01;
const BEST_ACCEPTANCE: f64 = 0.574;

/// Where a chain is: x, ∇ ln p and ln p but for a constant.
struct Walker {
    x: Vec<f64>,
    slope: Vec<f64>,
    log_weight: f64,
}

impl Walker {
    /// x + ε ∇ ln p + √(2ε) noise.
    fn proposal(&self, step: f64, rng: &mut Rng) -> Vec<f64> {
        let moved = self.x.iter().zip(&self.slope);
        moved.map(|(x, slope)| x + step * slope + libm::sqrt(2.0 * step) * rng.normal()).collect()
    }

    /// ln of the probability to accept `next`: p(next) q(next → self) / p(self) q(self → next).
    fn log_ratio(&self, next: &Self, step: f64) -> f64 {
        let missed = |from: &Self, to: &Self| {
            let each = from.x.iter().zip(&from.slope).zip(&to.x);
            each.map(|((from, slope), to)| (to - from - step * slope) * (to - from - step * slope)).sum::<f64>()
        };
        next.log_weight - self.log_weight + (missed(self, next) - missed(next, self)) / (4.0 * step)
    }
}

/// A chain's points, drawn with replacement.
struct Walked(Points);

impl Sampler for Walked {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        self.0.pick(&(0..len).map(|_| rng.below(self.0.len())).collect::<Vec<_>>()).into()
    }
}

impl From<Boltzmann> for Distribution {
    fn from(law: Boltzmann) -> Self {
        let law = Rc::new(law);
        Self { boltzmann: Some(law.clone()), ..Self::new(law) }
    }
}

impl Sampler for Boltzmann {
    fn dim(&self) -> usize {
        self.landscape.dim()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        match &self.draws {
            Draws::Cells(cells) => Points::draw(len, |_| cells.draw(rng)).into(),
            Draws::Sites(chain) => Points::draw(len, |_| chain.draw(rng)).into(),
        }
    }
}

impl Density for Boltzmann {
    fn log_density(&self, x: &[f64]) -> f64 {
        self.log_weight(x) - self.log_z
    }

    fn score(&self, x: &[f64]) -> Option<Vec<f64>> {
        Some(self.slope(x))
    }

    fn entropy(&self) -> Option<f64> {
        Some(self.entropy)
    }
}
