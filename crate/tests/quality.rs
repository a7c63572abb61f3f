//! Trained quality against `tests/expected/quality.json`: hours on one core, so only by name (`cargo xtask test --slow`).
//!
//! The rows and their budgets are those of `examples/reproduce/`; the file says which of them on which data, and how good each
//! metric has to be on average over three seeds. `ENGINE=webgpu` trains on the WebGPU engine instead, `ROWS=fm,ddpm`, `DATA=moons`
//! and `SEEDS=1` choose a part of it.

#[path = "../examples/reproduce/rows.rs"]
mod rows;
#[path = "../examples/reproduce/run.rs"]
mod run;

use flow_playground::Engine;
use rows::{Scale, rows};
use run::{Data, Outcome, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const SEEDS: u32 = 3;

/// Whether `name` is in the list that an environment variable holds, or there is no list.
fn is_chosen(variable: &str, name: &str) -> bool {
    std::env::var(variable).map_or(true, |list| list.split(',').any(|chosen| chosen == name))
}

fn expected() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/expected/quality.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the bands are committed")).unwrap()
}

/// A metric of an outcome by its name in the file: one of the measurement, or SW₂² after so many Euler steps.
fn metric(outcome: &Outcome, name: &str) -> Option<f64> {
    if let Some(steps) = name.strip_prefix("slicedW2At") {
        let steps: usize = steps.parse().unwrap();
        return outcome.cost.iter().find(|at| at.solver.tolerance.is_none() && at.nfe == steps)?.sliced_w2;
    }
    serde_json::to_value(&outcome.measurement).unwrap()[name].as_f64()
}

/// Of one block to the next, each of which has one.
fn falls(energies: &[Option<f64>]) -> bool {
    let known: Vec<f64> = energies.iter().flatten().copied().collect();
    known.len() == energies.len() && known.len() > 1 && known.windows(2).all(|pair| pair[1] < pair[0])
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
    let rows = rows(&Scale { dim: 2, width: 64, batch: 512, effort: 1.0 });
    let engine = if std::env::var("ENGINE").is_ok_and(|name| name == "webgpu") { Engine::WebGpu } else { Engine::Cpu };
    let seeds = std::env::var("SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let mut jobs = Vec::new();
    for (data, bars) in expected["bars"].as_object().unwrap() {
        for (name, bars) in bars.as_object().unwrap() {
            if !is_chosen("ROWS", name) || !is_chosen("DATA", data) {
                continue;
            }
            let row = rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name}"));
            let data = Data { name: data.clone(), config: json!({ "kind": data }), points: None };
            jobs.extend((1..=seeds).map(|seed| (row, data.clone(), bars, seed)));
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
                    assert!(outcome.measurement.converged, "{:?}", outcome.measurement.reason);
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
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let found = found.into_inner().unwrap();
    let missed: Vec<_> = found.iter().filter(|(_, (bar, values))| !is_reached(mean(values), *bar)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
