//! The browser that the tests drive.

use crate::project::Project;
use crate::{child, setup};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

const NAMES: [&str; 4] = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/// Finds or installs a browser: its path, or None for the one that Playwright brought along.
pub fn find_or_install(project: &Project) -> Result<Option<PathBuf>> {
    if let Some(path) = named_by_user()? {
        return Ok(Some(path));
    }
    if let Some(path) = installed() {
        return Ok(Some(path));
    }
    if setup::is_debian_root() {
        setup::apt_install("chromium").context("install Chrome or Chromium by hand, or name one in CHROME")?;
        return installed().map(Some).context("apt installed chromium, but no such program is on the PATH");
    }
    let mut install = project.node_tool("@playwright/test/cli.js");
    child::run("downloading Playwright's Chromium", install.args(["install", "chromium"]))
        .context("install Chrome or Chromium by hand, or name one in CHROME")?;
    Ok(None)
}

fn named_by_user() -> Result<Option<PathBuf>> {
    for variable in ["CHROME", "CHROMIUM"] {
        let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) else {
            continue;
        };
        if !path.is_file() {
            bail!("{variable} names {}, where there is no program", path.display());
        }
        return Ok(Some(path));
    }
    Ok(None)
}

fn installed() -> Option<PathBuf> {
    let macos = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    NAMES.iter().find_map(|name| setup::on_path(name)).or_else(|| macos.is_file().then_some(macos))
}
