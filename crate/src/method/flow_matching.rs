//! Flow matching (Lipman 2023; Liu 2023): regress the velocity of a conditional path. No ODE is solved in training.

use super::{Ends, Method};
use crate::coupling::{Coupling, DEFAULT_BLOCK};
use crate::error::FlowError;
use crate::path::Schedule;
use crate::points::Points;
use crate::rng::Rng;
use crate::velocity::{Network, tensor_from_points};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Which conditional paths are regressed on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct FlowMatchingConfig {
    /// The schedule of the conditional path.
    pub path: Schedule,
    /// How data and noise points are paired.
    pub coupling: Coupling,
    /// Points in a block that is paired by optimal transport, 1 to 1 million; the whole batch where that is smaller.
    pub coupling_batch: usize,
}

impl Default for FlowMatchingConfig {
    fn default() -> Self {
        Self { path: Schedule::default(), coupling: Coupling::default(), coupling_batch: DEFAULT_BLOCK }
    }
}

impl Method for FlowMatchingConfig {
    /// E |v(x_t, t) - (α' x(0) + σ' x(1))|² with x_t = α x(0) + σ x(1) (Lipman 2023, equation (9)).
    fn loss(&self, network: &Network, ends: &mut Ends<'_>) -> Tensor<1> {
        let data = ends.draw_data();
        let noise = ends.draw_noise();
        let noise = noise.pick(&self.pair(&data, &noise, &mut ends.streams.coupling));
        let times = ends.draw_times(self.path.earliest_time());
        // On the host: two numbers a point, where a tensor operation would cost more in overhead than in arithmetic.
        let position = mix(&data, &noise, |i| [self.path.at(times[i]).alpha, self.path.at(times[i]).sigma]);
        let velocity = mix(&data, &noise, |i| [self.path.at(times[i]).d_alpha, self.path.at(times[i]).d_sigma]);
        let times = times.iter().map(|&t| t as f32).collect();
        let times = Points::new(times, 1).expect("times are finite");
        let [position, velocity, times] = [&position, &velocity, &times].map(|p| tensor_from_points(p, ends.device));
        let error = network.forward(position, times) - velocity;
        (error.clone() * error).sum().div_scalar(ends.batch as f32)
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        2
    }

    fn conditional_path(&self, data: &Points, noise: &Points, t: f64) -> Option<Points> {
        let at = self.path.at(t);
        Some(mix(data, noise, |_| [at.alpha, at.sigma]))
    }

    fn pair(&self, data: &Points, noise: &Points, rng: &mut Rng) -> Vec<usize> {
        self.coupling.pair(data, noise, self.coupling_batch, rng)
    }

    fn check(&self) -> Result<(), FlowError> {
        self.coupling.check("method.coupling", self.coupling_batch, "method.couplingBatch")
    }
}

/// Each pair's combination, with its own two factors.
fn mix(data: &Points, noise: &Points, factors: impl Fn(usize) -> [f64; 2]) -> Points {
    let mut values = Vec::with_capacity(data.values().len());
    for (i, (x0, x1)) in data.rows().zip(noise.rows()).enumerate() {
        let [of_data, of_noise] = factors(i);
        values.extend(x0.iter().zip(x1).map(|(&a, &b)| (of_data * f64::from(a) + of_noise * f64::from(b)) as f32));
    }
    Points::new(values, data.dim()).expect("finite ends have finite combinations")
}
