//! How fast it is: figures to read, never a test.

use crate::engine::{self, Engine};
use crate::project::Project;
use crate::{browser, child, setup, site, test};
use anyhow::Result;

pub fn bench(project: &Project, native: bool) -> Result<()> {
    setup::wasm_target()?;
    setup::packages(project)?;
    let chrome = browser::find_or_install(project)?;
    if native {
        child::run("the native benchmark", project.cargo().args(["bench", "--package", "flow-playground"]))?;
    }
    engine::build_plain(project)?;
    engine::build(project, Engine::Cpu)?;
    engine::build(project, Engine::Gpu)?;
    site::build(project)?;
    setup::packages_of(&project.path("tests/peers"))?;
    let mut bundle = project.node_tool("vite/bin/vite.js");
    bundle.args(["build", "--config", "tests/peers/vite.config.mjs", "--logLevel", "warn"]);
    child::run("bundling the peers", &mut bundle)?;
    test::playwright(project, "tests/bench/playwright.config.ts", chrome.as_ref())?;
    Ok(())
}
