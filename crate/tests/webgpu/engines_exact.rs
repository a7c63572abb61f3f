//! What the WebGPU engine leaves to the CPU.

use crate::webgpu;
use flow_playground::ode::SolverKind;
use flow_playground::path::NEAREST_TO_ENDS;
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(method: &Value, engine: Engine) -> Session {
    let experiment = Experiment::from_json(&json!({ "method": method })).unwrap();
    block_on(Session::open(experiment, Start::default(), engine)).unwrap()
}

/// A closed form has nothing to train and is read back at once: it is computed on the CPU whatever the engine, bit for bit.
#[test]
fn closed_forms_are_the_same_on_every_engine() {
    let Some(_) = webgpu() else { return };
    let method = json!({ "kind": "closed-form", "points": 20 });
    let sample = |engine| block_on(open(&method, engine).sample(64, SolverConfig::default(), 1)).unwrap();
    let [on_cpu, on_gpu] = [Engine::Cpu, Engine::WebGpu].map(sample);
    assert_eq!(on_cpu, on_gpu);
    // 20 points are where samples end, so that another method's engine would not pass. Solvers stop at t = NEAREST_TO_ENDS, where
    // a sample is at (1 - t) x(0) + t z: two that end at one point are no farther apart than 2 t |z|.
    let exact = SolverConfig { kind: SolverKind::Dopri5, tolerance: Some(1e-6), ..SolverConfig::default() };
    let ends = block_on(open(&method, Engine::WebGpu).sample(64, exact, 1)).unwrap();
    let farthest_noise = 5.0;
    let mut places: Vec<&[f64]> = Vec::new();
    for x in ends.rows() {
        let is_near =
            |place: &&[f64]| (place[0] - x[0]).hypot(place[1] - x[1]) < 2.0 * NEAREST_TO_ENDS * farthest_noise;
        if !places.iter().any(is_near) {
            places.push(x);
        }
    }
    // 64 draws miss each of 20 points with probability 0.95^64 = 0.04.
    assert!((15..=20).contains(&places.len()), "{} places of {} samples", places.len(), ends.len());
}
