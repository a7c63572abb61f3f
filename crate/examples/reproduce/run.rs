//! One row, one data set, one seed: trained and measured.

use super::rows::Row;
use cpu_time::ThreadTime;
use flow_playground::method::Asked;
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::session::{CostPoint, Measurement, Metric, RoundReport, Sampling, usual_solvers};
use flow_playground::{Engine, Experiment, FlowError, Points, Session, Start};
use pollster::block_on;
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Instant;

/// What came out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub data: String,
    pub row: String,
    pub seed: u32,
    /// Settings and budget, so that a result is known again.
    pub experiment: Value,
    pub batches: usize,
    pub num_parameters: usize,
    /// Of the processor on the CPU engine, whatever else it was busy with; of the clock on the WebGPU engine.
    pub training_seconds: f64,
    pub measurement: Measurement,
    /// Of pictures: what samples come to, by Dormand and Prince's pair at 1e-5, or in the one step that they are for.
    pub samples: Option<Measurement>,
    /// Quality at each number of evaluations, by Euler's method, and at each tolerance.
    pub cost: Vec<CostPoint>,
    /// Of methods that train in several rounds.
    pub rounds: Vec<RoundReport>,
    /// Of networks that are told the class.
    pub classes: Vec<OfClass>,
}

/// What a model is when it is asked for a class.
#[derive(Debug, Clone, Serialize)]
pub struct OfClass {
    pub class: String,
    pub guidance: f64,
    /// To the class's data; none under guidance, which makes a law of its own.
    pub kl: Option<f64>,
    /// Of the variance of the class's data, how much the samples have.
    pub spread: f64,
}

/// A data set to train on.
#[derive(Debug, Clone)]
pub struct Data {
    pub name: String,
    pub config: Value,
    /// What to train on and what to measure on, where it is a file.
    pub points: Option<[Points<f64>; 2]>,
    /// The file of the classifier that judges them, where they are pictures.
    pub classifier: Option<Vec<u8>>,
}

/// Held-out points of every measurement: KL's standard error is then below 0.02 nats in two dimensions.
pub const NUM_POINTS: usize = 4000;
const COST_POINTS: usize = 2000;
/// Pictures whose likelihood is measured: of each it takes a network hundreds of passes.
const LIKELIHOODS: usize = 64;
/// And that samples are compared with.
const PICTURES: usize = 500;

/// A row's experiment on a data set.
pub fn experiment_of(row: &Row, data: &Data, seed: u32) -> Value {
    let mut experiment = row.experiment.clone();
    experiment["seed"] = json!(seed);
    experiment["data"] = data.config.clone();
    experiment
}

/// Trains a row; `tick` is told the share of the budget that is spent.
pub fn run(row: &Row, data: &Data, seed: u32, engine: Engine, tick: &mut dyn FnMut(f64)) -> Result<Outcome, FlowError> {
    let described = experiment_of(row, data, seed);
    let experiment = Experiment::from_json(&described)?;
    let [points, heldout] = data.points.clone().map_or([None, None], |both| both.map(Some));
    let start = Start { points, heldout, ..Start::default() };
    let mut session = block_on(Session::open(experiment, start, engine))?;
    let (started, busy) = (Instant::now(), ThreadTime::now());
    while session.spent() < 1.0 {
        block_on(session.advance(20))?;
        tick(session.spent());
    }
    let training = if engine == Engine::Cpu { busy.elapsed() } else { started.elapsed() };
    let measured = measure(&mut session, data, seed)?;
    let several = session.experiment().method.method().rounds().count > 1;
    let n = measured.measurement.n.min(COST_POINTS);
    let rounds = if several { block_on(session.rounds(n, seed))? } else { Vec::new() };
    let classes = if session.experiment().condition.is_some() { by_class(&mut session, seed)? } else { Vec::new() };
    Ok(Outcome {
        data: data.name.clone(),
        row: row.name.into(),
        seed,
        experiment: described,
        batches: session.step(),
        num_parameters: session.num_parameters(),
        training_seconds: training.as_secs_f64(),
        measurement: measured.measurement,
        samples: measured.samples,
        cost: measured.cost,
        rounds,
        classes,
    })
}

/// What a trained flow comes to.
struct Measured {
    measurement: Measurement,
    samples: Option<Measurement>,
    cost: Vec<CostPoint>,
}

fn measure(session: &mut Session, data: &Data, seed: u32) -> Result<Measured, FlowError> {
    let n = data.points.as_ref().map_or(NUM_POINTS, |[_, heldout]| heldout.len().clamp(2, NUM_POINTS));
    // What learned to jump is for samples in one step; its likelihood is its ODE's all the same.
    let jumps = |steps| Sampling::from(SamplerConfig { kind: SamplerKind::FewSteps, steps, ..Default::default() });
    let is_jumping = session.samplers().contains(&SamplerKind::FewSteps);
    let mut solvers = usual_solvers(SolverKind::Euler);
    // In f32 a tighter tolerance is rounding.
    solvers.retain(|solver: &SolverConfig| solver.tolerance.is_none_or(|tolerance| tolerance > 1e-6));
    let finest: Option<Sampling> = solvers.last().copied().map(Sampling::Solver);
    let mut solvers: Vec<Sampling> = solvers.into_iter().map(Sampling::Solver).collect();
    if is_jumping {
        solvers.extend([1, 2, 4, 8].map(jumps));
    }
    let usual = session.experiment().solver.into();
    let Some(classifier) = &data.classifier else {
        let sampling = if is_jumping { jumps(1) } else { usual };
        let measurement = block_on(session.measure_with(n, seed, sampling, &Metric::ALL))?;
        let cost = block_on(session.quality_against_cost(&solvers, n.min(COST_POINTS), seed, &Metric::ALL))?;
        return Ok(Measured { measurement, samples: None, cost });
    };
    session.read_classifier(classifier)?;
    let n = n.min(PICTURES);
    let sampling = if is_jumping { jumps(1) } else { finest.unwrap_or(usual) };
    let of_samples = [Metric::Frechet, Metric::SlicedW2];
    Ok(Measured {
        measurement: block_on(session.measure_with(n.min(LIKELIHOODS), seed, usual, &[Metric::Likelihood]))?,
        samples: Some(block_on(session.measure_with(n, seed, sampling, &of_samples))?),
        cost: block_on(session.quality_against_cost(&solvers, n, seed, &[Metric::Frechet]))?,
    })
}

/// Every class without guidance, and with some.
fn by_class(session: &mut Session, seed: u32) -> Result<Vec<OfClass>, FlowError> {
    let solver = session.experiment().solver;
    let names: Vec<String> = session.classes().into_iter().map(str::to_string).collect();
    let mut found = Vec::new();
    for (class, name) in names.iter().enumerate() {
        for guidance in [1.0, 2.0] {
            session.ask(Some(Asked::class(class, guidance)))?;
            let measured = block_on(session.measure_with(COST_POINTS, seed, solver, &[Metric::Likelihood]))?;
            let samples = block_on(session.sample(COST_POINTS, solver, seed))?;
            let spread = variance(&samples) / variance(&session.data(COST_POINTS, seed)?);
            found.push(OfClass { class: name.clone(), guidance, kl: measured.kl, spread });
        }
    }
    session.ask(None)?;
    Ok(found)
}

/// Of all coordinates together.
fn variance(points: &Points<f64>) -> f64 {
    let of = |k: usize| {
        let mean = points.rows().map(|row| row[k]).sum::<f64>() / points.len() as f64;
        points.rows().map(|row| (row[k] - mean).powi(2)).sum::<f64>() / points.len() as f64
    };
    (0..points.dim()).map(of).sum()
}
