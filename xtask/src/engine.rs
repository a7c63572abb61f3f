//! The crate as a wasm module with its JavaScript bindings: two bundles, in `www/generated/`.

use crate::child;
use crate::project::Project;
use crate::{split, unreached};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use wasm_bindgen_cli_support::Bindgen;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Cpu,
    Gpu,
}

impl Engine {
    fn folder(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }

    /// A profile each, so that both keep their build caches in one target folder.
    fn profile(self) -> &'static str {
        match self {
            Self::Cpu => "web-cpu",
            Self::Gpu => "web-gpu",
        }
    }
}

/// What is called in many places is inlined where it is small or asked for. With LLVM's own threshold the CPU engine is 16 kB larger
/// at brotli 11, and no step of nine that were measured is faster by more than noise, those of splines and OT-Flow a sixth slower. The
/// WebGPU engine, most of which is compiled for size, would be larger by this.
const INLINE_LESS: &str = "target.wasm32-unknown-unknown.rustflags=['-C', 'llvm-args=-inline-threshold=100']";

/// Compiles the crate and writes its bindings. Files that stay the same are not touched, so a served page only
/// reloads for a change.
pub fn build(project: &Project, engine: Engine) -> Result<()> {
    compile_for_page(project, engine)?;
    // The page imports both bundles, so both must resolve.
    ensure_gpu_resolves(project)
}

/// Both at the same time: the end of each, where all of its code is one piece, is the work of one core.
pub fn build_both(project: &Project) -> Result<()> {
    thread::scope(|scope| {
        let gpu = scope.spawn(|| compile_for_page(project, Engine::Gpu));
        let cpu = compile_for_page(project, Engine::Cpu);
        let gpu = gpu.join().unwrap_or_else(|_| bail!("building the WebGPU engine panicked"));
        cpu.and(gpu)
    })
}

fn compile_for_page(project: &Project, engine: Engine) -> Result<()> {
    let features = if engine == Engine::Gpu { "gpu" } else { "" };
    let fresh = compile(project, engine.profile(), features, engine.folder())?;
    if engine == Engine::Cpu {
        split::in_two(project, &fresh)?;
    }
    copy_changed(&fresh, &project.path("www/generated").join(engine.folder()))
}

/// The CPU engine with the network composed of Burn's operations, for the benchmark.
pub fn build_plain(project: &Project) -> Result<()> {
    let fresh = compile(project, Engine::Cpu.profile(), "plain", "plain")?;
    copy_changed(&fresh, &project.path("tests/peers/generated/plain"))
}

/// The folder that its bindings are in.
fn compile(project: &Project, profile: &str, features: &str, name: &str) -> Result<PathBuf> {
    let mut compile = project.cargo();
    compile.args(["build", "--package", "flow-playground", "--lib", "--target", "wasm32-unknown-unknown"]);
    compile.args(["--profile", profile, "--features", features]);
    if profile == Engine::Cpu.profile() {
        compile.args(["--config", INLINE_LESS]);
    }
    child::run(&format!("building the {name} engine"), &mut compile)?;
    let wasm = project.target.join("wasm32-unknown-unknown").join(profile).join("flow_playground.wasm");
    let fresh = project.target.join("bindings").join(name);
    write_bindings(&wasm, &fresh)?;
    Ok(fresh)
}

fn write_bindings(wasm: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_bytes("flow_playground", unreached::without(wasm)?)
        .web(true)?
        .typescript(true)
        .remove_name_section(std::env::var_os("KEEP_NAMES").is_none())
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("no bindings could be generated for {}", wasm.display()))?;
    let glue = fs::read_to_string(folder.join("flow_playground.js"))?;
    if glue.contains("command_export") {
        bail!(
            "the linker wrapped every export to rerun thousands of constructors at each call: \
             reference __wasm_call_ctors once in the crate's start function"
        );
    }
    Ok(())
}

fn copy_changed(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        write_if_changed(&to.join(entry.file_name()), &fs::read(entry.path())?)?;
    }
    Ok(())
}

fn write_if_changed(path: &Path, contents: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == contents) {
        return Ok(());
    }
    fs::write(path, contents).with_context(|| format!("{} could not be written", path.display()))
}

const STUB_JS: &str = "export default () => Promise.reject(new Error(\"the WebGPU engine is not built yet\"));\n";
const STUB_TYPES: &str =
    "export * from \"../cpu/flow_playground\";\nexport { default } from \"../cpu/flow_playground\";\n";
/// The shortest valid module: the magic number and the version.
const STUB_WASM: &[u8] = b"\0asm\x01\0\0\0";

/// Stands in for the WebGPU bundle until it is built: the page then runs on the CPU and says so.
fn ensure_gpu_resolves(project: &Project) -> Result<()> {
    let folder = project.path("www/generated/gpu");
    if folder.join("flow_playground_bg.wasm").exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    write_if_changed(&folder.join("flow_playground.js"), STUB_JS.as_bytes())?;
    write_if_changed(&folder.join("flow_playground.d.ts"), STUB_TYPES.as_bytes())?;
    write_if_changed(&folder.join("flow_playground_bg.wasm"), STUB_WASM)
}
