//! Samplers beside the ODE solvers: each knows the path, and most of them add noise.
//!
//! A sampler is a solver step that says where the state goes on average and how much noise is added; the stepping is
//! written once, in [`sample`], for any [`State`](crate::ode::State) and any times of a [`TimeGrid`]. Noise comes in as
//! a closure, so that it can be drawn on the host from a named stream. Time is the deck's, so generating runs from t = 1
//! towards t = 0; each names the paper of its formula.

mod ancestral;
mod ddim;
mod denoising;
mod dpm_solver;
mod euler_maruyama;
mod grid;
mod heun;
mod stepping;

pub use denoising::{Denoising, denoise};
pub use dpm_solver::dpm_solver;
pub use euler_maruyama::{diffusion, euler_maruyama, generative_drift};
pub use grid::{TimeGrid, latest_time};
pub use heun::heun;
pub use stepping::{Draw, Move, Sample, sample};

use crate::error::{FlowError, check_range};
use serde::{Deserialize, Serialize};

/// The samplers that can be chosen beside the ODE solvers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SamplerKind {
    /// Euler-Maruyama on the SDE of the same marginals (Song 2021; Albergo 2023).
    #[default]
    EulerMaruyama,
    /// DDPM's sampler (Ho 2020).
    Ancestral,
    /// DDIM (Song, Meng and Ermon 2021): without noise.
    Ddim,
    /// DPM-Solver++(2M) (Lu 2022): DDIM's step on an extrapolated data prediction, of order 2.
    DpmSolver,
    /// Heun's method on the noise level σ/α, with churn (Karras 2022).
    KarrasHeun,
    /// The jumps that a network was trained to make (Geng 2025; Frans 2024).
    FewSteps,
}

impl SamplerKind {
    /// Every sampler.
    pub const ALL: [Self; 6] = {
        let [a, b, c, d, e] = Self::OF_PATHS;
        [a, b, c, d, e, Self::FewSteps]
    };
    /// Those that know the path, and need a score.
    pub const OF_PATHS: [Self; 5] =
        [Self::EulerMaruyama, Self::Ancestral, Self::Ddim, Self::DpmSolver, Self::KarrasHeun];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::EulerMaruyama => "euler-maruyama",
            Self::Ancestral => "ancestral",
            Self::Ddim => "ddim",
            Self::DpmSolver => "dpm-solver",
            Self::KarrasHeun => "karras-heun",
            Self::FewSteps => "few-steps",
        }
    }

    /// The times that it was made for.
    fn usual_grid(self) -> TimeGrid {
        match self {
            Self::EulerMaruyama | Self::Ancestral | Self::Ddim | Self::FewSteps => TimeGrid::Uniform,
            Self::DpmSolver => TimeGrid::HalfLogSnr,
            Self::KarrasHeun => TimeGrid::Karras,
        }
    }
}

/// A sampler and its steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SamplerConfig {
    /// The sampler.
    pub kind: SamplerKind,
    /// Steps from noise to data, 1 to 10,000.
    pub steps: usize,
    /// ε of Euler-Maruyama's noise, g² = 2 ε, 0 to 100: any gives the same marginals. That of the diffusion itself, or 1 for
    /// other paths, if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epsilon: Option<f64>,
    /// S of the noise that "karras-heun" adds before its steps, shared among them, 0 to 100; none if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub churn: Option<f64>,
    /// What its steps are equal in; "half-log-snr" for "dpm-solver", "karras" for "karras-heun" and "uniform" for the others
    /// if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<TimeGrid>,
}

impl Default for SamplerConfig {
    fn default() -> Self {
        Self { kind: SamplerKind::default(), steps: 200, epsilon: None, churn: None, grid: None }
    }
}

impl SamplerConfig {
    /// What its steps are equal in.
    pub fn time_grid(&self) -> TimeGrid {
        self.grid.unwrap_or(self.kind.usual_grid())
    }

    /// Evaluations of the field (NFE): one a step, two for Heun's unless it ends at t = 0, where no slope is.
    pub fn evaluations(&self) -> usize {
        match (self.kind, self.time_grid()) {
            (SamplerKind::KarrasHeun, TimeGrid::Karras) => 2 * self.steps - 1,
            (SamplerKind::KarrasHeun, _) => 2 * self.steps,
            _ => self.steps,
        }
    }

    /// Refuses what cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("sampler.steps", self.steps, 1..=10_000)?;
        if let (SamplerKind::FewSteps, Some(grid)) = (self.kind, self.grid) {
            let allowed = "null for this sampler.kind, whose jumps are of one length";
            return Err(FlowError::invalid("sampler.grid", format!("{grid:?}"), allowed));
        }
        let only = |field, value: Option<f64>, kind: SamplerKind| {
            let Some(value) = value else { return Ok(()) };
            check_range(field, value, 0.0..=100.0)?;
            let allowed = format!("null for this sampler.kind; only \"{}\" has it", kind.name());
            if self.kind == kind { Ok(()) } else { Err(FlowError::invalid(field, value, allowed)) }
        };
        only("sampler.epsilon", self.epsilon, SamplerKind::EulerMaruyama)?;
        only("sampler.churn", self.churn, SamplerKind::KarrasHeun)
    }
}
