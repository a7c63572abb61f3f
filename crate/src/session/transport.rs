//! What the flow does with points: samples, trajectories, velocities, densities.

use super::memory::{check_held, check_states};
use super::sampling::Sampling;
use super::{MOST_POINTS, Session};
use crate::distribution::{Distribution, Labelled};
use crate::error::{FlowError, check_range};
use crate::ode::{SolverConfig, Trajectory};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::transport::{Densities, Transport};
use crate::velocity::{points_from_tensor, tensor_from_points, values_from_tensor};
use burn::tensor::Tensor;

/// Where a trajectory starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// At noise, t = 1, generated backwards.
    Noise,
    /// At data, t = 0, encoded forwards.
    Data,
}

impl Session {
    /// `n` data points that training has not seen; of a user's own points all, each once, in an order of the seed, up to `n`.
    pub fn data(&self, n: usize, seed: u32) -> Result<Points<f64>, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        Ok(self.units.undo(&self.data_labelled(n, seed).points))
    }

    /// The number of each of these points' class; none where they have none.
    pub fn labels(&self, n: usize, seed: u32) -> Result<Vec<u32>, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        Ok(self.data_labelled(n, seed).labels.unwrap_or_default())
    }

    /// The numbers of each of these points, row-major, where none are asked for; none where they have none.
    pub fn observations(&self, n: usize, seed: u32) -> Result<Vec<f64>, FlowError> {
        check_range("n", n, 1..=MOST_POINTS)?;
        Ok(self.data_labelled(n, seed).numbers.map_or_else(Vec::new, Points::into_values))
    }

    /// The data points that trajectories start from: of snapshots in time the first.
    fn data_modelled(&self, n: usize, seed: u32) -> Points {
        match &self.data.course {
            Some(_) => self.draw_heldout(n, seed),
            None => self.data_labelled(n, seed).points,
        }
    }

    /// Of snapshots in time these are of all.
    fn data_labelled(&self, n: usize, seed: u32) -> Labelled {
        let mut rng = Rng::new(u64::from(seed), Stream::Heldout);
        let [shown, heldout] = [self.wanted(), self.wanted_heldout()].map(Distribution::together);
        match self.each_own([shown, heldout]) {
            Some(own) => own.pick(&rng.choose(own.points.len(), n)),
            // What a chain found is what training sees; what it is measured by is the law.
            None if self.experiment.data.chain.is_some() => shown.sample_labelled(n, &mut rng),
            None => heldout.sample_labelled(n, &mut rng),
        }
    }

    /// `n` noise points: those that samples of the same seed start from.
    pub fn noise(&self, n: usize, seed: u32) -> Result<Points<f64>, FlowError> {
        Ok(self.units.undo(&self.draw_noise(n, seed)?))
    }

    /// The trajectories of `n` points at every step of a solver, or of a sampler, whose paths are an SDE's.
    pub async fn trajectories(
        &self,
        n: usize,
        sampling: impl Into<Sampling>,
        seed: u32,
        origin: Origin,
    ) -> Result<Trajectory<f64>, FlowError> {
        let sampling = self.sampling(sampling)?;
        let start = match origin {
            Origin::Noise => self.draw_noise(n, seed)?,
            Origin::Data => {
                check_range("n", n, 1..=MOST_POINTS)?;
                self.data_modelled(n, seed)
            }
        };
        self.record_between(sampling, &start, seed, origin).await
    }

    /// The trajectories of the caller's own points, from the end of time that they are at to the other. A sampler's noise is
    /// that of the experiment's seed.
    pub async fn transport(
        &self,
        points: &Points<f64>,
        sampling: impl Into<Sampling>,
        origin: Origin,
    ) -> Result<Trajectory<f64>, FlowError> {
        let sampling = self.sampling(sampling)?;
        self.check_points(points)?;
        self.record_between(sampling, &self.units.apply(points), self.experiment.seed, origin).await
    }

    async fn record_between(
        &self,
        sampling: Sampling,
        start: &Points,
        seed: u32,
        origin: Origin,
    ) -> Result<Trajectory<f64>, FlowError> {
        let field = self.field();
        let transport = self.transport_by(field.as_ref(), sampling, seed);
        Ok(self.in_own_units(self.record(transport.as_ref(), start, origin).await?))
    }

    pub(super) fn in_own_units(&self, Trajectory { times, positions, evaluations }: Trajectory) -> Trajectory<f64> {
        let positions = positions.into_iter().map(|points| self.units.undo(&points)).collect();
        Trajectory { times, positions, evaluations }
    }

    /// The trajectories of points in the model's units.
    pub(super) async fn record(
        &self,
        transport: &dyn Transport,
        start: &Points,
        origin: Origin,
    ) -> Result<Trajectory, FlowError> {
        check_states(start.len(), start.dim(), transport.most_states())?;
        let (mut times, mut states) = (Vec::new(), Vec::new());
        let mut observe = |t: f64, state: &Tensor<2>| {
            times.push(t);
            states.push(state.clone());
        };
        let x = tensor_from_points(start, &self.device);
        let carried = match (origin, transport.invertible()) {
            (Origin::Noise, _) => transport.generate(x, Some(&mut observe)).await?,
            (Origin::Data, Ok(invertible)) => invertible.encode(x, Some(&mut observe)).await?,
            (Origin::Data, Err(what)) => {
                let allowed = format!("\"noise\" for {what}, which has no way back");
                return Err(FlowError::invalid("from", "\"data\"", allowed));
            }
        };
        let each = states[0].dims().iter().product();
        let all = points_from_tensor(Tensor::cat(states, 0)).await?;
        let each = all.values().chunks_exact(each);
        let positions = each.map(|values| Ok(self.units.settled(Points::new(values.to_vec(), start.dim())?)));
        let positions = positions.collect::<Result<_, FlowError>>()?;
        Ok(Trajectory { positions, times, evaluations: carried.evaluations })
    }

    /// The conditional paths between `n` data and noise points, paired as in training, at `num_times` equal times from 0 to 1;
    /// `None` where the method has none.
    pub fn conditional_paths(
        &self,
        n: usize,
        num_times: usize,
        seed: u32,
    ) -> Result<Option<Trajectory<f64>>, FlowError> {
        check_range("times", num_times, 2..=1000)?;
        check_range("n", n, 1..=MOST_POINTS)?;
        check_held("n", n, (self.dim() * num_times) as u64, "at so many times")?;
        let times: Vec<f64> = (0..num_times).map(|i| i as f64 / (num_times - 1) as f64).collect();
        if let Some(course) = &self.data.course {
            return Ok(Some(self.paths_along(course, n, times, seed)));
        }
        let data = self.data_labelled(n, seed);
        let noise = self.draw_noise(data.points.len(), seed)?;
        let Some(path) = self.problem().conditional_path(self.method()) else { return Ok(None) };
        let rng = &mut Rng::new(u64::from(seed), Stream::Coupling);
        let noise = noise.pick(&self.problem().pair(self.method(), &data, &noise, rng));
        let at = |&t: &f64| self.units.undo(&path.at(&data.points, &noise, t));
        let positions = times.iter().map(at).collect();
        Ok(Some(Trajectory { times, positions, evaluations: 0 }))
    }

    /// The velocity at each point, in own units a unit of time.
    pub async fn velocity(&self, points: &Points<f64>, t: f64) -> Result<Points, FlowError> {
        check_range("t", t, 0.0..=1.0)?;
        self.check_points(points)?;
        let modelled = self.units.apply(points);
        let (x, field) = (tensor_from_points(&modelled, &self.device), self.field());
        let velocity = points_from_tensor(field.velocity(x, t.max(field.earliest_time()))).await?;
        Ok(self.units.undo_velocity(&modelled, &velocity))
    }

    /// tr ∂f/∂x at each point, one value a point a unit of time: exact, or the mean of the experiment's probes. It is the same
    /// in the data's own units, which stretch each coordinate and its velocity alike.
    pub async fn divergence(&self, points: &Points<f64>, t: f64) -> Result<Vec<f32>, FlowError> {
        check_range("t", t, 0.0..=1.0)?;
        let x = self.upload(points)?;
        let field = self.field();
        let divergence = self.draw_divergence(points.len(), self.experiment.seed);
        let (_, columns) = divergence.of(field.as_ref(), x, t.max(field.earliest_time()));
        values_from_tensor(columns.mean_dim(1)).await
    }

    /// ln p_t(x) of the model at each point, in nats.
    pub async fn log_density(&self, points: &Points<f64>, t: f64, solver: SolverConfig) -> Result<Vec<f32>, FlowError> {
        let densities = self.log_density_estimate(points, t, solver).await?;
        Ok(densities.values.unwrap_or_default().iter().map(|&p| p as f32).collect())
    }

    /// The same with the standard error of each where the divergence is estimated.
    pub async fn log_density_estimate(
        &self,
        points: &Points<f64>,
        t: f64,
        solver: SolverConfig,
    ) -> Result<Densities, FlowError> {
        check_range("t", t, 0.0..=1.0)?;
        solver.check()?;
        if let Some(reason) = self.why_no_density() {
            return Err(FlowError::NoDensity { reason: reason.into() });
        }
        let x = self.upload(points)?;
        let field = self.field();
        let densities = self.flow(field.as_ref(), solver, self.experiment.seed).log_density(x, t).await?;
        let volume = self.units.log_volume();
        let allowed = "a noise distribution whose density has a closed form, and weights that keep points finite";
        let refused = || FlowError::invalid("noise.kind", format!("{:?}", self.experiment.noise.kind), allowed);
        let values = densities.values.ok_or_else(refused)?.iter().map(|&p| p - volume).collect();
        Ok(Densities { values: Some(values), ..densities })
    }
}
