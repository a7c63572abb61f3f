//! Weights and experiments that were damaged on their way are taken or refused in a sentence, and nothing else happens.

use crate::damaged::damaged;
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn experiment() -> Value {
    json!({
        "version": 1, "seed": 3, "data": { "kind": "moons" }, "noise": { "kind": "gaussian" },
        "method": { "kind": "flow-matching", "coupling": "minibatch-ot" },
        "network": { "width": 4, "depth": 1 }, "optimizer": { "batch": 8 }, "budget": { "steps": 10 },
    })
}

fn open(weights: Option<Vec<u8>>) -> Result<Session, String> {
    let start = Start { weights, ..Start::default() };
    let opened = Session::open(Experiment::from_json(&experiment()).unwrap(), start, Engine::Cpu);
    block_on(opened).map_err(|error| error.to_string())
}

#[test]
fn damaged_weights() {
    let whole = block_on(open(None).unwrap().weights()).unwrap();
    let others = [whole.clone(), serde_json::to_vec(&experiment()).unwrap()];
    let (mut state, mut refused) = (1, 0);
    for _ in 0..1000 {
        if let Err(sentence) = open(Some(damaged(&whole, &others, &mut state))) {
            assert!(sentence.ends_with('.'), "{sentence}");
            refused += 1;
        }
    }
    // A changed byte of a number is another number.
    assert!((500..1000).contains(&refused), "{refused}");
}

#[test]
fn damaged_experiments() {
    let whole = serde_json::to_vec(&experiment()).unwrap();
    let others = [whole.clone(), br#"{"kind":"points","dim":1e99,"seed":-1,"steps":null,"x":[[]]}"#.to_vec()];
    let mut state = 2;
    for _ in 0..10_000 {
        let bytes = damaged(&whole, &others, &mut state);
        // What is no JSON comes to nobody.
        let Ok(json) = serde_json::from_slice::<Value>(&bytes) else { continue };
        if let Err(refusal) = Experiment::from_json(&json) {
            assert!(refusal.to_string().ends_with('.'), "{refusal}");
        }
    }
}
