//! Trained quality on moons, three seeds: minutes, so only by name (`cargo xtask test --slow`).
//!
//! Budgets, on one core: flow matching 8,000 training steps of 512 points, half a minute a seed; the normalizing flow 1,500
//! training steps of 256 points, three to four minutes a seed.

use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

/// Held-out points and solver of the measurement: KL's standard error is then below 0.02 nats.
const NUM_POINTS: usize = 4000;

fn kl(seed: u32, mut experiment: Value) -> f64 {
    experiment["seed"] = json!(seed);
    experiment["data"] = json!({ "kind": "moons" });
    experiment["solver"] = json!({ "kind": "rk4", "steps": 50 });
    let experiment = Experiment::from_json(&experiment).unwrap();
    let steps = experiment.budget.steps;
    let mut session = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap();
    let started = std::time::Instant::now();
    for _ in 0..steps / 100 {
        block_on(session.advance(100)).unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    let measured = block_on(session.measure(NUM_POINTS, seed)).unwrap();
    println!("{seconds:.0} s {}", serde_json::to_string(&measured).unwrap());
    assert!(measured.converged, "{:?}", measured.reason);
    measured.kl.unwrap()
}

fn check(name: &str, bar: f64, experiment: Value) {
    let kls = [1, 2, 3].map(|seed| kl(seed, experiment.clone()));
    println!("{name} on moons: KL {kls:.3?}, bar {bar}");
    assert!(kls.iter().all(|&kl| kl <= bar), "{name}: {kls:?} should be at most {bar}");
}

#[test]
fn flow_matching() {
    let optimizer = json!({ "batch": 512 });
    check(
        "flow matching",
        0.15,
        json!({ "method": { "kind": "flow-matching" }, "optimizer": optimizer, "budget": { "steps": 8000 } }),
    );
}

#[test]
fn normalizing_flow() {
    check("normalizing flow", 0.10, json!({ "method": { "kind": "normalizing-flow" }, "budget": { "steps": 1500 } }));
}
