//! How good a run is, for the browser.

use super::WebSession;
use super::convert::{from_js, report, sampling, to_js};
use crate::session::Metric;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl WebSession {
    /// Each metric of `n` generated points for each of `solvers`: the usual ones, from 1 to 64 evaluations and at four
    /// tolerances, if none is given; all metrics likewise.
    #[wasm_bindgen(js_name = qualityAgainstCost, unchecked_return_type = "CostPoint[]")]
    pub async fn quality_against_cost(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(Partial<SolverConfig> | SamplerConfig)[] | undefined")]
        solvers: JsValue,
        n: usize,
        seed: u32,
        #[wasm_bindgen(unchecked_param_type = "Metric[] | undefined")] metrics: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let solvers = if solvers.is_object() { js_sys::Array::from(&solvers).to_vec() } else { Vec::new() };
        let solvers = solvers.into_iter().map(|solver| Ok(sampling(session, solver, None)?.0));
        let solvers = solvers.collect::<Result<Vec<_>, JsValue>>()?;
        let metrics = chosen(metrics)?;
        to_js(&session.quality_against_cost(&solvers, n, seed, &metrics).await.map_err(report)?)
    }

    /// What the flow after each round reaches: each reflow's straightness, each block's free energy.
    #[wasm_bindgen(unchecked_return_type = "RoundReport[]")]
    pub async fn rounds(&self, n: usize, seed: u32) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        to_js(&held.session().rounds(n, seed).await.map_err(report)?)
    }

    /// Reads the classifier, a safetensors file, that pictures are judged by from now on.
    #[wasm_bindgen(js_name = readClassifier)]
    pub fn read_classifier(&self, file: &[u8]) -> Result<(), JsValue> {
        self.hold()?.session().read_classifier(file).map_err(report)
    }

    /// Measures metrics, all unless given, on `n` held-out and `n` generated points.
    #[wasm_bindgen(unchecked_return_type = "Measurement")]
    pub async fn measure(
        &self,
        n: usize,
        seed: u32,
        #[wasm_bindgen(unchecked_param_type = "Partial<SolverConfig> | SamplerConfig | undefined")] solver: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Metric[] | undefined")] metrics: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mut held = self.hold()?;
        let session = held.session();
        let (solver, metrics) = (sampling(session, solver, None)?.0, chosen(metrics)?);
        to_js(&session.measure_with(n, seed, solver, &metrics).await.map_err(report)?)
    }

    /// The loss that is left when nothing is left to learn; null where unknown.
    #[wasm_bindgen(js_name = lossFloor, unchecked_return_type = "LossFloor | null")]
    pub fn loss_floor(&self, n: usize, seed: u32) -> Result<JsValue, JsValue> {
        self.read(|session| to_js(&session.loss_floor(n, seed).map_err(report)?))
    }
}

fn chosen(metrics: JsValue) -> Result<Vec<Metric>, JsValue> {
    if metrics.is_object() { from_js("metrics", metrics) } else { Ok(Metric::ALL.to_vec()) }
}
