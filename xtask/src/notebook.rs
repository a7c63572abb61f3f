//! The wheel for notebooks, with all of the playground in it, and its tests in the programs that show it.

use crate::child;
use crate::project::Project;
use crate::python::{self, Packages};
use crate::tally::Tally;
use crate::test::playwright_command;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGES: &Packages = &[("jupyterlab", "jupyterlab"), ("anywidget", "anywidget"), ("pandas", "pandas")];
/// Alone, because it wants other versions of the same packages.
const MARIMO: &Packages = &[("marimo", "marimo"), ("anywidget", "anywidget"), ("numpy", "numpy")];

/// Of the site that is built by now, whose workers it takes.
pub fn wheel(project: &Project) -> Result<PathBuf> {
    let mut bundle = project.node_tool("vite/bin/vite.js");
    child::run(
        "bundling the widget",
        bundle.args(["build", "--config", "notebook/vite.config.ts", "--logLevel", "warn"]),
    )?;
    let folder = project.path("target/wheel");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    let python = python::environment(project, "notebooks", PACKAGES)?;
    let mut pack = Command::new(python);
    pack.args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]);
    child::run("packing the wheel", pack.arg(&folder).arg(project.path("notebook")))?;
    let made = std::fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    made.into_iter().find(|path| path.extension().is_some_and(|it| it == "whl")).context("pip made no wheel")
}

pub fn test(project: &Project, chrome: Option<&PathBuf>) -> Result<Tally> {
    let wheel = wheel(project)?;
    let python = python::environment(project, "notebooks", PACKAGES)?;
    install(&python, &wheel)?;
    let mut units = Command::new(&python);
    units.current_dir(project.path("notebook")).args(["-m", "unittest", "discover", "--start-directory", "tests"]);
    child::run("the tests of the Python package", &mut units)?;
    let marimo = python::environment(project, "marimo", MARIMO)?;
    install(&marimo, &wheel)?;
    let mut command = playwright_command(project, "tests/notebook/playwright.config.ts", chrome);
    child::run_tests("Playwright", command.env("NOTEBOOKS", python).env("MARIMO", marimo))
}

/// In the place of another of the same version.
fn install(python: &Path, wheel: &Path) -> Result<()> {
    let mut install = Command::new(python);
    install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]).arg(wheel);
    child::run("installing the wheel", &mut install)
}
