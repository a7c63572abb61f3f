//! Networks that are told how far to jump: what their losses have the exact mean velocity as their answer to, what training on
//! them reaches, and who samples by them. Against `tests/vectors/flow-maps.json`.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, Gaussian, Mixture};
use flow_playground::method::{
    Asked, ConditionConfig, Ends, Jump, Method, MethodConfig, Problem, Streams, mean_flow_target, shortcut_target,
};
use flow_playground::path::Schedule;
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::transport::{FewSteps, Transport};
use flow_playground::velocity::{
    ClosedForm, ExactMixture, Model, NetworkConfig, Weights, tensor_from_points, values_from_tensor,
};
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
            let target = mean_flow_target(&exact, rows(&x), rows(&velocity), &[t as f32, (t - r) as f32]);
            close(&values(target), &mean, 1e-5, "target");
        }
        let change = numbers(&value["total_derivative_in_t"]);
        let identity: Vec<f64> = (0..2).map(|k| velocity[k] - (t - r) * change[k]).collect();
        close(&identity, &mean, 1e-5, "identity");
    }
    let exact = Exact::of(mixture(&vectors));
    for (x, [_, d], _) in cases(&vectors["mixture"]["values"]) {
        let (t, velocity) = (0.8, exact.velocity(&x, 0.8));
        let target = mean_flow_target(&exact, rows(&x), rows(&velocity), &[t as f32, (0.6 * d) as f32]);
        close(&values(target), &exact.mean_velocity(&x, [t, 0.6 * d]), 1e-5, "mixture");
    }
}

/// A jump is the two halves of it, one after the other; the shortest ones' halves go by the velocity.
#[test]
fn the_exact_mean_velocity_answers_the_loss_of_shortcuts() {
    each_exact(|name, exact, values_of| {
        for (x, jump, _) in cases(values_of) {
            let target = shortcut_target(exact, rows(&x), &jump.map(|one| one as f32), 0.0);
            close(&values(target), &exact.mean_velocity(&x, jump), 1e-5, name);
            // By the velocity instead, wrong by as much as Euler's two steps of that length are.
            let euler = |d: f64| {
                let target = values(shortcut_target(exact, rows(&x), &[jump[0], d].map(|one| one as f32), 1.0));
                let wanted = exact.mean_velocity(&x, [jump[0], d]);
                target.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
            };
            let ratio = euler(0.1 * jump[1]) / euler(0.05 * jump[1]);
            assert!((1.5..2.5).contains(&ratio), "{name}: order {ratio}");
        }
    });
}

/// The exact mean velocity of each class of a mixture and of none, told after the time and the jump.
struct ByClass(Vec<Exact>);

impl ByClass {
    fn of(data: &Mixture) -> Self {
        let alone = |class: &Gaussian| Exact::of(Mixture::new(vec![1.0], vec![class.clone()]));
        Self(data.components.iter().map(alone).chain([Exact::of(data.clone())]).collect())
    }

    /// One that is told, and what is left to tell it: the time and the jump.
    fn asked(&self, context: &Tensor<2>) -> (&Exact, Tensor<2>) {
        let told = &values(context.clone())[2..self.context()];
        let class = told.iter().position(|&told| told == 1.0).expect("a class, or none");
        (&self.0[class], context.clone().narrow(1, 0, 2))
    }
}

impl Model for ByClass {
    fn dim(&self) -> usize {
        2
    }

    fn context(&self) -> usize {
        2 + self.0.len()
    }

    fn forward(&self, x: Tensor<2>, context: Tensor<2>) -> Tensor<2> {
        let (exact, context) = self.asked(&context);
        exact.forward(x, context)
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
        let still = &values(of_context.clone())[2..];
        assert!(still.iter().all(|&change| change == 0.0), "a class changes with time: {still:?}");
        let (exact, context) = self.asked(&context);
        exact.forward_and_product(x, context, of_x, of_context.narrow(1, 0, 2))
    }
}

/// A class's own, and that of all where the class is hidden.
#[test]
fn the_exact_mean_velocity_of_each_class_answers_both_losses() {
    let vectors = vectors();
    let exact = ByClass::of(&mixture(&vectors));
    for (class, of_class) in exact.0.iter().enumerate() {
        for (x, [_, d], _) in cases(&vectors["mixture"]["values"]) {
            let jump = [0.8, 0.6 * d];
            let told: Vec<f64> = (0..exact.0.len()).map(|one| f64::from(u8::from(one == class))).collect();
            let told: Vec<f32> = jump.iter().chain(&told).map(|&one| one as f32).collect();
            let velocity = rows(&of_class.velocity(&x, jump[0]));
            let wanted = of_class.mean_velocity(&x, jump);
            close(&values(mean_flow_target(&exact, rows(&x), velocity, &told)), &wanted, 1e-5, "mean flow");
            close(&values(shortcut_target(&exact, rows(&x), &told, 0.0)), &wanted, 1e-5, "shortcut");
        }
    }
}

const METHODS: [&str; 2] = ["mean-flow", "shortcut"];

fn trained(method: &dyn Method, problem: Problem<'_>) -> [Weights; 1] {
    const STEPS: usize = 2000;
    let optimizer = OptimizerConfig {
        learning_rate: 5e-3,
        final_learning_rate: 1e-5,
        ema_decay: 0.99,
        ..OptimizerConfig::default()
    };
    let (device, mut streams, layout) = (Device::flex(), Streams::new(7), method.layout(&problem));
    let mut training = Training::new(optimizer, layout.initial_weights(&mut Rng::new(1, Stream::Weights)), &device);
    for step in 0..STEPS {
        let mut ends = Ends { problem, pool: None, round: 0, batch: 256, device: &device, streams: &mut streams };
        training.advance(&layout, step as f64 / STEPS as f64, |weights| method.loss(weights, &mut ends));
    }
    [layout.cut(&training.averaged())]
}

/// The root mean square distance between where jumps end and where the exact flow does.
fn distance(method: &dyn Method, problem: &Problem<'_>, weights: &[Weights], steps: usize, exact: &Exact) -> f64 {
    let start = problem.noise.sample(200, &mut Rng::new(4, Stream::Samples));
    let map = FewSteps { field: method.field(problem, weights), steps, what: "" };
    let found = values(block_on(map.generate(tensor_from_points(&start, &Device::flex()), None)).unwrap().state);
    let wanted = start.rows().flat_map(|z| exact.map(&[f64::from(z[0]), f64::from(z[1])], [1.0, 1.0]));
    let squares: f64 = found.iter().zip(wanted).map(|(a, b)| (a - b).powi(2)).sum();
    (squares / start.len() as f64).sqrt()
}

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
        let weights = trained(method, problem);
        for (steps, jump) in [(1, 1.0), (2, 0.5), (4, 0.25), (64, 0.0)] {
            let error = distance(method, &Problem { jump: Some(jump), ..problem }, &weights, steps, &exact);
            // A step by the velocity alone ends at the mean, 2.06 away.
            assert!(error < 0.4, "{kind} in {steps} steps of {jump}: {error}");
        }
    }
}

/// Asked for a class, jumps end where the flow of that class does, which is far from where the other's does.
#[test]
fn trained_jumps_of_a_class_end_where_its_flow_does() {
    let vectors = vectors();
    let law = mixture(&vectors);
    let exact = ByClass::of(&law);
    let [data, noise] = [law, Mixture::standard_normal(2)].map(Distribution::from);
    let network = NetworkConfig { width: 32, depth: 2, ..NetworkConfig::default() };
    let condition = Some(ConditionConfig::default());
    for kind in METHODS {
        let method: MethodConfig = serde_json::from_value(json!({ "kind": kind })).unwrap();
        let method = method.method();
        let problem = Problem { data: &data, noise: &noise, network, condition, asked: None, jump: Some(0.0), seed: 1 };
        let weights = trained(method, problem);
        for class in 0..data.classes.len() {
            for (steps, jump) in [(1, 1.0), (2, 0.5), (64, 0.0)] {
                let asked = Asked::class(class, 1.0);
                let asked = Problem { asked: Some(&asked), jump: Some(jump), ..problem };
                let error = |class: usize| distance(method, &asked, &weights, steps, &exact.0[class]);
                let other = error((class + 1) % data.classes.len());
                println!("{kind}, class {class} in {steps} steps of {jump}: {} and {other}", error(class));
                assert!(error(class) < 0.3 && other > 1.0, "{kind}, class {class} in {steps} steps of {jump}: {other}");
            }
        }
    }
}
