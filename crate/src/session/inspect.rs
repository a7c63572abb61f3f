//! What is at one point and time: the network's answer, and the conditional paths whose mean it should be.

use super::Session;
use super::units::Units;
use crate::error::{FlowError, check_range};
use crate::ode::{SolverConfig, Trajectory};
use crate::path::{NEAREST_TO_ENDS, Schedule};
use crate::points::Points;
use crate::posterior::{Observed, Posterior, effective, posterior, resample};
use crate::rng::{Rng, Stream};
use serde::{Deserialize, Serialize};

/// How a point is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct InspectionConfig {
    /// Paths that are shown, 1 to 1000.
    pub paths: usize,
    /// The seed of the pairs that paths are taken from.
    pub seed: u32,
    /// The solver of the log-density.
    pub solver: SolverConfig,
}

/// What is known at one (x, t), in the data's own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The network's f(x, t), `[dim]`.
    pub velocity: Vec<f32>,
    /// tr ∂f/∂x.
    pub divergence: f32,
    /// ln p_t(x) of the model, in nats; `None` where the method has none.
    pub log_density: Option<f64>,
    /// The mean velocity of the conditional paths through x, `[dim]`: an estimate of the exact marginal field.
    pub mean_velocity: Option<Vec<f32>>,
    /// Some of those paths, times 0 to 1, drawn by their probability.
    pub paths: Option<Trajectory<f64>>,
    /// How many equally likely pairs would tell as much of that mean: 1 / Σ w².
    pub effective_pairs: Option<f64>,
}

/// Pairs of ends that paths through the point are looked for among.
const PAIRS: usize = 4096;
/// Data points proposed around x, where hardly any of those leads there.
const LOCAL: usize = 1024;
/// Times of a shown path.
const TIMES: usize = 25;
/// Half the step of a path's difference quotient.
const HALF_STEP: f64 = 1e-3;
/// |z| of normal noise exceeds √dim + r with probability e^{-r²/2} at most: beyond 6, nothing that training draws comes by.
const FARTHEST_NOISE: f64 = 6.0;
/// The same for pairs that need not pass through x but within a kernel's width.
const FARTHEST_PATH: f64 = 2.0;

/// Pairs of ends whose paths pass by x, in the model's units.
struct Passing {
    data: Points,
    noise: Points,
    /// z of each path, for a method that adds normal noise to it.
    normal: Option<Points>,
    /// The velocity of each at x.
    velocities: Points,
    /// Adding up to 1.
    weights: Vec<f64>,
}

impl Session {
    /// What the network says of (x, t), and the conditional paths through it.
    ///
    /// Where ends are independent and Q is N(0, I), the paths through x are known: a data point x(0) makes one whose noise is
    /// (x - α x(0)) / σ, and is as likely as that noise. Elsewhere pairs are drawn as in training, and those that pass nearest
    /// count most, by a Gaussian kernel: as wide as the noise that an interpolant adds to its paths, which is exact, or else
    /// half as wide as Silverman's rule says, since the data have several modes.
    pub async fn inspect(&self, point: &[f64], t: f64, config: InspectionConfig) -> Result<Inspection, FlowError> {
        check_range("paths", config.paths, 1..=1000)?;
        config.solver.check()?;
        let own = Points::new(point.to_vec(), point.len())?;
        let velocity = self.velocity(&own, t).await?.into_values();
        let divergence = self.divergence(&own, t).await?[0];
        // A method or a noise without a density is no reason to say nothing.
        let densities = self.log_density_estimate(&own, t, config.solver).await.ok();
        let x: Vec<f64> = self.units.apply(&own).values().iter().map(|&x| f64::from(x)).collect();
        let passing = self.passing(&x, t, config.seed);
        Ok(Inspection {
            velocity,
            divergence,
            log_density: densities.and_then(|found| found.values).map(|values| values[0]).filter(|p| p.is_finite()),
            mean_velocity: passing.as_ref().map(|passing| passing.mean_velocity(&self.units, &x)),
            paths: passing.as_ref().map(|passing| self.shown(passing, config)),
            effective_pairs: passing.as_ref().map(|passing| effective(&passing.weights)),
        })
    }

    fn passing(&self, x: &[f64], t: f64, seed: u32) -> Option<Passing> {
        // Guidance is the mean of no paths, and those of snapshots are of many pieces.
        if self.why_no_truth().is_some() || self.data.course.is_some() {
            return None;
        }
        // A reflow's first round is a flow matching, but has no score once there are others.
        let first = self.gaussian_regression().map(|regression| regression.schedule);
        match self.gaussian_path().or(first) {
            Some(schedule) => self.exactly_through(x, t, schedule, seed),
            None => self.near(x, t, seed),
        }
    }

    fn exactly_through(&self, x: &[f64], t: f64, schedule: Schedule, seed: u32) -> Option<Passing> {
        let observed = Observed { x, at: schedule.at(t.max(schedule.earliest_with_edges())) };
        let stream = |purpose| Rng::new(u64::from(seed), purpose);
        let law = self.wanted();
        let pool = match law.points().filter(|points| points.len() <= PAIRS) {
            Some(points) => points.clone(),
            None => law.sample(PAIRS, &mut stream(Stream::Data)),
        };
        let mut rng = stream(Stream::Noise);
        let found = posterior(law, observed, pool.values(), LOCAL, &mut rng)?;
        let most_likely = found.points().zip(found.weights()).max_by(|a, b| f64::total_cmp(a.1, b.1))?.0;
        if norm(&observed.noise(most_likely)) > (x.len() as f64).sqrt() + FARTHEST_NOISE {
            return None;
        }
        Passing::of(&found, observed)
    }

    /// The paths of drawn pairs by their nearness to x.
    fn near(&self, x: &[f64], t: f64, seed: u32) -> Option<Passing> {
        let conditional = self.problem().conditional_path(self.method())?;
        let (data, noise) = self.draw_pairs(seed);
        let path = |t: f64| conditional.at(&data, &noise, t);
        let bridged = conditional.bridge.is_some();
        let t = if bridged { t.clamp(NEAREST_TO_ENDS, 1.0 - NEAREST_TO_ENDS) } else { t };
        let passed = path(t);
        let [width, d_width] = conditional.noise(t).unwrap_or_else(|| [kernel_width(&passed), 0.0]);
        let residual = |row: &[f32]| row.iter().zip(x).map(|(&at, x)| (x - f64::from(at)) / width).collect::<Vec<_>>();
        let normal: Vec<Vec<f64>> = passed.rows().map(residual).collect();
        let exponents: Vec<f64> = normal.iter().map(|z| -0.5 * norm(z).powi(2)).collect();
        let nearest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let reach = (x.len() as f64).sqrt() + if bridged { FARTHEST_NOISE } else { FARTHEST_PATH };
        if nearest < -0.5 * reach * reach {
            return None;
        }
        let [before, after] = [t - HALF_STEP, t + HALF_STEP].map(|t| t.clamp(0.0, 1.0));
        let quotients = path(before).into_values().into_iter().zip(path(after).into_values());
        let quotients = quotients.map(|(a, b)| (f64::from(b) - f64::from(a)) / (after - before));
        let velocities = quotients.zip(normal.iter().flatten()).map(|(slope, z)| slope + d_width * z).collect();
        let total: f64 = exponents.iter().map(|exponent| libm::exp(exponent - nearest)).sum();
        let weights = exponents.iter().map(|exponent| libm::exp(exponent - nearest) / total).collect();
        let normal = bridged.then(|| points(normal.into_iter().flatten().collect(), x.len())).flatten();
        Some(Passing { velocities: points(velocities, x.len())?, normal, weights, data, noise })
    }

    /// Pairs as training draws them: out of the pool of a later reflow, or coupled in blocks.
    fn draw_pairs(&self, seed: u32) -> (Points, Points) {
        let stream = |purpose| Rng::new(u64::from(seed), purpose);
        let [mut data, mut noise, mut coupling] = [Stream::Data, Stream::Noise, Stream::Coupling].map(stream);
        if let Some(pool) = self.state.pool.as_deref()
            && let Some(noise) = &pool.noise
        {
            let chosen: Vec<usize> = (0..PAIRS).map(|_| data.below(pool.data.len())).collect();
            return (pool.data.pick(&chosen), noise.pick(&chosen));
        }
        let data = self.wanted().sample_labelled(PAIRS, &mut data);
        let noise = self.noise.sample(PAIRS, &mut noise);
        let pairs = self.problem().pair(self.method(), &data, &noise, &mut coupling);
        (data.points, noise.pick(&pairs))
    }

    /// Some of the paths, in the data's own units.
    fn shown(&self, passing: &Passing, config: InspectionConfig) -> Trajectory<f64> {
        let mut rng = Rng::new(u64::from(config.seed), Stream::Samples);
        let chosen = resample(&passing.weights, config.paths, &mut rng);
        let [data, noise] = [&passing.data, &passing.noise].map(|points| points.pick(&chosen));
        let normal = passing.normal.as_ref().map(|normal| normal.pick(&chosen));
        let times: Vec<f64> = (0..TIMES).map(|i| i as f64 / (TIMES - 1) as f64).collect();
        let conditional = self.problem().conditional_path(self.method());
        let at = |&t: &f64| {
            let conditional = conditional?;
            let path = conditional.at(&data, &noise, t);
            let gamma = conditional.noise(t).map_or(0.0, |[gamma, _]| gamma);
            let bridged = normal.as_ref().and_then(|normal| {
                let moved =
                    path.values().iter().zip(normal.values()).map(|(&x, &z)| f64::from(x) + gamma * f64::from(z));
                points(moved.collect(), path.dim())
            });
            Some(self.units.undo(&bridged.unwrap_or(path)))
        };
        let positions = times.iter().filter_map(at).collect();
        Trajectory { times, positions, evaluations: 0 }
    }
}

impl Passing {
    fn of(posterior: &Posterior, observed: Observed<'_>) -> Option<Self> {
        let Observed { x, at } = observed;
        let (mut data, mut noise, mut velocities) = (Vec::new(), Vec::new(), Vec::new());
        for point in posterior.points() {
            let normal = observed.noise(point);
            velocities.extend(point.iter().zip(&normal).map(|(data, noise)| at.d_alpha * data + at.d_sigma * noise));
            data.extend_from_slice(point);
            noise.extend(normal);
        }
        let weights = posterior.weights().to_vec();
        let [data, noise, velocities] = [data, noise, velocities].map(|values| points(values, x.len()));
        Some(Self { data: data?, noise: noise?, normal: None, velocities: velocities?, weights })
    }

    fn mean_velocity(&self, units: &Units, x: &[f64]) -> Vec<f32> {
        let mut mean = vec![0.0; self.velocities.dim()];
        for (velocity, weight) in self.velocities.rows().zip(&self.weights) {
            mean.iter_mut().zip(velocity).for_each(|(mean, &v)| *mean += weight * f64::from(v));
        }
        units.undo_mean_velocity(x, &mean).into_iter().map(|v| v as f32).collect()
    }
}

/// Half of Silverman's rule for the points' mean standard deviation.
fn kernel_width(points: &Points) -> f64 {
    let (dim, len) = (points.dim() as f64, points.len() as f64);
    let deviation = |k: usize| {
        let column = || points.rows().map(|row| f64::from(row[k]));
        let mean = column().sum::<f64>() / len;
        (column().map(|x| (x - mean) * (x - mean)).sum::<f64>() / len).sqrt()
    };
    let mean = (0..points.dim()).map(deviation).sum::<f64>() / dim;
    0.5 * mean * libm::pow(4.0 / ((dim + 2.0) * len), 1.0 / (dim + 4.0))
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Values as points; `None` where one is not finite.
fn points(values: Vec<f64>, dim: usize) -> Option<Points> {
    Points::new(values.into_iter().map(|value| value as f32).collect(), dim).ok()
}
