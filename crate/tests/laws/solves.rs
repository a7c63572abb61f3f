//! Whole solves as one operation against the same solves evaluation by evaluation, layer by layer: points, every step on the way,
//! the integrals along it, and gradients; for every solver, for tiles that are not full, and for fields made of networks.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Mixture, Sampler};
use flow_playground::divergence::Divergence;
use flow_playground::flow_map::FlowMap;
use flow_playground::fused::{Evaluation, Steps};
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::path::{Prediction, Schedule};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{
    Activation, Beside, Blocks, Conditioning, Model, NetworkConfig, Perceptron, Predicted, Told, VelocityField,
    Weights, tensor_from_points,
};
use pollster::block_on;

/// A field of which nobody knows that it is a network.
struct Disguised<F>(F);

impl<F: VelocityField> VelocityField for Disguised<F> {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        self.0.velocity(x, t)
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        self.0.velocity_and_trace(x, t)
    }

    fn earliest_time(&self) -> f64 {
        self.0.earliest_time()
    }

    fn smooth_in_root(&self) -> bool {
        self.0.smooth_in_root()
    }

    fn breaks(&self) -> Vec<f64> {
        self.0.breaks()
    }
}

/// The network composed of Burn's operations.
struct ByLayers(Perceptron);

impl VelocityField for ByLayers {
    fn dim(&self) -> usize {
        Model::dim(&self.0)
    }

    fn velocity(&self, x: Tensor<2>, t: f64) -> Tensor<2> {
        self.0.forward_by_layers(x, time(t))
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        self.0.trace_by_layers(x, time(t))
    }
}

fn time(t: f64) -> Tensor<2> {
    Tensor::full([1, 1], t as f32, &Device::flex())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn assert_close(ours: &[f32], reference: &[f32], what: &str) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    let size = reference.iter().fold(0.0f32, |size, x| size.max(x.abs()));
    for (a, b) in ours.iter().zip(reference) {
        assert!((a - b).abs() <= 3e-5 * (1.0 + size), "{what}: {a} should be {b}");
    }
}

fn weights(config: NetworkConfig, dim: usize, seed: u64) -> Weights {
    weights_in(config, [dim, 1], seed)
}

fn weights_in(config: NetworkConfig, [dim, context]: [usize; 2], seed: u64) -> Weights {
    let layout = config.layout_in(dim, context);
    let packed = layout.initial_weights(&mut Rng::new(seed, Stream::Weights));
    let len = packed.len();
    layout.cut(&Tensor::from_data(TensorData::new(packed, [len]), &Device::flex()))
}

fn points(dim: usize, batch: usize) -> Tensor<2> {
    tensor_from_points(&Mixture::standard_normal(dim).sample(batch, &mut Rng::new(6, Stream::Data)), &Device::flex())
}

fn solver(kind: SolverKind, steps: usize) -> SolverConfig {
    SolverConfig { kind, steps, tolerance: None }
}

const KINDS: [SolverKind; 6] = [
    SolverKind::Euler,
    SolverKind::Midpoint,
    SolverKind::Heun,
    SolverKind::Rk4,
    SolverKind::Rk4ThreeEighths,
    SolverKind::Dopri5,
];

/// Everything that a solve tells, of two fields that should be the same.
fn assert_same(ours: &dyn VelocityField, reference: &dyn VelocityField, solver: SolverConfig, what: &str) {
    let x = points(ours.dim(), 45);
    let solved = |field| {
        let map = FlowMap { field, solver };
        let mut passed = Vec::new();
        let mut observe = |t: f64, state: &Tensor<2>| {
            passed.push(t as f32);
            passed.extend(values(state.clone()));
        };
        let recorded = block_on(map.record(x.clone(), [1.0, 0.0], Some(&mut observe))).unwrap();
        let alone = block_on(map.transport(x.clone(), [1.0, 0.0])).unwrap();
        let along = block_on(map.augmented(x.clone(), [0.25, 1.0], &Divergence::Exact)).unwrap();
        let states = [recorded.state, alone.state, along.state.position, along.state.divergence, along.state.energy];
        let evaluations = [recorded.evaluations, alone.evaluations, along.evaluations];
        (states.map(values), passed, evaluations)
    };
    let (ours, reference) = (solved(ours), solved(reference));
    for (k, (ours, reference)) in ours.0.iter().zip(&reference.0).enumerate() {
        let what = &format!("{what}, {k}");
        assert_close(ours, reference, what);
    }
    assert_close(&ours.1, &reference.1, what);
    assert_eq!(ours.2, reference.2, "{what}");
}

#[test]
fn a_whole_solve_is_the_sum_of_its_steps() {
    for kind in KINDS {
        for (dim, width, depth, steps) in [(2, 16, 3, 7), (1, 6, 1, 4), (3, 21, 2, 5)] {
            for activation in [Activation::Silu, Activation::Tanh] {
                let config = NetworkConfig {
                    width,
                    depth,
                    activation,
                    conditioning: Conditioning::Concat,
                    ..Default::default()
                };
                let network = Perceptron::new(config, &weights(config, dim, 5));
                let what = format!("{kind:?} in {dim}");
                assert_same(&network.clone(), &ByLayers(network), solver(kind, steps), &what);
            }
        }
    }
}

#[test]
fn fields_made_of_networks_are_solved_as_a_whole_too() {
    let config = NetworkConfig { width: 12, depth: 2, ..NetworkConfig::default() };
    let network = Perceptron::new(config, &weights(config, 2, 5));
    for prediction in [Prediction::Noise, Prediction::Score] {
        for schedule in [Schedule::VariancePreserving, Schedule::Linear] {
            let field = Predicted { model: network.clone(), prediction, schedule };
            assert_same(&field.clone(), &Disguised(field), solver(SolverKind::Heun, 20), &format!("{schedule:?}"));
        }
    }
    for conditions in [1, 45] {
        let condition = values(points(2, conditions));
        let model = Told {
            model: Perceptron::new(config, &weights_in(config, [2, 3], 5)),
            beside: Beside::Condition(condition.clone()),
        };
        let field = Predicted { model, prediction: Prediction::Noise, schedule: Schedule::Linear };
        assert_same(&field.clone(), &Disguised(field), solver(SolverKind::Heun, 20), "in a condition");
    }
    let config = NetworkConfig { conditioning: Conditioning::None, ..config };
    let blocks = Blocks((0..3).map(|seed| Perceptron::new(config, &weights(config, 2, seed))).collect());
    assert_same(&blocks.clone(), &Disguised(blocks), solver(SolverKind::Rk4, 9), "blocks");
}

#[test]
fn gradients_of_a_whole_solve_are_those_of_its_steps() {
    for kind in KINDS {
        for (dim, width, depth) in [(2, 16, 3), (3, 6, 1)] {
            let config = NetworkConfig { width, depth, ..NetworkConfig::default() };
            let gradients = |by_layers: bool| {
                let x = || points(dim, 45).autodiff().require_grad();
                let loss = |weights: &Weights, x: Tensor<2>| {
                    let network = Perceptron::new(config, weights);
                    let field: Box<dyn VelocityField> =
                        if by_layers { Box::new(ByLayers(network)) } else { Box::new(network) };
                    let map = FlowMap { field: field.as_ref(), solver: solver(kind, 4) };
                    let end = map.integrate(x, [0.0, 1.0], &Divergence::Exact);
                    let square = (end.position.clone() * end.position).sum_dim(1);
                    (square - end.divergence.mul_scalar(1.3) + end.energy.mul_scalar(0.7)).sum()
                };
                let (tracked, start) = (weights(config, dim, 5).tracked(), x());
                let of_x = start.grad(&loss(&tracked, start.clone()).backward()).unwrap();
                let of_weights: Tensor<2> = tracked.gradient(&loss(&tracked, x())).unsqueeze();
                [values(of_x), values(of_weights)]
            };
            for (ours, reference) in gradients(false).iter().zip(&gradients(true)) {
                assert_close(ours, reference, &format!("{kind:?} in {dim}"));
            }
        }
    }
}

/// Heun's two steps of dx/dt = 0.3 x + 0.7 g(x, t, condition), which is all that moves; and ∫ div dt, ∫ |dx/dt|² dt.
const TIMES: [f32; 3] = [0.1, 0.4, 0.6];
const FACTORS: [f32; 2] = [0.3, 0.7];

fn two_steps() -> Steps {
    let evaluation = |time| Evaluation { time, of_x: FACTORS[0], of_network: FACTORS[1], speed: 1.0 };
    Steps {
        tableau: SolverKind::Heun.tableau(),
        lengths: TIMES.windows(2).map(|ends| ends[1] - ends[0]).collect(),
        evaluations: TIMES.windows(2).flatten().copied().map(evaluation).collect(),
        recorded: false,
    }
}

fn two_steps_by_layers(network: &Perceptron, start: Tensor<2>, condition: Tensor<2>) -> Tensor<2> {
    let dim = start.dims()[1];
    let slopes = |x: Tensor<2>, time: f32| {
        let rows = condition.dims()[0];
        let context = Tensor::cat(vec![Tensor::full([rows, 1], time, &Device::flex()), condition.clone()], 1);
        let (value, trace) = network.trace_by_layers(x.clone(), context);
        let velocity = x.mul_scalar(FACTORS[0]) + value.mul_scalar(FACTORS[1]);
        let divergence = trace.mul_scalar(FACTORS[1]).add_scalar(FACTORS[0] * dim as f32);
        let energy = (velocity.clone() * velocity.clone()).sum_dim(1);
        Tensor::cat(vec![velocity, divergence, energy], 1)
    };
    let mut state = Tensor::cat(vec![start.clone(), start.zeros_like().narrow(1, 0, 1).repeat_dim(1, 2)], 1);
    for ends in TIMES.windows(2) {
        let (length, x) = (ends[1] - ends[0], state.clone().narrow(1, 0, dim));
        let first = slopes(x.clone(), ends[0]);
        let second = slopes(x + first.clone().narrow(1, 0, dim).mul_scalar(length), ends[1]);
        state = state + (first + second).mul_scalar(0.5 * length);
    }
    state
}

/// Only the time moves along a solve; the other columns of the context stay, whether all points share them or not.
#[test]
fn a_whole_solve_in_a_condition_is_the_sum_of_its_steps() {
    for (dim, width, depth) in [(2, 16, 3), (1, 6, 1), (3, 21, 2)] {
        let config = NetworkConfig { width, depth, ..NetworkConfig::default() };
        for rows in [1, 45] {
            let condition: Vec<f32> = (0..2 * rows).map(|i| (i * 7 % 11) as f32 / 11.0 - 0.4).collect();
            let solved = |by_layers: bool| {
                let run = |tracked: &Weights, x: Tensor<2>| {
                    let network = Perceptron::new(config, tracked);
                    if by_layers {
                        let condition = TensorData::new(condition.clone(), [rows, 2]);
                        two_steps_by_layers(&network, x, Tensor::from_data(condition, &Device::flex()))
                    } else {
                        let told = Told { model: network, beside: Beside::Condition(condition.clone()) };
                        told.fused().and_then(|fused| fused.solve(&x, true, two_steps())).expect("one operation")
                    }
                };
                let loss = |state: Tensor<2>| (state.clone() * state).sum();
                let (tracked, x) =
                    (weights_in(config, [dim, 3], 5).tracked(), points(dim, 45).autodiff().require_grad());
                let of_x = x.grad(&loss(run(&tracked, x.clone())).backward()).unwrap();
                let of_weights: Tensor<2> = tracked.gradient(&loss(run(&tracked, x.clone()))).unsqueeze();
                [values(run(&weights_in(config, [dim, 3], 5), points(dim, 45))), values(of_x), values(of_weights)]
            };
            for (ours, reference) in solved(false).iter().zip(&solved(true)) {
                assert_close(ours, reference, &format!("{dim} coordinates, {rows} conditions"));
            }
        }
    }
}

/// A batch too large for what the network computes to be kept, against its parts, where it is.
#[test]
fn gradients_do_not_depend_on_what_is_kept() {
    let (config, batch, parts) = (NetworkConfig::default(), 2048, 8);
    let all = points(2, batch);
    let gradient = |x: Tensor<2>| {
        let tracked = weights(config, 2, 5).tracked();
        let network = Perceptron::new(config, &tracked);
        let map = FlowMap { field: &network, solver: solver(SolverKind::Rk4, 4) };
        let end = map.integrate(x, [0.0, 1.0], &Divergence::Exact);
        let loss = (end.position.clone() * end.position).sum() - end.divergence.sum() + end.energy.sum();
        values(tracked.gradient(&loss).unsqueeze())
    };
    let part = |i: usize| gradient(all.clone().narrow(0, i * batch / parts, batch / parts));
    let mut sum = vec![0.0; gradient(all.clone().narrow(0, 0, 1)).len()];
    (0..parts).for_each(|i| sum.iter_mut().zip(part(i)).for_each(|(sum, g)| *sum += g));
    assert_close(&gradient(all.clone()), &sum, "whole and parts");
}
