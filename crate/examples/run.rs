//! Runs an experiment that the playground wrote, natively: for those who outgrow the browser's tab.
//!
//! ```sh
//! cargo run --release --example run -- experiment.json
//! cargo run --release --example run --features gpu -- experiment.json --webgpu --steps 200000
//! cargo run --release --example run -- experiment.json --data points.npy --weights start.safetensors
//! ```
//!
//! Writes `weights.safetensors` beside the experiment, once a minute and at the end, then `samples.csv`, and prints what it
//! measured. What was stopped starts from its last weights with `--weights`.

mod points;

use flow_playground::method::Asked;
use flow_playground::{Engine, Experiment, Points, Session, Start};
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const HELP: &str = "\
Runs an experiment that the playground wrote.

  FILE             the experiment, as JSON
  --data FILE      .npy, .npz, JSON or CSV: the points, for data of kind \"points\"
  --weights FILE   .safetensors: what to start from
  --steps N        another budget of training steps
  --seed N         another seed
  --samples N      points to generate (10000)
  --asked N        the number of the class that they are to be of, from 0, where the experiment has a condition
  --guidance W     and how much they are guided to it (1)
  --webgpu         run on the WebGPU engine (with --features gpu)
";

struct Arguments {
    file: PathBuf,
    data: Option<PathBuf>,
    reading: points::table::Options,
    weights: Option<PathBuf>,
    steps: Option<usize>,
    seed: Option<u32>,
    samples: usize,
    asked: Option<Asked>,
    engine: Engine,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut given = pico_args::Arguments::from_env();
    if given.contains(["-h", "--help"]) {
        print!("{HELP}\nOf --data:\n{}", points::HELP);
        std::process::exit(0);
    }
    let arguments = Arguments {
        data: given.opt_value_from_str("--data")?,
        reading: points::table::Options::take(&mut given)?,
        weights: given.opt_value_from_str("--weights")?,
        steps: given.opt_value_from_str("--steps")?,
        seed: given.opt_value_from_str("--seed")?,
        samples: given.opt_value_from_str("--samples")?.unwrap_or(10_000),
        asked: asked(&mut given)?,
        engine: if given.contains("--webgpu") { Engine::WebGpu } else { Engine::Cpu },
        file: given.free_from_str().map_err(|_| format!("which experiment?\n\n{HELP}"))?,
    };
    match given.finish().first() {
        Some(unknown) => Err(format!("{} is unknown.\n\n{HELP}", unknown.display()).into()),
        None => Ok(arguments),
    }
}

/// What samples are to be; nothing in particular without a class.
fn asked(given: &mut pico_args::Arguments) -> Result<Option<Asked>, Box<dyn Error>> {
    let class: Option<usize> = given.opt_value_from_str("--asked")?;
    let guidance: Option<f64> = given.opt_value_from_str("--guidance")?;
    match (class, guidance) {
        (None, Some(_)) => Err("--guidance goes with --asked, which names the class.".into()),
        (class, guidance) => Ok(class.map(|class| Asked { class, guidance: guidance.unwrap_or(1.0) })),
    }
}

fn experiment(arguments: &Arguments) -> Result<Experiment, Box<dyn Error>> {
    let text = fs::read_to_string(&arguments.file)
        .map_err(|error| format!("{} cannot be read: {error}.", arguments.file.display()))?;
    // Some editors begin a file with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let mut json: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("{} is no JSON: {error}.", arguments.file.display()))?;
    if let Some(steps) = arguments.steps {
        json["budget"] = serde_json::json!({ "steps": steps });
    }
    if let Some(seed) = arguments.seed {
        json["seed"] = seed.into();
    }
    Ok(Experiment::from_json(&json)?)
}

const SAVE_SECONDS: u64 = 60;

/// Trains to the end of the budget and keeps the weights in a file.
fn train(session: &mut Session, file: &Path) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(1000).with_style(ProgressStyle::with_template("{wide_bar} {percent} %  {msg}  {eta}")?);
    let mut saved = Instant::now();
    while session.spent() < 1.0 {
        let progress = block_on(session.advance(50))?;
        if progress.losses.is_empty() {
            break;
        }
        let mean = progress.losses.iter().sum::<f32>() / progress.losses.len() as f32;
        bar.set_message(format!("step {}, loss {mean:.4}", progress.step));
        bar.set_position((1000.0 * progress.spent.min(1.0)) as u64);
        if saved.elapsed().as_secs() >= SAVE_SECONDS {
            fs::write(file, block_on(session.weights())?)?;
            saved = Instant::now();
        }
    }
    bar.finish();
    fs::write(file, block_on(session.weights())?)?;
    Ok(())
}

fn csv_from(points: &Points<f64>) -> String {
    let row = |row: &[f64]| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",") + "\n";
    let names: Vec<String> = (1..=points.dim()).map(|k| format!("x{k}")).collect();
    std::iter::once(names.join(",") + "\n").chain(points.rows().map(row)).collect()
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let experiment = experiment(&arguments)?;
    let start = Start {
        points: arguments.data.as_deref().map(|file| points::read(file, &arguments.reading)).transpose()?,
        weights: arguments.weights.as_ref().map(fs::read).transpose()?,
        ..Start::default()
    };
    let (solver, seed) = (experiment.solver, experiment.seed);
    let mut session = block_on(Session::open(experiment, start, arguments.engine))?;
    session.ask(arguments.asked)?;
    let beside = |name: &str| arguments.file.parent().unwrap_or(Path::new(".")).join(name);
    train(&mut session, &beside("weights.safetensors"))?;
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
