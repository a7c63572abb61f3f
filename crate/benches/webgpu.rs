//! How fast the WebGPU engine is on the device at hand, through the WGSL compiler as in the browser:
//! `cargo bench --features gpu --bench webgpu`, with `-- --small` for a software driver. Prints a table for the docs.

use flow_playground::ode::SolverKind;
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::json;
use std::time::Instant;

fn open(width: usize, batch: usize, engine: Engine) -> Session {
    let experiment = json!({
        "network": { "width": width, "depth": 3 }, "optimizer": { "batch": batch }, "budget": { "steps": 1_000_000 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), engine)).unwrap()
}

/// The fastest of a few runs, in seconds: what the device can do when nothing else runs.
fn fastest(mut work: impl FnMut()) -> f64 {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    work();
    (0..3).map(|_| time(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Multiplications and additions of one point's pass through the network.
fn operations(width: usize) -> f64 {
    (2 * (3 * width + 2 * width * width + 2 * width)) as f64
}

fn training(engine: Engine, steps: usize) {
    for (width, batch) in [(64, 256), (64, 1024), (128, 1024)] {
        let mut session = open(width, batch, engine);
        let seconds = fastest(|| {
            let _ = block_on(session.advance(steps)).unwrap();
        }) / steps as f64;
        let rate = 3.0 * operations(width) * batch as f64 / seconds / 1e9;
        let (what, name) = (format!("flow-matching step, {width} x 3, batch {batch}"), engine.name());
        println!("| {what} | {name} | {:.3} ms | {:.0} steps/s | {rate:.1} |", 1e3 * seconds, 1.0 / seconds);
    }
}

/// More than a million points at a time is more than one call takes.
const MOST_AT_ONCE: usize = 1_000_000;

fn sampling(engine: Engine, sizes: &[usize]) {
    let session = open(64, 256, engine);
    let solver = SolverConfig { kind: SolverKind::Euler, steps: 100, tolerance: None };
    for &n in sizes {
        let sample = |seed: usize| {
            let _ = block_on(session.sample(n.min(MOST_AT_ONCE), solver, seed as u32)).unwrap();
        };
        let seconds = fastest(|| (0..n.div_ceil(MOST_AT_ONCE)).for_each(sample));
        let rate = 100.0 * operations(64) * n as f64 / seconds / 1e9;
        let (name, each) = (engine.name(), n as f64 / seconds);
        println!("| {n} points x 100 Euler steps | {name} | {seconds:.3} s | {each:.2e} points/s | {rate:.1} |");
    }
}

fn main() {
    let asked = |name: &str| std::env::args().any(|argument| argument == name);
    let small = asked("--small");
    println!("| work | engine | time | rate | GFLOP/s |\n|---|---|---|---|---|");
    for engine in [Engine::Cpu, Engine::WebGpu] {
        let sizes: &[usize] = match engine {
            _ if small => &[4096],
            Engine::Cpu => &[4096, 100_000, 1_000_000],
            Engine::WebGpu => &[4096, 100_000, 1_000_000, 10_000_000],
        };
        training(engine, if small { 20 } else { 2000 });
        sampling(engine, sizes);
    }
}
