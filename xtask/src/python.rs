//! Environments of Python for the slow tests, each in a folder that is kept.

use crate::child;
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// What pip installs, and what Python then imports.
pub type Packages = [(&'static str, &'static str)];

/// What the exported Python is tested by: gigabytes.
const PYTORCH: &Packages =
    &[("torch", "torch"), ("numpy", "numpy"), ("scipy", "scipy"), ("safetensors", "safetensors"), ("pillow", "PIL")];

/// The interpreter of an environment with PyTorch, made if need be; what `PYTHON` names otherwise.
pub fn find_or_install(project: &Project) -> Result<PathBuf> {
    match std::env::var_os("PYTHON") {
        Some(named) => Ok(named.into()),
        None => environment(project, "python", PYTORCH),
    }
}

/// The interpreter of the environment of that name in the target folder, with all `packages`.
pub fn environment(project: &Project, name: &str, packages: &Packages) -> Result<PathBuf> {
    let folder = project.path("target").join(name);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let imports: Vec<String> = packages.iter().map(|(_, module)| format!("import {module}")).collect();
    let imports = imports.join("; ");
    let has_all = || Command::new(&python).args(["-c", &imports]).output().is_ok_and(|output| output.status.success());
    if !has_all() {
        child::run("making a Python environment", Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .context("the slow tests need python3 with venv")?;
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "-q"]).args(packages.iter().map(|(package, _)| package));
        child::run(&format!("installing Python packages into target/{name}"), &mut install)?;
    }
    Ok(python)
}
