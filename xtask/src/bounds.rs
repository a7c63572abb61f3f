//! The size bound of a Rust file. clippy (functions, arguments) and Biome (TypeScript) check the others.

use crate::project::Project;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const MAX_FILE_LINES: usize = 400;
const FOLDERS: [&str; 5] = ["crate/src", "crate/tests", "crate/benches", "crate/examples", "xtask/src"];

pub fn check(project: &Project) -> Result<()> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        list_rust_files(&project.path(folder), &mut files)?;
    }
    let too_long = files.iter().filter_map(|file| {
        let num_lines = num_lines_without_tests(&fs::read_to_string(file).ok()?);
        let name = file.strip_prefix(&project.root).unwrap_or(file).display();
        (num_lines > MAX_FILE_LINES).then(|| format!("{name} has {num_lines} lines without its tests"))
    });
    let too_long: Vec<String> = too_long.collect();
    if !too_long.is_empty() {
        bail!("{}; a file holds {MAX_FILE_LINES} at most, so split it by subject", too_long.join("; "));
    }
    println!("{} Rust files, none longer than {MAX_FILE_LINES} lines", files.len());
    Ok(())
}

fn list_rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list_rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// A file's unit tests are its last module.
fn num_lines_without_tests(source: &str) -> usize {
    source.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tests_of_a_file_are_not_counted() {
        assert_eq!(super::num_lines_without_tests("a\nb\n#[cfg(test)]\nmod tests {}\n"), 2);
        assert_eq!(super::num_lines_without_tests("a\n    #[cfg(test)]\nb\n"), 3);
    }
}
