//! How noise becomes data: by a solver of the flow's ODE, or by a sampler that knows the path.

use super::Session;
use crate::divergence::DivergenceConfig;
use crate::error::FlowError;
use crate::flow_map::{Carried, FlowMap};
use crate::method::Problem;
use crate::ode::SolverConfig;
use crate::path::Schedule;
use crate::points::Points;
use crate::sampler::{SamplerConfig, SamplerKind};
use crate::transport::{Coupled, FewSteps, Flow, Invertible, Sampled, Transport};
use crate::velocity::{VelocityField, points_from_tensor, tensor_from_points};
use burn::tensor::Tensor;

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
        let field = self.field();
        let transport = self.transport_by(field.as_ref(), sampling, seed);
        Ok(self.units.undo(&self.generate(transport.as_ref(), &noise).await?.0))
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
        self.method().rounds().only_solver(self.state.finished.len())
    }

    /// Refuses a sampler that asks for what the method does not know.
    fn check_sampler(&self, sampler: &SamplerConfig) -> Result<(), FlowError> {
        let refused = |allowed| Err(FlowError::invalid("sampler.kind", sampler.kind.name(), allowed));
        if sampler.kind == SamplerKind::FewSteps {
            let allowed = "another for this method; \"mean-flow\" and \"shortcut\" learn to jump";
            return if self.method().jumps() { Ok(()) } else { refused(allowed) };
        }
        if self.own_solver().is_some() {
            return refused("no sampler for a distilled student: it has steps of its own");
        }
        if self.gaussian_path().is_some() {
            return Ok(());
        }
        let field = self.field();
        let origin = Tensor::zeros([1, self.data.dim()], &self.device);
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
        self.method().conditional_path()?.gaussian().filter(|_| self.noise.is_standard_normal())
    }

    /// What carries noise to data with `field`, in the model's units; its probes and its noise are of `seed`.
    pub(super) fn transport_by<'a>(
        &'a self,
        field: &'a dyn VelocityField,
        sampling: Sampling,
        seed: u32,
    ) -> Box<dyn Transport + 'a> {
        match sampling {
            Sampling::Solver(solver) if self.own_solver().is_some() => {
                Box::new(FewSteps { field: self.field(), steps: solver.steps, what: "a distilled student" })
            }
            Sampling::Solver(solver) => self.flow(field, solver, seed),
            Sampling::Sampler(SamplerConfig { kind: SamplerKind::FewSteps, steps, .. }) => {
                Box::new(FewSteps { field: self.jumping(steps), steps, what: "a map of few steps" })
            }
            Sampling::Sampler(sampler) => Box::new(Sampled { field, path: self.gaussian_path(), sampler, seed }),
        }
    }

    /// The mean velocity of one of so many steps.
    fn jumping(&self, steps: usize) -> Box<dyn VelocityField> {
        let problem = Problem { jump: Some(1.0 / steps as f64), ..self.problem() };
        self.method().field(&problem, &self.rounds_so_far())
    }

    /// The field's flow map, in the model's units: by its formula where there is one, whatever the solver, or else the solver's.
    pub(super) fn flow<'a>(
        &'a self,
        field: &'a dyn VelocityField,
        solver: SolverConfig,
        seed: u32,
    ) -> Box<dyn Invertible + 'a> {
        self.flow_with(field, solver, seed, self.experiment.divergence)
    }

    /// The same with another divergence.
    pub(super) fn flow_with<'a>(
        &'a self,
        field: &'a dyn VelocityField,
        solver: SolverConfig,
        seed: u32,
        divergence: DivergenceConfig,
    ) -> Box<dyn Invertible + 'a> {
        let noise = &self.noise;
        match field.in_closed_form() {
            Some(map) => Box::new(Coupled { map, noise, states: solver.steps }),
            None => Box::new(Flow { map: FlowMap { field, solver }, noise, divergence, seed }),
        }
    }

    /// Noise carried to data, in the model's units, and the right-hand-side evaluations of that.
    pub(super) async fn generate(
        &self,
        transport: &dyn Transport,
        noise: &Points,
    ) -> Result<(Points, usize), FlowError> {
        let Carried { state, evaluations } = transport.generate(tensor_from_points(noise, &self.device), None).await?;
        Ok((self.units.settled(points_from_tensor(state).await?), evaluations))
    }
}
