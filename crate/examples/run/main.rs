//! Runs an experiment that the playground wrote, natively: for those who outgrow the browser's tab.
//!
//! ```sh
//! cargo run --release --example run -- experiment.json
//! cargo run --release --example run --features gpu -- experiment.json --webgpu --steps 200000
//! cargo run --release --example run -- experiment.json --data points.npy --weights start.safetensors
//! cargo run --release --example run -- experiment.json --data iris.csv --label species --asked 1
//! cargo run --release --example run -- digits.json --data www/src/experiment/digits.npz
//! cargo run --release --example run -- codes.json --data www/src/experiment/digit-codes.npy
//! cargo run --release --example run -- pictures.json --data sheet.png --sheet 40x25 --tile 28 --margin 2 --gap 2
//! cargo run --release --example run -- pictures.json --data train-images-idx3-ubyte.gz --data train-labels-idx1-ubyte.gz
//! ```
//!
//! Writes `weights.safetensors` beside the experiment, once a minute and at the end, then `samples.csv`, of pictures a sheet as
//! well, `samples.png`, and prints what it measured. What was stopped starts from its last weights with `--weights`.

mod codes;
#[path = "../picture_files/mod.rs"]
mod picture_files;
mod pictures;
#[path = "../points/mod.rs"]
mod points;
mod sheet;

use flow_playground::distribution::{DistributionKind, Given, Labels};
use flow_playground::method::{Asked, ConditionKind};
use flow_playground::{Engine, Experiment, Points, Session, Start};
use indicatif::{ProgressBar, ProgressStyle};
use picture_files::sheet::{Tiling, tiling};
use pollster::block_on;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const HELP: &str = "\
Runs an experiment that the playground wrote.

  FILE             the experiment, as JSON
  --data FILE      .npy, .npz, JSON or CSV: the points, for data of kind \"points\", or the pictures, one a row with pixels
                   from -1 to 1, for \"pictures\", and the page's www/src/experiment/digits.npz for \"digits\". Pictures may
                   also be arrays of n of them (.npy, .npz), MNIST's IDX files, or a folder of PNG whose folders are the
                   classes; they become square and 8 to 32 pixels wide. Several: --data images --data labels
  --sheet NxM      --data is one PNG in which N pictures stand across and M down, from the top left
  --tile, --margin, --gap WxH
                   of such a sheet: the pixels of each picture, as many as there is room for if not given; those before the
                   first, and those between two (0). One number is for across and down
  --label COLUMN   of --data: the number from 0 or the name of the column that tells the class of each point
  --weights FILE   .safetensors: what to start from
  --steps N        another budget of training steps
  --seed N         another seed
  --samples N      points to generate (10000, pictures 256)
  --asked N        the number of the class that they are to be of, from 0, where the experiment has a condition; or the
                   numbers that are observed, 1.0 or 0.1,-0.2
  --guidance W     and how much they are guided to it (1)
  --webgpu         run on the WebGPU engine (with --features gpu)
";

struct Arguments {
    file: PathBuf,
    data: Vec<PathBuf>,
    sheet: Option<Tiling>,
    reading: points::table::Options,
    weights: Option<PathBuf>,
    steps: Option<usize>,
    seed: Option<u32>,
    samples: Option<usize>,
    asked: Option<(String, f64)>,
    engine: Engine,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut given = pico_args::Arguments::from_env();
    if given.contains(["-h", "--help"]) {
        print!("{HELP}\nOf --data:\n{}", points::HELP);
        std::process::exit(0);
    }
    let arguments = Arguments {
        data: given.values_from_str("--data")?,
        sheet: sheet_of(&mut given)?,
        reading: points::table::Options {
            label: given.opt_value_from_str("--label")?,
            ..points::table::Options::take(&mut given)?
        },
        weights: given.opt_value_from_str("--weights")?,
        steps: given.opt_value_from_str("--steps")?,
        seed: given.opt_value_from_str("--seed")?,
        samples: given.opt_value_from_str("--samples")?,
        asked: asked(&mut given)?,
        engine: if given.contains("--webgpu") { Engine::WebGpu } else { Engine::Cpu },
        file: given.free_from_str().map_err(|_| format!("which experiment?\n\n{HELP}"))?,
    };
    match given.finish().first() {
        Some(unknown) => Err(format!("{} is unknown.\n\n{HELP}", unknown.display()).into()),
        None => Ok(arguments),
    }
}

/// How pictures lie on a sheet; `None` where none is given.
fn sheet_of(given: &mut pico_args::Arguments) -> Result<Option<Tiling>, Box<dyn Error>> {
    let mut option = |name| given.opt_value_from_str::<_, String>(name);
    let (tiles, lies) = (option("--sheet")?, [option("--tile")?, option("--margin")?, option("--gap")?]);
    match tiles {
        None if lies.iter().any(Option::is_some) => Err("--tile, --margin and --gap go with --sheet.".into()),
        None => Ok(None),
        Some(tiles) => Ok(Some(tiling(&tiles, lies.each_ref().map(Option::as_deref))?)),
    }
}

/// What samples are to be, and the guidance weight; nothing in particular if not given.
fn asked(given: &mut pico_args::Arguments) -> Result<Option<(String, f64)>, Box<dyn Error>> {
    let asked: Option<String> = given.opt_value_from_str("--asked")?;
    let guidance: Option<f64> = given.opt_value_from_str("--guidance")?;
    match (asked, guidance) {
        (None, Some(_)) => Err("--guidance goes with --asked, which says to what.".into()),
        (asked, guidance) => Ok(asked.map(|asked| (asked, guidance.unwrap_or(1.0)))),
    }
}

/// The same as the experiment means it: a class, or the numbers of a data point.
fn asked_of(experiment: &Experiment, (asked, guidance): &(String, f64)) -> Result<Asked, Box<dyn Error>> {
    let numbers = experiment.condition.is_some_and(|condition| condition.kind == ConditionKind::Numbers);
    let read = match numbers {
        true => asked.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>().map(Given::Numbers),
        false => asked.parse().ok().map(Given::Class),
    };
    let allowed = if numbers { "numbers such as 1.0 or 0.1,-0.2" } else { "the number of a class, from 0" };
    let given = read.ok_or_else(|| format!("--asked is \"{asked}\"; allowed: {allowed}."))?;
    Ok(Asked { given, guidance: *guidance })
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
const STEPS_AT_ONCE: usize = 50;

/// Trains to the end of the budget and keeps the weights in a file.
fn train(session: &mut Session, file: &Path) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(1000).with_style(ProgressStyle::with_template("{wide_bar} {percent} %  {msg}  {eta}")?);
    let mut saved = Instant::now();
    while session.spent() < 1.0 {
        let left = session.experiment().budget.steps.saturating_sub(session.step()).clamp(1, STEPS_AT_ONCE);
        let progress = block_on(session.advance(left))?;
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

/// The points beside the experiment, and their classes.
fn given(
    Arguments { data, sheet, reading, .. }: &Arguments,
    kind: DistributionKind,
) -> Result<(Option<Points<f64>>, Option<Labels>), String> {
    if sheet.is_some() && (kind != DistributionKind::Pictures || data.len() != 1) {
        return Err("--sheet goes with one file of --data, for data of kind \"pictures\".".into());
    }
    let Some(file) = data.first() else { return Ok((None, None)) };
    if reading.label.is_some() && kind != DistributionKind::Points && kind.is_given() {
        return Err("--label goes with data of kind \"points\".".into());
    }
    if data.len() > 1 && kind != DistributionKind::Pictures {
        return Err("--data is one file, but for data of kind \"pictures\".".into());
    }
    match kind {
        DistributionKind::Digits => {
            let (points, labels) = pictures::digits(&pictures::read(file, reading)?)?;
            Ok((Some(points), Some(labels)))
        }
        DistributionKind::DigitCodes => {
            let (points, labels) = codes::codes(&pictures::read(file, reading)?)?;
            Ok((Some(points), Some(labels)))
        }
        DistributionKind::Pictures => given_pictures(data, *sheet, reading),
        _ => {
            let (points, labels) = points::read(file, reading)?;
            Ok((Some(points), labels))
        }
    }
}

/// Files of pictures, or a table of one a row.
fn given_pictures(
    data: &[PathBuf],
    sheet: Option<Tiling>,
    reading: &points::table::Options,
) -> Result<(Option<Points<f64>>, Option<Labels>), String> {
    let mut files = Vec::new();
    for path in data {
        files.extend(picture_files::files_at(path)?);
    }
    let found = match (sheet, files.as_slice()) {
        (Some(sheet), [file]) => Some(picture_files::pictures_in_sheet(file, &sheet)?),
        (Some(_), _) => return Err(format!("{} is a folder, and a sheet is one file.", data[0].display())),
        (None, _) => picture_files::pictures_in(files)?,
    };
    match found {
        Some(found) => {
            eprintln!("{}", found.notes.join(" "));
            let points = Points::new(found.points, found.dim).map_err(|error| error.to_string())?;
            Ok((Some(points), found.labels))
        }
        None => Ok((Some(pictures::read(&data[0], reading)?), None)),
    }
}

/// Fewer of pictures, each of which takes a network a hundred times as long.
const PICTURES: usize = 256;

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let experiment = experiment(&arguments)?;
    let (points, labels) = given(&arguments, experiment.data.kind)?;
    let start =
        Start { points, labels, weights: arguments.weights.as_ref().map(fs::read).transpose()?, ..Start::default() };
    let (solver, seed, kind) = (experiment.solver, experiment.seed, experiment.data.kind);
    let mut session = block_on(Session::open(experiment, start, arguments.engine))?;
    let asked = arguments.asked.as_ref().map(|asked| asked_of(session.experiment(), asked)).transpose()?;
    session.ask(asked)?;
    let beside = |name: &str| arguments.file.parent().unwrap_or(Path::new(".")).join(name);
    train(&mut session, &beside("weights.safetensors"))?;
    let shape = sheet::shape_of(kind, session.dim());
    let [count, measured] = if shape.is_some() { [PICTURES; 2] } else { [10_000, 2000] };
    let samples = block_on(session.sample(arguments.samples.unwrap_or(count), solver, seed))?;
    fs::write(beside("samples.csv"), csv_from(&samples))?;
    if let Some(shape) = shape {
        sheet::write(&beside("samples.png"), &samples, shape)?;
    }
    println!("{}", serde_json::to_string_pretty(&block_on(session.measure(measured, seed))?)?);
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
