//! A sampler that knows the path: it goes one way, and most of them add noise.

use super::{Invertible, Observer, Pending, Transport};
use crate::flow_map::Carried;
use crate::ode::State;
use crate::path::{NEAREST_TO_ENDS, Prediction, Schedule};
use crate::rng::{Rng, Stream};
use crate::sampler::{
    Denoising, Draw, Move, SamplerConfig, SamplerKind, denoise, diffusion, dpm_solver, euler_maruyama,
    generative_drift, heun, latest_time, sample,
};
use crate::velocity::VelocityField;
use burn::tensor::{Tensor, TensorData};
use std::cell::Cell;

/// A field's score, followed by a sampler.
#[derive(Clone, Copy)]
pub struct Sampled<'a> {
    /// The velocity field.
    pub field: &'a dyn VelocityField,
    /// The path that makes a score of the velocity; `None` for a field that knows its score itself.
    pub path: Option<Schedule>,
    /// The sampler and its steps.
    pub sampler: SamplerConfig,
    /// The seed of the noise that it adds.
    pub seed: u32,
}

impl Transport for Sampled<'_> {
    fn generate<'a>(&'a self, noise: Tensor<2>, observe: Option<Observer<'a>>) -> Pending<'a, Carried<Tensor<2>>> {
        Box::pin(async move { Ok(self.run(noise, observe)) })
    }

    fn most_states(&self) -> usize {
        self.sampler.steps + 1
    }

    fn invertible(&self) -> Result<&dyn Invertible, &'static str> {
        Err("a sampler")
    }
}

impl Sampled<'_> {
    /// Where noise goes. It ends without the last step's noise, and the observer is shown that.
    fn run(&self, noise: Tensor<2>, mut observe: Option<Observer<'_>>) -> Carried<Tensor<2>> {
        let Self { field, path, sampler, seed } = *self;
        let (schedule, grid) = (path.unwrap_or_default(), sampler.time_grid());
        let in_levels = grid.needs_path() || sampler.kind == SamplerKind::KarrasHeun;
        let from = if in_levels { latest_time(schedule) } else { 1.0 };
        let times = grid.times(schedule, [from, field.earliest_time().max(NEAREST_TO_ENDS)], sampler.steps);
        let (shape, device) = (noise.dims(), noise.device());
        // What the noise alone is of x(t), where the path does not begin at pure noise.
        let x = if times[0] < 1.0 { noise.scaled(schedule.at(times[0]).sigma) } else { noise };
        let mut rng = Rng::new(u64::from(seed), Stream::Diffusion);
        let fresh = || {
            let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| rng.normal() as f32).collect();
            Tensor::from_data(TensorData::new(values, shape), &device)
        };
        let asked = Asked { field, schedule: path, evaluations: Cell::new(0) };
        let last = times[times.len() - 1];
        let mut show = |t: f64, state: &Tensor<2>| {
            if let Some(observe) = &mut observe {
                observe(t, state);
            }
        };
        let before = |t: f64, state: &Tensor<2>| {
            if t > last {
                show(t, state);
            }
        };
        let reached = sample(&times, x, asked.stepper(sampler), fresh, before);
        show(last, &reached.mean);
        Carried { state: reached.mean, evaluations: asked.evaluations.get() }
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
            SamplerKind::FewSteps => unreachable!("a map of few steps asks for no score"),
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
