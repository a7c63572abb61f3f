//! The one description of a run: the share link, the JSON file, the attributes of an embedded playground.
//!
//! Every part is optional and has a default; what is unknown or impossible is refused once, here, in a sentence that
//! names the field.

use crate::distribution::{DistributionConfig, DistributionKind, SnapshotsConfig};
use crate::divergence::DivergenceConfig;
use crate::error::{FlowError, check_range};
use crate::method::{ConditionConfig, ConditionKind, MethodConfig};
use crate::ode::SolverConfig;
use crate::path::Schedule;
use crate::space::SpaceKind;
use crate::training::OptimizerConfig;
use crate::velocity::{Conditioning, NetworkConfig, NetworkKind, UNet};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version this library writes.
pub const VERSION: u32 = 1;

/// Everything that decides a run but the user's own points, which travel beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Experiment {
    /// The format's version, 1.
    pub version: u32,
    /// The seed of every random number, 0 to 4294967295.
    pub seed: u32,
    /// P, at t = 0.
    pub data: DistributionConfig,
    /// Q, at t = 1.
    pub noise: DistributionConfig,
    /// What trains the velocity field.
    pub method: MethodConfig,
    /// What the network is told beside x and the time, and samples can be asked to be; nothing if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionConfig>,
    /// That the data's classes are snapshots in time, which the flow goes through; not so if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshots: Option<SnapshotsConfig>,
    /// The velocity network.
    pub network: NetworkConfig,
    /// How the weights follow the gradient.
    pub optimizer: OptimizerConfig,
    /// The solver that samples and measures.
    pub solver: SolverConfig,
    /// How log-densities are computed.
    pub divergence: DivergenceConfig,
    /// When training ends.
    pub budget: BudgetConfig,
}

impl Default for Experiment {
    fn default() -> Self {
        Self {
            version: VERSION,
            seed: 7,
            data: DistributionKind::Moons.into(),
            noise: DistributionKind::Gaussian.into(),
            method: MethodConfig::default(),
            condition: None,
            snapshots: None,
            network: NetworkConfig::default(),
            optimizer: OptimizerConfig::default(),
            solver: SolverConfig::default(),
            divergence: DivergenceConfig::default(),
            budget: BudgetConfig::default(),
        }
    }
}

/// When training ends: at whichever limit is reached first. The learning rate decays over it, and rounds share it equally.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetConfig {
    /// Training steps, 1 to 10 million; 10 million if only another limit is given.
    pub steps: usize,
    /// Seconds of training, 0.001 to a million; what its rounds prepare is not among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Network passes: forward, tangent and backward passes of a batch count one each. 1 to a trillion; what rounds prepare
    /// is set aside first, and enough must be left for each to train.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_evaluations: Option<u64>,
}

/// The most training steps.
pub const MOST_STEPS: usize = 10_000_000;
/// The most network evaluations.
pub const MOST_EVALUATIONS: u64 = 1_000_000_000_000;

impl BudgetConfig {
    fn check(&self) -> Result<(), FlowError> {
        check_range("budget.steps", self.steps, 1..=MOST_STEPS)?;
        check_range("budget.seconds", self.seconds.unwrap_or(1.0), 1e-3..=1e6)?;
        check_range("budget.networkEvaluations", self.network_evaluations.unwrap_or(1), 1..=MOST_EVALUATIONS)
    }
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self { steps: 5000, seconds: None, network_evaluations: None }
    }
}

impl Experiment {
    /// Reads a partial experiment, fills in the defaults and checks every field.
    pub fn from_json(json: &Value) -> Result<Self, FlowError> {
        if !json.is_object() {
            return Err(FlowError::invalid("experiment", json, "an object such as {\"seed\": 7}"));
        }
        let read = |json: &Value| -> Result<Self, FlowError> {
            serde_path_to_error::deserialize(json)
                .map_err(|error| refused(json, &error.path().to_string(), &error.inner().to_string()))
        };
        // Read as it stands first, so that refusals speak of what was given.
        let Self { method, data, .. } = read(json)?;
        method.method().check()?;
        let mut defaults = method.method().recommended();
        if data.space().space().is_some() {
            defaults["noise"]["kind"] = "uniform".into();
        }
        if json.pointer("/network/kind").is_some_and(|kind| kind == "u-net") {
            overlay(&mut defaults, &UNet::recommended());
            if matches!(method, MethodConfig::NormalizingFlow(_)) {
                defaults["method"]["divergence"] = "hutchinson".into();
            }
        }
        let between = json.get("snapshots").is_some_and(Value::is_object);
        if between && matches!(method, MethodConfig::FlowMatching(_)) {
            defaults["method"]["kind"] = "flow-matching".into();
            defaults["method"]["coupling"] = "minibatch-ot".into();
        }
        if json.pointer("/budget/seconds").or(json.pointer("/budget/networkEvaluations")).is_some_and(Value::is_number)
        {
            defaults["budget"]["steps"] = MOST_STEPS.into();
        }
        overlay(&mut defaults, json);
        lower_final_rate(&mut defaults, json);
        let experiment = read(&defaults)?;
        experiment.check()?;
        Ok(experiment)
    }

    /// Refuses values that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("version", self.version, 1..=VERSION)?;
        self.data.check("data")?;
        self.noise.check("noise")?;
        self.network.check()?;
        self.optimizer.check()?;
        self.solver.check()?;
        self.divergence.check()?;
        self.budget.check()?;
        self.method.method().check()?;
        self.check_space()?;
        self.check_condition()?;
        self.check_snapshots()?;
        if self.method.method().jumps() && self.network.conditioning != Conditioning::Concat {
            let allowed = "\"concat\" for this method, whose network is told how far to jump";
            let given = Value::String(kebab(self.network.conditioning));
            return Err(FlowError::invalid("network.conditioning", given, allowed));
        }
        if self.network.kind == NetworkKind::UNet && !self.method.method().takes_unet() {
            let allowed = "\"perceptron\" for this method, whose network has a form of its own";
            return Err(FlowError::invalid("network.kind", "\"u-net\"", allowed));
        }
        let rounds = self.method.method().rounds().count;
        if self.budget.steps < rounds {
            let allowed = format!("{rounds} to {MOST_STEPS}, one for each of the method's rounds");
            return Err(FlowError::invalid("budget.steps", self.budget.steps, allowed));
        }
        if self.noise.kind.is_given() {
            let value = Value::String(kebab(self.noise.kind));
            return Err(FlowError::invalid(
                "noise.kind",
                value,
                "a built-in distribution; given points can be the data",
            ));
        }
        let needed = self.method.method().needs_gaussian().filter(|_| self.noise.kind != DistributionKind::Gaussian);
        if let Some(reason) = needed {
            let value = Value::String(kebab(self.noise.kind));
            return Err(FlowError::invalid("noise.kind", value, format!("\"gaussian\" for {reason}")));
        }
        Ok(())
    }
}

impl Experiment {
    /// Refuses a condition that the data does not know, or that the method or the network cannot be told.
    fn check_condition(&self) -> Result<(), FlowError> {
        let Some(condition) = self.condition else { return Ok(()) };
        condition.check()?;
        let kind = Value::String(kebab(condition.kind));
        let refused = |allowed: &str| Err(FlowError::invalid("condition.kind", &kind, allowed));
        if !self.method.method().takes_condition() {
            return refused(
                "none for this method; flow matching, MeanFlow, shortcut models, diffusion and stochastic interpolants can be told one",
            );
        }
        if self.network.conditioning != Conditioning::Concat {
            return refused("none for this network.conditioning; \"concat\" has a place for one");
        }
        // What is known of these is known when they are.
        if self.data.kind.is_given() {
            return Ok(());
        }
        let data = self.data.build("data", None)?;
        let (nothing, what) = match condition.kind {
            ConditionKind::Class => (data.classes.is_empty(), "classes"),
            ConditionKind::Numbers => (data.numbers.is_empty(), "numbers"),
        };
        if nothing {
            return refused(&format!("none for \"{}\", which has no {what}", kebab(self.data.kind)));
        }
        Ok(())
    }
}

impl Experiment {
    /// Refuses snapshots that the data does not have, or that nothing trains on.
    fn check_snapshots(&self) -> Result<(), FlowError> {
        let Some(snapshots) = self.snapshots else { return Ok(()) };
        let refused = |field, value, allowed: &str| Err(FlowError::invalid(field, Value::String(value), allowed));
        let MethodConfig::FlowMatching(method) = self.method else {
            let allowed = "none for this method; flow matching goes through them";
            return Err(FlowError::invalid("snapshots", "given", allowed));
        };
        if !matches!(method.path, Schedule::Linear | Schedule::Cosine) {
            let allowed = "\"linear\" or \"cosine\" for snapshots in time, each of which it must meet";
            return refused("method.path", kebab(method.path), allowed);
        }
        if let Some(condition) = self.condition {
            return refused("condition.kind", kebab(condition.kind), "none beside snapshots in time");
        }
        if self.noise.kind != DistributionKind::Gaussian {
            let allowed = "\"gaussian\", or none, beside snapshots in time, the last of which stands in its place";
            return refused("noise.kind", kebab(self.noise.kind), allowed);
        }
        // What is known of given points is known when they are.
        if !self.data.kind.is_given() {
            snapshots.first_of(self.data.build("data", None)?)?;
        }
        Ok(())
    }
}

impl Experiment {
    /// Refuses noise that is not of the data's space, and on a torus or a sphere what is written for the plane alone.
    fn check_space(&self) -> Result<(), FlowError> {
        let refused = |field, value, allowed: String| Err(FlowError::invalid(field, Value::String(value), allowed));
        if self.data.kind.is_on_space_of_data() {
            let allowed = format!("a distribution of data; {NOISE_ON_SPACES}");
            return refused("data.kind", kebab(self.data.kind), allowed);
        }
        let (noise, follows) = (kebab(self.noise.kind), self.noise.kind.is_on_space_of_data());
        let Some(space) = self.data.space().space() else {
            if follows || self.noise.space() != SpaceKind::Plane {
                let allowed = format!("a distribution of the plane for data there; {NOISE_ON_SPACES}");
                return refused("noise.kind", noise, allowed);
            }
            return Ok(());
        };
        let on = space.words()[0];
        if !follows {
            return refused("noise.kind", noise, format!("\"uniform\" or \"wrapped-gaussian\" for data on {on}"));
        }
        let none = format!("none for data on {on}");
        match (self.method, self.condition) {
            (MethodConfig::FlowMatching(method), _) if method.path != Schedule::Linear => {
                let allowed = format!("\"linear\" for data on {on}, where paths are its shortest lines");
                refused("method.path", kebab(method.path), allowed)
            }
            (MethodConfig::FlowMatching(_), Some(condition)) => refused("condition.kind", kebab(condition.kind), none),
            (MethodConfig::FlowMatching(_), None) if self.snapshots.is_some() => {
                refused("snapshots", "given".into(), none)
            }
            (MethodConfig::FlowMatching(_), None) if self.network.kind != NetworkKind::Perceptron => {
                refused("network.kind", "u-net".into(), format!("\"perceptron\" for data on {on}"))
            }
            (MethodConfig::FlowMatching(_), None) => Ok(()),
            _ => refused("method.kind", "another".into(), format!("\"flow-matching\" for data on {on}")),
        }
    }
}

const NOISE_ON_SPACES: &str = "\"uniform\" and \"wrapped-gaussian\" are noise on a torus or a sphere";

/// A learning rate below the final one that nobody asked for is the final one too.
fn lower_final_rate(experiment: &mut Value, given: &Value) {
    let rate = |value: &Value, name: &str| value.pointer(name).and_then(Value::as_f64);
    let usual = OptimizerConfig::default().final_learning_rate;
    let last = rate(experiment, "/optimizer/finalLearningRate").unwrap_or(usual);
    if let Some(first) = rate(given, "/optimizer/learningRate").filter(|&first| first < last)
        && rate(given, "/optimizer/finalLearningRate").is_none()
    {
        experiment["optimizer"]["finalLearningRate"] = first.into();
    }
}

impl Experiment {
    /// Network passes that all rounds prepare with.
    pub fn prepared_evaluations(&self) -> u64 {
        let rounds = self.method.method().rounds();
        (rounds.count as u64 - 1) * rounds.preparation.evaluations(self.optimizer.batch)
    }

    /// Refuses fewer network evaluations than the rounds of a method need on data of `dim` coordinates: what they prepare,
    /// and a training step each.
    pub fn check_rounds(&self, dim: usize) -> Result<(), FlowError> {
        let Some(limit) = self.budget.network_evaluations else { return Ok(()) };
        let (method, prepared) = (self.method.method(), self.prepared_evaluations());
        let (rounds, passes) = (method.rounds().count as u64, method.passes_per_step(dim) as u64);
        let fewest = prepared + rounds * passes;
        if rounds == 1 || limit >= fewest {
            return Ok(());
        }
        let allowed = format!(
            "{fewest} to {MOST_EVALUATIONS}; between the method's {rounds} rounds {prepared} are spent on what each trains on"
        );
        Err(FlowError::invalid("budget.networkEvaluations", limit, allowed))
    }
}

fn kebab(kind: impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => unreachable!("a kind serializes as its name"),
    }
}

/// Lays `over` on `base`: objects are merged, everything else is replaced.
fn overlay(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                overlay(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// serde's message as what was refused where. It names what is allowed after the last comma or semicolon.
fn refused(json: &Value, path: &str, message: &str) -> FlowError {
    let at = path.split('.').try_fold(json, |value, key| value.get(key));
    let value = at.map_or_else(|| "missing".to_string(), Value::to_string);
    FlowError::invalid(path, value, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_empty_experiment_is_the_default_and_survives_the_round_trip() {
        let experiment = Experiment::from_json(&json!({})).unwrap();
        assert_eq!(experiment, Experiment::default());
        let written = serde_json::to_value(&experiment).unwrap();
        assert_eq!(Experiment::from_json(&written).unwrap(), experiment);
    }

    #[test]
    fn refusals_name_the_field_the_value_and_what_is_allowed() {
        let sentence = |json| Experiment::from_json(&json).unwrap_err().to_string();
        assert_eq!(sentence(json!({"network": {"width": 0}})), "network.width is 0; allowed: 1 to 1024.");
        let unknown_kind = sentence(json!({"data": {"kind": "moon"}}));
        assert!(unknown_kind.starts_with("data.kind is \"moon\"; allowed: unknown variant `moon`"), "{unknown_kind}");
        let unknown_field = sentence(json!({"network": {"widht": 3}}));
        assert!(unknown_field.contains("network.widht") && unknown_field.contains("`width`"), "{unknown_field}");
        assert!(sentence(json!({"version": 2})).contains("1 to 1"));
        assert!(sentence(json!("moons")).starts_with("experiment is \"moons\""));
        let noise = json!({"method": {"kind": "normalizing-flow"}, "noise": {"kind": "moons"}});
        assert!(sentence(noise).starts_with("noise.kind is \"moons\""));
        let rate = sentence(json!({"optimizer": {"learningRate": -1.0}}));
        assert!(rate.starts_with("optimizer.learningRate is -1"), "{rate}");
    }
}
