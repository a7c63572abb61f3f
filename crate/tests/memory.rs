//! What the WebGPU engine queues is bounded, and what it computed is given back. Alone in its process, whose memory is measured.
//! `STEPS=100000` trains for as long as a day in class.
#![cfg(all(feature = "gpu", target_os = "linux"))]

use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::json;

fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn memory_is_flat_however_long_it_trains() {
    if !std::panic::catch_unwind(|| block_on(Engine::WebGpu.open()).is_ok()).unwrap_or(false) {
        eprintln!("SKIPPED: no Vulkan driver");
        return;
    }
    let experiment = json!({
        "network": { "width": 8, "depth": 1 }, "optimizer": { "batch": 16 }, "budget": { "steps": 1_000_000 },
    });
    let experiment = Experiment::from_json(&experiment).unwrap();
    let mut session = block_on(Session::open(experiment, Start::default(), Engine::WebGpu)).unwrap();
    let mut train = |steps: usize| {
        for _ in 0..steps / 100 {
            block_on(session.advance(100)).unwrap();
        }
    };
    let steps = std::env::var("STEPS").map_or(3000, |steps| steps.parse().unwrap());
    train(1000);
    let before = resident();
    train(steps);
    let grown = resident().saturating_sub(before);
    println!("{} KiB more after {steps} steps", grown >> 10);
    assert!(grown < 8 << 20, "{} MiB more after {steps} steps", grown >> 20);
}
