//! The loss that is left when nothing is left to learn: the conditional variance of what the network regresses on.

use super::Session;
use crate::distribution::{Distribution, Given};
use crate::error::{FlowError, check_range};
use crate::method::{ConditionKind, Regression};
use crate::path::Coefficients;
use crate::points::Points;
use crate::posterior::{Observed, posterior};
use crate::rng::{Rng, Stream};
use crate::velocity::{ClosedForm, ExactEmpirical, closed_form};
use serde::Serialize;

/// E Var(target | x(t)), in the loss's own units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LossFloor {
    /// The floor: summed over coordinates as the loss is.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Strata of the loss's times, each with one time. The floor changes slowly along them, and closed forms cost by the time.
const STRATA: usize = 128;
/// P's points that a posterior is made of, a stretch of a pool so large that its own scatter does not show.
const STRETCH: usize = 256;
const POOL: usize = 1 << 16;
/// Points around x(t) that join them near the data.
const LOCAL: usize = 64;
/// Numbers that the floor given them is averaged over.
const OBSERVED: usize = 16;
/// Distances that a floor on a finite set of points may cost, and the fewest draws that it is worth while with.
const MOST_KERNELS: usize = 20_000_000;
const FEWEST_DRAWS: usize = 256;

/// tr Cov[x(0) | x(t)] at each point of `x`, `[len, dim]` flat, at one time.
type Variances<'a> = Box<dyn FnMut(&[f64], f64) -> Vec<f64> + 'a>;

impl Session {
    /// The least loss that the round in training can come to, from `n` draws of `seed`; `None` where it is unknown: for a loss
    /// that is no regression on independent ends with normal noise, or data whose density is unknown.
    ///
    /// What is predicted is affine in x(0) given x(t), so that its variance is a known factor times
    /// that of x(0): in closed form for mixtures, the checkerboard and a user's points, of which the floor is that of
    /// knowing them by heart; by importance sampling elsewhere.
    pub fn loss_floor(&self, n: usize, seed: u32) -> Result<Option<LossFloor>, FlowError> {
        check_range("n", n, 2..=super::MOST_POINTS)?;
        if let Some(value) = self.method().least_loss(&self.problem()) {
            return Ok(Some(LossFloor { value, standard_error: 0.0 }));
        }
        // Of a chain's points the law is not known.
        if self.experiment.data.chain.is_some() {
            return Ok(None);
        }
        let Some(regression) = self.gaussian_regression() else { return Ok(None) };
        let Some(condition) = self.experiment.condition else {
            return Ok(self.floor_on(&self.data, regression, n, seed));
        };
        // The least loss of a network that is told the class is that of each class alone; where it is hidden, that of all.
        let parts = match condition.kind {
            ConditionKind::Class => self.parts_by_class(),
            ConditionKind::Numbers => self.parts_by_numbers(seed),
        };
        let Some(parts) = parts else { return Ok(None) };
        let told = parts.into_iter().map(|(data, share)| (data, (1.0 - condition.drop) * share));
        let mut floor = LossFloor { value: 0.0, standard_error: 0.0 };
        for ((data, share), part) in told.chain([(self.data.clone(), condition.drop)]).zip(0..) {
            let draws = ((n as f64 * share) as usize).max(FEWEST_DRAWS);
            let Some(part) = self.floor_on(&data, regression, draws, seed.wrapping_add(part)) else { return Ok(None) };
            floor.value += share * part.value;
            floor.standard_error = floor.standard_error.hypot(share * part.standard_error);
        }
        Ok(Some(floor))
    }

    /// The data of each class, and its share.
    fn parts_by_class(&self) -> Option<Vec<(Distribution, f64)>> {
        let classes = self.data.classes.iter().enumerate();
        Some(classes.filter_map(|(i, class)| Some((self.data.given(i).ok()?, class.probability))).collect())
    }

    /// The data given some of its numbers, equally likely; `None` where its flow is no closed form, near whose ends draws
    /// could not tell.
    fn parts_by_numbers(&self, seed: u32) -> Option<Vec<(Distribution, f64)>> {
        let posterior = self.data.posterior?;
        let drawn = self.data.sample_labelled(OBSERVED, &mut Rng::new(u64::from(seed), Stream::Condition));
        let part = |i| {
            let Some(Given::Numbers(numbers)) = drawn.given(i) else { return None };
            Some((posterior(&numbers), 1.0 / OBSERVED as f64)).filter(|(data, _)| data.exact.is_some())
        };
        (0..OBSERVED).map(part).collect()
    }

    /// The same of a network that is trained on `data` and told the time alone.
    fn floor_on(&self, data: &Distribution, regression: Regression, n: usize, seed: u32) -> Option<LossFloor> {
        let most = |points: &Points| n.min((MOST_KERNELS / points.len()).max(FEWEST_DRAWS));
        let draws = data.points().map_or(n, most);
        let variances = self.posterior_variances(data, regression, seed)?;
        Some(mean_over_times(data, regression, variances, draws, seed))
    }

    /// What the round in training regresses on, if its ends are independent and its noise is N(0, I).
    pub(super) fn gaussian_regression(&self) -> Option<Regression> {
        self.method().regression(self.state.finished.len()).filter(|_| self.noise.is_standard_normal())
    }

    fn posterior_variances<'a>(
        &'a self,
        data: &'a Distribution,
        regression: Regression,
        seed: u32,
    ) -> Option<Variances<'a>> {
        let Regression { schedule, .. } = regression;
        let finite = || Some(Box::new(ExactEmpirical::of(data.points()?, schedule)) as Box<dyn ClosedForm>);
        let dim = self.dim();
        if let Some(form) = closed_form(data, &self.noise, schedule).or_else(finite) {
            return Some(Box::new(move |x, t| {
                let (at, field) = (schedule.at(t), form.at(t));
                x.chunks_exact(dim).map(|x| field(x).data_variance(at)).collect()
            }));
        }
        data.log_density(&vec![0.0; dim])?;
        let mut rng = Rng::new(u64::from(seed), Stream::Samples);
        let pool = data.sample(POOL, &mut rng).into_values();
        let mut stretches = (0..POOL / STRETCH).cycle();
        Some(Box::new(move |x, t| {
            let at = schedule.at(t);
            let mut variance = |x: &[f64]| {
                let first = stretches.next().unwrap_or(0) * STRETCH * dim;
                let stretch = &pool[first..first + STRETCH * dim];
                posterior(data, Observed { x, at }, stretch, LOCAL, &mut rng)
                    .map_or(0.0, |posterior| posterior.variance())
            };
            x.chunks_exact(dim).map(&mut variance).collect()
        }))
    }
}

/// The mean over stratified times; its error is that within the strata.
fn mean_over_times(
    data: &Distribution,
    regression: Regression,
    mut variances: Variances<'_>,
    draws: usize,
    seed: u32,
) -> LossFloor {
    let stream = |purpose| Rng::new(u64::from(seed), purpose);
    let [mut points, mut noise, mut times] = [Stream::Data, Stream::Noise, Stream::Times].map(stream);
    // Of a set too large for all its points to be known, those that the variances know.
    let own = data.points().map(|points| ExactEmpirical::of(points, regression.schedule).points);
    let mut draw = |n| match &own {
        Some(own) => own.pick(&(0..n).map(|_| points.below(own.len())).collect::<Vec<_>>()),
        None => data.sample(n, &mut points),
    };
    let strata = (draws / 2).clamp(1, STRATA);
    let each = draws.div_ceil(strata);
    let (mut value, mut square) = (0.0, 0.0);
    for stratum in 0..strata {
        let t = regression.time((stratum as f64 + times.uniform()) / strata as f64);
        let at = regression.schedule.at(t);
        let x = between(&draw(each), at, &mut noise);
        let factor = regression.scale() * at.of_data(regression.prediction).powi(2);
        let floors: Vec<f64> = variances(&x, t).iter().map(|variance| factor * variance).collect();
        let mean = floors.iter().sum::<f64>() / each as f64;
        value += mean / strata as f64;
        let spread = floors.iter().map(|floor| (floor - mean) * (floor - mean)).sum::<f64>();
        // In f64: the product is beyond a browser's usize from 65,536 draws on.
        square += spread / ((each - 1) as f64 * each as f64 * (strata as f64).powi(2));
    }
    LossFloor { value, standard_error: square.sqrt() }
}

/// x(t) = α x(0) + σ z, flat.
fn between(data: &Points, at: Coefficients, noise: &mut Rng) -> Vec<f64> {
    data.values().iter().map(|&value| at.alpha * f64::from(value) + at.sigma * noise.normal()).collect()
}
