//! Trained quality against `tests/expected/quality.json`: hours on one core, so only by name (`cargo xtask test --slow`).
//!
//! The rows and their budgets are those of `examples/reproduce/`; the file says which of them on which data, and how good each
//! metric has to be for every seed.

#[path = "../examples/reproduce/rows.rs"]
mod rows;
#[path = "../examples/reproduce/run.rs"]
mod run;

use flow_playground::Engine;
use rows::{Scale, rows};
use run::{Data, Outcome, run};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const SEEDS: u32 = 3;

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

#[test]
fn every_row_reaches_its_bars() {
    let expected = expected();
    let rows = rows(&Scale { dim: 2, width: 64, batch: 512, effort: 1.0 });
    let mut jobs = Vec::new();
    for (data, bars) in expected["bars"].as_object().unwrap() {
        for (name, bars) in bars.as_object().unwrap() {
            let row = rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name}"));
            let data = Data { name: data.clone(), config: json!({ "kind": data }), points: None };
            jobs.extend((1..=SEEDS).map(|seed| (row, data.clone(), bars, seed)));
        }
    }
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some((row, data, bars, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(row, data, *seed, Engine::Cpu, &mut |_| {}).unwrap();
                    assert!(outcome.measurement.converged, "{:?}", outcome.measurement.reason);
                    for (name, bar) in bars.as_object().unwrap() {
                        let (found, bar) = (metric(&outcome, name), bar.as_f64().unwrap());
                        let line = format!("{} on {}, seed {seed}: {name} {found:?}, bar {bar}", row.name, data.name);
                        println!("{line}");
                        if found.is_none_or(|found| found > bar) {
                            failures.lock().unwrap().push(line);
                        }
                    }
                    let falls = outcome.rounds.windows(2).all(|pair| pair[1].free_energy < pair[0].free_energy);
                    if row.name == "jko-iflow" && !falls {
                        failures.lock().unwrap().push(format!("the free energy does not fall: {:?}", outcome.rounds));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}
