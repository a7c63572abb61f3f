//! Writes what was recorded as `www/src/film/format.ts` reads it, and says how.

use super::record::{Course, HALF_VIEW, Recorded};
use super::request::Request;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};
use std::error::Error;
use std::io::{Read, Write};

const VERSION: u32 = 1;
/// Of a coordinate: so many to a view.
const STEPS_A_VIEW: f64 = 1024.0;
/// What ran away stays just outside.
const FARTHEST: f64 = 1000.0;
const LEVELS: f32 = 127.0;
/// Nats below the top, where a density is nothing.
const NATS: f32 = 16.0;
/// Of a pixel.
const INKS: f64 = 15.0;

/// The numbers of a film, each as what it is more than expected.
#[derive(Default)]
struct Stream(Vec<u8>);

impl Stream {
    /// Small numbers of either sign are one byte.
    fn put(&mut self, residual: i32) {
        let mut rest = ((residual << 1) ^ (residual >> 31)) as u32;
        while rest >= 0x80 {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
    }

    /// Coordinate by coordinate, so that like is beside like.
    fn points(&mut self, values: &[i32], dim: usize) {
        for j in 0..dim {
            for point in values.chunks_exact(dim) {
                self.put(point[j]);
            }
        }
    }

    /// The first time as it is, the second by the way from there, every other by how much it turns.
    fn course(&mut self, states: &[Vec<i32>], dim: usize) {
        for (k, state) in states.iter().enumerate() {
            let expected = |i: usize| match k {
                0 => 0,
                1 => states[0][i],
                _ => 2 * states[k - 1][i] - states[k - 2][i],
            };
            let residuals: Vec<i32> = state.iter().enumerate().map(|(i, value)| value - expected(i)).collect();
            self.points(&residuals, dim);
        }
    }
}

struct Grid<'a>(&'a Recorded);

impl Grid<'_> {
    fn quantized(&self, values: &[f64]) -> Vec<i32> {
        let Recorded { dim, center, scale, .. } = self.0;
        let one = |(i, value): (usize, &f64)| {
            let models = (value - center[i % dim]) / scale[i % dim];
            let at = (models * STEPS_A_VIEW / (2.0 * HALF_VIEW)).round();
            if at.is_nan() { FARTHEST as i32 } else { at.clamp(-FARTHEST, FARTHEST) as i32 }
        };
        values.iter().enumerate().map(one).collect()
    }
}

/// The digest of what a film is of.
pub fn digest_of(file: &[u8]) -> Option<String> {
    let mut all = Vec::new();
    DeflateDecoder::new(file).read_to_end(&mut all).ok()?;
    let (length, rest) = all.split_first_chunk::<4>()?;
    let header: Value = serde_json::from_slice(rest.get(..u32::from_le_bytes(*length) as usize)?).ok()?;
    Some(header["digest"].as_str()?.to_string())
}

/// A film of at most so many points of each kind.
pub fn written(request: &Request, panels: &[Recorded], most: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut stream = Stream::default();
    let mut heads = Vec::new();
    for (asked, panel) in request.panels.iter().zip(panels) {
        let mut head = json!({
            "title": asked.title, "dim": panel.dim, "step": asked.shown_step, "numbers": numbers(panel),
            "asked": asked.asked.as_ref().and_then(|asked| Some(json!({ "class": asked.class?, "guidance": asked.guidance }))),
        });
        let parts = if panel.dim > 2 { pictures(panel, most, &mut stream) } else { planar(panel, most, &mut stream) };
        if let Some((head, parts)) = head.as_object_mut().zip(parts.as_object()) {
            head.extend(parts.clone());
        }
        heads.push(head);
    }
    let header = json!({ "version": VERSION, "digest": request.digest, "view": request.view, "panels": heads });
    let header = serde_json::to_vec(&header)?;
    let mut file = DeflateEncoder::new(Vec::new(), Compression::best());
    file.write_all(&(header.len() as u32).to_le_bytes())?;
    file.write_all(&header)?;
    file.write_all(&stream.0)?;
    Ok(file.finish()?)
}

fn rounded(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}

fn numbers(panel: &Recorded) -> Value {
    let [samples, likelihood] = &panel.numbers;
    let of = |value: Option<f64>| value.map(rounded);
    json!({
        "nll": likelihood.as_ref().filter(|found| found.converged).and_then(|found| of(found.nll)),
        "nllError": likelihood.as_ref().and_then(|found| of(found.nll_standard_error)),
        "slicedW2": samples.as_ref().and_then(|found| of(found.sliced_w2)),
        "slicedW2Error": samples.as_ref().and_then(|found| of(found.sliced_w2_standard_error)),
        "nfe": samples.as_ref().map(|found| found.nfe),
    })
}

fn first(values: &[f64], most: usize, dim: usize) -> &[f64] {
    &values[..values.len().min(most * dim)]
}

fn times(course: &Course) -> Vec<f64> {
    course.times.iter().map(|&t| rounded(t)).collect()
}

fn planar(panel: &Recorded, most: usize, stream: &mut Stream) -> Value {
    let (dim, grid) = (panel.dim, Grid(panel));
    let mut ends = |values: &[f64]| {
        let kept = first(values, most, dim);
        stream.points(&grid.quantized(kept), dim);
        kept.len() / dim
    };
    let (data, noise) = (ends(&panel.data), ends(&panel.noise));
    let mut course = |course: &Course, most: usize| {
        let states: Vec<_> = course.positions.iter().map(|state| grid.quantized(first(state, most, dim))).collect();
        stream.course(&states, dim);
        json!({ "n": states[0].len() / dim, "times": times(course) })
    };
    let generated = course(&panel.generated, most);
    let paths = panel.paths.as_ref().map(|paths| course(paths, usize::MAX / dim));
    let lattice = panel.lattice.as_ref().map(|(per_line, carried)| {
        let mut head = course(carried, usize::MAX / dim);
        head["perLine"] = json!(per_line);
        head
    });
    let labels = panel.labels.get(..data);
    for &label in labels.unwrap_or_default() {
        stream.put(label as i32);
    }
    let density = panel.density.as_ref().map(|(size, values)| density(*size, values, stream));
    let mut head = json!({
        "center": panel.center, "scale": panel.scale, "data": data, "noise": noise, "labelled": labels.is_some(),
        "generated": generated, "paths": paths, "lattice": lattice, "density": density,
    });
    if !panel.times.is_empty() {
        head["times"] = panel.times.iter().map(|&time| rounded(time)).collect();
    }
    head
}

/// Levels below the top, each as what it is more than its neighbors make it.
fn density(size: usize, values: &[f32], stream: &mut Stream) -> Value {
    let top = values.iter().copied().filter(|value| value.is_finite()).fold(f32::NEG_INFINITY, f32::max);
    let level = |value: f32| {
        let above = 1.0 + (value - top) / NATS;
        if above.is_nan() { 0 } else { (above.clamp(0.0, 1.0) * LEVELS).round() as i32 }
    };
    let levels: Vec<i32> = values.iter().map(|&value| level(value)).collect();
    for (cell, value) in levels.iter().enumerate() {
        let (row, column) = (cell / size, cell % size);
        let left = if column > 0 { levels[cell - 1] } else { 0 };
        let below = if row > 0 { levels[cell - size] } else { 0 };
        let diagonal = if row > 0 && column > 0 { levels[cell - size - 1] } else { 0 };
        stream.put(value - (left + below - diagonal));
    }
    json!({ "size": size, "top": rounded(f64::from(top)), "nats": NATS })
}

/// As many as `most` lets there be, in a square; in shades of ink, each as what it is more than a time before.
fn pictures(panel: &Recorded, most: usize, stream: &mut Stream) -> Value {
    let dim = panel.dim;
    let across = [(320, 4), (192, 3), (0, 2)].iter().find(|(least, _)| most >= *least).map_or(2, |(_, across)| *across);
    let ink = |value: &f64| ((value + 1.0) / 2.0 * INKS).round().clamp(0.0, INKS) as i32;
    let own: Vec<i32> = first(&panel.data, across, dim).iter().map(ink).collect();
    own.iter().for_each(|&one| stream.put(one));
    let mut before = vec![0; across * across * dim];
    for state in &panel.generated.positions {
        let now: Vec<i32> = first(state, across * across, dim).iter().map(ink).collect();
        now.iter().zip(&before).for_each(|(now, before)| stream.put(now - before));
        before = now;
    }
    json!({
        "center": [0, 0], "scale": [1, 1],
        "pictures": { "n": across * across, "own": across, "side": dim.isqrt(), "times": times(&panel.generated), "inks": INKS },
    })
}
