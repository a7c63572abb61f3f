//! What runs came to, kept in a file as they end.

use super::run::Outcome;
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// What the tables need of a run. What is not in it stays in the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub row: String,
    pub batches: usize,
    pub num_parameters: usize,
    pub training_seconds: f64,
    pub measurement: Measured,
    /// Of pictures alone.
    #[serde(default)]
    pub samples: Option<Samples>,
    pub cost: Vec<Cost>,
    pub rounds: Vec<Round>,
    #[serde(default)]
    pub classes: Vec<OfClass>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OfClass {
    pub class: String,
    pub guidance: f64,
    pub kl: Option<f64>,
    pub spread: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    pub n: usize,
    pub divergence: String,
    pub entropy: Option<f64>,
    pub nll: Option<f64>,
    pub nll_standard_error: Option<f64>,
    #[serde(default)]
    pub bits_per_dim: Option<f64>,
    #[serde(default)]
    pub bits_per_dim_standard_error: Option<f64>,
    pub kl: Option<f64>,
    pub kl_standard_error: Option<f64>,
    pub mmd_biased: Option<f64>,
    pub mmd_null_band: Option<f64>,
    pub sliced_w2: Option<f64>,
    pub straightness: Option<f64>,
    pub training_network_evaluations: u64,
    pub converged: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Samples {
    pub n: usize,
    pub nfe: usize,
    pub frechet: Option<f64>,
    pub frechet_floor: Option<f64>,
    pub frechet_floor_spread: Option<f64>,
    pub nearest_distance: Option<f64>,
    pub nearest_distance_heldout: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    pub solver: Solver,
    pub nfe: usize,
    pub sliced_w2: Option<f64>,
    pub sliced_w2_floor: Option<f64>,
    #[serde(default)]
    pub frechet: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Solver {
    pub tolerance: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    pub free_energy: Option<f64>,
    pub relative_movement: Option<f64>,
    pub straightness: Option<f64>,
    pub transport_cost: Option<f64>,
}

impl Cost {
    /// How far samples are from data, in the quantity that was measured.
    pub fn distance(&self) -> Option<f64> {
        self.frechet.or(self.sliced_w2)
    }
}

impl Record {
    /// The distances of data from data that its measurements name.
    pub fn floors(&self) -> Vec<f64> {
        match &self.samples {
            Some(samples) => samples.frechet_floor.into_iter().collect(),
            None => self.cost.iter().filter_map(|point| point.sliced_w2_floor).collect(),
        }
    }

    /// What [`Cost::distance`] is called.
    pub fn distance_name(&self) -> &'static str {
        if self.samples.is_some() { "FD" } else { "SW₂²" }
    }
}

/// All runs that are known, and the file they are in.
pub struct Results {
    path: Option<PathBuf>,
    known: Mutex<Vec<Value>>,
}

impl Results {
    /// Those of `path`, if it exists.
    pub fn open(path: Option<PathBuf>) -> Result<Self, String> {
        let text = path.as_ref().filter(|path| path.exists()).map(std::fs::read_to_string).transpose();
        let known = text.map_err(|error| error.to_string()).and_then(|text| {
            text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|error| error.to_string()))
        });
        let name = path.as_ref().map_or(String::new(), |path| path.display().to_string());
        let known = known.map_err(|error| format!("{name} holds no results to go on from: {error}."))?;
        Ok(Self { path, known: Mutex::new(known) })
    }

    /// Whether a run of these settings, seed included, is known.
    pub fn has(&self, experiment: &Value) -> bool {
        self.known().iter().any(|known| known["experiment"] == *experiment)
    }

    pub fn add(&self, outcome: &Outcome) -> Result<(), String> {
        let value = serde_json::to_value(outcome).map_err(|error| error.to_string())?;
        let mut known = self.known();
        known.push(value);
        let Some(path) = &self.path else { return Ok(()) };
        let text = serde_json::to_string_pretty(&*known).map_err(|error| error.to_string())?;
        // In one step, so that a stop leaves the file as it was.
        let beside = path.with_extension("part");
        let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
        written.map_err(|error| format!("{} cannot be written: {error}.", path.display()))
    }

    /// Those of a data set, in the order in which they are wanted.
    pub fn of(&self, data: &str, wanted: &[Value]) -> Result<Vec<Record>, String> {
        let known = self.known();
        let here =
            |experiment: &Value| known.iter().find(|known| known["experiment"] == *experiment && known["data"] == data);
        let records = wanted.iter().filter_map(here).map(|known| serde_json::from_value(known.clone()));
        records.collect::<Result<_, _>>().map_err(|error| format!("A result is not what this version writes: {error}."))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
