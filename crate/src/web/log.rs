//! What CubeCL logs, on the console. Some of its failures are only logged, and old numbers stay in memory: an error ends the
//! engine, as a panic does.

use super::report_panic;
use ::log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
unsafe extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    safe fn console_error(message: &str);
}

struct Console;

impl Log for Console {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn && metadata.target().starts_with("cubecl")
    }

    #[allow(unsafe_code)]
    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let message = format!("{}: {}", record.target(), record.args());
        console_error(&message);
        if record.level() == Level::Error {
            // SAFETY: a plain JavaScript call; where the host defines no such function it fails, and there is nobody to tell.
            let _ = unsafe { report_panic(&message) };
        }
    }

    fn flush(&self) {}
}

/// Called once, when the module is instantiated.
pub fn listen() {
    if ::log::set_logger(&Console).is_ok() {
        ::log::set_max_level(LevelFilter::Warn);
    }
}
