//! Rewinding: from any snapshot the same steps give the same bits.

use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(method: &Value, parts: &Value) -> Session {
    let mut experiment = json!({
        "data": { "kind": "8-gaussians" }, "method": method,
        "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 32 }, "budget": { "steps": 240 },
    });
    experiment.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    let experiment = Experiment::from_json(&experiment).unwrap();
    block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap()
}

fn train(session: &mut Session, steps: usize) -> Vec<f32> {
    block_on(session.advance(steps)).unwrap().losses
}

fn weights(session: &Session) -> Vec<u8> {
    block_on(session.weights()).unwrap()
}

#[test]
fn the_same_steps_from_a_snapshot_give_the_same_bits() {
    for method in [
        json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 16 }),
        json!({ "kind": "stochastic-interpolant" }),
        // Across the ends of rounds, whose pools are drawn and carried anew.
        json!({ "kind": "reflow", "pairs": 200, "pairSteps": 4 }),
        json!({ "kind": "jko-flow", "blocks": 3, "pool": 200 }),
    ] {
        let mut session = open(&method, &json!({}));
        let losses = [train(&mut session, 90), train(&mut session, 150)].concat();
        let (end, points) = (weights(&session), block_on(session.sample(20, SolverConfig::default(), 1)).unwrap());
        let evaluations = session.network_evaluations();
        for asked in [200, 100, 3, 0] {
            let progress = session.rewind(asked);
            let from = progress.step;
            assert!(from <= asked && asked - from < 8 && session.step() == from, "{method}: {from} of {asked}");
            assert!(progress.losses.is_empty() && (progress.spent - from as f64 / 240.0).abs() < 1e-9);
            // In other chunks than the first time.
            let again = [train(&mut session, 7), train(&mut session, 240 - from - 7)].concat();
            assert_eq!(again, losses[from..], "{method} from {from}");
            assert_eq!(session.network_evaluations(), evaluations, "{method} from {from}");
            assert_eq!(weights(&session), end, "{method} from {from}");
        }
        assert_eq!(block_on(session.sample(20, SolverConfig::default(), 1)).unwrap(), points);
    }
}

#[test]
fn one_can_go_forth_again_until_training_goes_on() {
    let mut session = open(&json!({ "kind": "flow-matching" }), &json!({}));
    assert_eq!(session.snapshots(), [0]);
    train(&mut session, 101);
    let (end, all) = (weights(&session), session.snapshots());
    assert!(all.len() > 32 && all.len() <= 64 && all[0] == 0 && !all.contains(&101), "{all:?}");
    assert_eq!(session.rewind(50).step, 50);
    assert_ne!(weights(&session), end);
    assert_eq!(session.snapshots(), [all, vec![101]].concat(), "the state it came from is kept");
    assert_eq!(session.rewind(1000).step, 101);
    assert_eq!(weights(&session), end);
    session.rewind(50);
    train(&mut session, 1);
    assert_eq!(session.snapshots().last(), Some(&50));
}

#[test]
fn what_came_after_the_last_good_step_is_no_place_to_return_to() {
    let mut session = open(
        &json!({ "kind": "normalizing-flow", "trainingSteps": 4 }),
        &json!({ "optimizer": { "batch": 16, "learningRate": 10.0, "finalLearningRate": 10.0, "clipNorm": 1e30 } }),
    );
    let mut diverged = false;
    for _ in 0..40 {
        match block_on(session.advance(5)) {
            Ok(_) => {}
            Err(FlowError::Diverged { step }) => {
                diverged = true;
                assert!(session.step() <= step);
                assert!(session.snapshots().iter().all(|&at| at <= session.step()), "{:?}", session.snapshots());
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(diverged, "so high a learning rate diverges");
    assert_eq!(session.rewind(0).step, 0);
    assert!(block_on(session.sample(10, SolverConfig::default(), 1)).is_ok());
}

#[test]
fn another_session_goes_on_from_a_checkpoint_with_the_same_bits() {
    for method in [
        json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 16 }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2, "divergence": "hutchinson" }),
        json!({ "kind": "reflow", "pairs": 200, "pairSteps": 4 }),
        json!({ "kind": "jko-flow", "blocks": 3, "pool": 200 }),
    ] {
        let mut session = open(&method, &json!({}));
        for steps in [0, 130] {
            if steps > 0 {
                train(&mut session, steps);
            }
            let checkpoint = block_on(session.checkpoint()).unwrap();
            let mut other = open(&method, &json!({}));
            let progress = other.restore(&checkpoint).unwrap();
            assert_eq!((progress.step, other.snapshots()), (steps, vec![steps]), "{method}");
            assert_eq!(other.network_evaluations(), session.network_evaluations(), "{method}");
            let mut unmoved = open(&method, &json!({}));
            if steps > 0 {
                train(&mut unmoved, steps);
            }
            assert_eq!(train(&mut other, 40), train(&mut unmoved, 40), "{method} from {steps}");
            assert_eq!(weights(&other), weights(&unmoved), "{method} from {steps}");
        }
    }
}

#[test]
fn a_checkpoint_of_another_experiment_is_refused_and_nothing_changes() {
    let flow_matching = json!({ "kind": "flow-matching" });
    let mut session = open(&flow_matching, &json!({}));
    train(&mut session, 3);
    let before = weights(&session);
    let mut wider = open(&flow_matching, &json!({ "network": { "width": 17, "depth": 2 } }));
    let checkpoint = block_on(wider.checkpoint()).unwrap();
    for wrong in [&checkpoint[..], &checkpoint[..50], b"nothing"] {
        let FlowError::InvalidWeights { reason } = session.restore(wrong).unwrap_err() else { panic!("another error") };
        assert!(reason.contains("checkpoint"), "{reason}");
        assert_eq!((weights(&session), session.step()), (before.clone(), 3));
    }
    assert!(wider.restore(&block_on(session.checkpoint()).unwrap()).is_err());
}

#[test]
fn what_has_nothing_to_train_moves_as_well() {
    let closed_form = json!({ "kind": "closed-form", "points": 20 });
    let session = open(&closed_form, &json!({}));
    let checkpoint = block_on(session.checkpoint()).unwrap();
    let mut other = open(&closed_form, &json!({}));
    assert_eq!(other.restore(&checkpoint).unwrap().step, 0);
    let samples = |session: &Session| block_on(session.sample(20, SolverConfig::default(), 1)).unwrap();
    assert_eq!(samples(&other), samples(&session));
}
