//! What others cite: the citation file by its own checker, and the paper, typeset with its references.

use crate::child;
use crate::project::Project;
use crate::python::{self, Packages};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The second brings its own pandoc.
const PACKAGES: &Packages = &[("cffconvert", "cffconvert"), ("pypandoc_binary", "pypandoc")];

pub fn check(project: &Project) -> Result<()> {
    let python = python::environment(project, "papers", PACKAGES)?;
    let mut cite = Command::new(python.with_file_name(if cfg!(windows) { "cffconvert.exe" } else { "cffconvert" }));
    cite.args(["--validate", "--infile"]).arg(project.path("CITATION.cff"));
    child::run("the check of CITATION.cff", &mut cite)?;
    let folder = project.path("test-results/paper");
    std::fs::create_dir_all(&folder)?;
    let mut typeset = Command::new(pandoc(project)?);
    typeset.current_dir(project.path("paper")).args(["paper.md", "--standalone", "--citeproc"]);
    // A citation that is not in the list is only warned of.
    typeset.args(["--embed-resources", "--fail-if-warnings", "--output"]).arg(folder.join("paper.html"));
    child::run("typesetting the paper", &mut typeset)
}

/// The pandoc of the environment that papers are checked in.
pub fn pandoc(project: &Project) -> Result<PathBuf> {
    let python = python::environment(project, "papers", PACKAGES)?;
    let path = child::output(&python.to_string_lossy(), &["-c", "import pypandoc; print(pypandoc.get_pandoc_path())"]);
    Ok(path.context("pandoc is not where pypandoc has it")?.into())
}
