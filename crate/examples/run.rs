//! Runs an experiment that the playground wrote, natively: for those who outgrow the browser's tab.
//!
//! ```sh
//! cargo run --release --example run -- experiment.json
//! cargo run --release --example run --features gpu -- experiment.json --webgpu --steps 200000
//! cargo run --release --example run -- experiment.json --data points.npy --weights start.safetensors
//! ```
//!
//! Writes `weights.safetensors` and `samples.csv` beside the experiment and prints what it measured. Stopped, it goes on from its
//! last weights with `--weights`.

#[path = "reproduce/data.rs"]
#[allow(dead_code)]
mod data;

use flow_playground::{Engine, Experiment, Points, Session, Start};
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Runs an experiment that the playground wrote.

  FILE             the experiment, as JSON
  --data FILE      .npy or CSV: the points, for data of kind \"points\"
  --weights FILE   .safetensors: what to start from
  --steps N        another budget of training steps
  --seed N         another seed
  --samples N      points to generate (10000)
  --webgpu         run on the WebGPU engine (with --features gpu)
";

struct Arguments {
    file: PathBuf,
    data: Option<PathBuf>,
    weights: Option<PathBuf>,
    steps: Option<usize>,
    seed: Option<u32>,
    samples: usize,
    engine: Engine,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut given = pico_args::Arguments::from_env();
    if given.contains(["-h", "--help"]) {
        print!("{HELP}");
        std::process::exit(0);
    }
    let arguments = Arguments {
        data: given.opt_value_from_str("--data")?,
        weights: given.opt_value_from_str("--weights")?,
        steps: given.opt_value_from_str("--steps")?,
        seed: given.opt_value_from_str("--seed")?,
        samples: given.opt_value_from_str("--samples")?.unwrap_or(10_000),
        engine: if given.contains("--webgpu") { Engine::WebGpu } else { Engine::Cpu },
        file: given.free_from_str().map_err(|_| format!("which experiment?\n\n{HELP}"))?,
    };
    match given.finish().first() {
        Some(unknown) => Err(format!("{} is unknown.\n\n{HELP}", unknown.display()).into()),
        None => Ok(arguments),
    }
}

fn experiment(arguments: &Arguments) -> Result<Experiment, Box<dyn Error>> {
    let text = fs::read_to_string(&arguments.file)
        .map_err(|error| format!("{} cannot be read: {error}.", arguments.file.display()))?;
    let mut json: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("{} is no JSON: {error}.", arguments.file.display()))?;
    if let Some(steps) = arguments.steps {
        json["budget"] = serde_json::json!({ "steps": steps });
    }
    if let Some(seed) = arguments.seed {
        json["seed"] = seed.into();
    }
    Ok(Experiment::from_json(&json)?)
}

fn train(session: &mut Session) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(1000).with_style(ProgressStyle::with_template("{wide_bar} {percent} %  {msg}  {eta}")?);
    while session.spent() < 1.0 {
        let progress = block_on(session.advance(50))?;
        if progress.losses.is_empty() {
            break;
        }
        let mean = progress.losses.iter().sum::<f32>() / progress.losses.len() as f32;
        bar.set_message(format!("step {}, loss {mean:.4}", progress.step));
        bar.set_position((1000.0 * progress.spent.min(1.0)) as u64);
    }
    bar.finish();
    Ok(())
}

fn csv_from(points: &Points) -> String {
    let row = |row: &[f32]| row.iter().map(f32::to_string).collect::<Vec<_>>().join(",") + "\n";
    let names: Vec<String> = (1..=points.dim()).map(|k| format!("x{k}")).collect();
    std::iter::once(names.join(",") + "\n").chain(points.rows().map(row)).collect()
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let experiment = experiment(&arguments)?;
    let start = Start {
        points: arguments.data.as_deref().map(data::read).transpose()?,
        weights: arguments.weights.as_ref().map(fs::read).transpose()?,
        ..Start::default()
    };
    let (solver, seed) = (experiment.solver, experiment.seed);
    let mut session = block_on(Session::open(experiment, start, arguments.engine))?;
    train(&mut session)?;
    let beside = |name: &str| arguments.file.parent().unwrap_or(Path::new(".")).join(name);
    fs::write(beside("weights.safetensors"), block_on(session.weights())?)?;
    let samples = block_on(session.sample(arguments.samples, solver, seed))?;
    fs::write(beside("samples.csv"), csv_from(&samples))?;
    println!("{}", serde_json::to_string_pretty(&block_on(session.measure(2000, seed))?)?);
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
