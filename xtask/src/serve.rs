//! The development server: the page with the CPU engine at once, the WebGPU engine when it is built.

use crate::engine::{self, Engine};
use crate::project::Project;
use crate::setup;
use anyhow::{Context, Result, bail};
use std::process::Stdio;
use std::time::Instant;

pub fn serve(project: &Project) -> Result<()> {
    setup::wasm_target()?;
    setup::packages(project)?;
    engine::build(project, Engine::Cpu)?;

    let mut command = project.node_tool("vite/bin/vite.js");
    // Vite prints the address, takes another port where 5173 is in use, and reloads the page for changed files.
    command.args(["--config", "www/vite.config.ts", "--host", "127.0.0.1"]).stdin(Stdio::null());
    let mut server = command.spawn().context("the development server could not be started")?;
    std::thread::scope(|scope| {
        scope.spawn(|| build_gpu(project));
        let status = server.wait()?;
        if !status.success() {
            bail!("the development server ended ({status}); its own words are above");
        }
        Ok(())
    })
}

/// The page works without it, so a failure is told and ends nothing.
fn build_gpu(project: &Project) {
    println!("Building the WebGPU engine in the background: some ten minutes on two cores the first time.");
    let start = Instant::now();
    match engine::build(project, Engine::Gpu) {
        Ok(()) => println!(
            "The WebGPU engine is ready after {:.0} s; the page reloads with it.",
            start.elapsed().as_secs_f64()
        ),
        Err(error) => eprintln!("The WebGPU engine could not be built, the page stays on the CPU: {error:#}"),
    }
}
