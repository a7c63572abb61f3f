//! Sessions of networks that are told how far to jump: who samples by jumps, and who says that they cannot.

use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::points::Points;
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::session::{Metric, Origin};
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

const METHODS: [&str; 2] = ["mean-flow", "shortcut"];

fn open(method: &Value) -> Session {
    let experiment = json!({
        "seed": 3, "data": { "kind": "8-gaussians" }, "method": method, "network": { "width": 16, "depth": 2 },
        "optimizer": { "batch": 64 }, "budget": { "steps": 20 }, "solver": { "kind": "rk4", "steps": 10 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

fn jumps(steps: usize) -> SamplerConfig {
    SamplerConfig { kind: SamplerKind::FewSteps, steps, ..SamplerConfig::default() }
}

/// One field, two ways to sample: its ODE with a density, and jumps, which are as many evaluations and have no way back.
#[test]
fn jumps_are_a_sampler_beside_the_ode() {
    for kind in METHODS {
        let mut session = open(&json!({ "kind": kind }));
        let progress = block_on(session.advance(20)).unwrap();
        assert_eq!(progress.network_evaluations, 20 * 3, "{kind}");
        assert_eq!(session.samplers(), SamplerKind::ALL);
        for steps in [1, 2, 4] {
            let path = block_on(session.trajectories(30, jumps(steps), 5, Origin::Noise)).unwrap();
            assert_eq!((path.evaluations, path.times.len()), (steps, steps + 1), "{kind}");
            assert_eq!(path.positions[steps], block_on(session.sample(30, jumps(steps), 5)).unwrap());
            let back = block_on(session.trajectories(30, jumps(steps), 5, Origin::Data)).unwrap_err().to_string();
            assert!(back.contains("a map of few steps, which has no way back"), "{back}");
        }
        let euler = SolverConfig { kind: SolverKind::Euler, steps: 1, tolerance: None };
        let by_jump = block_on(session.sample(30, jumps(1), 5)).unwrap();
        assert_ne!(by_jump, block_on(session.sample(30, euler, 5)).unwrap(), "{kind}: the jump is told");
        let measured = block_on(session.measure_with(100, 1, jumps(2), &Metric::ALL)).unwrap();
        assert_eq!((measured.nfe, measured.sampler), (2, Some(jumps(2))));
        assert!(measured.kl.is_some() && measured.sliced_w2.is_some() && measured.straightness.is_some());
        let curve = block_on(session.quality_against_cost(&[1, 2, 4].map(|n| jumps(n).into()), 50, 1, &Metric::ALL));
        assert_eq!(curve.unwrap().iter().map(|point| point.nfe).collect::<Vec<_>>(), [1, 2, 4]);
    }
}

#[test]
fn who_cannot_jump_says_so() {
    let refused = block_on(open(&json!({ "kind": "flow-matching" })).sample(5, jumps(1), 1)).unwrap_err().to_string();
    assert_eq!(
        refused,
        "sampler.kind is few-steps; allowed: another for this method; \"mean-flow\" and \"shortcut\" learn to jump."
    );
    let uneven: SamplerConfig =
        serde_json::from_value(json!({ "kind": "few-steps", "steps": 2, "grid": "karras" })).unwrap();
    let refused = block_on(open(&json!({ "kind": "shortcut" })).sample(5, uneven, 1)).unwrap_err().to_string();
    assert!(refused.starts_with("sampler.grid is") && refused.contains("one length"), "{refused}");
    for (experiment, sentence) in [
        (json!({ "method": { "kind": "mean-flow", "jumps": 0 } }), "method.jumps is 0; allowed: 0.01 to 1."),
        (json!({ "method": { "kind": "shortcut", "jumps": 1 } }), "method.jumps is 1; allowed: 0.01 to 0.9."),
        (json!({ "method": { "kind": "shortcut", "halvings": 11 } }), "method.halvings is 11; allowed: 1 to 10."),
        (
            json!({ "method": { "kind": "mean-flow" }, "network": { "conditioning": "none" } }),
            "network.conditioning is \"none\"; allowed: \"concat\" for this method, whose network is told how far to jump.",
        ),
    ] {
        assert_eq!(Experiment::from_json(&experiment).unwrap_err().to_string(), sentence);
    }
}

/// Any number of jumps of any batch, down to a batch that jumps whole.
#[test]
fn batches_of_any_size_train() {
    for method in [json!({ "kind": "mean-flow", "jumps": 1 }), json!({ "kind": "shortcut", "jumps": 0.01 })] {
        for batch in [1, 3, 64] {
            let experiment = json!({ "method": method, "network": { "width": 8, "depth": 1 },
                "optimizer": { "batch": batch }, "budget": { "steps": 3 } });
            let experiment = Experiment::from_json(&experiment).unwrap();
            let mut session = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap();
            let losses = block_on(session.advance(3)).unwrap().losses;
            assert!(losses.iter().all(|loss| loss.is_finite()), "{method} {batch}: {losses:?}");
            let points: Points<f64> = block_on(session.sample(5, jumps(1), 1)).unwrap();
            assert_eq!(points.len(), 5);
        }
    }
}
