//! Coupling flows: the formula of each block is the solution of the ODE that everything else sees, and two layers are enough for
//! any Gaussian of the plane.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, Gaussian, Mixture, Sampler};
use flow_playground::divergence::Divergence;
use flow_playground::flow_map::FlowMap;
use flow_playground::method::{Ends, Method, MethodConfig, Problem, Streams};
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::transport::{Coupled, Invertible};
use flow_playground::velocity::{
    CouplingKind, Couplings, CouplingsConfig, NetworkConfig, VelocityField, tensor_from_points, values_from_tensor,
};
use pollster::block_on;
use serde_json::{Value, json};

const KINDS: [CouplingKind; 4] = [CouplingKind::Nice, CouplingKind::RealNvp, CouplingKind::Glow, CouplingKind::Spline];

fn tensor(values: &[f32], dim: usize) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / dim, dim]), &Device::flex())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    block_on(values_from_tensor(tensor)).unwrap()
}

fn normal(dim: usize, len: usize) -> Tensor<2> {
    let points = Mixture::standard_normal(dim).sample(len, &mut Rng::new(4, Stream::Samples));
    tensor_from_points(&points, &Device::flex())
}

fn flow_of(config: CouplingsConfig, packed: &[f32]) -> Couplings {
    Couplings::new(config, &config.layout().cut(&Tensor::from_floats(packed, &Device::flex())))
}

/// A flow that bends, scales and mixes.
fn flow(kind: CouplingKind, layers: usize, dim: usize) -> Couplings {
    flow_of_size(kind, layers, dim, 1.6)
}

fn flow_of_size(kind: CouplingKind, layers: usize, dim: usize, size: f32) -> Couplings {
    let network = NetworkConfig { width: 12, depth: 2, ..NetworkConfig::default() };
    let config = CouplingsConfig { kind, layers, dim, network };
    let layout = config.layout();
    let mut rng = Rng::new(9, Stream::Weights);
    let mut packed = layout.initial_weights(&mut rng);
    packed.iter_mut().for_each(|weight| *weight = size * *weight + size / 5.0 * (rng.uniform() as f32 - 0.5));
    flow_of(config, &packed)
}

fn close(ours: &[f32], reference: &[f32], bound: f32, what: &str) {
    let apart = ours.iter().zip(reference).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max);
    assert!(ours.len() == reference.len() && apart < bound, "{what}: {apart}");
}

/// One layer whose network says the same everywhere: s and b of the vectors, which an independent program wrote.
#[test]
fn an_affine_coupling_has_the_reference_values() {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/affine-coupling.json")).unwrap();
    let network = NetworkConfig { width: 1, depth: 1, ..NetworkConfig::default() };
    let config = CouplingsConfig { kind: CouplingKind::RealNvp, layers: 1, dim: 2, network };
    for vector in vectors["values"].as_array().unwrap() {
        let number = |name: &str| vector[name].as_f64().unwrap();
        let mut packed = vec![0.0; config.layout().num_parameters()];
        // The last two weights are the output's bias: b of the first coordinate, which moves, then what s is clamped of.
        let len = packed.len();
        packed[len - 2] = number("b") as f32;
        packed[len - 1] = (2.0 * (number("s") / 2.0).atanh()) as f32;
        let flow = flow_of(config, &packed);
        let x = tensor(&[number("x2") as f32, 0.6], 2);
        let passed = flow.carry(x.clone(), [0.0, 1.0], 1, &mut |_, _| {});
        close(&values(passed.position), &[number("end") as f32, 0.6], 1e-6, "the end");
        close(&values(passed.log_det), &[number("divergence") as f32], 1e-6, "the determinant");
        let (_, divergence) = flow.velocity_and_trace(x, 0.4);
        close(&values(divergence), &[number("divergence") as f32], 1e-6, "the divergence");
    }
}

/// The ODE's solution and its integrated divergence, by a fine solver that sees no more than the field, over the whole way, back,
/// and between two times within blocks.
#[test]
fn the_formula_solves_the_ode() {
    for kind in KINDS {
        for (layers, dim) in [(2, 2), (5, 3), (3, 4)] {
            let flow = flow(kind, layers, dim);
            let solver = SolverConfig { kind: SolverKind::Rk4, steps: 20 * flow.len(), tolerance: None };
            for ends in [[0.0, 1.0], [1.0, 0.0], [0.13, 0.71], [0.9, 0.4]] {
                let passed = flow.carry(normal(dim, 50), ends, 1, &mut |_, _| {});
                let map = FlowMap { field: &flow, solver };
                let solved = block_on(map.augmented(normal(dim, 50), ends, &Divergence::Exact)).unwrap().state;
                let what = format!("{kind:?}, {layers} layers, {dim} coordinates, {ends:?}");
                close(&values(passed.position), &values(solved.position), 2e-4, &what);
                close(&values(passed.log_det), &values(solved.divergence), 2e-4, &what);
            }
        }
    }
}

/// Every coordinate moves, in every dimension, and what comes back is what was sent.
#[test]
fn the_inverse_is_exact() {
    for kind in KINDS {
        for dim in [2_usize, 3, 5, 8] {
            let flow = flow(kind, dim.div_ceil(dim / 2) + 1, dim);
            let x = normal(dim, 200);
            let there = flow.carry(x.clone(), [0.0, 1.0], 1, &mut |_, _| {});
            let back = flow.carry(there.position.clone(), [1.0, 0.0], 1, &mut |_, _| {});
            close(&values(back.position), &values(x.clone()), 5e-4, &format!("{kind:?} in {dim} dimensions"));
            close(&values(back.log_det), &values(-there.log_det), 5e-4, "the determinants are inverse");
            assert_eq!((there.evaluations, back.evaluations), (flow.len(), flow.len()));
            let moved = values((there.position - x).abs().max_dim(0));
            assert!(moved.iter().all(|&by| by > 0.05), "{kind:?} in {dim} dimensions: {moved:?}");
        }
    }
}

/// Without a scale a coupling keeps volumes: of NICE's log-determinant nothing depends on the point.
#[test]
fn nice_scales_all_points_alike() {
    let spread = |kind| {
        let log_det = values(flow(kind, 4, 2).carry(normal(2, 100), [0.0, 1.0], 1, &mut |_, _| {}).log_det);
        log_det.iter().copied().fold(f32::MIN, f32::max) - log_det.iter().copied().fold(f32::MAX, f32::min)
    };
    assert!(spread(CouplingKind::Nice) < 1e-6 && spread(CouplingKind::RealNvp) > 0.1);
}

/// What is shown on the way are points of the same trajectories, at equal times.
#[test]
fn states_on_the_way_are_those_of_the_flow() {
    for kind in KINDS {
        let flow = flow(kind, 3, 2);
        let noise = Mixture::standard_normal(2).into();
        let (mut times, mut states) = (Vec::new(), Vec::new());
        let mut observe = |t: f64, state: &Tensor<2>| {
            times.push(t);
            states.push(values(state.clone()));
        };
        let transport = Coupled { map: &flow, noise: &noise, states: 20 };
        block_on(transport.encode(normal(2, 30), Some(&mut observe))).unwrap();
        assert_eq!(times.len(), flow.len() * 20_usize.div_ceil(flow.len()) + 1);
        for (t, state) in times.iter().zip(&states).skip(1) {
            let alone = flow.carry(normal(2, 30), [0.0, *t], 1, &mut |_, _| {}).position;
            close(state, &values(alone), 1e-4, &format!("{kind:?} at {t}"));
        }
    }
}

fn gaussian(mean: [f64; 2], [a, b, c]: [f64; 3]) -> Distribution {
    Mixture::new(vec![1.0], vec![Gaussian::new(mean.to_vec(), vec![a, b, b, c])]).into()
}

/// KL(P ‖ model) after training on P, with its standard error.
fn trained_kl(method: &Value, data: &Distribution) -> [f64; 2] {
    let noise = Mixture::standard_normal(2).into();
    let network = NetworkConfig { width: 16, depth: 1, ..NetworkConfig::default() };
    let problem = Problem { data, noise: &noise, network, condition: None, asked: None, jump: None, seed: 1 };
    let (device, mut streams, batch, steps) = (Device::flex(), Streams::new(3), 256, 1500);
    let method: MethodConfig = serde_json::from_value(method.clone()).unwrap();
    let method: &dyn Method = method.method();
    let layout = method.layout(&problem);
    let optimizer = OptimizerConfig { learning_rate: 5e-3, final_learning_rate: 1e-5, ..OptimizerConfig::default() };
    let mut training = Training::new(optimizer, layout.initial_weights(&mut Rng::new(1, Stream::Weights)), &device);
    for step in 0..steps {
        let mut ends = Ends { problem, pool: None, round: 0, batch, device: &device, streams: &mut streams };
        training.advance(&layout, step as f64 / steps as f64, |weights| method.loss(weights, &mut ends));
    }
    let field = method.field(&problem, &[layout.cut(&training.averaged())]);
    let flow = Coupled { map: field.in_closed_form().unwrap(), noise: &noise, states: 1 };
    let points = data.sample(8192, &mut Rng::new(5, Stream::Heldout));
    let found = block_on(flow.log_density(tensor_from_points(&points, &device), 0.0)).unwrap().values.unwrap();
    let truth = |row: &[f32]| data.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>()).unwrap();
    let gaps: Vec<f64> = points.rows().zip(found).map(|(row, p)| truth(row) - p).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let square = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    [mean, (square / gaps.len() as f64).sqrt()]
}

#[test]
fn two_layers_reach_any_gaussian_of_the_plane() {
    let gaussians = [
        gaussian([0.0, 0.0], [1.0, 0.95, 1.0]),
        gaussian([1.5, -0.5], [2.0, -0.9, 0.5]),
        gaussian([-1.0, 2.0], [0.1, 0.0, 3.0]),
        gaussian([0.5, 0.5], [1.5, 1.45, 1.5]),
    ];
    for maps in ["nice", "real-nvp", "glow"] {
        for data in &gaussians {
            let method = json!({ "kind": "coupling-flow", "maps": maps, "layers": 2 });
            let [kl, error] = trained_kl(&method, data);
            assert!(kl < 2e-3 && kl > -4.0 * error, "{maps}: {kl} ± {error}");
        }
    }
}

fn finite(tensor: Tensor<2>, what: &str) -> Vec<f32> {
    let values = values(tensor);
    assert!(values.iter().all(|value| value.is_finite()), "{what}: {values:?}");
    values
}

#[test]
fn splines_begin_as_the_identity() {
    for dim in [2, 5] {
        let network = NetworkConfig { width: 12, depth: 2, ..NetworkConfig::default() };
        let config = CouplingsConfig { kind: CouplingKind::Spline, layers: 4, dim, network };
        let flow = flow_of(config, &config.layout().initial_weights(&mut Rng::new(1, Stream::Weights)));
        let x = normal(dim, 100);
        let passed = flow.carry(x.clone(), [0.0, 1.0], 1, &mut |_, _| {});
        close(&values(passed.position), &values(x.clone()), 2e-6, "the identity");
        assert!(values(passed.log_det).iter().all(|by| by.abs() < 2e-6));
        assert!(values(flow.velocity(x, 0.3)).iter().all(|by| by.abs() < 2e-5));
    }
}

/// However steep and flat the bins are: their exponents are bounded. In one layer one coordinate moves, here by all that it can.
#[test]
fn a_spline_is_undone_however_steep() {
    for size in [1.0, 20.0, 1e4] {
        let flow = flow_of_size(CouplingKind::Spline, 1, 2, size);
        let points: Vec<f32> =
            (0..4000).flat_map(|i| [-5.5 + 11.0 * (i as f32) / 4000.0, 0.4 * (i % 13) as f32 - 2.4]).collect();
        for [from, to] in [[0.0, 1.0], [1.0, 0.0], [0.0, 0.5], [0.5, 1.0], [0.7, 0.2]] {
            let x = tensor(&points, 2);
            let there = flow.carry(x.clone(), [from, to], 1, &mut |_, _| {});
            let back = flow.carry(there.position.clone(), [to, from], 1, &mut |_, _| {});
            // An error of rounding on the way is as much larger as the way back is steeper there.
            let steep = finite(there.log_det, "determinants").into_iter().map(|log_det| 1.0 + (-log_det).exp());
            let apart = values(back.position - x).chunks_exact(2).map(|gap| gap[0].abs()).collect::<Vec<_>>();
            let worst = apart.iter().zip(steep).map(|(gap, steep)| gap / steep).fold(0.0, f32::max);
            assert!(worst < 5e-5, "size {size}, {from} to {to}: {worst}");
        }
    }
}

/// Nothing that is finite becomes what is not, and beyond its reach a spline leaves points where they are.
#[test]
fn a_spline_knows_no_point_that_it_cannot_carry() {
    for size in [0.0, 1.6, 1e6] {
        let flow = flow_of_size(CouplingKind::Spline, 2, 2, size);
        let each = [0.0_f32, 1.25, -5.0, 5.0, 5.1, -1e3, 1e12];
        let points: Vec<f32> = each.iter().flat_map(|&a| each.iter().flat_map(move |&b| [a, b])).collect();
        for ends in [[0.0, 1.0], [1.0, 0.0], [0.3, 0.8]] {
            let passed = flow.carry(tensor(&points, 2), ends, 1, &mut |_, _| {});
            let positions = finite(passed.position, "positions");
            let log_det = finite(passed.log_det, "determinants");
            for (i, (from, to)) in points.chunks_exact(2).zip(positions.chunks_exact(2)).enumerate() {
                let beyond = from.iter().all(|x| x.abs() > 5.0);
                let stays = from.iter().zip(to).all(|(a, b)| (a - b).abs() <= 1e-5 * a.abs());
                assert!(!beyond || (stays && log_det[i].abs() < 5e-4), "{from:?}: {to:?}, {}", log_det[i]);
            }
        }
        for t in [0.0, 0.2, 0.5, 1.0] {
            let (velocity, divergence) = flow.velocity_and_trace(tensor(&points, 2), t);
            finite(velocity, "velocities");
            finite(divergence, "divergences");
        }
    }
}

/// What stays of an affine coupling of one mode is one mode; a spline parts it, given nothing.
#[test]
fn a_spline_makes_two_modes_of_one() {
    let mode = |y: f64| Gaussian::new(vec![0.0, y], vec![1.0, 0.0, 0.0, 0.1]);
    let data: Distribution = Mixture::new(vec![0.5, 0.5], vec![mode(-1.2), mode(1.2)]).into();
    let [spline, affine] = ["spline", "real-nvp"]
        .map(|maps| trained_kl(&json!({ "kind": "coupling-flow", "maps": maps, "layers": 2 }), &data)[0]);
    assert!(spline < 0.02 && affine > 3.0 * spline, "{spline}, {affine}");
}
