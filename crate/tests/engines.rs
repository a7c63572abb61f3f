//! The WebGPU engine, through the WGSL compiler on a native driver, against the CPU engine: same batches, same numbers to
//! rounding. Without any driver it is skipped, and says so.
#![cfg(feature = "gpu")]

use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(method: &Value, engine: Engine) -> Session {
    let experiment = json!({
        "method": method, "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 64 }, "budget": { "steps": 6 },
        "solver": { "kind": "rk4", "steps": 20 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), engine)).unwrap()
}

fn driver_is_here() -> bool {
    let opened = std::panic::catch_unwind(|| block_on(Engine::WebGpu.open()).is_ok()).unwrap_or(false);
    if !opened {
        eprintln!("SKIPPED: no Vulkan driver; install one (Debian: mesa-vulkan-drivers) to compare the engines");
    }
    opened
}

#[test]
fn webgpu_trains_and_samples_as_the_cpu_does() {
    if !driver_is_here() {
        return;
    }
    for method in [
        json!({ "kind": "flow-matching" }),
        json!({ "kind": "reflow", "pairs": 100, "pairSteps": 2 }),
        json!({ "kind": "stochastic-interpolant" }),
        json!({ "kind": "diffusion" }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2 }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2, "divergence": "hutchinson" }),
        json!({ "kind": "ot-flow", "trainingSteps": 2 }),
        json!({ "kind": "jko-flow", "blocks": 2, "pool": 100, "divergence": "exact" }),
        json!({ "kind": "closed-form", "points": 20 }),
    ] {
        let (mut cpu, mut gpu) = (open(&method, Engine::Cpu), open(&method, Engine::WebGpu));
        let (on_cpu, on_gpu) = (block_on(cpu.advance(5)).unwrap(), block_on(gpu.advance(5)).unwrap());
        for (a, b) in on_cpu.losses.iter().zip(&on_gpu.losses) {
            assert!((a - b).abs() < 1e-4 * a.abs(), "{method}: loss {b} should be {a}");
        }
        let sample = |session: &Session| block_on(session.sample(64, SolverConfig::default(), 1)).unwrap();
        for (a, b) in sample(&cpu).values().iter().zip(sample(&gpu).values()) {
            assert!((a - b).abs() < 1e-3 * (1.0 + a.abs()), "{method}: sample {b} should be {a}");
        }
    }
}
