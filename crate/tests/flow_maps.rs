//! Networks that are told how far to jump: what their losses have the exact mean velocity as their answer to, what training on
//! them reaches, and who samples by them. Against `tests/vectors/flow-maps.json`.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, Gaussian, Mixture};
use flow_playground::method::{Ends, Jump, MethodConfig, Problem, Streams, mean_flow_target, shortcut_target};
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::path::Schedule;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::session::{Metric, Origin};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::transport::{FewSteps, Transport};
use flow_playground::velocity::{
    ClosedForm, ExactMixture, Model, NetworkConfig, tensor_from_points, values_from_tensor,
};
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/flow-maps.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors are committed")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn gaussian(vectors: &Value) -> Mixture {
    let variance = numbers(&vectors["gaussian"]["variance"]);
    let covariance = vec![variance[0], 0.0, 0.0, variance[1]];
    Mixture::new(vec![1.0], vec![Gaussian::new(numbers(&vectors["gaussian"]["mean"]), covariance)])
}

fn mixture(vectors: &Value) -> Mixture {
    let of = &vectors["mixture"];
    let means = of["means"].as_array().unwrap().iter().map(numbers);
    let components = means.zip(numbers(&of["std"])).map(|(mean, std)| {
        let variance = std * std;
        Gaussian::new(mean, vec![variance, 0.0, 0.0, variance])
    });
    Mixture::new(numbers(&of["weights"]), components.collect())
}

/// The exact mean velocity u(x, t, d) of a mixture's flow, by its ODE in f64; its tangents by differences.
struct Exact(ExactMixture);

impl Exact {
    fn of(data: Mixture) -> Self {
        Self(ExactMixture::to_gaussian(data, Schedule::Linear))
    }

    fn velocity(&self, x: &[f64], t: f64) -> Vec<f64> {
        self.0.at(t)(x).velocity
    }

    /// x(t) to x(t - d) by Runge and Kutta's method.
    fn map(&self, x: &[f64], [t, d]: Jump) -> Vec<f64> {
        const STEPS: usize = 400;
        let h = -d / STEPS as f64;
        let moved = |x: &[f64], by: &[f64], h: f64| x.iter().zip(by).map(|(x, by)| x + h * by).collect::<Vec<_>>();
        (0..STEPS).fold(x.to_vec(), |x, i| {
            let t = t + h * i as f64;
            let a = self.velocity(&x, t);
            let b = self.velocity(&moved(&x, &a, h / 2.0), t + h / 2.0);
            let c = self.velocity(&moved(&x, &b, h / 2.0), t + h / 2.0);
            let d = self.velocity(&moved(&x, &c, h), t + h);
            (0..x.len()).map(|k| x[k] + h / 6.0 * (a[k] + 2.0 * b[k] + 2.0 * c[k] + d[k])).collect()
        })
    }

    fn mean_velocity(&self, x: &[f64], jump: Jump) -> Vec<f64> {
        if jump[1] == 0.0 {
            return self.velocity(x, jump[0]);
        }
        x.iter().zip(self.map(x, jump)).map(|(x, end)| (x - end) / jump[1]).collect()
    }
}

fn values(tensor: Tensor<2>) -> Vec<f64> {
    block_on(values_from_tensor(tensor)).unwrap().into_iter().map(f64::from).collect()
}

fn rows(values: &[f64]) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    let len = values.len() / 2;
    Tensor::from_data(TensorData::new(values, [len, 2]), &Device::flex())
}

impl Model for Exact {
    fn dim(&self) -> usize {
        2
    }

    fn context(&self) -> usize {
        2
    }

    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        let (x, context) = (values(x), values(context));
        let points = x.chunks(2).zip(context.chunks(2));
        rows(&points.flat_map(|(x, told)| self.mean_velocity(x, [told[0], told[1]])).collect::<Vec<_>>())
    }

    fn forward_and_trace(&self, _x: Tensor<2>, _context: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        unreachable!("no density is asked for")
    }

    fn forward_and_product(
        &self,
        x: Tensor<2>,
        context: Tensor<2>,
        of_x: Tensor<2>,
        of_context: Tensor<2>,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        const H: f64 = 1e-4;
        let output = self.forward(x.clone(), context.clone());
        let [x, context, of_x, of_context] = [x, context, of_x, of_context].map(values);
        let product = (0..x.len() / 2).flat_map(|i| {
            let pair = [2 * i, 2 * i + 1];
            let moved = |h: f64| {
                let at = pair.map(|k| x[k] + h * of_x[k]);
                self.mean_velocity(&at, pair.map(|k| context[k] + h * of_context[k]))
            };
            let (up, down) = (moved(H), moved(-H));
            [0, 1].map(|k| (up[k] - down[k]) / (2.0 * H))
        });
        Some((output, rows(&product.collect::<Vec<_>>())))
    }
}

fn close(found: &[f64], wanted: &[f64], bound: f64, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (a, b) in found.iter().zip(wanted) {
        assert!((a - b).abs() < bound * (1.0 + b.abs()), "{what}: {found:?} should be {wanted:?}");
    }
}

/// The points, their jumps, and where these end.
fn cases(values: &Value) -> Vec<(Vec<f64>, Jump, Vec<f64>)> {
    let of = |value: &Value| {
        let [t, r] = ["t", "r"].map(|name| value[name].as_f64().unwrap());
        (numbers(&value["x"]), [t, t - r], numbers(&value["map"]))
    };
    values.as_array().unwrap().iter().map(of).collect()
}

fn each_exact(check: impl Fn(&str, &Exact, &Value)) {
    let vectors = vectors();
    check("gaussian", &Exact::of(gaussian(&vectors)), &vectors["gaussian"]["values"]);
    check("mixture", &Exact::of(mixture(&vectors)), &vectors["mixture"]["values"]);
}

#[test]
fn the_exact_mean_velocity_is_the_oracle_s() {
    each_exact(|name, exact, values| {
        for (x, jump, end) in cases(values) {
            close(&exact.map(&x, jump), &end, 1e-8, name);
        }
    });
}

/// u = f - d du/dt along the path, by the numbers of the oracle.
#[test]
fn the_exact_mean_velocity_answers_the_loss_of_mean_flow() {
    let vectors = vectors();
    let exact = Exact::of(gaussian(&vectors));
    for value in vectors["gaussian"]["values"].as_array().unwrap() {
        let [t, r] = ["t", "r"].map(|name| value[name].as_f64().unwrap());
        let [x, velocity, mean] = ["x", "velocity", "mean_velocity"].map(|name| numbers(&value[name]));
        close(&exact.velocity(&x, t), &velocity, 1e-9, "velocity");
        // Not at t = 1, over whose end the differences would reach; there is the oracle's own derivative.
        if t < 1.0 {
            let target = mean_flow_target(&exact, rows(&x), rows(&velocity), &[[t, t - r]]);
            close(&values(target), &mean, 1e-5, "target");
        }
        let change = numbers(&value["total_derivative_in_t"]);
        let identity: Vec<f64> = (0..2).map(|k| velocity[k] - (t - r) * change[k]).collect();
        close(&identity, &mean, 1e-5, "identity");
    }
    let exact = Exact::of(mixture(&vectors));
    for (x, [_, d], _) in cases(&vectors["mixture"]["values"]) {
        let (t, velocity) = (0.8, exact.velocity(&x, 0.8));
        let target = mean_flow_target(&exact, rows(&x), rows(&velocity), &[[t, 0.6 * d]]);
        close(&values(target), &exact.mean_velocity(&x, [t, 0.6 * d]), 1e-5, "mixture");
    }
}

/// A jump is the two halves of it, one after the other; the shortest ones' halves go by the velocity.
#[test]
fn the_exact_mean_velocity_answers_the_loss_of_shortcuts() {
    each_exact(|name, exact, values_of| {
        for (x, jump, _) in cases(values_of) {
            let target = shortcut_target(exact, rows(&x), &[jump], 0.0);
            close(&values(target), &exact.mean_velocity(&x, jump), 1e-5, name);
            // By the velocity instead, wrong by as much as Euler's two steps of that length are.
            let euler = |d: f64| {
                let target = values(shortcut_target(exact, rows(&x), &[[jump[0], d]], 1.0));
                let wanted = exact.mean_velocity(&x, [jump[0], d]);
                target.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
            };
            let ratio = euler(0.1 * jump[1]) / euler(0.05 * jump[1]);
            assert!((1.5..2.5).contains(&ratio), "{name}: order {ratio}");
        }
    });
}

const METHODS: [&str; 2] = ["mean-flow", "shortcut"];

/// Trained on a Gaussian: one step and several end where the flow does, as does the ODE of the velocity.
#[test]
fn trained_jumps_end_where_the_flow_does() {
    let vectors = vectors();
    let exact = Exact::of(gaussian(&vectors));
    let [data, noise] = [gaussian(&vectors), Mixture::standard_normal(2)].map(Distribution::from);
    let network = NetworkConfig { width: 32, depth: 2, ..NetworkConfig::default() };
    for kind in METHODS {
        let method: MethodConfig = serde_json::from_value(json!({ "kind": kind })).unwrap();
        let method = method.method();
        let problem =
            Problem { data: &data, noise: &noise, network, condition: None, asked: None, jump: Some(0.0), seed: 1 };
        let layout = method.layout(&problem);
        let optimizer = OptimizerConfig {
            learning_rate: 5e-3,
            final_learning_rate: 1e-5,
            ema_decay: 0.99,
            ..OptimizerConfig::default()
        };
        let (device, mut streams) = (Device::flex(), Streams::new(7));
        let mut training = Training::new(optimizer, layout.initial_weights(&mut Rng::new(1, Stream::Weights)), &device);
        const STEPS: usize = 2000;
        for step in 0..STEPS {
            let mut ends = Ends { problem, pool: None, round: 0, batch: 256, device: &device, streams: &mut streams };
            training.advance(&layout, step as f64 / STEPS as f64, |weights| method.loss(weights, &mut ends));
        }
        let weights = [layout.cut(&training.averaged())];
        let start = noise.sample(200, &mut Rng::new(4, Stream::Samples));
        let wanted: Vec<f64> =
            start.rows().flat_map(|z| exact.map(&[f64::from(z[0]), f64::from(z[1])], [1.0, 1.0])).collect();
        for (steps, jump) in [(1, 1.0), (2, 0.5), (4, 0.25), (64, 0.0)] {
            let problem = Problem { jump: Some(jump), ..problem };
            let map = FewSteps { field: method.field(&problem, &weights), steps, what: "" };
            let x = tensor_from_points(&start, &device);
            let found = values(block_on(map.generate(x, None)).unwrap().state);
            let squares: f64 = found.iter().zip(&wanted).map(|(a, b)| (a - b).powi(2)).sum();
            let error = (squares / start.len() as f64).sqrt();
            // A step by the velocity alone ends at the mean, 2.06 away.
            assert!(error < 0.4, "{kind} in {steps} steps of {jump}: {error}");
        }
    }
}

fn open(method: &Value) -> Session {
    let experiment = json!({
        "seed": 3, "data": { "kind": "8-gaussians" }, "method": method, "network": { "width": 16, "depth": 2 },
        "optimizer": { "batch": 64 }, "budget": { "steps": 20 }, "solver": { "kind": "rk4", "steps": 10 },
    });
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

fn jumps(steps: usize) -> SamplerConfig {
    SamplerConfig { kind: SamplerKind::FewSteps, steps, ..SamplerConfig::default() }
}

/// One field, two ways to sample: its ODE with a density, and jumps, which are as many evaluations and have no way back.
#[test]
fn jumps_are_a_sampler_beside_the_ode() {
    for kind in METHODS {
        let mut session = open(&json!({ "kind": kind }));
        let progress = block_on(session.advance(20)).unwrap();
        assert_eq!(progress.network_evaluations, 20 * 3, "{kind}");
        assert_eq!(session.samplers(), SamplerKind::ALL);
        for steps in [1, 2, 4] {
            let path = block_on(session.trajectories(30, jumps(steps), 5, Origin::Noise)).unwrap();
            assert_eq!((path.evaluations, path.times.len()), (steps, steps + 1), "{kind}");
            assert_eq!(path.positions[steps], block_on(session.sample(30, jumps(steps), 5)).unwrap());
            let back = block_on(session.trajectories(30, jumps(steps), 5, Origin::Data)).unwrap_err().to_string();
            assert!(back.contains("a map of few steps, which has no way back"), "{back}");
        }
        let euler = SolverConfig { kind: SolverKind::Euler, steps: 1, tolerance: None };
        let by_jump = block_on(session.sample(30, jumps(1), 5)).unwrap();
        assert_ne!(by_jump, block_on(session.sample(30, euler, 5)).unwrap(), "{kind}: the jump is told");
        let measured = block_on(session.measure_with(100, 1, jumps(2), &Metric::ALL)).unwrap();
        assert_eq!((measured.nfe, measured.sampler), (2, Some(jumps(2))));
        assert!(measured.kl.is_some() && measured.sliced_w2.is_some() && measured.straightness.is_some());
        let curve = block_on(session.quality_against_cost(&[1, 2, 4].map(|n| jumps(n).into()), 50, 1, &Metric::ALL));
        assert_eq!(curve.unwrap().iter().map(|point| point.nfe).collect::<Vec<_>>(), [1, 2, 4]);
    }
}

#[test]
fn who_cannot_jump_says_so() {
    let refused = block_on(open(&json!({ "kind": "flow-matching" })).sample(5, jumps(1), 1)).unwrap_err().to_string();
    assert_eq!(
        refused,
        "sampler.kind is few-steps; allowed: another for this method; \"mean-flow\" and \"shortcut\" learn to jump."
    );
    let uneven: SamplerConfig =
        serde_json::from_value(json!({ "kind": "few-steps", "steps": 2, "grid": "karras" })).unwrap();
    let refused = block_on(open(&json!({ "kind": "shortcut" })).sample(5, uneven, 1)).unwrap_err().to_string();
    assert!(refused.starts_with("sampler.grid is") && refused.contains("one length"), "{refused}");
    for (experiment, sentence) in [
        (json!({ "method": { "kind": "mean-flow", "jumps": 0 } }), "method.jumps is 0; allowed: 0.01 to 1."),
        (json!({ "method": { "kind": "shortcut", "jumps": 1 } }), "method.jumps is 1; allowed: 0.01 to 0.9."),
        (json!({ "method": { "kind": "shortcut", "halvings": 11 } }), "method.halvings is 11; allowed: 1 to 10."),
        (
            json!({ "method": { "kind": "mean-flow" }, "network": { "conditioning": "none" } }),
            "network.conditioning is \"none\"; allowed: \"concat\" for this method, whose network is told how far to jump.",
        ),
    ] {
        assert_eq!(Experiment::from_json(&experiment).unwrap_err().to_string(), sentence);
    }
}

/// Any number of jumps of any batch, down to a batch that jumps whole.
#[test]
fn batches_of_any_size_train() {
    for method in [json!({ "kind": "mean-flow", "jumps": 1 }), json!({ "kind": "shortcut", "jumps": 0.01 })] {
        for batch in [1, 3, 64] {
            let experiment = json!({ "method": method, "network": { "width": 8, "depth": 1 },
                "optimizer": { "batch": batch }, "budget": { "steps": 3 } });
            let experiment = Experiment::from_json(&experiment).unwrap();
            let mut session = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap();
            let losses = block_on(session.advance(3)).unwrap().losses;
            assert!(losses.iter().all(|loss| loss.is_finite()), "{method} {batch}: {losses:?}");
            let points: Points<f64> = block_on(session.sample(5, jumps(1), 1)).unwrap();
            assert_eq!(points.len(), 5);
        }
    }
}
