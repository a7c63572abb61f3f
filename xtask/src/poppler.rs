//! What looks at printed pages (pdftoppm and its siblings).

use crate::setup;
use std::process::Command;

/// Without them, the tests of handouts are skipped and say so.
pub fn find_or_install() {
    let is_installed = || Command::new("pdftoppm").arg("-v").output().is_ok();
    if is_installed() || !setup::is_debian_root() {
        return;
    }
    if let Err(error) = setup::apt_install("poppler-utils") {
        eprintln!("note: {error:#}; the tests of printed handouts are skipped");
    }
}
