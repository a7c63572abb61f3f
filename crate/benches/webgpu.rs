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

fn main() {
    let small = std::env::args().any(|argument| argument == "--small");
    let steps = if small { 20 } else { 2000 };
    let sizes: &[usize] = if small { &[4096] } else { &[4096, 100_000, 1_000_000, 10_000_000] };
    println!("| work | engine | time | rate | GFLOP/s |\n|---|---|---|---|---|");
    let only = |engine: Engine| std::env::var("ONLY").is_ok_and(|only| only != engine.name());
    for engine in [Engine::Cpu, Engine::WebGpu].into_iter().filter(|&e| !only(e)) {
        let name = engine.name();
        for (width, batch) in
            if std::env::var("SAMPLE").is_ok() { vec![] } else { vec![(64, 256), (64, 1024), (128, 1024)] }
        {
            let mut session = open(width, batch, engine);
            let seconds = fastest(|| {
                let _ = block_on(session.advance(steps)).unwrap();
            }) / steps as f64;
            let rate = 3.0 * operations(width) * batch as f64 / seconds / 1e9;
            let what = format!("flow-matching step, {width} x 3, batch {batch}");
            println!("| {what} | {name} | {:.3} ms | {:.0} steps/s | {rate:.1} |", 1e3 * seconds, 1.0 / seconds);
        }
        for &n in sizes {
            if engine == Engine::Cpu && n > 1_000_000 {
                continue;
            }
            let session = open(64, 256, engine);
            let solver = SolverConfig { kind: SolverKind::Euler, steps: 100, tolerance: None };
            // More than a million points at a time is more than a call takes.
            let (calls, each) = (n.div_ceil(1_000_000), n.min(1_000_000));
            let sample =
                || (0..calls).for_each(|seed| drop(block_on(session.sample(each, solver, seed as u32)).unwrap()));
            let seconds = fastest(sample);
            let rate = 100.0 * operations(64) * n as f64 / seconds / 1e9;
            println!(
                "| {n} points x 100 Euler steps | {name} | {seconds:.3} s | {:.2e} points/s | {rate:.1} |",
                n as f64 / seconds
            );
        }
    }
}
