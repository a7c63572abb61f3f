//! A Python with PyTorch, for the slow test of what the playground exports: gigabytes, so in a folder that is kept.

use crate::child;
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const PACKAGES: [&str; 5] = ["torch", "numpy", "scipy", "safetensors", "pillow"];

/// The interpreter of an environment with all [`PACKAGES`], made if need be; what `PYTHON` names otherwise.
pub fn find_or_install(project: &Project) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("PYTHON") {
        return Ok(named.into());
    }
    let folder = project.path("target/python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let imports = PACKAGES.map(|package| format!("import {}", package.replace("pillow", "PIL"))).join("; ");
    let has_all = || Command::new(&python).args(["-c", &imports]).output().is_ok_and(|output| output.status.success());
    if !has_all() {
        child::run("making a Python environment", Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .context("the slow tests need python3 with venv, or PYTHON naming one that has PyTorch")?;
        child::run("installing PyTorch", Command::new(&python).args(["-m", "pip", "install", "-q"]).args(PACKAGES))?;
    }
    Ok(python)
}
