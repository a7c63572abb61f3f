//! Trains the autoencoder that gives every point of a plane a picture, and writes what is left of it: the codes of the real
//! digits, `www/src/experiment/digit-codes.npy`, and the decoder's weights, `digit-decoder.npy` beside it:
//!
//! `cargo run --example plane --features gpu`
//!
//! Minutes on one core (the feature only shares its build with the tests), seeded. It learns four of every five real digits and
//! prints how far those that it never saw are from what their codes decode to. Codes have mean 0 and variance 1 in each
//! coordinate, and are moved by noise in training, so that neighbors decode alike. `tests/vectors/decoder.json` has some pictures.

#[expect(dead_code, reason = "their rows are read alone: codes are of whole grays")]
#[path = "run/pictures.rs"]
mod pictures;
#[expect(dead_code, reason = "the runner reads much that these pictures are not")]
mod points;

use burn::tensor::activation::{sigmoid, silu};
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::Engine;
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{Initial, Layout, Piece, Weights, values_from_tensor};
use pollster::block_on;
use serde_json::json;
use std::error::Error;
use std::path::Path;

const PIXELS: usize = 64;
/// Of a pixel, from paper to ink.
const DARKEST: f64 = 16.0;
const ENCODER: [usize; 4] = [PIXELS, 160, 96, 2];
const DECODER: [usize; 4] = [2, 48, 64, PIXELS];
const STEPS: usize = 30_000;
const BATCH: usize = 128;
/// What codes are moved by in training: its deviation, where theirs is 1.
const NOISE: f64 = 0.08;

fn layers(widths: [usize; 4]) -> Layout {
    let pieces = widths.windows(2).enumerate().flat_map(|(index, width)| {
        let start = Initial::linear(width[0]);
        [("weight", width[0]), ("bias", 1)]
            .map(|(name, rows)| Piece::new(format!("{index}.{name}"), [rows, width[1]], start))
    });
    Layout(pieces.collect())
}

/// Layer after layer, with SiLU between.
fn through(pieces: &[Tensor<2>], mut x: Tensor<2>) -> Tensor<2> {
    for (index, layer) in pieces.chunks(2).enumerate() {
        let before = if index == 0 { x } else { silu(x) };
        x = before.matmul(layer[0].clone()) + layer[1].clone();
    }
    x
}

/// Ink of 0 to 1.
fn decoded(pieces: &[Tensor<2>], codes: Tensor<2>) -> Tensor<2> {
    sigmoid(through(pieces, codes))
}

/// With mean 0 and variance 1 in each coordinate.
fn standardized(codes: Tensor<2>) -> Tensor<2> {
    let centered = codes.clone() - codes.mean_dim(0);
    let deviation = (centered.clone().square().mean_dim(0) + 1e-6).sqrt();
    centered / deviation
}

fn tensor(rows: &[f32], columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(rows.to_vec(), [rows.len() / columns, columns]), device)
}

fn train(ink: &[f32], layout: &Layout, device: &Device) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut rng = Rng::new(0, Stream::Data);
    let config = OptimizerConfig { batch: BATCH, ema_decay: 0.999, ..Default::default() };
    let mut training = Training::new(config, layout.initial_weights(&mut Rng::new(0, Stream::Weights)), device);
    let encoder = layers(ENCODER).0.len();
    for step in 0..STEPS {
        let chosen: Vec<usize> = (0..BATCH).map(|_| rng.below(ink.len() / PIXELS)).collect();
        let seen: Vec<f32> = chosen.iter().flat_map(|i| &ink[i * PIXELS..(i + 1) * PIXELS]).copied().collect();
        let noise: Vec<f32> = (0..2 * BATCH).map(|_| (NOISE * rng.normal()) as f32).collect();
        let loss = training.advance(layout, step as f64 / STEPS as f64, |Weights { pieces, .. }| {
            let seen = tensor(&seen, PIXELS, device);
            let codes = standardized(through(&pieces[..encoder], seen.clone())) + tensor(&noise, 2, device);
            (decoded(&pieces[encoder..], codes) - seen).square().mean()
        });
        if step % 500 == 499 {
            eprint!("\rstep {}, root of the loss {:.4}  ", step + 1, block_on(values_from_tensor(loss))?[0].sqrt());
        }
    }
    eprintln!();
    Ok(block_on(values_from_tensor(training.averaged()))?)
}

/// The codes of all digits, of which those that were learned have mean 0 and variance 1.
fn codes(encoder: &[Tensor<2>], ink: &[f32], device: &Device) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut codes = block_on(values_from_tensor(through(encoder, tensor(ink, PIXELS, device)).reshape([-1])))?;
    for coordinate in 0..2 {
        let learned = || codes.iter().skip(coordinate).step_by(2).enumerate().filter(|(i, _)| !is_tested(*i));
        let n = learned().count() as f32;
        let mean = learned().map(|(_, x)| x).sum::<f32>() / n;
        let deviation = (learned().map(|(_, x)| (x - mean).powi(2)).sum::<f32>() / n).sqrt();
        codes.iter_mut().skip(coordinate).step_by(2).for_each(|x| *x = (*x - mean) / deviation);
    }
    Ok(codes)
}

fn is_tested(digit: usize) -> bool {
    digit % 5 == 4
}

/// The root mean square over the pixels, from paper, 0, to ink, 1, of some of the pictures.
fn error(found: &[f32], ink: &[f32], chosen: impl Fn(usize) -> bool) -> f64 {
    let squares = found.iter().zip(ink).enumerate().filter(|(k, _)| chosen(k / PIXELS));
    let squares: Vec<f64> = squares.map(|(_, (a, b))| f64::from(a - b).powi(2)).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// IEEE 754's 16 bits of a number that is not too large for them, the nearest.
fn half(number: f32) -> u16 {
    let sign = if number < 0.0 { 0x8000 } else { 0 };
    let size = number.abs();
    if size < f32::from_bits(0x3880_0000) {
        return sign | (size * 16_777_216.0).round() as u16;
    }
    let bits = size.to_bits() + 0x1000;
    sign | ((bits >> 13) - (112 << 10)) as u16
}

fn from_half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = if exponent == 0 { fraction / 16_777_216.0 } else { (1024.0 + fraction) * 2_f32.powi(exponent - 25) };
    if bits >> 15 == 1 { -size } else { size }
}

/// An array of 16-bit numbers as NumPy writes it.
fn npy(halves: &[u16], columns: usize) -> Vec<u8> {
    let shape =
        if columns == 1 { format!("{},", halves.len()) } else { format!("{}, {columns}", halves.len() / columns) };
    let header = format!("{{'descr': '<f2', 'fortran_order': False, 'shape': ({shape}), }}");
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((length as u16).to_le_bytes());
    file.extend(format!("{header:<0$}\n", length - 1).bytes());
    file.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
    file
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let www = root.join("www/src/experiment");
    let levels = pictures::read(&www.join("digits.npz"), &points::table::Options::default())?;
    let ink: Vec<f32> = levels.rows().flat_map(|row| &row[..PIXELS]).map(|level| (level / DARKEST) as f32).collect();
    let learned: Vec<f32> =
        ink.chunks(PIXELS).enumerate().filter(|(i, _)| !is_tested(*i)).flat_map(|(_, p)| p).copied().collect();
    let device = block_on(Engine::Cpu.open())?;
    let layout = layers(ENCODER).named("encoder").then(layers(DECODER).named("decoder"));
    let packed = train(&learned, &layout, &device)?;
    let (encoder, decoder) = packed.split_at(layers(ENCODER).num_parameters());
    let cut = |layout: Layout, packed: Vec<f32>| {
        layout.cut(&Tensor::from_data(TensorData::new(packed.clone(), [packed.len()]), &device)).pieces
    };
    let codes = codes(&cut(layers(ENCODER), encoder.to_vec()), &ink, &device)?;
    let kept: Vec<u16> = decoder.iter().copied().map(half).collect();
    let decoder = cut(layers(DECODER), kept.iter().copied().map(from_half).collect());
    let codes: Vec<u16> = codes.into_iter().map(half).collect();
    let table: Vec<u16> = codes
        .chunks(2)
        .zip(levels.rows())
        .flat_map(|(code, row)| [code[0], code[1], half(row[PIXELS] as f32)])
        .collect();
    let codes: Vec<f32> = codes.into_iter().map(from_half).collect();
    let found = block_on(values_from_tensor(decoded(&decoder, tensor(&codes, 2, &device)).reshape([-1])))?;
    println!("digits that were learned: {:.4}", error(&found, &ink, |i| !is_tested(i)));
    println!("digits that were not: {:.4}", error(&found, &ink, is_tested));
    let pixel = |p: usize| learned.iter().skip(p).step_by(PIXELS).sum::<f32>() / (learned.len() / PIXELS) as f32;
    let mean: Vec<f32> = (0..PIXELS).map(pixel).collect();
    println!("by their mean: {:.4}", error(&mean.repeat(ink.len() / PIXELS), &ink, is_tested));
    std::fs::write(www.join("digit-codes.npy"), npy(&table, 3))?;
    std::fs::write(www.join("digit-decoder.npy"), npy(&kept, 1))?;
    let some = 8;
    let vectors = json!({ "codes": codes[..2 * some], "ink": found[..some * PIXELS] });
    std::fs::write(root.join("tests/vectors/decoder.json"), format!("{vectors}\n"))?;
    Ok(())
}
