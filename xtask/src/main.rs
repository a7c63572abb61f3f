//! The project's own commands. `cargo xtask` is an alias in `.cargo/config.toml`.

mod bench;
mod bounds;
mod browser;
mod child;
mod engine;
mod notebook;
mod other_browsers;
mod paper;
mod poppler;
mod project;
mod python;
mod report;
mod serve;
mod setup;
mod site;
mod split;
mod tally;
mod test;
mod unreached;
mod vulkan;

use anyhow::{Result, bail};
use engine::Engine;
use project::Project;
use std::ffi::OsStr;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask serve             set up, build the CPU engine, serve the page on 127.0.0.1; the WebGPU engine follows
cargo xtask engine [cpu|gpu]  rebuild an engine after a change to Rust (cpu unless named); a served page reloads
cargo xtask test [--slow]     set up and run every test; --slow adds the trained quality, hours of training, and
                              the exported Python under PyTorch
cargo xtask build [--engine cpu]
                              write the deployable site to www/dist/; --engine cpu leaves the WebGPU engine out;
                              FLOW_PLAYGROUND_SITE=https://… says where it will be served from, for link previews
cargo xtask wheel             write the site, and with it the Python package for notebooks to target/wheel/
cargo xtask screenshots       write pictures of every comparison and every lesson's figures to test-results/screenshots/,
                              after a short training each
cargo xtask handouts [--letter]
                              write every lesson as a PDF to test-results/handouts/
cargo xtask films             record what posters and the first view show, of every lesson and preset that has changed
cargo xtask bench [--browser] measure speed, natively and in a browser; --browser leaves the native part out";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The sentence and its causes; a backtrace would push them off the screen.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let project = Project::find()?;
    match arguments[..] {
        ["serve"] => serve::serve(&project),
        ["engine"] | ["engine", "cpu"] => rebuild(&project, Engine::Cpu),
        ["engine", "gpu"] => rebuild(&project, Engine::Gpu),
        ["test"] => test::test(&project, false),
        ["test", "--slow"] => test::test(&project, true),
        ["build"] => build(&project, &[Engine::Cpu, Engine::Gpu]),
        ["build", "--engine", "cpu"] => build(&project, &[Engine::Cpu]),
        ["wheel"] => wheel(&project),
        ["screenshots"] => screenshots(&project),
        ["handouts"] => handouts(&project, "A4"),
        ["handouts", "--letter"] => handouts(&project, "Letter"),
        ["films"] => films(&project),
        ["bench"] => bench::bench(&project, true),
        ["bench", "--browser"] => bench::bench(&project, false),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("there is no command `{}`:\n{HELP}", arguments.join(" ")),
    }
}

fn rebuild(project: &Project, engine: Engine) -> Result<()> {
    setup::wasm_target()?;
    engine::build(project, engine)
}

fn wheel(project: &Project) -> Result<()> {
    build(project, &[Engine::Cpu, Engine::Gpu])?;
    let wheel = notebook::wheel(project)?;
    println!("`pip install {}` puts it into notebooks.", wheel.display());
    Ok(())
}

fn screenshots(project: &Project) -> Result<()> {
    let folder = project.path("test-results/screenshots");
    make_in_browser(project, "page-screenshots", &[("SCREENSHOTS", folder.as_os_str())])?;
    println!("The pictures are in {}.", folder.display());
    Ok(())
}

fn handouts(project: &Project, paper: &str) -> Result<()> {
    let folder = project.path("test-results/handouts");
    make_in_browser(project, "handouts", &[("HANDOUTS", folder.as_os_str()), ("PAPER", OsStr::new(paper))])?;
    println!("The handouts are in {}.", folder.display());
    Ok(())
}

/// In the profile of the tests, whose build it shares.
fn films(project: &Project) -> Result<()> {
    setup::packages(project)?;
    let requests = project.path("test-results/films.json");
    std::fs::create_dir_all(project.path("test-results"))?;
    child::run("the list of films", project.node("www/build/film-requests.mjs".as_ref()).arg(&requests))?;
    let mut command = project.cargo();
    command.args(["run", "--package", "flow-playground", "--features", "gpu", "--example", "film", "--"]);
    child::run("the recording of films", command.arg(&requests).arg(project.path("www/src/film/recorded")))
}

/// What a browser writes of the built site, by one of its test files.
fn make_in_browser(project: &Project, file: &str, environment: &[(&str, &OsStr)]) -> Result<()> {
    build(project, &[Engine::Cpu])?;
    let chrome = browser::find_or_install(project)?;
    let mut command = test::playwright_command(project, "tests/browser/playwright.config.ts", chrome.as_ref());
    command.args(["--project=cpu", file]).envs(environment.iter().copied());
    child::run(file, &mut command)
}

fn build(project: &Project, engines: &[Engine]) -> Result<()> {
    setup::wasm_target()?;
    setup::packages(project)?;
    for &engine in engines {
        engine::build(project, engine)?;
    }
    site::build(project)?;
    println!("The site is in www/dist/: any static host serves it, from any sub-path.");
    Ok(())
}
