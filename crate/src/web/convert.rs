//! What crosses the border: JavaScript's values to the crate's and back.

use crate::distribution::{Labels, Numbers};
use crate::error::FlowError;
use crate::experiment::Experiment;
use crate::ode::{SolverConfig, Trajectory};
use crate::points::Points;
use crate::sampler::{SamplerConfig, SamplerKind};
use crate::session::{Inspection, Origin, Sampling, Session, Start};
use crate::transport::Densities;
use js_sys::{Array, Float32Array, Float64Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

pub(super) fn parse_experiment(experiment: JsValue) -> Result<Experiment, JsValue> {
    Experiment::from_json(&from_js("experiment", experiment)?).map_err(report)
}

/// Fields left out come from the experiment.
pub(super) fn defaults(session: &Session, solver: JsValue, seed: Option<u32>) -> Result<(SolverConfig, u32), JsValue> {
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

/// A solver, its fields left out from the experiment's, or a sampler, told by its kind.
pub(super) fn sampling(session: &Session, value: JsValue, seed: Option<u32>) -> Result<(Sampling, u32), JsValue> {
    let kind = if value.is_object() { Reflect::get(&value, &"kind".into())?.as_string() } else { None };
    if kind.is_some_and(|kind| SamplerKind::ALL.iter().any(|sampler| sampler.name() == kind)) {
        let sampler: SamplerConfig = from_js("sampler", value)?;
        return Ok((sampler.into(), seed.unwrap_or(session.experiment().seed)));
    }
    let (solver, seed) = defaults(session, value, seed)?;
    Ok((solver.into(), seed))
}

/// The caller's own points and their classes or numbers, where there are any.
pub(super) fn own_points(own: &JsValue) -> Result<Start, JsValue> {
    if !own.is_object() {
        return Ok(Start::default());
    }
    let field = |name: &str| Reflect::get(own, &name.into());
    let dim = field("dim")?.as_f64().map_or(2, |dim| dim as usize);
    let points = Points::new(Float64Array::new(&field("points")?).to_vec(), dim).map_err(report)?;
    let flat = |field: JsValue| field.is_object().then(|| Float64Array::new(&field).to_vec());
    let names = |field: JsValue| from_js::<Vec<String>>("names", field);
    let mut start = Start { points: Some(points), ..Start::default() };
    let labels = field("labels")?;
    if labels.is_object() {
        let of = Uint32Array::new(&labels).to_vec();
        start.labels = Some(Labels { names: names(field("classes")?)?, of });
    }
    if let Some(numbers) = flat(field("numbers")?) {
        let names = names(field("names")?)?;
        let of = Points::new(numbers, names.len()).map_err(report)?;
        start.numbers = Some(Numbers { names, of });
    }
    Ok(start)
}

pub(super) fn origin(from: &str) -> Result<Origin, JsValue> {
    match from {
        "noise" => Ok(Origin::Noise),
        "data" => Ok(Origin::Data),
        other => Err(report(FlowError::invalid("from", other, "\"noise\" or \"data\""))),
    }
}

pub(super) fn flat(points: &Points<f64>) -> Float64Array {
    Float64Array::from(points.values())
}

pub(super) fn trajectories(trajectory: &Trajectory<f64>) -> Result<JsValue, JsValue> {
    let each = trajectory.positions.first().map_or(0, |points| points.values().len());
    let positions = Float64Array::new_with_length((each * trajectory.positions.len()) as u32);
    for (i, points) in trajectory.positions.iter().enumerate() {
        positions.subarray((i * each) as u32, ((i + 1) * each) as u32).copy_from(points.values());
    }
    let times: Array = trajectory.times.iter().map(|&t| JsValue::from_f64(t)).collect();
    object([("times", times.into()), ("positions", positions.into()), ("nfe", trajectory.evaluations.into())])
}

fn object<const N: usize>(entries: [(&str, JsValue); N]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &key.into(), &value)?;
    }
    Ok(object.into())
}

pub(super) fn log_densities(found: Densities) -> Result<JsValue, JsValue> {
    let narrow = |values: Vec<f64>| -> JsValue {
        Float32Array::from(values.iter().map(|&value| value as f32).collect::<Vec<_>>().as_slice()).into()
    };
    let values = narrow(found.values.unwrap_or_default());
    let densities = object([("values", values), ("nfe", found.evaluations.into())])?;
    if let Some(errors) = found.standard_errors {
        Reflect::set(&densities, &"standardErrors".into(), &narrow(errors))?;
    }
    Ok(densities)
}

pub(super) fn inspection(found: &Inspection) -> Result<JsValue, JsValue> {
    object([
        ("velocity", to_js(&found.velocity)?),
        ("divergence", found.divergence.into()),
        ("logDensity", to_js(&found.log_density)?),
        ("meanVelocity", to_js(&found.mean_velocity)?),
        ("paths", found.paths.as_ref().map_or(Ok(JsValue::NULL), trajectories)?),
        ("effectivePairs", to_js(&found.effective_pairs)?),
    ])
}

pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

pub(super) fn from_js<T: DeserializeOwned>(field: &str, value: JsValue) -> Result<T, JsValue> {
    let shown = js_sys::JSON::stringify(&value).map_or_else(|_| "unreadable".to_string(), String::from);
    serde_wasm_bindgen::from_value(value).map_err(|error| report(FlowError::invalid(field, shown, error.to_string())))
}

/// An error as the plain object that the TypeScript side makes its own error of.
pub(super) fn report(error: FlowError) -> JsValue {
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
