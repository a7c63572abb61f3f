//! Where tensors live: the CPU engine, or the WebGPU engine of the bundle that has it.

use crate::error::FlowError;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Burn's Flex device: pure Rust, SIMD, one thread. Reproducible bit for bit.
    #[default]
    Cpu,
    /// Burn on wgpu. Reproducible to rounding.
    WebGpu,
}

impl Engine {
    /// The name shown and used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// Opens the device. In a browser the WebGPU device takes a moment and may be refused.
    pub async fn open(self) -> Result<Device, FlowError> {
        match self {
            Self::Cpu => Ok(Device::flex()),
            Self::WebGpu => open_webgpu().await,
        }
    }
}

#[cfg(not(feature = "gpu"))]
async fn open_webgpu() -> Result<Device, FlowError> {
    let reason = "this bundle holds the CPU engine only".into();
    Err(FlowError::EngineFailed { engine: "webgpu", reason })
}

/// Commands queued before they are handed to the GPU. Burn's default suits larger tensors; 64 was measured for these.
#[cfg(feature = "gpu")]
const TASKS_MAX: usize = 64;

/// A second initialisation of the same device is an error, so the first one is kept.
#[cfg(feature = "gpu")]
async fn open_webgpu() -> Result<Device, FlowError> {
    use std::sync::OnceLock;
    static DEVICE: OnceLock<Device> = OnceLock::new();
    if let Some(device) = DEVICE.get() {
        return Ok(device.clone());
    }
    let options = Device::wgpu_options().tasks_max(TASKS_MAX);
    let device = options.init_async().await.map_err(|error| FlowError::engine("webgpu", error))?;
    Ok(DEVICE.get_or_init(|| device).clone())
}
