//! Records films: what the page shows of a comparison before any engine is there, small enough to come with the first bytes.
//!
//! ```sh
//! cargo xtask films                                                        # all whose experiment has changed
//! node www/build/film-requests.mjs requests.json
//! cargo run --example film --features gpu -- requests.json www/src/film/recorded         # the same
//! cargo run --example film --features gpu -- requests.json www/src/film/recorded --again moons
//! ```
//!
//! `www/src/film/requests.ts` says of what there are films, and `www/src/film/format.ts` how they are written. The same request
//! gives the same film: all of it comes from the experiments' seeds. Given a word, those whose request contains it.

mod format;
mod record;
mod request;

use format::written;
use record::{Recorded, Sessions, recorded};
use request::Request;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// From many points to few: the first that fit.
const POINTS: [usize; 9] = [384, 320, 256, 224, 192, 160, 128, 96, 64];

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = pico_args::Arguments::from_env();
    let again = given.contains("--again");
    let requests: PathBuf = given.free_from_str()?;
    let folder: PathBuf = given.free_from_str()?;
    let word: String = given.opt_free_from_str()?.unwrap_or_default();
    let requests: Vec<Request> = serde_json::from_slice(&fs::read(requests)?)?;
    fs::create_dir_all(&folder)?;
    let mut sessions = Sessions::default();
    for request in &requests {
        let path = folder.join(format!("{}.film", request.key));
        let known = fs::read(&path).ok().and_then(|file| format::digest_of(&file));
        if !serde_json::to_string(request)?.contains(&word) || (!again && known.as_ref() == Some(&request.digest)) {
            continue;
        }
        let begun = Instant::now();
        let panels = request.panels.iter().map(|panel| recorded(panel, &mut sessions));
        let panels = panels.collect::<Result<Vec<_>, _>>()?;
        let (points, file) = fitting(request, &panels)?;
        fs::write(&path, &file)?;
        let seconds = begun.elapsed().as_secs_f32();
        println!("{} {}: {points} points, {} bytes, {seconds:.0} s", request.key, request.name, file.len());
    }
    forget(&folder, &requests)
}

/// With as many points as there is room for.
fn fitting(request: &Request, panels: &[Recorded]) -> Result<(usize, Vec<u8>), Box<dyn Error>> {
    for points in POINTS {
        let file = written(request, panels, points)?;
        if file.len() <= request.bytes {
            return Ok((points, file));
        }
    }
    Err(format!("{}: {} bytes are too few for a film", request.name, request.bytes).into())
}

/// Films of what nobody asks for any more.
fn forget(folder: &std::path::Path, requests: &[Request]) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_asked_for = |name: &str| requests.iter().any(|request| request.key == name);
        if path.file_stem().and_then(|name| name.to_str()).is_some_and(|name| !is_asked_for(name)) {
            println!("{} is of nothing any more", path.display());
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
