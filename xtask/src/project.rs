//! Where things are.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Project {
    pub root: PathBuf,
    /// Cargo's target folder, which may lie outside the checkout.
    pub target: PathBuf,
}

impl Project {
    pub fn find() -> Result<Self> {
        // From cargo at run time: two checkouts that share a target folder share this program too.
        let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let output = cargo()
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(here)
            .output()
            .context("cargo could not be run: is it on the PATH?")?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)))?;
        let folder = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A tool from `node_modules`, run by Node itself: the launchers in `.bin` have other names on Windows.
    pub fn node_tool(&self, script: &str) -> Command {
        self.node(&Path::new("node_modules").join(script))
    }

    pub fn node(&self, script: &Path) -> Command {
        let mut command = Command::new("node");
        command.arg(script).current_dir(&self.root);
        command
    }

    pub fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }
}

/// The cargo that runs this program, so that a toolchain chosen on the command line stays chosen.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
