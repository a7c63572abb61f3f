//! What the linker keeps of Burn and no run can reach. Every operation of a tensor asks what its numbers are and goes to one of
//! a dozen versions; the engine has tensors of f32, of whole numbers to choose by and of truth values, none of other floats, of
//! short numbers or quantized ones. What computes with those need not be downloaded, nor what reads kernels that are written as text.

use anyhow::{Result, anyhow, bail};
use rustc_demangle::demangle;
use std::path::Path;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// The trait of Burn's operations on quantized tensors.
const OPERATIONS: &str = "QTensorOps";
/// Of its methods those that compute. The others move tensors, and some of them may have been merged with those of plain ones.
const COMPUTE: [&str; 13] = [
    "quantize",
    "quantize_dynamic",
    "q_matmul",
    "_scalar",
    "_dim",
    "q_add",
    "q_sub",
    "q_mul",
    "q_div",
    "q_neg",
    "q_abs",
    "q_sum",
    "q_mean",
];

/// Where functions have a version for each kind of number. Versions elsewhere, of iterators and the like, may be merged with others.
const VERSIONED: [&str; 4] = ["burn_flex::", "gemm_common::", "gemm_f64::", "gemm_f16::"];
/// The kinds that no tensor is of, and those that some are. Whole numbers are left: what moves one moves a float as well.
const OTHERS: [&str; 3] = ["f64", "f16", "bf16"];
const KEPT: [&str; 5] = ["f32", "i32", "i64", "u8", "bool"];

/// Least and greatest numbers of a tensor, which the crate asks for nowhere.
const EXTREMES: [&str; 6] = ["min", "max", "min_dim", "max_dim", "min_dim_with_indices", "max_dim_with_indices"];

/// Products of matrices on processors without vectors, which the library asks for when it first computes one: wasm that was compiled with
/// them runs nowhere else.
const SCALAR: &str = "gemm_f32::gemm::f32::scalar::gemm_basic";

/// Numbers picked by tensors of places, which the crate does nowhere.
const GATHERING: &str = "burn_flex::ops::gather_scatter::";

/// What turns numbers of one kind into another. Numbers that are of the kind already never come there.
const CASTS: [&str; 2] = ["TensorData>::try_cast_clone", "TensorData>::try_cast_inplace"];

/// What reads the text of the language that kernels are compiled through, which nobody writes here. Of the WebGPU engine alone.
const PARSES: &str = "as pliron::parsable::Parsable>::parse";

/// Whether a function of this name is one.
type IsUnreached = fn(&str) -> bool;

/// The module with a trap in the place of those operations, and without what nothing else needs.
pub fn without(wasm: &Path) -> Result<Vec<u8>> {
    let mut module =
        Module::from_file(wasm).map_err(|error| anyhow!("{} could not be read: {error}", wasm.display()))?;
    let functions: Vec<(FunctionId, String)> =
        module.funcs.iter_local().filter_map(|(id, _)| Some((id, named(&module, id)?))).collect();
    let mut kinds: Vec<(&str, IsUnreached)> = vec![
        ("on quantized tensors", is_quantized),
        ("on other floats", is_of_others),
        ("for extremes", is_extreme),
        ("without vectors", |name| name == SCALAR),
        ("that gathers", |name| name.starts_with(GATHERING)),
        ("that casts", |name| CASTS.iter().any(|cast| name.contains(cast))),
    ];
    if functions.iter().any(|(_, name)| name.contains("pliron::")) {
        kinds.push(("that parses kernels", |name| name.ends_with(PARSES)));
    }
    for (what, is_unreached) in kinds {
        let unreached: Vec<FunctionId> =
            functions.iter().filter(|(_, name)| is_unreached(name)).map(|(id, _)| *id).collect();
        if unreached.is_empty() {
            bail!("no function {what} is in {}: its library has new names for them", wasm.display());
        }
        for id in unreached {
            trap(&mut module, id);
        }
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// A function's name as it is written in Rust.
fn named(module: &Module, id: FunctionId) -> Option<String> {
    module.funcs.get(id).name.as_deref().map(|name| format!("{:#}", demangle(name)))
}

fn trap(module: &mut Module, id: FunctionId) {
    let (parameters, results) = module.types.params_results(module.funcs.get(id).ty());
    let (parameters, results) = (parameters.to_vec(), results.to_vec());
    let arguments = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
    let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
    trap.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
}

fn is_quantized(name: &str) -> bool {
    name.contains(OPERATIONS) && !name.contains("closure") && COMPUTE.iter().any(|end| name.ends_with(end))
}

fn is_of_others(name: &str) -> bool {
    let mentions = |kind: &&str| name.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == *kind);
    let owner = name.trim_start_matches('<');
    VERSIONED.iter().any(|start| owner.starts_with(start)) && OTHERS.iter().any(mentions) && !KEPT.iter().any(mentions)
}

fn is_extreme(name: &str) -> bool {
    name.strip_prefix("burn_flex::ops::reduce::").is_some_and(|function| EXTREMES.contains(&function))
}
