//! The browser's door: converts, delegates to [`Session`], and turns errors into plain objects. Nothing is decided here.

mod convert;
#[cfg(feature = "gpu")]
mod log;
mod measure;
mod transport;

use crate::distribution::DistributionKind;
use crate::engine::Engine;
use crate::error::FlowError;
use crate::rng::{Rng, Stream};
use crate::session::{Session, Start};
use convert::{from_js, own_points, parse_experiment, report, to_js};
use js_sys::{Float64Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Solution curves: `positions` holds times.length batches of n points of d coordinates, flat. */
export interface Trajectories { times: number[]; positions: Float64Array; nfe: number }
/** ln p of each point; `standardErrors` where the divergence was estimated with more than one probe. */
export interface LogDensities { values: Float32Array; standardErrors?: Float32Array; nfe: number }
/**
 * What is known at one point and time. `velocity`, `divergence` and `logDensity` (in nats) are the model's; `meanVelocity` is
 * the mean of the conditional paths through the point, which `velocity` should approach, with `effectivePairs` equally
 * likely pairs behind it; `paths` are some of those, times 0 to 1. null where the method has none, or none comes by.
 */
export interface Inspection {
  velocity: number[];
  divergence: number;
  logDensity: number | null;
  meanVelocity: number[] | null;
  paths: Trajectories | null;
  effectivePairs: number | null;
}
/**
 * The caller's own points: n × dim, in their own units. For a condition `labels` has the number of each point's class, and
 * `classes` their names; or `numbers` has those of each point, as many as `names`.
 */
export interface OwnPoints {
  points: Float64Array;
  dim?: number;
  labels?: Uint32Array;
  classes?: readonly string[];
  numbers?: Float64Array;
  names?: readonly string[];
}
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
    #[cfg(feature = "gpu")]
    log::listen();
}

/// Fills in and checks a partial experiment.
#[wasm_bindgen(js_name = checkExperiment, unchecked_return_type = "Experiment")]
pub fn check_experiment(experiment: JsValue) -> Result<JsValue, JsValue> {
    to_js(&parse_experiment(experiment)?)
}

/// Computes a problem whose answer is known: an engine that gets another one is not to be used.
#[wasm_bindgen(js_name = checkEngine)]
pub async fn check_engine(#[wasm_bindgen(unchecked_param_type = "Engine")] device: JsValue) -> Result<(), JsValue> {
    let engine: Engine = from_js("device", device)?;
    crate::session::check_engine(engine).await.map_err(report)
}

/// `n` points of a built-in distribution, flat.
#[wasm_bindgen(js_name = samplePoints)]
pub fn sample_points(
    #[wasm_bindgen(unchecked_param_type = "DistributionKind")] kind: JsValue,
    n: usize,
    seed: u32,
) -> Result<Float64Array, JsValue> {
    let kind: DistributionKind = from_js("kind", kind)?;
    let distribution = kind.build("data", None).map_err(report)?;
    let points = distribution.sample(n.min(1 << 20), &mut Rng::new(u64::from(seed), Stream::Heldout));
    Ok(convert::flat(&distribution.space.own(&points)))
}

/// An experiment being run. Calls must not overlap: one that arrives while another waits for the GPU is refused as busy.
#[wasm_bindgen]
pub struct WebSession {
    /// Taken while a call is under way.
    session: RefCell<Option<Session>>,
}

#[wasm_bindgen]
impl WebSession {
    /// Opens an experiment. `weights`: a safetensors file to start from.
    pub async fn create(
        experiment: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Engine")] device: JsValue,
        #[wasm_bindgen(unchecked_param_type = "OwnPoints | undefined")] own: JsValue,
        weights: Option<Vec<u8>>,
    ) -> Result<WebSession, JsValue> {
        let experiment = parse_experiment(experiment)?;
        let engine: Engine = from_js("device", device)?;
        let start = Start { weights, ..own_points(&own)? };
        let session = Session::open(experiment, start, engine).await.map_err(report)?;
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

    /// Why there is no density, where there is none.
    #[wasm_bindgen(getter, js_name = whyNoDensity)]
    pub fn why_no_density(&self) -> Result<Option<String>, JsValue> {
        self.read(|session| Ok(session.why_no_density().map(str::to_string)))
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
    pub fn network_evaluations(&self) -> Result<f64, JsValue> {
        self.read(|session| Ok(session.network_evaluations() as f64))
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

    /// The training steps that can be returned to, ascending.
    pub fn snapshots(&self) -> Result<Vec<usize>, JsValue> {
        self.read(|session| Ok(session.snapshots()))
    }

    /// Returns to the latest snapshot at or before `step`; its progress has no losses.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn rewind(&self, step: usize) -> Result<JsValue, JsValue> {
        to_js(&self.hold()?.session().rewind(step))
    }

    /// All that training goes on from, for a session of the same experiment and points on any engine.
    pub async fn checkpoint(&self) -> Result<Uint8Array, JsValue> {
        let mut held = self.hold()?;
        Ok(Uint8Array::from(held.session().checkpoint().await.map_err(report)?.as_slice()))
    }

    /// Takes up a checkpoint; its progress has no losses.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn restore(&self, checkpoint: &[u8]) -> Result<JsValue, JsValue> {
        to_js(&self.hold()?.session().restore(checkpoint).map_err(report)?)
    }

    /// Adds a block or a reflow, and its share of the budget.
    #[wasm_bindgen(js_name = addRound)]
    pub fn add_round(&self) -> Result<(), JsValue> {
        self.hold()?.session().add_round().map_err(report)
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
