//! The U-Net of pictures on the WebGPU engine, through the WGSL compiler on a native driver, against the CPU engine. Without any
//! driver it is skipped, and says so.

use crate::webgpu;
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::fused::Examples;
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{Layout, Model, NetworkConfig, NetworkKind, UNet, Weights};
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(tensor.into_data_async()).unwrap().try_into_vec().unwrap()
}

fn normal(len: usize, seed: u64) -> Vec<f32> {
    let mut rng = Rng::new(seed, Stream::Noise);
    (0..len).map(|_| rng.normal() as f32).collect()
}

fn uniform(len: usize) -> Vec<f32> {
    let mut rng = Rng::new(9, Stream::Times);
    (0..len).map(|_| rng.uniform() as f32).collect()
}

fn rows(values: Vec<f32>, columns: usize, device: &Device) -> Tensor<2> {
    let size = [values.len() / columns, columns];
    Tensor::from_data(TensorData::new(values, size), device)
}

fn config([width, depth, patch]: [usize; 3]) -> NetworkConfig {
    NetworkConfig { kind: NetworkKind::UNet, width, depth, patch: Some(patch), ..NetworkConfig::default() }
}

/// Weights large enough that nothing is nearly linear, and no piece, nor a bias, is without effect.
fn packed(layout: &Layout) -> Vec<f32> {
    let mut packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
    let last = packed.len() - packed.len() / 20;
    packed[last..].iter_mut().for_each(|weight| *weight *= 8.0);
    packed
}

fn weights(layout: &Layout, device: &Device) -> Weights {
    let packed = packed(layout);
    let len = packed.len();
    layout.cut(&Tensor::from_data(TensorData::new(packed, [len]), device))
}

/// Within 1e-4 of the size that the numbers have.
fn assert_close(ours: &[f32], reference: &[f32], what: &str) {
    let size = reference.iter().fold(0.0f32, |size, x| size.max(x.abs()));
    assert_eq!(ours.len(), reference.len(), "{what}");
    assert!(size > 0.0, "{what}: nothing would be compared");
    for (i, (a, b)) in ours.iter().zip(reference).enumerate() {
        assert!((a - b).abs() <= 1e-4 * size, "{what}: {a} at {i} should be {b}, of up to {size}");
    }
}

/// Σ of squares with unlike factors, so that no two outputs may be confused.
fn loss(output: Tensor<2>) -> Tensor<1> {
    let [count, columns] = output.dims();
    let factor = |i: usize| (i * 5 % 13) as f32 / 13.0 - (i % columns) as f32 / columns as f32;
    let factors = rows((0..count * columns).map(factor).collect(), columns, &output.device().inner());
    (output.clone() * output * factors.clone() + factors).sum()
}

/// Sizes of pictures, widths, depths and patches, batches, columns of the context.
const SHAPES: [(usize, [usize; 3], usize, usize); 6] = [
    (64, [8, 1, 1], 5, 1),
    (144, [6, 1, 2], 33, 1),
    (3 * 64, [5, 1, 2], 3, 4),
    (256, [4, 2, 4], 35, 2),
    (4 * 4, [9, 3, 1], 32, 12),
    (28 * 28, [16, 1, 2], 3, 11),
];

/// Output and gradients in grey and color, for every patch, alone with the time and with a class, for widths that fill no four,
/// with a context of each and one that all share.
#[test]
fn outputs_and_gradients_agree() {
    let Some(gpu) = webgpu() else { return };
    for (dim, sizes, batch, columns) in SHAPES {
        let config = config(sizes);
        let layout = config.layout_in(dim, columns);
        for contexts in [batch, 1] {
            let run = |device: &Device| {
                let told = || rows(uniform(contexts * columns), columns, device);
                let output = |weights: &Weights, x: Tensor<2>| UNet::new(config, dim, weights).forward(x, told());
                let pictures = || rows(normal(batch * dim, 6), dim, device);
                let weights = weights(&layout, device);
                let (tracked, x) = (weights.clone().tracked(), pictures().autodiff().require_grad());
                let of_x = x.grad(&loss(output(&tracked, x.clone())).backward()).unwrap();
                let of_weights = tracked.gradient(&loss(output(&tracked, x)));
                [read(output(&weights, pictures())), read(of_x), read(of_weights)]
            };
            let [ours, reference] = [&gpu, &Device::flex()].map(run);
            for (name, (ours, reference)) in ["output", "of x", "of weights"].iter().zip(ours.iter().zip(&reference)) {
                assert_close(
                    ours,
                    reference,
                    &format!("{name}, {config:?} of {dim}, {columns} columns, {contexts} told"),
                );
            }
        }
    }
}

/// Estimates of the trace by the backward pass.
#[test]
fn estimates_of_the_trace_agree() {
    let Some(gpu) = webgpu() else { return };
    let (dim, batch, config) = (144, 5, config([6, 1, 2]));
    let layout = config.layout_in(dim, 1);
    let [ours, reference] = [&gpu, &Device::flex()].map(|device| {
        let probes = rows(normal(2 * batch * dim, 7), dim, device).reshape([2, batch, dim]);
        let (x, told) = (rows(normal(batch * dim, 6), dim, device), rows(uniform(1), 1, device));
        let network = UNet::new(config, dim, &weights(&layout, device));
        let (value, products) = network.forward_and_products(x, told, probes).unwrap();
        [read(value), read(products)]
    });
    ours.iter().zip(&reference).for_each(|(ours, reference)| assert_close(ours, reference, "value and products"));
}

/// A training step as one operation against the same step of the CPU engine.
#[test]
fn training_steps_agree() {
    let Some(gpu) = webgpu() else { return };
    for (dim, sizes, batch, columns) in SHAPES {
        let config = config(sizes);
        let layout = config.layout_in(dim, columns);
        let optimizer = OptimizerConfig { clip_norm: 0.5, ..OptimizerConfig::default() };
        let examples = |learned: Option<Tensor<2>>| Examples {
            dim,
            positions: normal(batch * dim, 6),
            context: uniform(batch * columns),
            targets: normal(batch * dim, 7),
            learned,
            scale: 0.7,
        };
        for said in [0, 2] {
            let learned = normal(said * dim, 8);
            let mut ours = Training::new(optimizer, packed(&layout), &gpu);
            let mut log = Tensor::<1>::zeros([3], &gpu);
            let mut reference = Training::new(optimizer, packed(&layout), &Device::flex());
            let mut losses = Vec::new();
            for step in 0..3 {
                let learned_here = (said > 0).then(|| rows(learned.clone(), dim, &gpu));
                let shape = config.regression(dim, columns).unwrap();
                log = ours.regress(shape, examples(learned_here), 0.1, (log, step));
                let loss = reference.advance(&layout, 0.1, |weights| {
                    let Examples { positions, context, mut targets, scale, .. } = examples(None);
                    targets[..learned.len()].copy_from_slice(&learned);
                    let rows = |values, columns| rows(values, columns, &Device::flex());
                    let output = UNet::new(config, dim, weights).forward(rows(positions, dim), rows(context, columns));
                    let error = output - rows(targets, dim);
                    (error.clone() * error).sum().mul_scalar(scale / batch as f32)
                });
                losses.extend(read(loss));
            }
            let what = format!("{config:?} of {dim}, {columns} columns, {said} said");
            assert_close(&read(log), &losses, &what);
            // Adam makes a step of any gradient, however small: only what it steps by is as near as that.
            let size = ours.packed().dims()[0] / 4;
            let [ours, reference] = [ours, reference].map(|training| read(training.packed()));
            assert_close(&ours[2 * size..3 * size], &reference[2 * size..3 * size], &format!("{what}: moments"));
        }
    }
}

/// Tens of steps of a session, its losses and its samples.
#[test]
fn sessions_agree() {
    let Some(_) = webgpu() else { return };
    for (method, condition) in [
        (json!({ "kind": "flow-matching" }), json!({ "kind": "class", "drop": 0.2 })),
        (json!({ "kind": "diffusion" }), Value::Null),
        (json!({ "kind": "mean-flow" }), Value::Null),
    ] {
        let open = |engine| {
            let mut experiment = json!({
                "data": { "kind": "glyphs" }, "method": method, "network": { "kind": "u-net", "width": 6 },
                "optimizer": { "batch": 12 }, "budget": { "steps": 30 },
            });
            if !condition.is_null() {
                experiment["condition"] = condition.clone();
            }
            block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), engine)).unwrap()
        };
        let [mut gpu, mut cpu] = [Engine::WebGpu, Engine::Cpu].map(open);
        let [ours, reference] = [&mut gpu, &mut cpu].map(|session| block_on(session.advance(30)).unwrap().losses);
        for (step, (a, b)) in ours.iter().zip(&reference).enumerate() {
            assert!((a - b).abs() < 2e-3 * b.abs(), "{method}: loss {a} at {step} should be {b}");
        }
        let sample = |session: &Session| block_on(session.sample(5, SolverConfig::default(), 1)).unwrap();
        let (ours, reference) = (sample(&gpu), sample(&cpu));
        for (a, b) in ours.values().iter().zip(reference.values()) {
            assert!((a - b).abs() < 2e-2 * (1.0 + b.abs()), "{method}: sample {a} should be {b}");
        }
    }
}
