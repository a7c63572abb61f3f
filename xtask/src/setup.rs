//! What a fresh machine lacks. Each step looks first and does nothing where nothing is missing.

use crate::child;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Vite needs.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// The standard library for the browser's target.
pub fn wasm_target() -> Result<()> {
    let Some(installed) = child::output("rustup", &["target", "list", "--installed"]) else {
        // A Rust from elsewhere may have the target; cargo will say so if not.
        println!("rustup was not found, so the target wasm32-unknown-unknown is taken to be installed.");
        return Ok(());
    };
    if installed.lines().any(|target| target == "wasm32-unknown-unknown") {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    child::run("installing the Rust target", add.args(["target", "add", "wasm32-unknown-unknown"]))
        .context("check the network, then run `rustup target add wasm32-unknown-unknown` by hand")
}

/// The JavaScript packages, exactly those of the lock file.
pub fn packages(project: &Project) -> Result<()> {
    let oldest = format!("{}.{}", OLDEST_NODE.0, OLDEST_NODE.1);
    let version = child::output("node", &["--version"])
        .with_context(|| format!("Node was not found: install Node {oldest} or newer"))?;
    let mut numbers = version.trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < OLDEST_NODE {
        bail!("Node {version} is too old: install Node {oldest} or newer");
    }
    packages_of(&project.root)
}

/// The packages of the lock file in `folder`.
pub fn packages_of(folder: &Path) -> Result<()> {
    if are_packages_current(folder) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = Command::new(npm);
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    child::run("installing the JavaScript packages", &mut install)
        .context("check the network and npm's registry setting, then run `npm ci` by hand")
}

/// npm writes this copy of the lock file last, so it is as old as the installation.
fn are_packages_current(folder: &Path) -> bool {
    let modified = |path: &str| folder.join(path).metadata().and_then(|metadata| metadata.modified());
    match (modified("node_modules/.package-lock.json"), modified("package-lock.json")) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

/// Can system packages be installed here without asking anyone?
pub fn is_debian_root() -> bool {
    child::output("apt-get", &["--version"]).is_some() && child::output("id", &["-u"]).as_deref() == Some("0")
}

/// The program of that name on the PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Installs one Debian package.
pub fn apt_install(package: &str) -> Result<()> {
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
        command
    };
    child::run("reading the list of system packages", apt().arg("update"))?;
    child::run(&format!("installing {package}"), apt().args(["install", "--yes", package]))
}
