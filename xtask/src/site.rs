//! The deployable site in `www/dist/`: the page, the library and the library's types, and the page in other languages.

use crate::child;
use crate::project::Project;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

pub fn build(project: &Project) -> Result<()> {
    let mut bundle = project.node_tool("vite/bin/vite.js");
    let arguments = ["build", "--config", "www/vite.config.ts", "--logLevel", "warn"];
    child::run("bundling the site", bundle.args(arguments))?;
    for language in languages(project)? {
        let mut bundle = project.node_tool("vite/bin/vite.js");
        bundle.args(arguments).env("FLOW_LANGUAGE", &language);
        child::run(&format!("bundling the site in the language {language}"), &mut bundle)?;
    }
    write_types(project).context("the library's types could not be written")?;
    complete_package(project)
}

/// Beside English: those that have a folder. Their sites lead to what the English one has already.
fn languages(project: &Project) -> Result<Vec<String>> {
    let folders = fs::read_dir(project.path("www/languages"))?;
    let mut names =
        folders.map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned())).collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// What is published is the site itself, whose `package.json` lies in `www/public/`.
fn complete_package(project: &Project) -> Result<()> {
    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(project.path(license), project.path("www/dist").join(license))?;
    }
    Ok(())
}

/// `flow-playground.d.ts` beside `flow-playground.js`, over the declarations that it needs in `types/`.
fn write_types(project: &Project) -> Result<()> {
    let mut declare = project.node_tool("typescript/bin/tsc");
    child::run("declaring the library's types", declare.args(["--project", "www/tsconfig.library.json"]))?;
    let dist = project.path("www/dist");
    let generated = "generated/cpu/flow_playground.d.ts";
    let declarations = fs::read_to_string(project.path("www").join(generated))?;
    fs::create_dir_all(dist.join("types/generated/cpu"))?;
    fs::write(dist.join("types").join(generated), without_symbol_dispose(&declarations))?;
    name_extensions(&dist.join("types"))?;
    fs::write(dist.join("flow-playground.d.ts"), "export * from \"./types/src/library.js\";\n")?;
    fs::write(dist.join("flow-playground-element.d.ts"), "export * from \"./types/src/element.js\";\n")?;
    Ok(())
}

/// wasm-bindgen declares a method that only the newest `lib` of TypeScript knows; the library's users need none of it.
fn without_symbol_dispose(declarations: &str) -> String {
    let kept = declarations.lines().filter(|line| !line.contains("[Symbol.dispose]"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn name_extensions(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            name_extensions(&path)?;
        } else {
            fs::write(&path, with_extensions(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// The source leaves extensions out, as bundlers allow; whoever imports the types may resolve as browsers do.
fn with_extensions(declarations: &str) -> String {
    let mut result = String::with_capacity(declarations.len());
    let mut rest = declarations;
    while let Some(start) = rest.find("from \".") {
        let specifier_start = start + "from \"".len();
        let Some(length) = rest[specifier_start..].find('"') else { break };
        let end = specifier_start + length;
        result.push_str(&rest[..end]);
        if !rest[..end].ends_with(".js") {
            result.push_str(".js");
        }
        rest = &rest[end..];
    }
    result + rest
}

#[cfg(test)]
mod tests {
    #[test]
    fn relative_imports_get_an_extension_once() {
        let source = "import type { A } from \"./a\";\nexport { B } from \"../b.js\";\nimport c from \"c\";\n";
        let expected = "import type { A } from \"./a.js\";\nexport { B } from \"../b.js\";\nimport c from \"c\";\n";
        assert_eq!(super::with_extensions(source), expected);
        assert_eq!(super::with_extensions(expected), expected);
    }
}
