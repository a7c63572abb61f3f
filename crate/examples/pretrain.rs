//! Trains the weights that the page shows within its first second, or as soon as pictures are chosen, and writes them to
//! `www/src/experiment/pretrained/`:
//!
//! `cargo run --example pretrain --features gpu`
//!
//! A few minutes on one core for those of the first view, half an hour for all (the feature only shares its build with the
//! tests); given a word, those whose names contain it. Prints what it measured, or puts pictures on a sheet in a folder that is
//! named after it: `-- digits /tmp`.

#[path = "run/pictures.rs"]
mod pictures;
#[path = "points/mod.rs"]
#[allow(dead_code, reason = "what reads any file reads the one of the digits")]
mod points;
mod rounded;
#[path = "run/sheet.rs"]
mod sheet;

use flow_playground::distribution::DistributionKind;
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use rounded::rounded;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::path::Path;

const EXPERIMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/src/experiment");
/// Nearly three times as many as the page's own training takes.
const PICTURE_STEPS: usize = 4000;

/// Their files' names, and what is not as in the page's first experiment.
fn shipped() -> Vec<(String, Value)> {
    let toy =
        |method: &str, steps| (method.into(), json!({ "method": { "kind": method }, "budget": { "steps": steps } }));
    let mut all = vec![toy("flow-matching", 8000), toy("normalizing-flow", 1500)];
    let sets = [
        ("drawn-digits-16", json!({ "kind": "drawn-digits", "dim": 256 })),
        ("drawn-digits-28", json!({ "kind": "drawn-digits", "dim": 784 })),
        ("digits-8", json!({ "kind": "digits" })),
    ];
    for (set, data) in sets {
        for (id, method) in [
            ("flow-matching", json!({ "kind": "flow-matching" })),
            ("ot-coupling", json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 128 })),
            ("ddpm", json!({ "kind": "diffusion" })),
        ] {
            let (network, budget) = (json!({ "kind": "u-net" }), json!({ "steps": PICTURE_STEPS }));
            let experiment = json!({ "data": data, "method": method, "network": network, "budget": budget });
            all.push((format!("{set}.{id}"), experiment));
        }
    }
    all
}

fn start(kind: DistributionKind) -> Result<Start, String> {
    if kind != DistributionKind::Digits {
        return Ok(Start::default());
    }
    let file = Path::new(EXPERIMENTS).join("digits.npz");
    let (points, labels) = pictures::digits(&pictures::read(&file, &points::table::Options::default())?)?;
    Ok(Start { points: Some(points), labels: Some(labels), ..Start::default() })
}

fn train(name: &str, experiment: Experiment) -> Result<Session, Box<dyn Error>> {
    let (steps, start) = (experiment.budget.steps, start(experiment.data.kind)?);
    let mut session = block_on(Session::open(experiment, start, Engine::Cpu))?;
    for _ in 0..steps / 100 {
        let progress = block_on(session.advance(100))?;
        let mean = progress.losses.iter().sum::<f32>() / progress.losses.len() as f32;
        eprint!("\r{name}: step {} of {steps}, loss {mean:.3}  ", progress.step);
    }
    eprintln!();
    Ok(session)
}

/// A safetensors file of numbers that were rounded, as bfloat16, which is all that is left of them: half of the bytes.
fn halved(file: &[u8]) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let tensors = SafeTensors::deserialize(file)?;
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = (tensors.iter())
        .map(|(name, tensor)| {
            let halves = tensor.data().as_chunks().0.iter().flat_map(|&[_, _, low, high]| [low, high]);
            (name.to_string(), tensor.shape().to_vec(), halves.collect())
        })
        .collect();
    let views = bytes.iter().map(|(name, shape, data)| Ok((name, TensorView::new(Dtype::BF16, shape.clone(), data)?)));
    safetensors::serialize(views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?, None)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(EXPERIMENTS).join("pretrained");
    let mut given = std::env::args().skip(1);
    let (word, sheets) = (given.next().unwrap_or_default(), given.next());
    fs::create_dir_all(&folder)?;
    for (name, experiment) in shipped().into_iter().filter(|(name, _)| name.contains(&word)) {
        let experiment = Experiment::from_json(&experiment)?;
        let session = train(&name, experiment.clone())?;
        fs::write(folder.join(format!("{name}.safetensors")), halved(&rounded(block_on(session.weights())?))?)?;
        let (solver, seed, kind) = (experiment.solver, experiment.seed, experiment.data.kind);
        match (sheet::shape_of(kind, session.dim()), &sheets) {
            (None, _) => println!("{name}: {}", serde_json::to_string(&block_on(session.measure(4000, 1))?)?),
            (Some(shape), Some(folder)) => {
                let samples = block_on(session.sample(100, solver, seed))?;
                sheet::write(&Path::new(folder).join(format!("{name}.png")), &samples, shape)?;
            }
            _ => {}
        }
    }
    Ok(())
}
