//! Every test, cheapest first, stopping at the first failure.

use crate::project::Project;
use crate::report::Report;
use crate::tally::Tally;
use crate::{bounds, browser, child, engine, notebook, other_browsers, paper, poppler, python, setup, site, vulkan};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

const SITE: &str = "tests/browser/playwright.config.ts";

pub fn test(project: &Project, slow: bool) -> Result<()> {
    let mut report = Report::default();
    let mut chrome = None;
    report.stage("setup", || {
        setup::wasm_target()?;
        setup::packages(project)?;
        vulkan::find_or_install();
        poppler::find_or_install();
        other_browsers::find_or_install();
        chrome = browser::find_or_install(project)?;
        Ok(())
    })?;
    report.stage("Rust format", || cargo(project, &["fmt", "--all", "--check"]))?;
    report.stage("size bounds", || bounds::check(project))?;
    report.stage("TypeScript lint, format and import order", || {
        child::run("Biome", project.node_tool("@biomejs/biome/bin/biome").args(["check", "--error-on-warnings"]))
    })?;
    report.stage("Rust lint", || lint_rust(project))?;
    report.tests("Rust tests", || test_rust(project))?;
    if slow {
        report.tests("quality", || test_quality(project))?;
    }
    report.stage("engines", || engine::build_both(project))?;
    report.stage("TypeScript types", || tsc(project, "tsconfig.json"))?;
    report.tests("TypeScript tests", || {
        let mut vitest = project.node_tool("vitest/vitest.mjs");
        child::run_tests("Vitest", vitest.args(["run", "--config", "www/vite.config.ts"]))
    })?;
    report.stage("site", || site::build(project))?;
    report.stage("the library's types, as its users see them", || tsc(project, "tests/consumer/tsconfig.json"))?;
    report.tests("browser", || playwright(project, SITE, chrome.as_ref()))?;
    report.tests("the package in bundlers", || {
        setup::packages_of(&project.path("tests/bundlers"))?;
        playwright(project, "tests/bundlers/playwright.config.ts", chrome.as_ref())
    })?;
    if slow {
        report.tests("a monkey, elements that come and go, every comparison, look and engine that fails", || {
            test_endurance(project, chrome.as_ref())
        })?;
        report.stage("the citation and the paper", || paper::check(project))?;
        report.tests("the Quarto extension", || {
            let mut command = playwright_command(project, SITE, chrome.as_ref());
            command.args(["--project=cpu", "quarto"]).env("PANDOC", paper::pandoc(project)?);
            child::run_tests("Playwright", &mut command)
        })?;
        report.tests("notebooks", || notebook::test(project, chrome.as_ref()))?;
        report.tests("exported Python", || test_python(project, chrome.as_ref()))?;
    }
    report.print();
    Ok(())
}

/// Playwright over the built site, in the given browser or in its own.
pub fn playwright(project: &Project, config: &str, chrome: Option<&PathBuf>) -> Result<Tally> {
    child::run_tests("Playwright", &mut playwright_command(project, config, chrome))
}

pub fn playwright_command(project: &Project, config: &str, chrome: Option<&PathBuf>) -> Command {
    let mut command = project.node_tool("@playwright/test/cli.js");
    command.args(["test", "--config", config]);
    if let Some(chrome) = chrome {
        command.env("CHROME", chrome);
    }
    command
}

// The WebGPU engine is in every native build, so that nothing is compiled twice for two sets of features.
fn lint_rust(project: &Project) -> Result<()> {
    let deny = ["--", "-D", "warnings", "-D", "clippy::too_many_lines"];
    let native = ["clippy", "--workspace", "--all-targets", "--features", "flow-playground/gpu"];
    cargo(project, &[&native[..], &deny].concat())?;
    // What runs by name only, and would stop compiling unnoticed.
    // Of the workspace, though one package has them: for another choice of packages their dependencies are checked once more.
    let slow = ["clippy", "--workspace", "--features", "flow-playground/gpu", "--test", "quality", "--test", "trained"];
    cargo(project, &[&slow[..], &deny].concat())?;
    // What only the browser compiles.
    let browser = ["clippy", "--package", "flow-playground", "--lib", "--target", "wasm32-unknown-unknown"];
    cargo(project, &[&browser[..], &deny].concat())
}

fn test_rust(project: &Project) -> Result<Tally> {
    // Without the examples, which are linted: to build them for nobody to run takes as long as to build the tests.
    let mut tally = cargo_test(project, &["--package", "flow-playground", "--features", "gpu", "--tests"])?;
    tally += cargo_test(project, &["--package", "xtask"])?;
    Ok(tally)
}

fn test_quality(project: &Project) -> Result<Tally> {
    let mut command = project.cargo();
    // The development profile optimizes what computes; a release build would compile everything once more.
    command.args(["test", "--package", "flow-playground", "--features", "gpu"]);
    command.args(["--test", "trained", "--test", "quality", "--", "--nocapture"]);
    let mut tally = child::run_tests("the quality tests", &mut command)?;
    let mut shapes = project.cargo();
    shapes.args(["test", "--package", "flow-playground", "--features", "gpu", "--test", "webgpu"]).env("SLOW", "1");
    tally += child::run_tests("the WebGPU engine at every shape", &mut shapes)?;
    Ok(tally)
}

/// The same as always, for hours instead of a minute, and what is tried of a few kinds always, of all.
fn test_endurance(project: &Project, chrome: Option<&PathBuf>) -> Result<Tally> {
    let mut tally = Tally::default();
    for chosen in [&["--project=cpu", "monkey", "churn", "comparisons", "accessibility"][..], &["--project=webgpu"]] {
        let mut command = playwright_command(project, SITE, chrome);
        command.args(chosen).envs([("MONKEY_ACTIONS", "20000"), ("CHURN", "300"), ("SLOW", "1")]);
        tally += child::run_tests("Playwright", &mut command)?;
    }
    Ok(tally)
}

fn test_python(project: &Project, chrome: Option<&PathBuf>) -> Result<Tally> {
    let python = python::find_or_install(project)?;
    let mut vitest = project.node_tool("vitest/vitest.mjs");
    vitest.args(["run", "--config", "www/vite.config.ts", "distributed", "notebook"]).env("PYTHON", &python);
    let mut tally = child::run_tests("Vitest", &mut vitest)?;
    let mut command = playwright_command(project, SITE, chrome);
    tally += child::run_tests("Playwright", command.args(["--project=cpu", "python"]).env("PYTHON", python))?;
    Ok(tally)
}

/// All test files run, also after one that failed: a run of half an hour should tell of every fault.
fn cargo_test(project: &Project, arguments: &[&str]) -> Result<Tally> {
    child::run_tests("cargo test", project.cargo().args(["test", "--no-fail-fast"]).args(arguments))
}

fn cargo(project: &Project, arguments: &[&str]) -> Result<()> {
    let mut command: Command = project.cargo();
    child::run(&format!("cargo {}", arguments[0]), command.args(arguments))
}

fn tsc(project: &Project, config: &str) -> Result<()> {
    child::run("the TypeScript compiler", project.node_tool("typescript/bin/tsc").args(["--project", config]))
}
