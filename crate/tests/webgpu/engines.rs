//! The WebGPU engine, through the WGSL compiler on a native driver, against the CPU engine: same batches, same numbers to
//! rounding. Without any driver it is skipped, and says so.

use crate::{tried, webgpu};
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::Given;
use flow_playground::distribution::{Mixture, Sampler};
use flow_playground::fused::{Evaluation, Examples, Steps, has_regression};
use flow_playground::method::Asked;
use flow_playground::ode::SolverKind;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::session::Sampling;
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{
    Activation, Beside, Conditioning, Model, NetworkConfig, Perceptron, Told, Weights, tensor_from_points,
};
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(method: &Value, engine: Engine) -> Session {
    let experiment = json!({
        "method": method, "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 64 }, "budget": { "steps": 6 },
        "solver": { "kind": "rk4", "steps": 20 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), engine)).unwrap()
}

#[test]
fn webgpu_trains_and_samples_as_the_cpu_does() {
    let Some(_) = webgpu() else { return };
    for method in [
        json!({ "kind": "flow-matching" }),
        json!({ "kind": "reflow", "pairs": 100, "pairSteps": 2 }),
        json!({ "kind": "mean-flow" }),
        json!({ "kind": "mean-flow", "adaptive": 0.5 }),
        json!({ "kind": "shortcut" }),
        json!({ "kind": "stochastic-interpolant" }),
        json!({ "kind": "diffusion" }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2 }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2, "divergence": "hutchinson" }),
        json!({ "kind": "ot-flow", "trainingSteps": 2 }),
        json!({ "kind": "jko-flow", "blocks": 2, "pool": 100, "divergence": "exact" }),
        json!({ "kind": "coupling-flow", "maps": "nice", "layers": 3 }),
        json!({ "kind": "coupling-flow", "layers": 3 }),
        json!({ "kind": "coupling-flow", "maps": "glow", "layers": 3 }),
        json!({ "kind": "coupling-flow", "maps": "spline", "layers": 3 }),
    ] {
        let (mut cpu, mut gpu) = (open(&method, Engine::Cpu), open(&method, Engine::WebGpu));
        let (on_cpu, on_gpu) = (block_on(cpu.advance(5)).unwrap(), block_on(gpu.advance(5)).unwrap());
        for (a, b) in on_cpu.losses.iter().zip(&on_gpu.losses) {
            assert!((a - b).abs() < 1e-4 * a.abs(), "{method}: loss {b} should be {a}");
        }
        let jumps = SamplerConfig { kind: SamplerKind::FewSteps, steps: 2, ..SamplerConfig::default() };
        let jumps = cpu.samplers().contains(&jumps.kind).then_some(jumps.into());
        for by in [Some(Sampling::from(SolverConfig::default())), jumps].into_iter().flatten() {
            let sample = |session: &Session| block_on(session.sample(64, by, 1)).unwrap();
            for (a, b) in sample(&cpu).values().iter().zip(sample(&gpu).values()) {
                assert!((a - b).abs() < 1e-3 * (1.0 + a.abs()), "{method}: sample {b} should be {a}");
            }
        }
    }
}

/// What the network itself says of the first points goes into the one operation that a training step is.
#[test]
fn jumps_agree_at_every_shape() {
    let Some(_) = webgpu() else { return };
    for (dim, width, depth, batch, activation) in
        tried(&[(1, 6, 1, 45, "tanh"), (3, 20, 2, 33, "silu")], &[(2, 64, 3, 70, "silu")])
    {
        let network = json!({ "width": width, "depth": depth, "activation": activation });
        for method in [json!({ "kind": "mean-flow", "jumps": 1 }), json!({ "kind": "shortcut", "halvings": 3 })] {
            assert_trains_alike(&method, &network, [dim, batch, 8]);
        }
    }
}

/// The class or the numbers in the context, in training, in a whole solve and in guidance's two passes.
#[test]
fn webgpu_is_told_conditions_as_the_cpu_is() {
    let Some(_) = webgpu() else { return };
    let conditions = [
        ("8-gaussians", "class", Given::Class(3)),
        ("linear-gaussian", "numbers", Given::Numbers(vec![1.0])),
        ("two-moons-sbi", "numbers", Given::Numbers(vec![-0.1, 0.2])),
    ];
    // Methods that jump differ from flow matching in what they are told beside the condition: one of each kind tells.
    for (kind, conditions) in [
        ("flow-matching", &conditions[..]),
        ("diffusion", &conditions[1..2]),
        ("stochastic-interpolant", &conditions[2..]),
        ("mean-flow", &conditions[..1]),
        ("shortcut", &conditions[1..2]),
    ] {
        for (data, told, given) in conditions {
            let open = |engine| {
                let experiment = json!({
                    "data": { "kind": data }, "method": { "kind": kind }, "condition": { "kind": told, "drop": 0.2 },
                    "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 64 }, "budget": { "steps": 6 },
                });
                block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), engine)).unwrap()
            };
            let (mut cpu, mut gpu) = (open(Engine::Cpu), open(Engine::WebGpu));
            let (on_cpu, on_gpu) = (block_on(cpu.advance(5)).unwrap(), block_on(gpu.advance(5)).unwrap());
            for (a, b) in on_cpu.losses.iter().zip(&on_gpu.losses) {
                assert!((a - b).abs() < 1e-4 * a.abs(), "{kind} of {data}: loss {b} should be {a}");
            }
            for guidance in [0.0, 1.0, 2.5] {
                let sample = |session: &mut Session| {
                    session.ask(Some(Asked { given: given.clone(), guidance })).unwrap();
                    block_on(session.sample(64, SolverConfig::default(), 1)).unwrap()
                };
                for (a, b) in sample(&mut cpu).values().iter().zip(sample(&mut gpu).values()) {
                    assert!(
                        (a - b).abs() < 1e-3 * (1.0 + a.abs()),
                        "{kind} of {data}, guidance {guidance}: sample {b} should be {a}"
                    );
                }
            }
        }
    }
}

/// Losses, averaged weights, and all that training goes on from, after some steps on points of `dim` coordinates.
fn trained(engine: Engine, method: &Value, network: &Value, [dim, batch, steps]: [usize; 3]) -> [Vec<f32>; 3] {
    let points = Mixture::standard_normal(dim).sample(200, &mut Rng::new(6, Stream::Data));
    let experiment = json!({
        "data": { "kind": "points" }, "method": method, "network": network,
        "optimizer": { "batch": batch, "clipNorm": 0.5 }, "budget": { "steps": 10 },
    });
    let start = Start { points: Some(points.into()), ..Start::default() };
    let mut session = block_on(Session::open(Experiment::from_json(&experiment).unwrap(), start, engine)).unwrap();
    let losses = block_on(session.advance(steps)).unwrap().losses;
    [losses, floats(&block_on(session.weights()).unwrap()), floats(&block_on(session.checkpoint()).unwrap())]
}

fn assert_trains_alike(method: &Value, network: &Value, sizes: [usize; 3]) {
    let [ours, reference] = [Engine::WebGpu, Engine::Cpu].map(|engine| trained(engine, method, network, sizes));
    for (part, what) in ["losses", "average", "weights and moments"].into_iter().enumerate() {
        assert_close(&ours[part], &reference[part], &format!("{method} with {network}, {sizes:?}: {what}"));
    }
}

/// Every way that a training step's work is cut: groups of neurons and of points that are not whole, few and many layers and
/// coordinates.
#[test]
fn regressions_agree_at_every_shape() {
    let Some(_) = webgpu() else { return };
    for (dim, width, depth, batch, activation) in tried(
        &[(2, 64, 3, 256, "silu"), (1, 6, 1, 45, "tanh"), (3, 20, 2, 130, "silu")],
        &[(2, 128, 2, 70, "tanh"), (10, 24, 2, 33, "silu"), (2, 1, 4, 5, "silu")],
    ) {
        let network = json!({ "width": width, "depth": depth, "activation": activation });
        assert_trains_alike(&json!({ "kind": "flow-matching" }), &network, [dim, batch, 8]);
    }
}

/// The same of a likelihood, whose tangents come along and whose every stage goes onto the tape.
#[test]
fn likelihoods_agree_at_every_shape() {
    let Some(_) = webgpu() else { return };
    for (dim, width, depth, batch, activation) in
        tried(&[(1, 6, 1, 45, "tanh"), (3, 20, 2, 33, "tanh")], &[(2, 64, 3, 70, "silu"), (5, 24, 2, 9, "silu")])
    {
        let network = json!({ "width": width, "depth": depth, "activation": activation });
        let method = json!({ "kind": "normalizing-flow", "trainingSteps": 3, "kineticPenalty": 0.3 });
        assert_trains_alike(&method, &network, [dim, batch, 4]);
    }
}

/// The numbers of a safetensors file.
fn floats(file: &[u8]) -> Vec<f32> {
    let header = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    file[8 + header..].chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

/// Points of `dim` coordinates and weights of a network in a context of so many columns, on a device.
fn problem_in(config: NetworkConfig, [batch, dim, context]: [usize; 3], device: &Device) -> (Tensor<2>, Weights) {
    let points = Mixture::standard_normal(dim).sample(batch, &mut Rng::new(6, Stream::Data));
    let layout = config.layout_in(dim, context);
    let packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
    let len = packed.len();
    let weights = layout.cut(&Tensor::from_data(TensorData::new(packed, [len]), device));
    (tensor_from_points(&points, device), weights)
}

fn problem(config: NetworkConfig, [batch, dim]: [usize; 2], device: &Device) -> (Tensor<2>, Perceptron) {
    let (x, weights) = problem_in(config, [batch, dim, 1], device);
    (x, Perceptron::new(config, &weights))
}

/// Two solver steps at different times and speeds, as a whole solve asks for them.
fn steps(kind: SolverKind, recorded: bool) -> Steps {
    let tableau = kind.tableau();
    let evaluation = |i: usize| {
        let i = i as f32;
        Evaluation { time: 0.9 - 0.05 * i, of_x: 0.1 * i, of_network: 1.0 - 0.1 * i, speed: 1.0 + 0.1 * i }
    };
    Steps {
        tableau,
        lengths: vec![-0.3, -0.2],
        evaluations: (0..2 * tableau.stages()).map(evaluation).collect(),
        recorded,
    }
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(tensor.into_data_async()).unwrap().try_into_vec().unwrap()
}

fn solved(network: &Perceptron, x: &Tensor<2>, traced: bool, steps: Steps) -> Vec<f32> {
    read(network.fused().and_then(|fused| fused.solve(x, traced, steps)).expect("one operation"))
}

fn assert_close(ours: &[f32], reference: &[f32], what: &str) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    for (a, b) in ours.iter().zip(reference) {
        assert!((a - b).abs() <= 1e-4 * (1.0 + b.abs()), "{what}: {a} should be {b}");
    }
}

/// So many points that a dispatch makes one step only.
#[test]
fn a_large_solve_is_several_dispatches() {
    let Some(gpu) = webgpu() else { return };
    let config = NetworkConfig::default();
    for recorded in [false, true] {
        let solved = |device: &Device| {
            let (x, network) = problem(config, [40_000, 2], device);
            solved(&network, &x, false, steps(SolverKind::Euler, recorded))
        };
        assert_close(&solved(&gpu), &solved(&Device::flex()), &format!("recorded {recorded}"));
    }
}

#[test]
fn whole_solves_are_one_operation_on_both_engines_and_agree() {
    let Some(gpu) = webgpu() else { return };
    for (dim, width, depth, activation) in tried(
        &[(1, 6, 1, Activation::Tanh), (3, 20, 2, Activation::Silu)],
        &[(2, 64, 3, Activation::Silu), (2, 128, 2, Activation::Tanh)],
    ) {
        for kind in [SolverKind::Euler, SolverKind::Rk4] {
            for (traced, recorded) in [(false, false), (false, true), (true, false)] {
                let config = NetworkConfig {
                    width,
                    depth,
                    activation,
                    conditioning: Conditioning::Concat,
                    ..Default::default()
                };
                let what = format!("{kind:?}, width {width} in {dim}, traced {traced}, recorded {recorded}");
                let solved = |device: &Device| {
                    let (x, network) = problem(config, [45, dim], device);
                    solved(&network, &x, traced, steps(kind, recorded))
                };
                assert_close(&solved(&gpu), &solved(&Device::flex()), &what);
            }
        }
    }
}

/// As many numbers as wanted, none of them alike.
fn numbers(len: usize) -> Vec<f32> {
    (0..len).map(|i| (i * 7 % 23) as f32 / 11.0 - 1.0).collect()
}

/// The networks and batches that contexts are tried with: whole groups, and what is left over of them.
fn in_context() -> Vec<(usize, usize, usize, usize)> {
    tried(&[(1, 6, 1, 45), (3, 20, 2, 33)], &[(2, 64, 3, 70)])
}

/// Steps of a regression whose context has three columns, or more than the network sees.
#[test]
fn regressions_in_context_agree() {
    let Some(gpu) = webgpu() else { return };
    for (dim, width, depth, batch) in in_context() {
        for (conditioning, context) in [(Conditioning::Concat, 3), (Conditioning::Concat, 9), (Conditioning::None, 1)] {
            let config = NetworkConfig { width, depth, conditioning, ..NetworkConfig::default() };
            let examples = || Examples {
                dim,
                positions: numbers(batch * dim),
                context: numbers(batch * context),
                targets: numbers(batch * (dim + 1)).split_off(batch),
                learned: None,
                scale: 0.7,
            };
            let layout = config.layout_in(dim, context);
            let optimizer = OptimizerConfig { clip_norm: 0.5, ..OptimizerConfig::default() };
            let trained = |device: &Device, whole: bool| {
                let packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
                let mut training = Training::new(optimizer, packed, device);
                let mut log = Tensor::<1>::zeros([4], device);
                let mut losses = Vec::new();
                for step in 0..4 {
                    if whole {
                        let shape = config.regression(dim, context).unwrap();
                        assert!(has_regression(shape, device), "{config:?}");
                        log = training.regress(shape, examples(), 0.1, (log, step));
                    } else {
                        let rows = |values: Vec<f32>, columns| {
                            Tensor::<2>::from_data(TensorData::new(values, [batch, columns]), device)
                        };
                        let loss = training.advance(&layout, 0.1, |weights| {
                            let Examples { positions, context: told, targets, scale, .. } = examples();
                            let output =
                                Perceptron::new(config, weights).forward(rows(positions, dim), rows(told, context));
                            let error = output - rows(targets, dim);
                            (error.clone() * error).sum().mul_scalar(scale / batch as f32)
                        });
                        losses.extend(read(loss));
                    }
                }
                if whole {
                    losses = read(log);
                }
                [losses, read(training.packed())]
            };
            let (ours, reference) = (trained(&gpu, true), trained(&Device::flex(), false));
            for (ours, reference) in ours.iter().zip(&reference) {
                assert_close(ours, reference, &format!("{config:?} in {dim}, {context} columns"));
            }
        }
    }
}

/// Solves and their gradients in a condition that all points share, and in one of each.
#[test]
fn whole_solves_in_a_condition_agree() {
    let Some(gpu) = webgpu() else { return };
    for (dim, width, depth, batch) in in_context() {
        let config = NetworkConfig { width, depth, ..NetworkConfig::default() };
        for conditions in [1, batch] {
            let condition = numbers(2 * conditions);
            let solved = |device: &Device| {
                let steps = || steps(SolverKind::Rk4, false);
                let (x, weights) = problem_in(config, [batch, dim, 3], device);
                let end = |weights: &Weights, x: &Tensor<2>, traced: bool| {
                    let model = Perceptron::new(config, weights);
                    let told = Told { model, beside: Beside::Condition(condition.clone()) };
                    told.fused().and_then(|fused| fused.solve(x, traced, steps())).expect("one operation")
                };
                let alone = end(&weights, &x, false);
                let (tracked, x) = (weights.tracked(), x.autodiff().require_grad());
                let loss = || end(&tracked, &x, true).powi_scalar(2).sum();
                let of_x = x.grad(&loss().backward()).unwrap();
                [read(alone), read(of_x), read(tracked.gradient(&loss()))]
            };
            for (ours, reference) in solved(&gpu).iter().zip(&solved(&Device::flex())) {
                assert_close(ours, reference, &format!("{config:?} in {dim}, {conditions} conditions"));
            }
        }
    }
}
