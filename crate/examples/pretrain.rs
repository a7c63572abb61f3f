//! Trains the weights that the page shows within its first second and writes them to `www/src/experiment/pretrained/`:
//!
//! `cargo run --example pretrain --features gpu`
//!
//! A few minutes on one core (the feature only shares its build with the tests). Prints what it measured.

use flow_playground::{Engine, Experiment, FlowError, Session, Start};
use pollster::block_on;
use serde_json::json;
use std::path::Path;

fn train(method: &str, steps: usize) -> Result<Session, FlowError> {
    let experiment = json!({ "method": { "kind": method }, "budget": { "steps": steps } });
    let mut session = block_on(Session::open(Experiment::from_json(&experiment)?, Start::default(), Engine::Cpu))?;
    for _ in 0..steps / 100 {
        let progress = block_on(session.advance(100))?;
        let mean = progress.losses.iter().sum::<f32>() / progress.losses.len() as f32;
        eprint!("\r{method}: step {} of {steps}, loss {mean:.3}  ", progress.step);
    }
    eprintln!();
    Ok(session)
}

/// The bits of a weight's mantissa that are kept: a relative error of 2^-13, far below what another seed of training
/// changes, and a file that compresses to three fifths, for it is in everyone's first view.
const KEPT_BITS: u32 = 12;

/// A safetensors file with its numbers rounded to `KEPT_BITS`.
fn rounded(mut file: Vec<u8>) -> Vec<u8> {
    let dropped = f32::MANTISSA_DIGITS - 1 - KEPT_BITS;
    let header = u64::from_le_bytes(file[..8].try_into().expect("a safetensors file starts with its header's length"));
    for number in file[8 + header as usize..].as_chunks_mut::<4>().0 {
        let bits = u32::from_le_bytes(*number) + (1 << (dropped - 1));
        *number = (bits >> dropped << dropped).to_le_bytes();
    }
    file
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/src/experiment/pretrained");
    std::fs::create_dir_all(&folder)?;
    for (method, steps) in [("flow-matching", 8000), ("normalizing-flow", 1500)] {
        let session = train(method, steps)?;
        println!("{method}: {}", serde_json::to_string(&block_on(session.measure(4000, 1))?)?);
        std::fs::write(folder.join(format!("{method}.safetensors")), rounded(block_on(session.weights())?))?;
    }
    Ok(())
}
