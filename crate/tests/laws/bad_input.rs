//! What cannot be run ends in a sentence, never in a panic, a NaN or an endless loop.

use flow_playground::points::Points;
use flow_playground::session::Origin;
use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn refusal(experiment: Value) -> String {
    Experiment::from_json(&experiment).unwrap_err().to_string()
}

fn session(experiment: Value) -> Session {
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

#[test]
fn impossible_settings() {
    let refused = [
        (json!({ "network": { "width": 100_000 } }), "network.width is 100000; allowed: 1 to 1024."),
        (json!({ "network": { "depth": 0 } }), "network.depth is 0; allowed: 1 to 8."),
        (json!({ "solver": { "steps": 0 } }), "solver.steps is 0; allowed: 1 to 1000."),
        (json!({ "optimizer": { "batch": 0 } }), "optimizer.batch is 0; allowed: 1 to 65536."),
        (json!({ "optimizer": { "emaDecay": 1.0 } }), "optimizer.emaDecay is 1; allowed: 0 to 0.99999."),
        (json!({ "budget": { "steps": 0 } }), "budget.steps is 0; allowed: 1 to 10000000."),
        (
            json!({ "solver": { "kind": "rk4", "tolerance": 1e-3 } }),
            "solver.tolerance is 1e-3; allowed: null for this solver.kind; only \"bosh3\", \"dopri5\" and \"tsit5\" estimate their error.",
        ),
        (json!({ "version": 9 }), "version is 9; allowed: 1 to 1."),
        (json!({ "method": { "kind": "jko-flow", "stepSize": 0 } }), "method.stepSize is 0; allowed: 0.001 to 1000."),
        (json!({ "method": { "kind": "jko-flow", "blocks": 0 } }), "method.blocks is 0; allowed: 1 to 32."),
        (json!({ "method": { "kind": "coupling-flow", "layers": 0 } }), "method.layers is 0; allowed: 1 to 32."),
        (
            json!({ "method": { "kind": "coupling-flow" }, "noise": { "kind": "moons" } }),
            "noise.kind is \"moons\"; allowed: \"gaussian\" for a coupling flow, whose loss is its density.",
        ),
        (json!({ "method": { "kind": "ot-flow", "hjbWeight": -1 } }), "method.hjbWeight is -1; allowed: 0 to 1000."),
        (json!({ "method": { "kind": "reflow", "distill": 99 } }), "method.distill is 99; allowed: 0 to 16."),
        (
            json!({ "method": { "kind": "diffusion", "prediction": "velocity" } }),
            "method.prediction is \"velocity\"; allowed: \"noise\", \"score\" or \"data\"; flow matching regresses the velocity.",
        ),
        (
            json!({ "method": { "kind": "jko-flow" }, "noise": { "kind": "moons" } }),
            "noise.kind is \"moons\"; allowed: \"gaussian\" for JKO-iFlow, which descends towards it.",
        ),
        (
            json!({ "solver": { "kind": "dopri5", "tolerance": 1e-12 } }),
            "solver.tolerance is 1e-12; allowed: 1e-9 to 0.1, or null for equal steps.",
        ),
        (json!({ "data": { "kind": "gaussian-mixture", "dim": 0 } }), "data.dim is 0; allowed: 1 to 128."),
        (json!({ "data": { "kind": "gaussian-mixture", "dim": 129 } }), "data.dim is 129; allowed: 1 to 128."),
        (json!({ "data": { "kind": "gaussian", "dim": 1_000_000 } }), "data.dim is 1000000; allowed: 1 to 128."),
        (json!({ "divergence": { "probes": 0 } }), "divergence.probes is 0; allowed: 1 to 64."),
        (json!({ "budget": { "seconds": -1.0 } }), "budget.seconds is -1; allowed: 0.001 to 1000000."),
        (
            json!({ "method": { "kind": "normalizing-flow", "trainingSteps": 0 } }),
            "method.trainingSteps is 0; allowed: 1 to 64.",
        ),
    ];
    for (experiment, sentence) in refused {
        assert_eq!(refusal(experiment), sentence);
    }
    for strange in [json!(null), json!([1]), json!({ "seed": -1 }), json!({ "seed": "7" }), json!({ "colour": 1 })] {
        assert!(refusal(strange.clone()).contains("allowed:"), "{strange}");
    }
}

/// Nobody is refused a small learning rate for the sake of a final one that they did not set.
#[test]
fn a_small_learning_rate_ends_at_itself() {
    for method in ["flow-matching", "ot-flow", "jko-flow"] {
        let of = |optimizer: Value| json!({ "method": { "kind": method }, "optimizer": optimizer });
        let optimizer = Experiment::from_json(&of(json!({ "learningRate": 1e-6 }))).unwrap().optimizer;
        assert_eq!((optimizer.learning_rate, optimizer.final_learning_rate), (1e-6, 1e-6));
        let both = json!({ "learningRate": 1e-6, "finalLearningRate": 1e-5 });
        assert!(refusal(of(both)).starts_with("optimizer.finalLearningRate is 0.00001; allowed: 0 to "), "{method}");
    }
}

/// Each setting is allowed, all of them together are more than a browser tab holds.
#[test]
fn what_memory_cannot_hold() {
    let large = json!({ "width": 1024, "depth": 8 });
    let points = json!({ "kind": "gaussian-mixture", "dim": 128 });
    let refused = [
        (
            json!({ "network": large, "optimizer": { "batch": 65536 } }),
            "optimizer.batch is 65536; allowed: at most 16384 ",
        ),
        (
            json!({ "data": { "kind": "gaussian-mixture", "dim": 128 }, "method": { "kind": "coupling-flow", "maps": "spline" },
                "optimizer": { "batch": 1024 } }),
            "optimizer.batch is 1024; allowed: at most 543 ",
        ),
        (
            json!({
                "data": { "kind": "drawn-digits", "dim": 784 }, "network": { "width": 16, "depth": 1 },
                "method": { "kind": "normalizing-flow" }, "optimizer": { "batch": 65536 },
            }),
            "optimizer.batch is 65536; allowed: at most ",
        ),
        (
            json!({ "data": points, "method": { "kind": "reflow", "pairs": 1_000_000 } }),
            "method.pairs is 1000000; allowed: at most 262144 of 128 coordinates, which is what fits in memory.",
        ),
        (
            json!({ "data": points, "method": { "kind": "jko-flow", "pool": 1_000_000 } }),
            "method.pool is 1000000; allowed: at most 524288 of 128 coordinates, ",
        ),
        (
            json!({ "network": large, "method": { "kind": "jko-flow", "blocks": 32 } }),
            "method.blocks is 32; allowed: at most ",
        ),
        (
            json!({
                "optimizer": { "batch": 65536 }, "network": { "width": 8, "depth": 1 },
                "method": { "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 65536 },
            }),
            "method.couplingBatch is 65536; allowed: 1 to 8192 ",
        ),
    ];
    for (experiment, sentence) in refused {
        let experiment = Experiment::from_json(&experiment).unwrap();
        let said = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).err().unwrap().to_string();
        assert!(said.starts_with(sentence), "{said}");
    }
    let session = session(json!({ "network": { "width": 8, "depth": 1 } }));
    let solver = SolverConfig { steps: 1000, ..SolverConfig::default() };
    let recorded = block_on(session.trajectories(1 << 20, solver, 1, Origin::Noise)).unwrap_err().to_string();
    assert!(recorded.starts_with("points is 1048576; allowed: at most 67041 of 2 coordinates"), "{recorded}");
    assert!(session.conditional_paths(1 << 20, 1000, 1).is_err());
}

/// Round by round no more comes together than at once.
#[test]
fn a_round_that_memory_cannot_hold_is_not_added() {
    let with_blocks = |blocks: usize| {
        Experiment::from_json(&json!({
            "network": { "width": 1024, "depth": 8 }, "method": { "kind": "jko-flow", "blocks": blocks, "pool": 100 },
        }))
        .unwrap()
    };
    let open = |blocks| block_on(Session::open(with_blocks(blocks), Start::default(), Engine::Cpu));
    let said = open(32).err().unwrap().to_string();
    let most: usize = said.split("at most ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    let mut session = open(most).ok().unwrap();
    let before = session.experiment().clone();
    let said = session.add_round().unwrap_err().to_string();
    assert!(said.starts_with(&format!("method.blocks is {}; allowed: at most {most} ", most + 1)), "{said}");
    assert_eq!(*session.experiment(), before, "what is refused changes nothing");
}

/// What every method asks for where nothing is asked for fits, in 64 coordinates too.
#[test]
fn what_is_usual_fits() {
    for method in
        ["flow-matching", "reflow", "stochastic-interpolant", "diffusion", "normalizing-flow", "ot-flow", "jko-flow"]
    {
        session(json!({ "data": { "kind": "gaussian-mixture", "dim": 64 }, "method": { "kind": method } }));
    }
}

/// More points than fit with their tangents are taken in pieces, which nobody sees.
#[test]
fn densities_in_pieces_are_the_same() {
    let session = session(json!({ "network": { "width": 4, "depth": 1 } }));
    let solver = SolverConfig { steps: 2, ..SolverConfig::default() };
    let points = session.data(70_000, 1).unwrap();
    let all = block_on(session.log_density(&points, 0.0, solver)).unwrap();
    let last = points.pick(&[0, 65_535, 65_536, 69_999]);
    let some = block_on(session.log_density(&last, 0.0, solver)).unwrap();
    assert_eq!(all.len(), 70_000);
    for (i, found) in [0, 65_535, 65_536, 69_999].into_iter().zip(some) {
        assert!((all[i] - found).abs() < 1e-5, "{i}: {} {found}", all[i]);
    }
}

#[test]
fn points_that_are_missing_or_too_few() {
    let open = |points| {
        let experiment = Experiment::from_json(&json!({ "data": { "kind": "points" } })).unwrap();
        block_on(Session::open(experiment, Start { points, ..Start::default() }, Engine::Cpu))
            .err()
            .unwrap()
            .to_string()
    };
    assert!(open(None).starts_with("data.kind is \"points\" without any points"));
    let few = Points::new((0..20).map(f64::from).collect(), 2).unwrap();
    assert_eq!(open(Some(few)), "The points cannot be used: there are 10 and at least 16 are needed.");
}

#[test]
fn a_coupling_flow_of_one_coordinate() {
    let line = json!({ "method": { "kind": "coupling-flow" }, "data": { "kind": "gaussian", "dim": 1 } });
    let opened = block_on(Session::open(Experiment::from_json(&line).unwrap(), Start::default(), Engine::Cpu));
    let allowed = "another method for data of one coordinate, where there is no half to keep";
    let sentence = opened.err().expect("it is refused").to_string();
    assert_eq!(sentence, format!("method.kind is \"coupling-flow\"; allowed: {allowed}."));
}

#[test]
fn calls_with_impossible_arguments() {
    let mut session = session(json!({ "network": { "width": 8, "depth": 1 } }));
    let solver = SolverConfig::default();
    assert!(block_on(session.sample(0, solver, 1)).is_err());
    assert!(block_on(session.sample(usize::MAX, solver, 1)).is_err());
    assert!(block_on(session.sample(5, SolverConfig { steps: 0, ..solver }, 1)).is_err());
    assert!(block_on(session.advance(0)).is_err());
    let points = Points::new(vec![0.0; 3], 3).unwrap();
    assert!(block_on(session.velocity(&points, 0.5)).is_err());
    let points = Points::new(vec![0.0; 2], 2).unwrap();
    for t in [-0.1, 1.1, f64::NAN] {
        assert!(block_on(session.velocity(&points, t)).is_err(), "{t}");
    }
    assert!(block_on(session.measure(1, 1)).is_err());
}

#[test]
fn a_diverging_run_stops_with_its_last_good_weights() {
    let mut session = session(json!({
        "network": { "width": 16, "depth": 2 },
        "method": { "kind": "normalizing-flow", "trainingSteps": 2 },
        "optimizer": { "batch": 16, "learningRate": 10, "clipNorm": 1e30 },
    }));
    let outcome = (0..40).try_for_each(|_| block_on(session.advance(5)).map(|_| ()));
    let step = match outcome {
        Err(FlowError::Diverged { step }) => step,
        other => panic!("a learning rate of 10 should diverge: {other:?}"),
    };
    assert!(step < 200 && session.step() <= step);
    let weights = block_on(session.weights()).unwrap();
    assert!(!weights.is_empty());
    let experiment = session.experiment().clone();
    let start = Start { weights: Some(weights), ..Start::default() };
    assert!(block_on(Session::open(experiment, start, Engine::Cpu)).is_ok(), "the weights kept are finite");
    let measured = block_on(session.measure(20, 1)).unwrap();
    assert!(!serde_json::to_string(&measured).unwrap().contains("NaN"));
}

/// Learning rates, batches and couplings at the edge of what is allowed, for every method: each run goes on or stops with a
/// reason, and what it leaves can be sampled and measured.
#[test]
fn unstable_settings_end_in_a_sentence_or_a_number() {
    let methods = [
        json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 1_000_000 }),
        json!({ "kind": "flow-matching", "coupling": { "sinkhorn": { "regularization": 0.001 } } }),
        json!({ "kind": "reflow", "rounds": 2, "pairs": 100, "pairSteps": 1 }),
        json!({ "kind": "stochastic-interpolant", "bridge": 100 }),
        json!({ "kind": "diffusion", "prediction": "data" }),
        json!({ "kind": "diffusion", "weighting": "likelihood" }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 1, "divergence": "hutchinson-gaussian" }),
        json!({ "kind": "ot-flow", "trainingSteps": 1, "hjbWeight": 1000 }),
        json!({ "kind": "jko-flow", "blocks": 3, "stepSize": 1000, "largestStepSize": 1000, "pool": 100, "substeps": 1 }),
        json!({ "kind": "closed-form", "points": 1 }),
    ];
    for method in methods {
        for dim in [1, 2, 9] {
            let mut session = session(json!({
                "data": { "kind": "gaussian-mixture", "dim": dim }, "method": method,
                "network": { "width": 8, "depth": 1, "activation": "tanh" }, "budget": { "steps": 40 },
                "optimizer": { "batch": 1, "learningRate": 10, "clipNorm": 1e30, "emaDecay": 0 },
                "solver": { "kind": "dopri5", "tolerance": 1e-3 },
            }));
            for _ in 0..8 {
                match block_on(session.advance(5)) {
                    Ok(progress) => assert!(progress.losses.iter().all(|loss| loss.is_finite())),
                    Err(FlowError::Diverged { .. } | FlowError::SolverStopped { .. }) => break,
                    Err(other) => panic!("{method} in {dim} dimensions: {other}"),
                }
            }
            if let Err(reason) = block_on(session.sample(10, session.experiment().solver, 1)) {
                assert!(reason.to_string().ends_with('.'), "{method} in {dim} dimensions: {reason}");
                assert_eq!(reason.code(), "solver-stopped", "{method} in {dim} dimensions: {reason}");
            }
            match block_on(session.measure(20, 1)) {
                Ok(measured) => assert!(!serde_json::to_string(&measured).unwrap().contains("NaN")),
                Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
            }
        }
    }
}
