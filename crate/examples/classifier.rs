//! Trains the classifier of digits in whose features pictures are compared, and writes it to
//! `www/src/engine/classifier.safetensors`:
//!
//! `cargo run --example classifier --features gpu`
//!
//! Minutes on one core (the feature only shares its build with the tests), seeded. It learns the real digits that no
//! model is measured on, each bent a little, and as many drawn ones of every size, and prints how many of those that it never saw it knows.

#[path = "run/pictures.rs"]
mod pictures;
#[expect(dead_code, reason = "the runner reads much that these pictures are not")]
mod points;
mod rounded;

use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::Engine;
use flow_playground::distribution::{Distribution, DistributionConfig, DistributionKind};
use flow_playground::export::weights;
use flow_playground::metric::{CLASSIFIED_SIDE, CONVOLUTIONS, Classifier, Convolution};
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{Weights, values_from_tensor};
use pollster::block_on;
use rounded::rounded;
use std::error::Error;
use std::path::Path;

const STEPS: usize = 8000;
const HALF_BATCH: usize = 64;
const SIDES: [usize; 3] = [8, 16, 28];
/// Drawn digits of each side that are learned, and that are tested.
const LEARNED: usize = 6000;
const TESTED: usize = 2000;
/// How a real digit is bent at most: turned, in radians; made larger or smaller; moved, as a share of its side.
const TURN: f64 = 0.2;
const STRETCH: f64 = 0.15;
const SHIFT: f64 = 0.07;

/// Pictures of one side, and their digits.
struct Set {
    pictures: Points,
    digits: Vec<u32>,
}

impl Set {
    fn pick(&self, chosen: impl Fn(&usize) -> bool) -> Self {
        let chosen: Vec<usize> = (0..self.digits.len()).filter(chosen).collect();
        Self { pictures: self.pictures.pick(&chosen), digits: chosen.iter().map(|&i| self.digits[i]).collect() }
    }

    fn drawn(side: usize, len: usize, stream: Stream) -> Result<Self, Box<dyn Error>> {
        let config = DistributionConfig { dim: Some(side * side), ..DistributionKind::DrawnDigits.into() };
        let drawn: Distribution = config.build("data", None)?;
        let labelled = drawn.sample_labelled(len, &mut Rng::new(0, stream));
        Ok(Self { pictures: labelled.points, digits: labelled.labels.ok_or("drawn digits are labelled")? })
    }

    fn accuracy(&self, classifier: &Classifier) -> f64 {
        let [_, scores] = classifier.see(&self.pictures, 1);
        let right = Classifier::digits(&scores).zip(&self.digits).filter(|(found, digit)| *found == **digit as usize);
        right.count() as f64 / self.digits.len() as f64
    }
}

/// A picture as by another hand.
fn bent(picture: &[f32], rng: &mut Rng) -> Vec<f32> {
    let side = picture.len().isqrt();
    let mut within = |most: f64| most * (2.0 * rng.uniform() - 1.0);
    let (sin, cos) = libm::sincos(within(TURN));
    let stretch = [0; 2].map(|_| 1.0 + within(STRETCH));
    let slant = within(STRETCH);
    let shift = [0; 2].map(|_| side as f64 * within(SHIFT));
    let middle = 0.5 * (side as f64 - 1.0);
    let pixel = |row: f64, column: f64| {
        let inside = |x: f64| (0.0..side as f64).contains(&x);
        if inside(row) && inside(column) { f64::from(picture[row as usize * side + column as usize]) } else { -1.0 }
    };
    let at = |i: usize| {
        let [y, x] = [(i / side) as f64 - middle, (i % side) as f64 - middle];
        let x = x + slant * y;
        let row = stretch[0] * (cos * y - sin * x) + middle + shift[0];
        let column = stretch[1] * (sin * y + cos * x) + middle + shift[1];
        let (up, left) = (row.floor(), column.floor());
        let (down, right) = (row - up, column - left);
        let line = |row: f64| (1.0 - right) * pixel(row, left) + right * pixel(row, left + 1.0);
        ((1.0 - down) * line(up) + down * line(up + 1.0)) as f32
    };
    (0..picture.len()).map(at).collect()
}

/// A layer of Burn's operations, through which gradients go.
fn convolved(x: Tensor<4>, layer: &Convolution, [weight, bias]: [&Tensor<2>; 2]) -> Tensor<4> {
    let [batch, side, _, inputs] = x.dims();
    let Convolution { kernel, stride, rim, features } = *layer;
    let outputs = (side + 2 * rim - kernel) / stride + 1;
    let framed = |x: Tensor<4>, axis: usize| {
        let zeros = |cells: usize| {
            let mut size = x.dims();
            size[axis] = cells;
            Tensor::zeros(size, &x.device())
        };
        // Enough behind for whole strides from every cell of the kernel.
        let before = (rim > 0).then(|| zeros(rim));
        Tensor::cat(before.into_iter().chain([x.clone(), zeros(rim + kernel)]).collect(), axis)
    };
    let x = framed(framed(x, 1), 2);
    let length = outputs * stride;
    let seen = |cell: usize| {
        let (row, column) = (cell / kernel, cell % kernel);
        let part = x.clone().slice([0..batch, row..row + length, column..column + length]);
        let lines = part.reshape([batch * outputs, stride, length * inputs]).narrow(1, 0, 1);
        lines.reshape([batch * outputs * outputs, stride, inputs]).narrow(1, 0, 1)
    };
    let seen = Tensor::cat((0..kernel * kernel).map(seen).collect(), 2);
    let flat = seen.reshape([batch * outputs * outputs, kernel * kernel * inputs]);
    (flat.matmul(weight.clone()) + bias.clone()).reshape([batch, outputs, outputs, features])
}

fn scores(weights: &Weights, ink: Vec<f32>, device: &Device) -> Tensor<2> {
    let batch = ink.len() / (CLASSIFIED_SIDE * CLASSIFIED_SIDE);
    let mut x = Tensor::<4>::from_data(TensorData::new(ink, [batch, CLASSIFIED_SIDE, CLASSIFIED_SIDE, 1]), device);
    for (index, layer) in CONVOLUTIONS.iter().enumerate() {
        let pieces = [&weights.pieces[2 * index], &weights.pieces[2 * index + 1]];
        x = convolved(if index > 0 { relu(x) } else { x }, layer, pieces);
    }
    let digits = x.dims()[3];
    x.reshape([batch, digits])
}

/// Half a batch of real digits, bent, and half of drawn ones: what the classifier sees of them, and which they are.
fn batch(real: &Set, drawn: &[Set], rng: &mut Rng) -> (Vec<f32>, Vec<f32>) {
    let (mut ink, mut wanted) = (Vec::new(), Vec::new());
    for k in 0..2 * HALF_BATCH {
        let is_real = k < HALF_BATCH;
        let set = if is_real { real } else { &drawn[k % drawn.len()] };
        let i = rng.below(set.digits.len());
        let picture = set.pictures.row(i);
        ink.extend(if is_real { Classifier::ink(&bent(picture, rng), 1) } else { Classifier::ink(picture, 1) });
        wanted.extend((0..10).map(|digit| f32::from(u8::from(digit == set.digits[i]))));
    }
    (ink, wanted)
}

fn train(real: &Set, drawn: &[Set]) -> Result<Vec<f32>, Box<dyn Error>> {
    let device = block_on(Engine::Cpu.open())?;
    let layout = Classifier::layout();
    let mut rng = Rng::new(0, Stream::Data);
    let config = OptimizerConfig { batch: 2 * HALF_BATCH, ema_decay: 0.999, ..Default::default() };
    let mut training = Training::new(config, layout.initial_weights(&mut Rng::new(0, Stream::Weights)), &device);
    for step in 0..STEPS {
        let (ink, wanted) = batch(real, drawn, &mut rng);
        let loss = training.advance(&layout, step as f64 / STEPS as f64, |weights| {
            let wanted = Tensor::<2>::from_data(TensorData::new(wanted, [2 * HALF_BATCH, 10]), &device);
            let right = (log_softmax(scores(weights, ink, &device), 1) * wanted).sum();
            right.mul_scalar(-0.5 / HALF_BATCH as f32)
        });
        if step % 500 == 499 {
            eprint!("\rstep {}, loss {:.4}  ", step + 1, block_on(values_from_tensor(loss))?[0]);
        }
    }
    eprintln!();
    Ok(block_on(values_from_tensor(training.averaged()))?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/src");
    let levels = pictures::read(&www.join("experiment/digits.npz"), &points::table::Options::default())?;
    let (own, labels) = pictures::digits(&levels)?;
    let real = Set { pictures: own.narrowed(), digits: labels.of };
    let is_tested = |&i: &usize| DistributionKind::Digits.holds_out(i) == Some(true);
    let drawn = SIDES.map(|side| Set::drawn(side, LEARNED, Stream::Data));
    let drawn = drawn.into_iter().collect::<Result<Vec<_>, _>>()?;
    let packed = train(&real.pick(|i| !is_tested(i)), &drawn)?;
    let file = rounded(weights::write(&Classifier::layout(), &[packed])?);
    let classifier = Classifier::new(weights::read(&Classifier::layout(), &file)?.concat());
    println!("real digits: {:.4} of those learned", real.pick(|i| !is_tested(i)).accuracy(&classifier));
    println!("real digits: {:.4}", real.pick(is_tested).accuracy(&classifier));
    for side in SIDES {
        println!("drawn at {side}: {:.4}", Set::drawn(side, TESTED, Stream::Heldout)?.accuracy(&classifier));
    }
    println!("{} bytes", file.len());
    std::fs::write(www.join("engine/classifier.safetensors"), file)?;
    Ok(())
}
