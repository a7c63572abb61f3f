//! How many dispatches the WebGPU engine makes, as the graphics stack logs them. Without any driver it is skipped, and says so.
#![cfg(feature = "gpu")]

use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

static DISPATCHES: AtomicUsize = AtomicUsize::new(0);

struct Counter;

impl log::Log for Counter {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("wgpu_core::command")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) && record.args().to_string().starts_with("ComputePass::dispatch") {
            DISPATCHES.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn flush(&self) {}
}

/// Dispatches of what is done.
fn counted<T>(mut done: impl FnMut() -> T) -> usize {
    let before = DISPATCHES.load(Ordering::Relaxed);
    done();
    DISPATCHES.load(Ordering::Relaxed) - before
}

fn open(network: &Value, batch: usize, data: &Value) -> Session {
    let experiment = json!({
        "data": data, "method": { "kind": "flow-matching" }, "network": network,
        "optimizer": { "batch": batch }, "budget": { "steps": 100 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::WebGpu)).unwrap()
}

/// A step is what more steps have more of; what they read at their end is not one's.
#[test]
fn a_training_step_is_few_dispatches() {
    log::set_logger(&Counter).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    if std::panic::catch_unwind(|| block_on(Engine::WebGpu.open()).is_ok()).is_ok_and(|opened| opened) {
        let digits = json!({ "kind": "drawn-digits", "dim": 784 });
        for (network, batch, data, most) in [
            (json!({ "width": 16, "depth": 2 }), 64, json!({ "kind": "moons" }), 4),
            (json!({ "kind": "u-net", "width": 4 }), 8, json!({ "kind": "glyphs" }), 5),
            (json!({ "kind": "u-net", "width": 32 }), 128, digits, 12),
        ] {
            let mut session = open(&network, batch, &data);
            let mut advance = |steps: usize| counted(|| block_on(session.advance(steps)).unwrap());
            advance(1);
            let [one, two] = [1, 2].map(&mut advance);
            let each = two - one;
            assert!((2..=most).contains(&each), "{network} of {data}: {each} dispatches");
        }
        let session = open(&json!({ "kind": "u-net", "width": 4 }), 8, &json!({ "kind": "glyphs" }));
        let solver = |steps| SolverConfig { kind: flow_playground::ode::SolverKind::Euler, steps, tolerance: None };
        let sampled = |steps| counted(|| block_on(session.sample(9, solver(steps), 1)).unwrap());
        let each = (sampled(12) - sampled(2)) as f32 / 10.0;
        assert!((1.0..=6.0).contains(&each), "{each} dispatches a step of Euler's");
    } else {
        eprintln!("SKIPPED: no Vulkan driver; install one (Debian: mesa-vulkan-drivers) to count dispatches");
    }
}
