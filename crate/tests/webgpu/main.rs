//! The WebGPU engine, through the WGSL compiler on a native driver, against the CPU engine. Without any driver its tests are skipped,
//! and say so.
#![cfg(feature = "gpu")]

mod engines;
mod engines_exact;
mod unet;

use burn::tensor::Device;
use flow_playground::Engine;
use pollster::block_on;
use std::sync::OnceLock;

/// Looked for once: a device that two threads open at the same time is one's alone.
fn webgpu() -> Option<Device> {
    static FOUND: OnceLock<Option<Device>> = OnceLock::new();
    let opened = || std::panic::catch_unwind(|| block_on(Engine::WebGpu.open()).ok()).unwrap_or(None);
    let found = FOUND.get_or_init(opened).clone();
    if found.is_none() {
        eprintln!("SKIPPED: no Vulkan driver; install one (Debian: mesa-vulkan-drivers) to compare the engines");
    }
    found
}

/// Some of them always and all where `SLOW` is set: to compile the kernels of one takes a driver in software up to a minute.
fn tried<T: Copy>(always: &[T], slowly: &[T]) -> Vec<T> {
    let slowly = if std::env::var_os("SLOW").is_some() { slowly } else { &[] };
    [always, slowly].concat()
}
