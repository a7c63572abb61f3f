//! The comparisons of the deck (Chen Xu, “Flow-based generative models – from normalizing flow to flow matching”,
//! 20 February 2024) on this machine: every method on the toy sets and on a Gaussian mixture of 43 dimensions (the width of
//! MINIBOONE), three seeds each, as tables.
//!
//! ```sh
//! cargo run --release --example reproduce                                # everything: hours on two cores
//! cargo run --release --example reproduce -- --toys moons --rows fm,ot-cfm --seeds 1
//! cargo run --release --example reproduce -- --data miniboone.npy --width 256 --batch 2000
//! cargo run --release --example reproduce -- --pictures             # the same of pictures: of real digits and of drawn ones
//! cargo run --release --example reproduce -- --json results.json       # stopped and asked again, it goes on where it was
//! ```

#[path = "../points/mod.rs"]
mod points;
#[path = "../run/pictures.rs"]
mod pictures;
mod report;
mod report_pictures;
mod results;
mod rows;
mod run;
mod sets;
mod spread;
mod split;

use flow_playground::{Engine, Experiment};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use results::{Record, Results};
use rows::{Row, Scale, rows};
use run::{Data, experiment_of, run};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const HELP: &str = "\
Trains the methods of the deck (Chen Xu, “Flow-based generative models – from normalizing flow to flow matching”,
20 February 2024) and prints their comparison.

  --toys NAMES     toy sets, by commas (moons,8-gaussians,checkerboard,pinwheel,two-spirals,rings,fractal-tree), or none
  --rows NAMES     methods, by commas; all if not given
  --seeds N        seeds 1 to N (3)
  --effort X       the factor on every training budget (1)
  --mixture D      the dimension of the Gaussian mixture, or 0 for none (43)
  --data FILE      a file of points instead of all these: its last tenth is for testing, the last
                   tenth of the rest for validation and left out; numbers are in standard deviations
  --pictures       pictures instead of all these, by a U-Net: real digits of 8 × 8 pixels, drawn ones of 16 and 28
  --sets NAMES     those of digits,drawn-16,drawn-28, by commas
  --width N        the networks' width above two dimensions (128)
  --batch N        points a batch above two dimensions (512)
  --threads N      runs at once (the number of cores)
  --json FILE      write every number there after each run; runs that are in it are not made again
  --webgpu         run on the WebGPU engine (with --features gpu)
";

struct Arguments {
    data: Vec<Data>,
    chosen: Option<Vec<String>>,
    seeds: u32,
    scale: Scale,
    threads: usize,
    json: Option<PathBuf>,
    engine: Engine,
}

const TOYS: &str = "moons,8-gaussians,checkerboard,pinwheel,two-spirals,rings,fractal-tree";

fn arguments() -> Result<Arguments, String> {
    let mut given = pico_args::Arguments::from_env();
    if given.contains(["-h", "--help"]) {
        print!("{HELP}\nOf --data:\n{}", points::HELP);
        std::process::exit(0);
    }
    let text = |error: pico_args::Error| error.to_string();
    let toys: Option<String> = given.opt_value_from_str("--toys").map_err(text)?;
    let file: Option<PathBuf> = given.opt_value_from_str("--data").map_err(text)?;
    let reading = points::table::Options::take(&mut given)?;
    let mixture: Option<usize> = given.opt_value_from_str("--mixture").map_err(text)?;
    let every = given.contains("--pictures").then(|| sets::NAMES.join(","));
    let pictures = given.opt_value_from_str("--sets").map_err(text)?.or(every);
    let mut data = pictures.iter().flat_map(|names| names.split(',')).map(sets::set).collect::<Result<Vec<_>, _>>()?;
    let chosen: Option<String> = given.opt_value_from_str("--rows").map_err(text)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let list = |names: String| names.split(',').map(str::to_string).collect::<Vec<_>>();
    let scale = Scale {
        dim: 2,
        width: given.opt_value_from_str("--width").map_err(text)?.unwrap_or(128),
        batch: given.opt_value_from_str("--batch").map_err(text)?.unwrap_or(512),
        effort: given.opt_value_from_str("--effort").map_err(text)?.unwrap_or(1.0),
    };
    let has_pictures = !data.is_empty();
    if let Some(file) = file.as_ref().filter(|_| !has_pictures) {
        let points = split::split(&points::read(file, &reading)?.0)?;
        let config = json!({ "kind": "points" });
        data.push(Data { name: file.display().to_string(), config, points: Some(points), classifier: None });
    } else if !has_pictures {
        // Naming toy sets means those alone, unless a mixture is named too.
        let usual = if toys.is_some() { 0 } else { 43 };
        let names = list(toys.unwrap_or_else(|| TOYS.into())).into_iter().filter(|name| name != "none");
        data.extend(names.map(|name| Data { config: json!({ "kind": name }), name, points: None, classifier: None }));
        let dim = mixture.unwrap_or(usual);
        if dim > 0 {
            let config = json!({ "kind": "gaussian-mixture", "dim": dim });
            data.push(Data { name: format!("gaussian-mixture {dim}"), config, points: None, classifier: None });
        }
    }
    let arguments = Arguments {
        data,
        chosen: chosen.map(list),
        seeds: given.opt_value_from_str("--seeds").map_err(text)?.unwrap_or(3),
        scale,
        threads: given.opt_value_from_str("--threads").map_err(text)?.unwrap_or(cores).max(1),
        json: given.opt_value_from_str("--json").map_err(text)?,
        engine: if given.contains("--webgpu") { Engine::WebGpu } else { Engine::Cpu },
    };
    match given.finish().first() {
        None => Ok(arguments),
        Some(unknown) => Err(format!("{} is not an option; --help lists them.", unknown.to_string_lossy())),
    }
}

/// One run to be made.
struct Job {
    data: Data,
    row: Row,
    seed: u32,
}

fn jobs(arguments: &Arguments) -> Result<Vec<Job>, String> {
    let mut jobs = Vec::new();
    for data in &arguments.data {
        let dim = match (&data.points, data.config["dim"].as_u64()) {
            (Some([points, _]), _) => points.dim(),
            (None, dim) => dim.unwrap_or(2) as usize,
        };
        let all = match &data.classifier {
            Some(_) => rows::of_pictures(arguments.scale.effort),
            None => rows(&Scale { dim, ..arguments.scale.clone() }),
        };
        if let Some(unknown) = arguments.chosen.iter().flatten().find(|name| all.iter().all(|row| row.name != **name)) {
            let names: Vec<&str> = all.iter().map(|row| row.name).collect();
            return Err(format!("{unknown} is no method; allowed: {}.", names.join(", ")));
        }
        // What is told the class has no place where there are none, unless it is asked for by name.
        let fits = |row: &Row| {
            row.experiment["condition"].is_null()
                || data.points.is_none() && Experiment::from_json(&experiment_of(row, data, 1)).is_ok()
        };
        for row in all {
            if arguments.chosen.as_ref().map_or_else(|| fits(&row), |chosen| chosen.iter().any(|name| name == row.name))
            {
                let seeds = 1..=arguments.seeds;
                jobs.extend(seeds.map(|seed| Job { data: data.clone(), row: row.clone(), seed }));
            }
        }
    }
    Ok(jobs)
}

/// Makes every run that is not known yet, several at once, each with a bar of its own. The sentences of those that failed.
fn work(jobs: &[Job], threads: usize, engine: Engine, results: &Results) -> Vec<String> {
    let bars = MultiProgress::new();
    let style = |template| ProgressStyle::with_template(template).expect("a template of known fields");
    let total = bars.add(ProgressBar::new(jobs.len() as u64));
    total.set_style(style("{bar:40} {pos} of {len} runs, {elapsed} gone, {eta} left"));
    total.tick();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let one = |job: &Job| {
        let bar = bars.add(ProgressBar::new(1000));
        bar.set_style(style("  {msg:40} {bar:20} {percent:>3} % {eta} left"));
        bar.set_message(format!("{}, {}, seed {}", job.row.name, job.data.name, job.seed));
        let outcome = run(&job.row, &job.data, job.seed, engine, &mut |spent| {
            bar.set_position((1000.0 * spent) as u64);
        });
        bar.finish_and_clear();
        total.inc(1);
        outcome.map_err(|error| error.to_string()).and_then(|outcome| results.add(&outcome))
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = one(job) {
                        let sentence = format!("{} on {}, seed {}: {error}", job.row.name, job.data.name, job.seed);
                        failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(sentence);
                    }
                }
            });
        }
    });
    total.finish_and_clear();
    failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A data set's tables, in Markdown.
fn print(here: &[Record], name: &str) {
    let Some(first) = here.first() else { return };
    if first.samples.is_some() {
        println!("\n## {name}\n\n{}", report_pictures::tables(here));
        return;
    }
    let measured = &first.measurement;
    let entropy = measured.entropy.map_or("unknown".into(), |entropy| format!("{entropy:.3}"));
    println!(
        "\n## {name}\n\nEntropy {entropy} nats; measured on {} points; {} divergence.",
        measured.n, measured.divergence
    );
    println!("\n### Quality\n\n{}", report::quality(here));
    println!("### Training\n\n{}", report::training(here));
    let line = report::line(here);
    println!(
        "### Inference\n\nThe line is SW₂² of {}, one for all.\n\n{}",
        spread::short(line),
        report::inference(here, line)
    );
    let classes = report::classes(here);
    if !classes.is_empty() {
        println!(
            "### By class\n\nVariance of samples as a share of the class's data; guidance makes a law of its own, which has no KL.\n\n{classes}"
        );
    }
    let rounds = report::rounds(here);
    if !rounds.is_empty() {
        println!("### Rounds\n\n{rounds}");
    }
    println!(
        "### Ranks\n\nShared where the seeds do not tell apart: training by network evaluations, inference by the fewest \
         evaluations that reach the line, quality by KL, or NLL where some have no KL.\n\n{}",
        report::ranks(here, line)
    );
}

fn main() -> ExitCode {
    let outcome = arguments().and_then(|arguments| {
        let jobs = jobs(&arguments)?;
        let results = Results::open(arguments.json.clone())?;
        let wanted: Vec<Value> = jobs.iter().map(|job| experiment_of(&job.row, &job.data, job.seed)).collect();
        let missing: Vec<Job> =
            jobs.into_iter().zip(&wanted).filter(|(_, wanted)| !results.has(wanted)).map(|(job, _)| job).collect();
        let failed = work(&missing, arguments.threads, arguments.engine, &results);
        for data in &arguments.data {
            print(&results.of(&data.name, &wanted)?, &data.name);
        }
        failed.iter().for_each(|sentence| eprintln!("{sentence}"));
        if failed.is_empty() { Ok(()) } else { Err(format!("{} of {} runs failed.", failed.len(), wanted.len())) }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
