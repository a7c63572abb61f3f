//! Trained quality against `tests/expected/quality.json`: hours on one core, so only by name (`cargo xtask test --slow`).
//!
//! The rows and their budgets are those of `examples/reproduce/`; the file says which of them on which data, and how good each
//! metric has to be on average over three seeds. `ENGINE=webgpu` trains on the WebGPU engine instead, `ROWS=fm,ddpm`, `DATA=moons`
//! and `SEEDS=1` choose a part of it.

#[path = "../examples/run/pictures.rs"]
mod pictures;
#[path = "../examples/points/mod.rs"]
#[expect(dead_code, reason = "the native runner takes all of it")]
mod points;
#[path = "../examples/reproduce/rows.rs"]
mod rows;
#[path = "../examples/reproduce/run.rs"]
mod run;
#[path = "../examples/reproduce/sets.rs"]
mod sets;

use flow_playground::Engine;
use rows::{Row, Scale};
use run::{Data, Outcome, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const SEEDS: u32 = 3;
/// The page trains a U-Net for half as long as `reproduce` does: so long as the bars were measured at.
const EFFORT_ON_PICTURES: f64 = 0.5;

/// Whether `name` is in the list that an environment variable holds, or there is no list.
fn is_chosen(variable: &str, name: &str) -> bool {
    std::env::var(variable).map_or(true, |list| list.split(',').any(|chosen| chosen == name))
}

fn expected() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/expected/quality.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the bands are committed")).unwrap()
}

/// A metric of an outcome by its name in the file: one of the measurement, SW₂² after so many Euler steps, the mean KL of each class
/// given it, or the Fréchet distance of pictures, also after so many jumps.
fn metric(outcome: &Outcome, name: &str) -> Option<f64> {
    if name == "klOfClasses" {
        let plain = outcome.classes.iter().filter(|class| class.guidance == 1.0);
        let each = plain.map(|class| class.kl).collect::<Option<Vec<f64>>>()?;
        return (!each.is_empty()).then(|| mean(&each));
    }
    if name == "frechet" {
        return outcome.samples.as_ref()?.frechet;
    }
    if let Some(jumps) = name.strip_prefix("frechetAt") {
        let jumps: usize = jumps.parse().unwrap();
        return outcome.cost.iter().find(|at| at.sampler.is_some() && at.nfe == jumps)?.frechet;
    }
    if let Some(steps) = name.strip_prefix("slicedW2At") {
        let steps: usize = steps.parse().unwrap();
        return outcome.cost.iter().find(|at| at.solver.tolerance.is_none() && at.nfe == steps)?.sliced_w2;
    }
    serde_json::to_value(&outcome.measurement).unwrap()[name].as_f64()
}

/// A data set of that name, with the rows that it is learned by.
fn set(name: &str) -> (Data, Vec<Row>) {
    if sets::NAMES.contains(&name) {
        return (sets::set(name).unwrap(), rows::of_pictures(EFFORT_ON_PICTURES));
    }
    let data = Data { name: name.into(), config: json!({ "kind": name }), points: None, classifier: None };
    (data, rows::rows(&Scale { dim: 2, width: 64, batch: 512, effort: 1.0 }))
}

/// Of one block to the next, each of which has one.
fn falls(energies: &[Option<f64>]) -> bool {
    let known: Vec<f64> = energies.iter().flatten().copied().collect();
    known.len() == energies.len() && known.len() > 1 && known.windows(2).all(|pair| pair[1] < pair[0])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// What is not a number is at no bar.
fn is_reached(value: f64, bar: f64) -> bool {
    value <= bar
}

#[test]
fn what_is_unknown_neither_falls_nor_reaches_a_bar() {
    assert!(falls(&[Some(2.0), Some(1.0), Some(0.5)]) && is_reached(0.1, 0.1));
    for energies in [&[][..], &[Some(1.0)], &[None, None], &[Some(1.0), None], &[Some(1.0), Some(1.5)]] {
        assert!(!falls(energies), "{energies:?}");
    }
    assert!(!is_reached(f64::NAN, 0.1) && !is_reached(0.2, 0.1));
}

#[test]
fn every_row_reaches_its_bars() {
    let expected = expected();
    let engine = if std::env::var("ENGINE").is_ok_and(|name| name == "webgpu") { Engine::WebGpu } else { Engine::Cpu };
    let seeds = std::env::var("SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let mut jobs = Vec::new();
    for (data, bars) in expected["bars"].as_object().unwrap().iter().filter(|(data, _)| is_chosen("DATA", data)) {
        let (data, rows) = set(data);
        for (name, bars) in bars.as_object().unwrap().iter().filter(|(name, _)| is_chosen("ROWS", name)) {
            let row = rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name}"));
            jobs.extend((1..=seeds).map(|seed| (row.clone(), data.clone(), bars, seed)));
        }
    }
    assert!(!jobs.is_empty(), "no row on any data is left by ROWS, DATA and SEEDS");
    let next = AtomicUsize::new(0);
    let found: Mutex<BTreeMap<String, (f64, Vec<f64>)>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some((row, data, bars, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(row, data, *seed, engine, &mut |_| {}).unwrap();
                    // The bits of a picture are in the tables with the gate that they passed or not, on a scale of their own.
                    let is_picture = data.classifier.is_some();
                    assert!(is_picture || outcome.measurement.converged, "{:?}", outcome.measurement.reason);
                    if row.name == "jko-iflow" {
                        let energies: Vec<_> = outcome.rounds.iter().map(|round| round.free_energy).collect();
                        assert!(falls(&energies), "the free energy does not fall: {energies:?}");
                    }
                    for (name, bar) in bars.as_object().unwrap() {
                        let value = metric(&outcome, name).unwrap_or_else(|| panic!("{} has no {name}", row.name));
                        println!("{} on {}, seed {seed}: {name} {value:.4}, bar {bar}", row.name, data.name);
                        let key = format!("{name} of {} on {}", row.name, data.name);
                        let mut found = found.lock().unwrap();
                        found.entry(key).or_insert((bar.as_f64().unwrap(), Vec::new())).1.push(value);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    let missed: Vec<_> = found.iter().filter(|(_, (bar, values))| !is_reached(mean(values), *bar)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
