//! What is to be recorded, as `www/src/film/requests.ts` writes it.

use flow_playground::SolverConfig;
use flow_playground::method::Asked;
use flow_playground::sampler::SamplerConfig;
use flow_playground::session::Sampling;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One film.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// what its file is called
    pub key: String,
    /// where it is from, for whoever reads along
    pub name: String,
    /// of all that is asked for
    pub digest: String,
    /// it may be so long
    pub bytes: usize,
    /// what is looked at, and how: goes into the film as it is
    pub view: Value,
    pub panels: Vec<PanelRequest>,
}

/// One panel of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PanelRequest {
    pub title: String,
    pub experiment: Value,
    /// training steps; none where weights are given
    pub steps: usize,
    /// the same, of weights that are given too; null where nothing is trained
    pub shown_step: Option<usize>,
    /// the name of weights that are shipped
    pub weights: Option<String>,
    pub solver: Option<SolverConfig>,
    pub sampler: Option<SamplerConfig>,
    pub asked: Option<AskedFor>,
    pub density: bool,
    /// whether it has a likelihood to be measured
    pub likelihood: bool,
    pub lattice: bool,
    /// whether its numbers are to be measured
    pub measured: bool,
}

#[derive(Serialize, Deserialize)]
pub struct AskedFor {
    pub class: Option<usize>,
    pub numbers: Option<Vec<f64>>,
    pub guidance: f64,
}

impl PanelRequest {
    pub fn sampling(&self, usual: SolverConfig) -> Sampling {
        match self.sampler {
            Some(sampler) => sampler.into(),
            None => self.solver.unwrap_or(usual).into(),
        }
    }

    pub fn asked(&self) -> Option<Asked> {
        let AskedFor { class, numbers, guidance } = self.asked.as_ref()?;
        match (class, numbers) {
            (Some(class), _) => Some(Asked::class(*class, *guidance)),
            (None, Some(numbers)) => Some(Asked::numbers(numbers.clone(), *guidance)),
            (None, None) => None,
        }
    }
}
