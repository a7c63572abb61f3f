//! Sets of pictures: real digits as the page ships them, and drawn ones.

use super::run::Data;
use crate::pictures;
use crate::points::table::Options;
use flow_playground::Points;
use flow_playground::distribution::{DistributionConfig, DistributionKind};
use flow_playground::rng::{Rng, Stream};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Drawn digits to train on and to measure on.
const LEARNED: usize = 8000;
const TESTED: usize = 1000;
/// Drawn digits are brought to as many grays as the usual files of pictures have, and each gray is spread evenly over its share of
/// the range: so they have a density.
const GRAYS: f64 = 256.0;

/// Every set's name.
pub const NAMES: [&str; 3] = ["digits", "drawn-16", "drawn-28"];

fn shipped(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/src").join(file)
}

/// A set of that name, with the classifier that judges its pictures.
pub fn set(name: &str) -> Result<Data, String> {
    let classifier = shipped("engine/classifier.safetensors");
    let classifier = std::fs::read(&classifier).map_err(|error| format!("{}: {error}.", classifier.display()))?;
    let (kind, points) = match name {
        "digits" => ("digits", real()?),
        "drawn-16" => ("pictures", drawn(16)?),
        "drawn-28" => ("pictures", drawn(28)?),
        _ => return Err(format!("{name} is no set of pictures; allowed: {}.", NAMES.join(", "))),
    };
    let (name, config) = (name.to_string(), json!({ "kind": kind }));
    Ok(Data { name, config, points: Some(points), classifier: Some(classifier) })
}

/// Those that are held out on the page are measured on; the classifier never saw them either.
fn real() -> Result<[Points<f64>; 2], String> {
    let levels = pictures::read(&shipped("experiment/digits.npz"), &Options::default())?;
    let (digits, _) = pictures::digits(&levels)?;
    let is_in = |part: bool, i: usize| DistributionKind::Digits.holds_out(i) == Some(part);
    let part = |part: bool| digits.pick(&(0..digits.len()).filter(|&i| is_in(part, i)).collect::<Vec<_>>());
    Ok([part(false), part(true)])
}

fn drawn(side: usize) -> Result<[Points<f64>; 2], String> {
    let config = DistributionConfig { dim: Some(side * side), ..DistributionKind::DrawnDigits.into() };
    let law = config.build("data", None).map_err(|error| error.to_string())?;
    let part = |len: usize, stream: Stream| {
        let mut rng = Rng::new(0, stream);
        let drawn = law.sample(len, &mut rng);
        let mut spread = |x: &f32| {
            let gray = (0.5 * (f64::from(*x) + 1.0) * (GRAYS - 1.0)).round();
            2.0 * (gray + rng.uniform()) / GRAYS - 1.0
        };
        let values = drawn.values().iter().map(&mut spread).collect();
        Points::new(values, side * side).map_err(|error| error.to_string())
    };
    Ok([part(LEARNED, Stream::Data)?, part(TESTED, Stream::Heldout)?])
}
