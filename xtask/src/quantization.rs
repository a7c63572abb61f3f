//! What the linker keeps of Burn and no run can reach: operations on quantized tensors. Every operation of a tensor asks whether
//! it is one and goes to them; the engine makes none, so what they compute with need not be downloaded.

use anyhow::{Result, anyhow, bail};
use std::path::Path;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// The trait of Burn's operations on quantized tensors, as it stands in the names of functions.
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

/// The module with a trap in the place of those operations, and without what nothing else needs.
pub fn without(wasm: &Path) -> Result<Vec<u8>> {
    let mut module =
        Module::from_file(wasm).map_err(|error| anyhow!("{} could not be read: {error}", wasm.display()))?;
    let unreached: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| named(&module, *id).is_some_and(computes))
        .map(|(id, _)| id)
        .collect();
    if unreached.is_empty() {
        bail!("no operation on quantized tensors is in {}: Burn has new names for them", wasm.display());
    }
    for id in unreached {
        let (parameters, results) = module.types.params_results(module.funcs.get(id).ty());
        let (parameters, results) = (parameters.to_vec(), results.to_vec());
        let arguments = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

fn named(module: &Module, id: FunctionId) -> Option<&str> {
    module.funcs.get(id).name.as_deref()
}

/// Whether a mangled name is that of such an operation: its last part before the hash is the method's.
fn computes(name: &str) -> bool {
    let method = name.rsplit_once("17h").map_or(name, |(path, _)| path);
    name.contains(OPERATIONS) && !method.contains("closure") && COMPUTE.iter().any(|end| method.ends_with(end))
}
