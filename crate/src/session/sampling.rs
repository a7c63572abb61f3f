//! How noise becomes data: by a solver of the flow's ODE, or by a sampler that knows the path.

use super::memory::check_states;
use super::transport::Film;
use super::{Session, Stream};
use crate::error::FlowError;
use crate::flow_map::FlowMap;
use crate::ode::{SolverConfig, State, Trajectory};
use crate::path::{NEAREST_TO_ENDS, Prediction, Schedule};
use crate::points::Points;
use crate::rng::Rng;
use crate::sampler::{
    Denoising, Draw, Move, SamplerConfig, SamplerKind, denoise, diffusion, dpm_solver, euler_maruyama,
    generative_drift, heun, latest_time, sample,
};
use crate::velocity::{VelocityField, points_from_tensor, tensor_from_points};
use burn::tensor::{Tensor, TensorData};
use std::cell::Cell;

/// What generates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sampling {
    /// A solver of the ODE.
    Solver(SolverConfig),
    /// A sampler.
    Sampler(SamplerConfig),
}

impl Sampling {
    /// The sampler, where it is one.
    pub fn sampler(self) -> Option<SamplerConfig> {
        if let Self::Sampler(sampler) = self { Some(sampler) } else { None }
    }

    /// The solver, where it is one.
    pub fn solver(self) -> Option<SolverConfig> {
        if let Self::Solver(solver) = self { Some(solver) } else { None }
    }

    /// Evaluations of generating a batch in equal steps.
    pub fn evaluations(self) -> usize {
        match self {
            Self::Solver(solver) => solver.evaluations(),
            Self::Sampler(sampler) => sampler.evaluations(),
        }
    }
}

impl From<SolverConfig> for Sampling {
    fn from(solver: SolverConfig) -> Self {
        Self::Solver(solver)
    }
}

impl From<SamplerConfig> for Sampling {
    fn from(sampler: SamplerConfig) -> Self {
        Self::Sampler(sampler)
    }
}

impl Session {
    /// `n` generated points.
    pub async fn sample(&self, n: usize, sampling: impl Into<Sampling>, seed: u32) -> Result<Points<f64>, FlowError> {
        let sampling = self.sampling(sampling)?;
        let noise = self.draw_noise(n, seed)?;
        Ok(self.scaling.undo(&self.generate(self.field().as_ref(), sampling, &noise, seed).await?.0))
    }

    /// The samplers that the method as it stands can be sampled by, beside the ODE's solvers.
    pub fn samplers(&self) -> Vec<SamplerKind> {
        let allowed = |kind: &SamplerKind| self.check_sampler(&SamplerConfig { kind: *kind, ..Default::default() });
        SamplerKind::ALL.into_iter().filter(|kind| allowed(kind).is_ok()).collect()
    }

    /// What generates when this is asked for: the method's own solver, where it must be sampled by that.
    pub(super) fn sampling(&self, asked: impl Into<Sampling>) -> Result<Sampling, FlowError> {
        let asked = asked.into();
        match asked {
            Sampling::Solver(solver) => solver.check()?,
            Sampling::Sampler(sampler) => {
                sampler.check()?;
                self.check_sampler(&sampler)?;
            }
        }
        Ok(self.own_solver().map_or(asked, Sampling::Solver))
    }

    /// The one solver that suits the round in training, where there is one.
    pub(super) fn own_solver(&self) -> Option<SolverConfig> {
        self.method().only_solver(self.state.finished.len())
    }

    /// Refuses a sampler that asks for what the method does not know.
    fn check_sampler(&self, sampler: &SamplerConfig) -> Result<(), FlowError> {
        let refused = |allowed| Err(FlowError::invalid("sampler.kind", sampler.kind.name(), allowed));
        if self.own_solver().is_some() {
            return refused("no sampler for a distilled student: it has steps of its own");
        }
        if self.gaussian_path().is_some() {
            return Ok(());
        }
        let field = self.field();
        let origin = Tensor::zeros([1, self.dim()], &self.device);
        if field.velocity_and_score(origin, 0.5).is_none() || sampler.kind != SamplerKind::EulerMaruyama {
            return refused(
                "a method that knows its score, with Gaussian noise; \"euler-maruyama\" for an interpolant",
            );
        }
        match sampler.time_grid().needs_path() {
            true => Err(FlowError::invalid("sampler.grid", "in noise levels", "\"uniform\" or \"root-time\" here")),
            false => Ok(()),
        }
    }

    /// The schedule that makes a score of the velocity.
    pub(super) fn gaussian_path(&self) -> Option<Schedule> {
        self.method().gaussian_path().filter(|_| self.noise.is_standard_normal())
    }

    /// Noise carried to data, in the model's units, and the right-hand-side evaluations of that.
    pub(super) async fn generate(
        &self,
        field: &dyn VelocityField,
        sampling: Sampling,
        noise: &Points,
        seed: u32,
    ) -> Result<(Points, usize), FlowError> {
        let (state, evaluations) = match sampling {
            Sampling::Solver(solver) => {
                let carried = FlowMap { field, solver }.generate(tensor_from_points(noise, &self.device)).await?;
                (carried.state, carried.evaluations)
            }
            Sampling::Sampler(sampler) => self.run_sampler(sampler, noise, seed, |_, _| {}),
        };
        Ok((points_from_tensor(state).await?, evaluations))
    }

    /// The paths of a sampler, which end without its last noise.
    pub(super) async fn record_sampler(
        &self,
        sampler: SamplerConfig,
        noise: &Points,
        seed: u32,
    ) -> Result<Trajectory<f64>, FlowError> {
        check_states(noise.len(), noise.dim(), sampler.steps + 1)?;
        let mut film = Film::default();
        let (end, evaluations) = self.run_sampler(sampler, noise, seed, |t, state| film.show(t, state));
        film.states.pop();
        film.states.push(end);
        Ok(self.in_own_units(self.develop(film, evaluations).await?))
    }

    /// Where a sampler takes noise, in the model's units, and its evaluations.
    fn run_sampler(
        &self,
        sampler: SamplerConfig,
        noise: &Points,
        seed: u32,
        observe: impl FnMut(f64, &Tensor<2>),
    ) -> (Tensor<2>, usize) {
        let (field, path, grid) = (self.field(), self.gaussian_path(), sampler.time_grid());
        let schedule = path.unwrap_or_default();
        let in_levels = grid.needs_path() || sampler.kind == SamplerKind::KarrasHeun;
        let from = if in_levels { latest_time(schedule) } else { 1.0 };
        let times = grid.times(schedule, [from, field.earliest_time().max(NEAREST_TO_ENDS)], sampler.steps);
        let x = tensor_from_points(noise, &self.device);
        // What the noise alone is of x(t), where the path does not begin at pure noise.
        let x = if times[0] < 1.0 { x.scaled(schedule.at(times[0]).sigma) } else { x };
        let mut rng = Rng::new(u64::from(seed), Stream::Diffusion);
        let fresh = || {
            let values: Vec<f32> = (0..noise.values().len()).map(|_| rng.normal() as f32).collect();
            Tensor::from_data(TensorData::new(values, [noise.len(), noise.dim()]), &self.device)
        };
        let asked = Asked { field: field.as_ref(), schedule: path, evaluations: Cell::new(0) };
        let reached = sample(&times, x, asked.stepper(sampler), fresh, observe);
        (reached.mean, asked.evaluations.get())
    }
}

type Step<'a> = Box<dyn FnMut(&Tensor<2>, [f64; 2], Draw<'_, Tensor<2>>) -> Move<Tensor<2>> + 'a>;

/// A field and what it was asked. Without a schedule it knows its score itself.
struct Asked<'a> {
    field: &'a dyn VelocityField,
    schedule: Option<Schedule>,
    evaluations: Cell<usize>,
}

impl Asked<'_> {
    /// The sampler's step.
    fn stepper(&self, sampler: SamplerConfig) -> Step<'_> {
        let Some(schedule) = self.schedule else { return self.euler_maruyama(sampler.epsilon) };
        let data = move |x: &Tensor<2>, t: f64| self.predict(x, t, schedule, Prediction::Data)[1].clone();
        match sampler.kind {
            SamplerKind::EulerMaruyama => self.euler_maruyama(sampler.epsilon),
            SamplerKind::Ancestral => Box::new(denoise(schedule, Denoising::ancestral, data)),
            SamplerKind::Ddim => Box::new(denoise(schedule, Denoising::ddim, data)),
            SamplerKind::DpmSolver => Box::new(dpm_solver(schedule, data)),
            SamplerKind::KarrasHeun => {
                Box::new(heun(schedule, sampler.churn.unwrap_or(0.0) / sampler.steps as f64, data))
            }
        }
    }

    fn euler_maruyama(&self, epsilon: Option<f64>) -> Step<'_> {
        let noise = move |t: f64| match (epsilon, self.schedule) {
            (Some(epsilon), _) => libm::sqrt(2.0 * epsilon),
            (None, Some(Schedule::VariancePreserving)) => diffusion(Schedule::VariancePreserving.at(t)),
            (None, _) => std::f64::consts::SQRT_2,
        };
        let drift = move |x: &Tensor<2>, t: f64| {
            let [velocity, score] = self.velocity_and_score(x, t);
            generative_drift(&velocity, &score, noise(t))
        };
        Box::new(euler_maruyama(drift, noise))
    }

    fn velocity_and_score(&self, x: &Tensor<2>, t: f64) -> [Tensor<2>; 2] {
        match (self.field.velocity_and_score(x.clone(), t), self.schedule) {
            (Some((velocity, score)), _) => {
                self.count();
                [velocity, score]
            }
            (None, Some(schedule)) => self.predict(x, t, schedule, Prediction::Score),
            (None, None) => unreachable!("a sampler without a score is refused"),
        }
    }

    /// The velocity, and what the path makes of it.
    fn predict(&self, x: &Tensor<2>, t: f64, schedule: Schedule, prediction: Prediction) -> [Tensor<2>; 2] {
        self.count();
        let velocity = self.field.velocity(x.clone(), t);
        let [of_x, of_velocity] = schedule.at(t).from_velocity(prediction);
        let predicted = x.clone().mul_scalar(of_x as f32) + velocity.clone().mul_scalar(of_velocity as f32);
        [velocity, predicted]
    }

    fn count(&self) {
        self.evaluations.set(self.evaluations.get() + 1);
    }
}
