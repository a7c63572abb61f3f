//! The browser's door: converts, delegates to [`Session`], and turns errors into plain objects. Nothing is decided here.

use crate::distribution::DistributionKind;
use crate::engine::Engine;
use crate::error::FlowError;
use crate::experiment::Experiment;
use crate::ode::{SolverConfig, Trajectory};
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::sde::SamplerConfig;
use crate::session::{Origin, Session, Start};
use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Solution curves: `positions` holds times.length batches of n points of d coordinates, flat. */
export interface Trajectories { times: number[]; positions: Float32Array; nfe: number }
/** ln p of each point; `standardErrors` where the divergence was estimated with more than one probe. */
export interface LogDensities { values: Float32Array; standardErrors?: Float32Array; nfe: number }
/** What every export throws. */
export interface ErrorReport { code: string; message: string; field?: string; value?: string; allowed?: string }
"#;

#[wasm_bindgen]
unsafe extern "C" {
    /// Tells the worker that this instance is lost: with aborting panics nothing else ever answers.
    #[wasm_bindgen(js_namespace = globalThis, js_name = __flowPlaygroundPanic, catch)]
    unsafe fn report_panic(message: &str) -> Result<(), JsValue>;
}

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
#[allow(unsafe_code)]
pub fn start() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // Referenced here so that the linker does not wrap every export to run the static constructors again: the GPU bundle
    // has thousands, 200 µs a call.
    // SAFETY: the linker's own function, called once, before anything else of this module runs.
    unsafe { __wasm_call_ctors() };
    std::panic::set_hook(Box::new(|info| {
        // SAFETY: a plain JavaScript call; where the host defines no such function it fails, and there is nobody to tell.
        let _ = unsafe { report_panic(&info.to_string()) };
    }));
}

/// Fills in and checks a partial experiment.
#[wasm_bindgen(js_name = checkExperiment, unchecked_return_type = "Experiment")]
pub fn check_experiment(experiment: JsValue) -> Result<JsValue, JsValue> {
    to_js(&parse_experiment(experiment)?)
}

/// `n` points of a built-in distribution, flat.
#[wasm_bindgen(js_name = samplePoints)]
pub fn sample_points(
    #[wasm_bindgen(unchecked_param_type = "DistributionKind")] kind: JsValue,
    n: usize,
    seed: u32,
) -> Result<Float32Array, JsValue> {
    let kind: DistributionKind = from_js("kind", kind)?;
    let distribution = kind.build("data", None).map_err(report)?;
    let points = distribution.sample(n.min(1 << 20), &mut Rng::new(u64::from(seed), Stream::Heldout));
    Ok(Float32Array::from(points.values()))
}

/// An experiment being run. Calls must not overlap: one that arrives while another waits for the GPU is refused as busy.
#[wasm_bindgen]
pub struct WebSession {
    /// Taken while a call is under way.
    session: RefCell<Option<Session>>,
}

#[wasm_bindgen]
impl WebSession {
    /// Opens an experiment. `points`: n × dim, in their own units. `weights`: a safetensors file to start from.
    pub async fn create(
        experiment: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Engine")] device: JsValue,
        points: Option<Vec<f32>>,
        dim: Option<usize>,
        weights: Option<Vec<u8>>,
    ) -> Result<WebSession, JsValue> {
        let experiment = parse_experiment(experiment)?;
        let engine: Engine = from_js("device", device)?;
        let points = points.map(|values| Points::new(values, dim.unwrap_or(2))).transpose().map_err(report)?;
        let session =
            Session::open(experiment, Start { points, weights, heldout: None }, engine).await.map_err(report)?;
        Ok(Self { session: RefCell::new(Some(session)) })
    }

    /// The experiment, with every default filled in.
    #[wasm_bindgen(getter, unchecked_return_type = "Experiment")]
    pub fn experiment(&self) -> Result<JsValue, JsValue> {
        self.read(|session| to_js(session.experiment()))
    }

    /// How the data's own units relate to the model's.
    #[wasm_bindgen(getter, unchecked_return_type = "Scaling")]
    pub fn scaling(&self) -> Result<JsValue, JsValue> {
        self.read(|session| to_js(session.scaling()))
    }

    /// Coordinates of a point.
    #[wasm_bindgen(getter)]
    pub fn dim(&self) -> Result<usize, JsValue> {
        self.read(|session| Ok(session.dim()))
    }

    /// Training steps done.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> Result<usize, JsValue> {
        self.read(|session| Ok(session.step()))
    }

    /// Network passes spent on training.
    #[wasm_bindgen(getter, js_name = networkEvaluations)]
    pub fn network_evaluations(&self) -> Result<usize, JsValue> {
        self.read(|session| Ok(session.network_evaluations()))
    }

    /// The share of the budget that is spent, 1 or more at its end.
    #[wasm_bindgen(getter)]
    pub fn spent(&self) -> Result<f64, JsValue> {
        self.read(|session| Ok(session.spent()))
    }

    /// The number of weights.
    #[wasm_bindgen(getter, js_name = numParameters)]
    pub fn num_parameters(&self) -> Result<usize, JsValue> {
        self.read(|session| Ok(session.num_parameters()))
    }

    /// Runs `num_steps` training steps, then reads their losses.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub async fn advance(&self, num_steps: usize) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let progress = held.session().advance(num_steps).await;
        to_js(&progress.map_err(report)?)
    }

    /// `n` held-out data points.
    pub fn data(&self, n: usize, seed: u32) -> Result<Float32Array, JsValue> {
        self.read(|session| Ok(flat(&session.data(n, seed).map_err(report)?)))
    }

    /// `n` noise points: those that samples of the same seed start from.
    pub fn noise(&self, n: usize, seed: u32) -> Result<Float32Array, JsValue> {
        self.read(|session| Ok(flat(&session.noise(n, seed).map_err(report)?)))
    }

    /// `n` generated points.
    pub async fn sample(
        &self,
        n: usize,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | undefined")] solver: JsValue,
        seed: Option<u32>,
    ) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let (solver, seed) = defaults(session, solver, seed)?;
        Ok(flat(&session.sample(n, solver, seed).await.map_err(report)?))
    }

    /// `n` points generated by a stochastic sampler, or by DDIM.
    #[wasm_bindgen(js_name = sampleStochastic)]
    pub async fn sample_stochastic(
        &self,
        n: usize,
        #[wasm_bindgen(unchecked_param_type = "Partial<SamplerConfig> | undefined")] sampler: JsValue,
        seed: Option<u32>,
    ) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let sampler = if sampler.is_object() { from_js("sampler", sampler)? } else { SamplerConfig::default() };
        let seed = seed.unwrap_or(session.experiment().seed);
        Ok(flat(&session.sample_stochastic(n, sampler, seed).await.map_err(report)?))
    }

    /// Trajectories of `n` points: `from` "noise", generated, times 1 → 0; from "data", encoded, times 0 → 1.
    #[wasm_bindgen(unchecked_return_type = "Trajectories")]
    pub async fn trajectories(
        &self,
        n: usize,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | undefined")] solver: JsValue,
        seed: Option<u32>,
        #[wasm_bindgen(unchecked_param_type = "\"noise\" | \"data\"")] from: String,
    ) -> Result<JsValue, JsValue> {
        let origin = match from.as_str() {
            "noise" => Origin::Noise,
            "data" => Origin::Data,
            other => return Err(report(FlowError::invalid("from", other, "\"noise\" or \"data\""))),
        };
        let mut held = self.hold()?;
        let session = held.session();
        let (solver, seed) = defaults(session, solver, seed)?;
        trajectories(&session.trajectories(n, solver, seed, origin).await.map_err(report)?)
    }

    /// The method's conditional paths between paired ends, times 0 → 1; undefined where the method has none.
    #[wasm_bindgen(js_name = conditionalPaths, unchecked_return_type = "Trajectories | undefined")]
    pub fn conditional_paths(&self, n: usize, num_times: usize, seed: u32) -> Result<JsValue, JsValue> {
        self.read(|session| match session.conditional_paths(n, num_times, seed).map_err(report)? {
            Some(paths) => trajectories(&paths),
            None => Ok(JsValue::UNDEFINED),
        })
    }

    /// The velocity at each point.
    pub async fn velocity(&self, points: Vec<f32>, t: f64) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        Ok(flat(&session.velocity(&points, t).await.map_err(report)?))
    }

    /// ln p_t(x) of the model at each point.
    #[wasm_bindgen(js_name = logDensity)]
    pub async fn log_density(
        &self,
        points: Vec<f32>,
        t: f64,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | undefined")] solver: JsValue,
    ) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        let (solver, _) = defaults(session, solver, None)?;
        let densities = session.log_density(&points, t, solver).await.map_err(report)?;
        Ok(Float32Array::from(densities.as_slice()))
    }

    /// ln p_t(x) of the model at each point, with its standard error where the divergence is estimated.
    #[wasm_bindgen(js_name = logDensityEstimate, unchecked_return_type = "LogDensities")]
    pub async fn log_density_estimate(
        &self,
        points: Vec<f32>,
        t: f64,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | undefined")] solver: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        let (solver, _) = defaults(session, solver, None)?;
        let found = session.log_density_estimate(&points, t, solver).await.map_err(report)?;
        let narrow = |values: Vec<f64>| -> JsValue {
            Float32Array::from(values.iter().map(|&value| value as f32).collect::<Vec<_>>().as_slice()).into()
        };
        let object = Object::new();
        Reflect::set(&object, &"values".into(), &narrow(found.values.unwrap_or_default()))?;
        if let Some(errors) = found.standard_errors {
            Reflect::set(&object, &"standardErrors".into(), &narrow(errors))?;
        }
        Reflect::set(&object, &"nfe".into(), &found.evaluations.into())?;
        Ok(object.into())
    }

    /// Each metric of `n` generated points for each of `solvers`: the usual ones, from 1 to 64 evaluations and at four
    /// tolerances, if none is given.
    #[wasm_bindgen(js_name = qualityAgainstCost, unchecked_return_type = "CostPoint[]")]
    pub async fn quality_against_cost(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig>[] | undefined")] solvers: JsValue,
        n: usize,
        seed: u32,
    ) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let solvers: Vec<SolverConfig> = if solvers.is_object() { from_js("solvers", solvers)? } else { Vec::new() };
        to_js(&held.session().quality_against_cost(&solvers, n, seed).await.map_err(report)?)
    }

    /// What the flow after each round reaches: each reflow's straightness, each block's free energy.
    #[wasm_bindgen(unchecked_return_type = "RoundReport[]")]
    pub async fn rounds(&self, n: usize, seed: u32) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        to_js(&held.session().rounds(n, seed).await.map_err(report)?)
    }

    /// Adds a block or a reflow, and its share of the budget.
    #[wasm_bindgen(js_name = addRound)]
    pub fn add_round(&self) -> Result<(), JsValue> {
        self.hold()?.session().add_round().map_err(report)
    }

    /// Measures every metric on `n` held-out and `n` generated points.
    #[wasm_bindgen(unchecked_return_type = "Measurement")]
    pub async fn measure(&self, n: usize, seed: u32) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        to_js(&held.session().measure(n, seed).await.map_err(report)?)
    }

    /// The weights as a safetensors file.
    pub async fn weights(&self) -> Result<Uint8Array, JsValue> {
        let mut held = self.hold()?;
        Ok(Uint8Array::from(held.session().weights().await.map_err(report)?.as_slice()))
    }

    fn hold(&self) -> Result<Held<'_>, JsValue> {
        let session = self.session.try_borrow_mut().ok().and_then(|mut slot| slot.take());
        Ok(Held { slot: &self.session, session: Some(session.ok_or_else(|| report(FlowError::Busy))?) })
    }

    fn read<T>(&self, read: impl FnOnce(&Session) -> Result<T, JsValue>) -> Result<T, JsValue> {
        match self.session.borrow().as_ref() {
            Some(session) => read(session),
            None => Err(report(FlowError::Busy)),
        }
    }
}

/// The session for the length of one call. Nothing stays borrowed while the call waits for the GPU, so that a second call
/// is refused instead of ending the program.
struct Held<'a> {
    slot: &'a RefCell<Option<Session>>,
    session: Option<Session>,
}

impl Held<'_> {
    fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("held until dropped")
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.slot.borrow_mut() = self.session.take();
    }
}

fn parse_experiment(experiment: JsValue) -> Result<Experiment, JsValue> {
    Experiment::from_json(&from_js("experiment", experiment)?).map_err(report)
}

/// Fields left out come from the experiment.
fn defaults(session: &Session, solver: JsValue, seed: Option<u32>) -> Result<(SolverConfig, u32), JsValue> {
    let mut chosen = session.experiment().solver;
    if solver.is_object() {
        let field = |name: &str| Reflect::get(&solver, &name.into()).ok().filter(|value| !value.is_undefined());
        if let Some(kind) = field("kind") {
            chosen.kind = from_js("solver.kind", kind)?;
        }
        if let Some(steps) = field("steps") {
            chosen.steps = from_js("solver.steps", steps)?;
        }
        // Without a tolerance of its own, a call that names its steps or solver means equal steps.
        chosen.tolerance = match field("tolerance").filter(|value| !value.is_null()) {
            Some(tolerance) => Some(from_js("solver.tolerance", tolerance)?),
            None if field("kind").is_some() || field("steps").is_some() => None,
            None => chosen.tolerance,
        };
    }
    Ok((chosen, seed.unwrap_or(session.experiment().seed)))
}

fn flat(points: &Points) -> Float32Array {
    Float32Array::from(points.values())
}

fn trajectories(trajectory: &Trajectory) -> Result<JsValue, JsValue> {
    let each = trajectory.positions.first().map_or(0, |points| points.values().len());
    let positions = Float32Array::new_with_length((each * trajectory.positions.len()) as u32);
    for (i, points) in trajectory.positions.iter().enumerate() {
        positions.subarray((i * each) as u32, ((i + 1) * each) as u32).copy_from(points.values());
    }
    let times: Array = trajectory.times.iter().map(|&t| JsValue::from_f64(t)).collect();
    let object = Object::new();
    for (key, value) in
        [("times", times.into()), ("positions", positions.into()), ("nfe", trajectory.evaluations.into())]
    {
        Reflect::set(&object, &key.into(), &value)?;
    }
    Ok(object.into())
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn from_js<T: DeserializeOwned>(field: &str, value: JsValue) -> Result<T, JsValue> {
    let shown = js_sys::JSON::stringify(&value).map_or_else(|_| "unreadable".to_string(), String::from);
    serde_wasm_bindgen::from_value(value).map_err(|error| report(FlowError::invalid(field, shown, error.to_string())))
}

/// An error as the plain object that the TypeScript side makes its own error of.
fn report(error: FlowError) -> JsValue {
    let object = Object::new();
    let mut entries = vec![("code", error.code().to_string()), ("message", error.to_string())];
    if let FlowError::InvalidValue { field, value, allowed } = error {
        entries.extend([("field", field), ("value", value), ("allowed", allowed)]);
    }
    for (key, value) in entries {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &key.into(), &value.into());
    }
    object.into()
}
