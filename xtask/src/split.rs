//! The CPU engine in two files: what the first minute runs, and the rest, which comes when it is first needed or nobody waits for
//! it. Which functions those are is not guessed but seen: a copy that marks what it runs goes through a first minute in Node.
//!
//! A function of the rest has a stand-in in the first part, which sees to it that the rest is there and passes the call on
//! through a slot of the table of functions; the rest imports all else, memory and table among it, from the first part. What
//! calls within a part stays as it is.

use crate::child;
use crate::project::Project;
use anyhow::{Context, Result, anyhow};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, Export, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, InstrSeqBuilder, Module, TableId, ValType,
};

/// What the rest calls the module of the first part, and what the first part calls the module that brings the rest.
const FIRST: &str = "first";
const REST: &str = "rest";
/// The global that says that the rest is there.
const HAS_REST: &str = "hasRest";

/// Splits the module of a folder of bindings in two: `flow_playground_bg.wasm` and `flow_playground_rest.wasm`.
pub fn in_two(project: &Project, folder: &Path) -> Result<()> {
    let path = folder.join("flow_playground_bg.wasm");
    let whole = fs::read(&path)?;
    let is_run = what_runs(project, folder, &whole)?;
    let parts = Parts::of(&whole, &is_run)?;
    fs::write(&path, parts.first)?;
    fs::write(folder.join("flow_playground_rest.wasm"), parts.rest)?;
    let glue = folder.join("flow_playground.js");
    let patched = with_import(&fs::read_to_string(&glue)?)?;
    fs::write(glue, patched)?;
    Ok(())
}

/// The bindings' script, with what the first part asks for the rest by.
fn with_import(glue: &str) -> Result<String> {
    const IMPORTS: &str = "\"./flow_playground_bg.js\": import0,\n";
    let asked = format!("{IMPORTS}        {REST}: {{ bring: () => globalThis.__flowPlaygroundBringRest() }},\n");
    if glue.matches(IMPORTS).count() != 1 {
        return Err(anyhow!("the bindings have another shape: there is not one list of imports in them"));
    }
    Ok(glue.replacen(IMPORTS, &asked, 1))
}

/// Of each function of the module whether the first minute runs it.
fn what_runs(project: &Project, folder: &Path, whole: &[u8]) -> Result<Vec<bool>> {
    let marking = folder.join("marking.wasm");
    let runs = folder.join("runs.json");
    fs::write(&marking, with_marks(whole)?)?;
    let mut node = project.node(Path::new("www/build/first-minute.mjs"));
    child::run("the first minute", node.arg(folder.join("flow_playground.js")).arg(&marking).arg(&runs))?;
    let is_run = serde_json::from_slice(&fs::read(&runs)?).context("what the first minute ran cannot be read")?;
    fs::remove_file(marking)?;
    fs::remove_file(runs)?;
    Ok(is_run)
}

fn read(wasm: &[u8]) -> Result<Module> {
    Module::from_buffer(wasm).map_err(|error| anyhow!("the engine could not be read: {error}"))
}

/// In the order of the file, so that the numbers mean the same in each copy.
fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

/// The module with a global for each function, `seen` and its number, that is 1 once it was called.
fn with_marks(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = read(wasm)?;
    for (number, id) in functions(&module).into_iter().enumerate() {
        let seen = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(&format!("seen{number}"), seen);
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            function.builder_mut().func_body().const_at(0, Value::I32(1)).global_set_at(1, seen);
        }
    }
    Ok(module.emit_wasm())
}

struct Parts {
    first: Vec<u8>,
    rest: Vec<u8>,
}

impl Parts {
    fn of(wasm: &[u8], is_run: &[bool]) -> Result<Self> {
        let later = later(&read(wasm)?, is_run);
        let asked = asked_for(read(wasm)?, &later);
        let mut rest = rest_of(read(wasm)?, &later, &asked)?;
        let first = first_of(read(wasm)?, &later, &asked, &mut rest)?;
        Ok(Self { first, rest: rest.emit_wasm() })
    }
}

/// The numbers of the functions that may come later.
fn later(module: &Module, is_run: &[bool]) -> BTreeSet<usize> {
    let ids = functions(module).into_iter().enumerate();
    let local = ids.filter(|(_, id)| matches!(module.funcs.get(*id).kind, FunctionKind::Local(_)));
    local.map(|(number, _)| number).filter(|number| !is_run.get(*number).copied().unwrap_or(false)).collect()
}

/// Those of them that something of the first part can call, in order.
fn asked_for(mut module: Module, later: &BTreeSet<usize>) -> Vec<usize> {
    let ids = functions(&module);
    for number in later {
        replace(&mut module, ids[*number], |body, _| {
            body.unreachable();
        });
    }
    walrus::passes::gc::run(&mut module);
    let left: HashSet<FunctionId> = functions(&module).into_iter().collect();
    later.iter().copied().filter(|number| left.contains(&ids[*number])).collect()
}

/// Gives a function another body, which may use its arguments.
fn replace(module: &mut Module, id: FunctionId, write: impl FnOnce(&mut InstrSeqBuilder<'_>, &[walrus::LocalId])) {
    let (parameters, results) = module.types.params_results(module.funcs.get(id).ty());
    let (parameters, results) = (parameters.to_vec(), results.to_vec());
    let arguments: Vec<_> = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
    let mut function = FunctionBuilder::new(&mut module.types, &parameters, &results);
    write(&mut function.func_body(), &arguments);
    module.funcs.get_mut(id).kind = FunctionKind::Local(function.local_func(arguments));
}

fn table_of_functions(module: &Module) -> Result<TableId> {
    let table = module.tables.main_function_table().map_err(|error| anyhow!("{error}"))?;
    table.context("the engine has no table of functions")
}

/// The functions that come later, in slots behind those of the table; all else is of the first part.
fn rest_of(mut module: Module, later: &BTreeSet<usize>, asked: &[usize]) -> Result<Module> {
    let ids = functions(&module);
    module.start = None;
    for id in module.exports.iter().map(Export::id).collect::<Vec<_>>() {
        module.exports.delete(id);
    }
    for id in module.data.iter().map(|data| data.id()).collect::<Vec<_>>() {
        module.data.delete(id);
    }
    for id in module.elements.iter().map(|element| element.id()).collect::<Vec<_>>() {
        module.elements.delete(id);
    }
    import_all_but(&mut module, &ids, later);

    let table = table_of_functions(&module)?;
    let slot = module.tables.get(table).initial;
    let offset = ConstExpr::Value(Value::I32(i32::try_from(slot)?));
    let items = ElementItems::Functions(asked.iter().map(|number| ids[*number]).collect());
    let element = module.elements.add(ElementKind::Active { table, offset }, items);
    let table = module.tables.get_mut(table);
    table.elem_segments.insert(element);
    table.initial += asked.len() as u64;
    table.maximum = table.maximum.map(|most| most + asked.len() as u64);
    walrus::passes::gc::run(&mut module);
    Ok(module)
}

/// Makes an import of everything but some functions, named by its kind and number.
fn import_all_but(module: &mut Module, functions: &[FunctionId], kept: &BTreeSet<usize>) {
    for (number, id) in functions.iter().enumerate().filter(|(number, _)| !kept.contains(number)) {
        let name = format!("f{number}");
        if let FunctionKind::Import(imported) = &module.funcs.get(*id).kind {
            let import = module.imports.get_mut(imported.import);
            (import.module, import.name) = (FIRST.into(), name);
        } else {
            let ty = module.funcs.get(*id).ty();
            let import = module.imports.add(FIRST, &name, *id);
            module.funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
    }
    for (number, id) in module.globals.iter().map(|global| global.id()).enumerate().collect::<Vec<_>>() {
        let import = module.imports.add(FIRST, &format!("g{number}"), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    for (number, id) in module.tables.iter().map(|table| table.id()).enumerate().collect::<Vec<_>>() {
        let import = module.imports.add(FIRST, &format!("t{number}"), id);
        let table = module.tables.get_mut(id);
        table.import = Some(import);
        table.elem_segments.clear();
    }
    for (number, id) in module.memories.iter().map(|memory| memory.id()).enumerate().collect::<Vec<_>>() {
        let import = module.imports.add(FIRST, &format!("m{number}"), id);
        let memory = module.memories.get_mut(id);
        memory.import = Some(import);
        memory.data_segments.clear();
    }
}

/// What runs at first, with stand-ins for what comes later, and what `rest` imports among its exports.
fn first_of(mut module: Module, later: &BTreeSet<usize>, asked: &[usize], rest: &mut Module) -> Result<Vec<u8>> {
    let ids = functions(&module);
    let table = table_of_functions(&module)?;
    let slot = module.tables.get(table).initial;
    let there = see_to_rest(&mut module);
    for number in later {
        replace(&mut module, ids[*number], |body, _| {
            body.unreachable();
        });
    }
    for (at, number) in asked.iter().enumerate() {
        let (id, ty) = (ids[*number], module.funcs.get(ids[*number]).ty());
        let slot = i32::try_from(slot + at as u64)?;
        replace(&mut module, id, |body, arguments| {
            for argument in arguments {
                body.local_get(*argument);
            }
            body.i32_const(slot).call(there).call_indirect(ty, table);
        });
    }
    let places = module.tables.get_mut(table);
    places.initial += asked.len() as u64;
    places.maximum = places.maximum.map(|most| most + asked.len() as u64);
    export_to(&mut module, &ids, rest)?;
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// A function that sees to it that the rest is there, and gives back the slot that it is given.
fn see_to_rest(module: &mut Module) -> FunctionId {
    let has_rest = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    module.exports.add(HAS_REST, has_rest);
    let nothing = module.types.add(&[], &[]);
    let (bring, _) = module.add_import_func(REST, "bring", nothing);
    let slot = module.locals.add(ValType::I32);
    let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = function.func_body();
    body.global_get(has_rest).unop(walrus::ir::UnaryOp::I32Eqz);
    body.if_else(
        None,
        |then| {
            then.call(bring);
        },
        |_| {},
    );
    body.local_get(slot);
    function.finish(vec![slot], &mut module.funcs)
}

fn export_to(module: &mut Module, functions: &[FunctionId], rest: &mut Module) -> Result<()> {
    let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
    let tables: Vec<_> = module.tables.iter().map(|table| table.id()).collect();
    let memories: Vec<_> = module.memories.iter().map(|memory| memory.id()).collect();
    for import in rest.imports.iter_mut() {
        let (kind, number) = import.name.split_at(1);
        let number: usize = number.parse().with_context(|| format!("the rest imports {}", import.name))?;
        let item: ExportItem = match kind {
            "f" => functions[number].into(),
            "g" => globals[number].into(),
            "t" => tables[number].into(),
            _ => memories[number].into(),
        };
        import.name = short(module.exports.iter().count());
        module.exports.add(&import.name, item);
    }
    Ok(())
}

/// The number in letters: exports have no other name that is as short.
fn short(number: usize) -> String {
    let letter = |value: usize| char::from(b'a' + u8::try_from(value % 26).unwrap_or_default());
    [letter(number / 676), letter(number / 26), letter(number)].iter().collect()
}
