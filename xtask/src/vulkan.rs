//! A software Vulkan driver, so that the WebGPU engine is tested natively where there is no graphics card.

use crate::setup;

const DRIVER_FOLDERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// Installs one where that is possible. Without any, those tests say that they were skipped.
pub fn find_or_install() {
    if !cfg!(target_os = "linux") || is_installed() {
        return;
    }
    if !setup::is_debian_root() {
        println!(
            "No Vulkan driver: the native WebGPU tests will be skipped. On Debian: apt install mesa-vulkan-drivers"
        );
        return;
    }
    if let Err(error) = setup::apt_install("mesa-vulkan-drivers") {
        println!("No Vulkan driver, so the native WebGPU tests will be skipped: {error:#}");
    }
}

fn is_installed() -> bool {
    let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].iter().any(|variable| std::env::var_os(variable).is_some());
    let is_filled = |folder: &str| std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    named || DRIVER_FOLDERS.into_iter().any(is_filled)
}
