//! Weights that come from a file: what training goes on with.

use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::json;

fn open(blocks: usize, weights: Option<Vec<u8>>) -> Session {
    let experiment = json!({
        "seed": 3,
        "data": { "kind": "8-gaussians" },
        "method": { "kind": "jko-flow", "blocks": blocks, "pool": 4000, "divergence": "exact", "freeLast": false },
        "network": { "width": 16, "depth": 2 },
        "optimizer": { "batch": 256, "learningRate": 5e-3 },
        "budget": { "steps": 80 * blocks },
    });
    let start = Start { weights, ..Start::default() };
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), start, Engine::Cpu)).unwrap()
}

fn mean(losses: &[f32]) -> f32 {
    losses.iter().sum::<f32>() / losses.len() as f32
}

/// A block trains on data that all blocks before it have carried, those of a file too.
#[test]
fn loaded_blocks_carry_the_data_that_the_next_one_trains_on() {
    let mut whole = open(3, None);
    block_on(whole.advance(160)).unwrap();
    let two_blocks = block_on(whole.weights()).unwrap();
    let third = block_on(whole.advance(40)).unwrap();
    assert_eq!(third.round, 2);

    let mut loaded = open(3, Some(two_blocks.clone()));
    let progress = block_on(loaded.advance(40)).unwrap();
    assert_eq!(progress.round, 2);
    assert!((mean(&progress.losses) - mean(&third.losses)).abs() < 0.1, "{progress:?} {third:?}");

    // At the end of its budget, the last block goes on with what the first left it.
    let mut full = open(2, Some(two_blocks));
    let progress = block_on(full.advance(20)).unwrap();
    let mut again = open(2, None);
    let trained = block_on(again.advance(160)).unwrap();
    assert!((mean(&progress.losses) - mean(&trained.losses[140..])).abs() < 0.1, "{progress:?}");
}
