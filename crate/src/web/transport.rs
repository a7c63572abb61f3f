//! What the flow does with points, for the browser.

use super::WebSession;
use super::convert::{
    defaults, flat, from_js, inspection, log_densities, origin, report, sampling, to_js, trajectories,
};
use crate::method::Asked;
use crate::points::Points;
use crate::session::InspectionConfig;
use js_sys::{Float32Array, Float64Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl WebSession {
    /// The names of the data's classes, in the order of their numbers; none where it has none.
    pub fn classes(&self) -> Result<Vec<String>, JsValue> {
        self.read(|session| Ok(session.classes().into_iter().map(str::to_string).collect()))
    }

    /// Asks everything from now on for a class, its number, with a guidance weight, 1 if not given; for none in particular
    /// without a class.
    pub fn ask(&self, class: Option<usize>, guidance: Option<f64>) -> Result<(), JsValue> {
        let asked = class.map(|class| Asked::class(class, guidance.unwrap_or(1.0)));
        self.hold()?.session().ask(asked).map_err(report)
    }

    /// The numbers that are known of every data point; none where there are none.
    #[wasm_bindgen(unchecked_return_type = "KnownNumber[]")]
    pub fn numbers(&self) -> Result<JsValue, JsValue> {
        self.read(|session| to_js(&session.numbers()))
    }

    /// Asks everything from now on for what is given these numbers, with a guidance weight.
    pub fn observe(&self, numbers: Vec<f64>, guidance: f64) -> Result<(), JsValue> {
        self.hold()?.session().ask(Some(Asked::numbers(numbers, guidance))).map_err(report)
    }

    /// Why what is asked for has nothing to be compared with, where it has none.
    #[wasm_bindgen(getter, js_name = whyNoTruth)]
    pub fn why_no_truth(&self) -> Result<Option<String>, JsValue> {
        self.read(|session| Ok(session.why_no_truth()))
    }

    /// Network passes of one evaluation (NFE): 2 under guidance, else 1.
    #[wasm_bindgen(getter, js_name = passesPerEvaluation)]
    pub fn passes_per_evaluation(&self) -> Result<usize, JsValue> {
        self.read(|session| Ok(session.passes_per_evaluation()))
    }

    /// `n` held-out data points, of the class that is asked for.
    pub fn data(&self, n: usize, seed: u32) -> Result<Float64Array, JsValue> {
        self.read(|session| Ok(flat(&session.data(n, seed).map_err(report)?)))
    }

    /// The number of each of these points' class, where no class is asked for; none where they have none.
    pub fn labels(&self, n: usize, seed: u32) -> Result<Vec<u32>, JsValue> {
        self.read(|session| session.labels(n, seed).map_err(report))
    }

    /// The numbers of each of these points, flat, where none are asked for; none where they have none.
    pub fn observations(&self, n: usize, seed: u32) -> Result<Vec<f64>, JsValue> {
        self.read(|session| session.observations(n, seed).map_err(report))
    }

    /// `n` noise points: those that samples of the same seed start from.
    pub fn noise(&self, n: usize, seed: u32) -> Result<Float64Array, JsValue> {
        self.read(|session| Ok(flat(&session.noise(n, seed).map_err(report)?)))
    }

    /// The samplers that suit the method, beside the solvers.
    #[wasm_bindgen(unchecked_return_type = "SamplerKind[]")]
    pub fn samplers(&self) -> Result<JsValue, JsValue> {
        self.read(|session| to_js(&session.samplers()))
    }

    /// `n` generated points.
    pub async fn sample(
        &self,
        n: usize,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | SamplerConfig | undefined")] solver: JsValue,
        seed: Option<u32>,
    ) -> Result<Float64Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let (solver, seed) = sampling(session, solver, seed)?;
        Ok(flat(&session.sample(n, solver, seed).await.map_err(report)?))
    }

    /// Trajectories of `n` points: `from` "noise", generated, times 1 → 0; from "data", encoded, times 0 → 1.
    #[wasm_bindgen(unchecked_return_type = "Trajectories")]
    pub async fn trajectories(
        &self,
        n: usize,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | SamplerConfig | undefined")] solver: JsValue,
        seed: Option<u32>,
        #[wasm_bindgen(unchecked_param_type = "\"noise\" | \"data\"")] from: String,
    ) -> Result<JsValue, JsValue> {
        let origin = origin(&from)?;
        let mut held = self.hold()?;
        let session = held.session();
        let (solver, seed) = sampling(session, solver, seed)?;
        trajectories(&session.trajectories(n, solver, seed, origin).await.map_err(report)?)
    }

    /// Trajectories of the caller's own points: `from` "noise", generated, times 1 → 0; from "data", encoded, times 0 → 1.
    #[wasm_bindgen(unchecked_return_type = "Trajectories")]
    pub async fn transport(
        &self,
        points: Vec<f64>,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | SamplerConfig | undefined")] solver: JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"noise\" | \"data\"")] from: String,
    ) -> Result<JsValue, JsValue> {
        let origin = origin(&from)?;
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        let (solver, _) = sampling(session, solver, None)?;
        trajectories(&session.transport(&points, solver, origin).await.map_err(report)?)
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
    pub async fn velocity(&self, points: Vec<f64>, t: f64) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        Ok(Float32Array::from(session.velocity(&points, t).await.map_err(report)?.values()))
    }

    /// tr ∂f/∂x at each point.
    pub async fn divergence(&self, points: Vec<f64>, t: f64) -> Result<Float32Array, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        Ok(Float32Array::from(session.divergence(&points, t).await.map_err(report)?.as_slice()))
    }

    /// What is at one point and time, and some of the conditional paths through it.
    #[wasm_bindgen(unchecked_return_type = "Inspection")]
    pub async fn inspect(
        &self,
        point: Vec<f64>,
        t: f64,
        #[wasm_bindgen(unchecked_param_type = "InspectionConfig")] config: JsValue,
    ) -> Result<JsValue, JsValue> {
        let config: InspectionConfig = from_js("config", config)?;
        let mut held = self.hold()?;
        inspection(&held.session().inspect(&point, t, config).await.map_err(report)?)
    }

    /// ln p_t(x) of the model at each point.
    #[wasm_bindgen(js_name = logDensity)]
    pub async fn log_density(
        &self,
        points: Vec<f64>,
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
        points: Vec<f64>,
        t: f64,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | undefined")] solver: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let points = Points::new(points, session.dim()).map_err(report)?;
        let (solver, _) = defaults(session, solver, None)?;
        let found = session.log_density_estimate(&points, t, solver).await.map_err(report)?;
        log_densities(found)
    }
}
