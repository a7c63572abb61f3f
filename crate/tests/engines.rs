//! The WebGPU engine, through the WGSL compiler on a native driver, against the CPU engine: same batches, same numbers to
//! rounding. Without any driver it is skipped, and says so.
#![cfg(feature = "gpu")]

use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::json;

fn open(method: &str, engine: Engine) -> Session {
    let experiment = json!({
        "method": { "kind": method, "trainingSteps": 2 }, "network": { "width": 16, "depth": 2 },
        "optimizer": { "batch": 64 },
    });
    let mut experiment = experiment;
    if method == "flow-matching" {
        experiment["method"] = json!({ "kind": method });
    }
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
    for method in ["flow-matching", "normalizing-flow"] {
        let (mut cpu, mut gpu) = (open(method, Engine::Cpu), open(method, Engine::WebGpu));
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
