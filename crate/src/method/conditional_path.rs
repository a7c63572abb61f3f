//! How data and noise are joined: which points are a pair, and the path between them.

use super::ends::mix;
use crate::coupling::{Coupling, DEFAULT_BLOCK};
use crate::path::Schedule;
use crate::points::Points;
use crate::rng::Rng;
use crate::space::{SpaceKind, geodesics};

/// x(t) = α x(0) + σ x(1) + γ z between the two points of a pair, with normal z and γ² = bridge · t (1 - t). On a closed space the
/// geodesic between them, at constant speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionalPath {
    /// α and σ.
    pub schedule: Schedule,
    /// How data and noise points are paired.
    pub coupling: Coupling,
    /// Points in a block that is paired by optimal transport.
    pub block: usize,
    /// γ² / (t (1 - t)), where there is noise on the way.
    pub bridge: Option<f64>,
    /// Whether later rounds join pairs out of a pool, which are not independent.
    pub pooled: bool,
    /// Where the points live.
    pub space: SpaceKind,
}

impl ConditionalPath {
    /// Between independent ends.
    pub fn of(schedule: Schedule) -> Self {
        let (coupling, space) = (Coupling::Independent, SpaceKind::Plane);
        Self { schedule, coupling, block: DEFAULT_BLOCK, bridge: None, pooled: false, space }
    }

    /// The path between each pair at one time, `[len, dim]`; without its noise, of which every path has its own.
    pub fn at(&self, data: &Points, noise: &Points, t: f64) -> Points {
        if let Some(space) = self.space.space() {
            let [points, _] = geodesics(space, [data, noise], |_| t);
            return points;
        }
        let at = self.schedule.at(t);
        mix([data, noise], |_| [at.alpha, at.sigma])
    }

    /// γ and γ', where there is noise. γ' is infinite at both ends.
    pub fn noise(&self, t: f64) -> Option<[f64; 2]> {
        self.bridge.map(|bridge| bridge_noise(bridge, t))
    }

    /// For a batch of data and one of noise: the noise point that each data point is joined to.
    pub fn pair(&self, data: &Points, noise: &Points, rng: &mut Rng) -> Vec<usize> {
        self.coupling.pair_on(self.space, [data, noise], self.block, rng)
    }

    /// The schedule, where the ends are independent and nothing else is added: if Q is N(0, I), a score follows from the
    /// velocity.
    pub fn gaussian(&self) -> Option<Schedule> {
        let plain = self.coupling == Coupling::Independent && self.bridge.is_none() && !self.pooled;
        plain.then_some(self.schedule)
    }
}

/// γ and γ' of γ² = bridge · t (1 - t).
pub(super) fn bridge_noise(bridge: f64, t: f64) -> [f64; 2] {
    let gamma = libm::sqrt(bridge * t * (1.0 - t));
    [gamma, 0.5 * bridge * (1.0 - 2.0 * t) / gamma]
}
