//! Training against closed forms between Gaussians: minutes, so only by name
//! (`cargo xtask test --slow`).

use burn::tensor::{Device, Tensor};
use flow_playground::distribution::{Distribution, Gaussian, Mixture};
use flow_playground::flow_map::FlowMap;
use flow_playground::method::{Ends, JkoFlowConfig, MethodConfig, Pool, Problem, Streams};
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{
    Conditioning, NetworkConfig, Potential, PotentialConfig, VelocityField, Weights, tensor_from_points,
    values_from_tensor,
};
use pollster::block_on;
use serde_json::{Value, json};

const FINE: SolverConfig = SolverConfig { kind: SolverKind::Rk4, steps: 50, tolerance: None };

fn gaussian(mean: Vec<f64>, covariance: Vec<f64>) -> Distribution {
    Mixture::new(vec![1.0], vec![Gaussian::new(mean, covariance)]).into()
}

/// What is trained, on what.
struct Bench<'a> {
    method: MethodConfig,
    problem: Problem<'a>,
    optimizer: OptimizerConfig,
    steps: usize,
}

impl<'a> Bench<'a> {
    fn new(method: &Value, data: &'a Distribution, noise: &'a Distribution, network: NetworkConfig) -> Self {
        let method = serde_json::from_value(method.clone()).unwrap();
        let optimizer = OptimizerConfig {
            batch: 512,
            learning_rate: 5e-3,
            final_learning_rate: 1e-5,
            ema_decay: 0.99,
            ..OptimizerConfig::default()
        };
        Self {
            method,
            problem: Problem { data, noise, network, condition: None, asked: None, jump: None, seed: 1 },
            optimizer,
            steps: 1500,
        }
    }

    fn train(&self, pool: Option<&Pool>, round: usize, before: Option<&Training>) -> Training {
        let (device, mut streams) = (Device::flex(), Streams::new(7 + round as u64));
        let method = self.method.method();
        let layout = method.layout(&self.problem);
        let initial = layout.initial_weights(&mut Rng::new(1, Stream::Weights));
        let mut training = before.map_or_else(|| Training::new(self.optimizer, initial, &device), Training::restarted);
        for step in 0..self.steps {
            let batch = self.optimizer.batch;
            let mut ends = Ends { problem: self.problem, pool, round, batch, device: &device, streams: &mut streams };
            training.advance(&layout, step as f64 / self.steps as f64, |weights| method.loss(weights, &mut ends));
        }
        training
    }

    fn weights(&self, training: &Training) -> Weights {
        self.method.method().layout(&self.problem).cut(&training.averaged())
    }

    fn field(&self, training: &Training) -> Box<dyn VelocityField> {
        self.method.method().field(&self.problem, &[self.weights(training)])
    }
}

fn carry(field: &dyn VelocityField, points: &Points, ends: [f64; 2]) -> Points {
    let x = tensor_from_points(points, &Device::flex());
    let end = block_on(FlowMap { field, solver: FINE }.transport(x, ends)).unwrap().state;
    let dim = points.dim();
    Points::new(block_on(values_from_tensor(end)).unwrap(), dim).unwrap()
}

/// Standard deviations along (1, 1) and (1, -1), of which the second is the narrow one here.
fn deviations_along_diagonals(points: &Points) -> [f64; 2] {
    [1.0, -1.0].map(|sign| {
        let values: Vec<f64> =
            points.rows().map(|row| (f64::from(row[0]) + sign * f64::from(row[1])) / 2f64.sqrt()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64).sqrt()
    })
}

/// 8.6: every block takes each standard deviation s to (s + √(s² + 4h(1 + h))) / 2(1 + h).
#[test]
fn jko_blocks_take_the_steps_of_the_gaussian_table() {
    let data = gaussian(vec![0.0; 2], vec![7.0, 5.0, 5.0, 7.0]);
    let noise = Distribution::from(Mixture::standard_normal(2));
    let network = NetworkConfig { width: 24, depth: 2, conditioning: Conditioning::None, ..Default::default() };
    let method = json!({ "kind": "jko-flow", "blocks": 9, "substeps": 5 });
    let mut bench = Bench::new(&method, &data, &noise, network);
    bench.steps = 600;
    let config = JkoFlowConfig { blocks: 9, ..JkoFlowConfig::default() };
    // ΣV of the table: standard deviations after each block.
    let table =
        [[2.841662624, 1.28679568], [2.221632892, 1.174013557], [1.686073148, 1.089713456], [1.310516531, 1.038228962]];
    let mut pool = Pool { data: data.sample(100_000, &mut Rng::new(3, Stream::Data)), noise: None };
    let mut training = None;
    for (k, published) in table.into_iter().enumerate() {
        let before = deviations_along_diagonals(&pool.data);
        let trained = bench.train(Some(&pool), k, training.as_ref());
        pool.data = carry(bench.field(&trained).as_ref(), &pool.data, [0.0, 1.0]);
        let after = deviations_along_diagonals(&pool.data);
        let h = config.step_size(k);
        for (axis, (s, reached)) in before.into_iter().zip(after).enumerate() {
            let expected = (s + (s * s + 4.0 * h * (1.0 + h)).sqrt()) / (2.0 * (1.0 + h));
            println!("block {k}, axis {axis}: {reached:.4}, exactly {expected:.4}, table {:.4}", published[axis]);
            assert!((reached - expected).abs() < 1e-2, "block {k}, axis {axis}: {reached} should be {expected}");
            assert!((reached - published[axis]).abs() < 3e-2);
        }
        training = Some(trained);
    }
}

/// 8.7: the optimal potential's transport cost and NLL, and its gradient.
#[test]
fn ot_flow_finds_the_gaussian_potential() {
    let data = gaussian(vec![0.0; 2], vec![4.0, 0.0, 0.0, 0.25]);
    let noise = Distribution::from(Mixture::standard_normal(2));
    let network = NetworkConfig { width: 16, depth: 2, ..Default::default() };
    // So much weight on the likelihood that what it gives up for shorter transport is below the tolerance.
    let method = json!({ "kind": "ot-flow", "likelihoodWeight": 100.0, "hjbWeight": 5.0 });
    let mut bench = Bench::new(&method, &data, &noise, network);
    bench.optimizer.learning_rate = 0.02;
    let trained = bench.train(None, 0, None);
    let weights = bench.weights(&trained);
    let potential = Potential::new(PotentialConfig { dim: 2, width: 16, depth: 2 }, &weights.pieces);
    let points = data.sample(20_000, &mut Rng::new(4, Stream::Data));
    let x = tensor_from_points(&points, &Device::flex());
    let map = FlowMap { field: &potential, solver: FINE };
    let end = map.integrate(x, [0.0, 1.0], &flow_playground::divergence::Divergence::Exact);
    let mean = |tensor: Tensor<2>| f64::from(block_on(values_from_tensor(tensor.mean())).unwrap()[0]);
    let cost = 0.5 * mean(end.energy);
    let square = (end.position.clone() * end.position).sum_dim(1);
    let nll = 0.5 * mean(square) + std::f64::consts::TAU.ln() - mean(end.divergence);
    println!("transport cost {cost:.4}, exactly 0.625; NLL {nll:.4}, exactly 2.8379");
    // Twenty thousand points: 0.007 of sampling noise in each.
    assert!((cost - 0.625).abs() < 0.03 && (nll - 2.8379).abs() < 0.03, "{cost} {nll}");
    let at = Tensor::from_floats([[1.0, -0.5]], &Device::flex());
    let gradient = block_on(values_from_tensor(potential.velocity(at, 0.2).neg())).unwrap();
    // -(q - 1)/(1 - t + t q) x with q = 1/√λ.
    for ((found, x), lambda) in gradient.iter().zip([1.0, -0.5]).zip([4.0f64, 0.25]) {
        let q = 1.0 / lambda.sqrt();
        let exact = -(q - 1.0) / (0.8 + 0.2 * q) * x;
        assert!((f64::from(*found) - exact).abs() < 0.05, "{found} should be {exact}");
    }
}

/// 8.4 and 8.5: between Gaussians flow matching ends at the optimal map on curved trajectories; minibatch optimal transport and
/// reflow straighten them and keep the map.
#[test]
fn flow_matching_reflow_and_optimal_transport_reach_the_optimal_map() {
    let (mean, lambda) = ([1.0, -2.0], [4.0f64, 0.25]);
    let data = gaussian(mean.to_vec(), vec![lambda[0], 0.0, 0.0, lambda[1]]);
    let noise = Distribution::from(Mixture::standard_normal(2));
    let network = NetworkConfig { width: 48, depth: 2, ..Default::default() };
    let start = noise.sample(2000, &mut Rng::new(6, Stream::Samples));
    let check = |name: &str, field: &dyn VelocityField, bound: f64, straight: [f64; 2]| {
        let end = carry(field, &start, [1.0, 0.0]);
        let square = start.rows().zip(end.rows()).map(|(z, x)| {
            (0..2).map(|i| (f64::from(x[i]) - mean[i] - lambda[i].sqrt() * f64::from(z[i])).powi(2)).sum::<f64>()
        });
        let error = (square.sum::<f64>() / 2000.0).sqrt();
        let (mut times, mut states) = (Vec::new(), Vec::new());
        let x = tensor_from_points(&start, &Device::flex());
        let mut observe = |t: f64, state: &Tensor<2>| {
            times.push(t);
            states.push(state.clone());
        };
        block_on(FlowMap { field, solver: FINE }.record(x, [1.0, 0.0], Some(&mut observe))).unwrap();
        let points = |state| Points::new(block_on(values_from_tensor(state)).unwrap(), 2).unwrap();
        let positions = states.into_iter().map(points).collect();
        let trajectory = flow_playground::ode::Trajectory { times, positions, evaluations: 0 };
        let straightness = flow_playground::metric::straightness(&trajectory).unwrap().straightness;
        println!("{name}: {error:.4} from the optimal map, straightness {straightness:.4}");
        assert!(error < bound && (straight[0]..straight[1]).contains(&straightness), "{name}: {error} {straightness}");
        end
    };
    let mut independent = Bench::new(&json!({ "kind": "reflow" }), &data, &noise, network);
    independent.steps = 4000;
    let first = independent.train(None, 0, None);
    // 1.0730 exactly.
    check("flow matching", independent.field(&first).as_ref(), 0.1, [1.0, 1.15]);
    let pairs = noise.sample(20_000, &mut Rng::new(9, Stream::Noise));
    let generated = carry(independent.field(&first).as_ref(), &pairs, [1.0, 0.0]);
    let pool = Pool { data: generated, noise: Some(pairs) };
    let second = independent.train(Some(&pool), 1, Some(&first));
    check("reflow", independent.field(&second).as_ref(), 0.1, [0.0, 2e-3]);
    let coupled = json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 512 });
    let mut coupled = Bench::new(&coupled, &data, &noise, network);
    coupled.steps = 1500;
    let trained = coupled.train(None, 0, None);
    check("minibatch optimal transport", coupled.field(&trained).as_ref(), 0.15, [0.0, 0.02]);
}
