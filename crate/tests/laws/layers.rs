//! Each module uses only what stands above it in `lib.rs`. Read from the sources, so that a circle is a failing test.

use std::fs;
use std::path::{Path, PathBuf};

fn modules_in_order() -> Vec<String> {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let declared = lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    declared.map(|name| name.trim_end_matches(';').to_string()).collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let single = source().join(format!("{module}.rs"));
    if single.exists() { vec![single] } else { files_under(&source().join(module)) }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

/// The modules of this crate that a file names as `crate::name`, its unit tests apart.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let named = code.split("crate::").skip(1);
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    named.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_module_uses_only_what_stands_above_it() {
    let order = modules_in_order();
    assert!(order.len() > 10, "lib.rs lists the modules: {order:?}");
    for (position, module) in order.iter().enumerate() {
        for file in files_of(module) {
            for used in uses(&fs::read_to_string(&file).unwrap()) {
                let at = order.iter().position(|name| *name == used);
                let at = at.unwrap_or_else(|| panic!("{} uses crate::{used}, which is no module", file.display()));
                assert!(at <= position, "{} uses crate::{used}, which stands below {module}", file.display());
            }
        }
    }
}

#[test]
fn the_reader_of_imports_sees_them() {
    assert_eq!(uses("use crate::ode::Span;\nlet x = crate::path::Schedule::Linear;"), ["ode", "path"]);
}
