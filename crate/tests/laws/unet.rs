//! The U-Net of pictures: as one operation against its layers, its changes against differences, and trained.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::fused::UNetShape;
use flow_playground::method::Asked;
use flow_playground::ode::SolverKind;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::SamplerConfig;
use flow_playground::session::Sampling;
use flow_playground::velocity::{Layout, Model, NetworkConfig, NetworkKind, UNet, Weights};
use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn normal(size: [usize; 2], seed: u64) -> Tensor<2> {
    let mut rng = Rng::new(seed, Stream::Noise);
    let values: Vec<f32> = (0..size[0] * size[1]).map(|_| rng.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, size), &Device::flex())
}

/// A time for each picture, or one for all, and what else there is.
fn context(rows: usize, columns: usize) -> Tensor<2> {
    let mut rng = Rng::new(9, Stream::Times);
    let values: Vec<f32> = (0..rows * columns).map(|_| rng.uniform() as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows, columns]), &Device::flex())
}

fn config(width: usize, depth: usize, patch: usize) -> NetworkConfig {
    NetworkConfig { kind: NetworkKind::UNet, width, depth, patch: Some(patch), ..NetworkConfig::default() }
}

/// Weights large enough that nothing is nearly linear, and no piece, nor a bias, is without effect.
fn weights(layout: &Layout, seed: u64) -> Weights {
    let mut packed = layout.initial_weights(&mut Rng::new(seed, Stream::Weights));
    let last = packed.len() - packed.len() / 20;
    packed[last..].iter_mut().for_each(|weight| *weight *= 8.0);
    let len = packed.len();
    layout.cut(&Tensor::from_data(TensorData::new(packed, [len]), &Device::flex()))
}

fn assert_close(ours: &[f32], reference: &[f32], what: &str) {
    let size = reference.iter().fold(0.0f32, |size, x| size.max(x.abs()));
    assert_eq!(ours.len(), reference.len(), "{what}");
    assert!(size > 0.0, "{what}: nothing would be compared");
    for (i, (a, b)) in ours.iter().zip(reference).enumerate() {
        assert!((a - b).abs() <= 5e-5 * (1.0 + size), "{what}: {a} at {i} should be {b}, of up to {size}");
    }
}

/// Σ of squares with unlike factors, so that no two outputs may be confused.
fn loss(output: Tensor<2>) -> Tensor<1> {
    let [rows, columns] = output.dims();
    let factors: Vec<f32> =
        (0..rows * columns).map(|i| (i * 5 % 13) as f32 / 13.0 - (i % columns) as f32 / columns as f32).collect();
    let factors = Tensor::<2>::from_data(TensorData::new(factors, [rows, columns]), &Device::flex());
    (output.clone() * output * factors.clone() + factors).sum()
}

/// Output and gradients in grey and color, for every patch, in whole tiles of pictures and what is left over, alone with the time
/// and with more, for widths that fill no block.
#[test]
fn the_network_agrees_with_its_layers() {
    for (dim, [width, depth, patch], batch, columns) in [
        (64, [8, 1, 1], 5, 1),
        (144, [6, 1, 2], 33, 1),
        (3 * 64, [5, 1, 2], 3, 4),
        (256, [4, 2, 4], 35, 2),
        (4 * 4, [9, 2, 1], 32, 1),
    ] {
        let config = config(width, depth, patch);
        let layout = config.layout_in(dim, columns);
        for rows in [batch, 1] {
            let run = |is_fused: bool| {
                let weights = weights(&layout, 5);
                // A graph is gone after one backward pass, so there are two.
                let output = |weights: &Weights, x: Tensor<2>| {
                    let (network, told) = (UNet::new(config, dim, weights), context(rows, columns));
                    if is_fused {
                        network.forward(x, told)
                    } else {
                        network.forward_by_layers([x, told], [None, None]).0
                    }
                };
                let plain = output(&weights, normal([batch, dim], 6));
                let tracked = weights.tracked();
                let x = normal([batch, dim], 6).autodiff().require_grad();
                let of_x = x.grad(&loss(output(&tracked, x.clone())).backward()).unwrap();
                let of_weights = tracked.gradient(&loss(output(&tracked, x)));
                [values(plain), values(of_x), values(of_weights)]
            };
            let [ours, reference] = [true, false].map(run);
            for (name, (ours, reference)) in ["output", "of x", "of weights"].iter().zip(ours.iter().zip(&reference)) {
                assert_close(ours, reference, &format!("{name}, {config:?} of {dim}, {columns} columns, {rows} rows"));
            }
        }
    }
}

#[test]
fn every_weight_has_a_name_and_an_effect() {
    let config = config(4, 1, 1);
    let layout = config.layout_in(16, 3);
    let names: Vec<_> = layout.0.iter().map(|piece| piece.name.as_str()).collect();
    let distinct: std::collections::HashSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    let tracked = weights(&layout, 5).tracked();
    let output = UNet::new(config, 16, &tracked).forward(normal([40, 16], 6), context(40, 3));
    let gradient = values(tracked.gradient(&loss(output)));
    let still = gradient.iter().filter(|of_weight| **of_weight == 0.0).count();
    assert_eq!(still, 0, "of {}", gradient.len());
}

/// How the output changes along tangents of pictures and context, against differences.
#[test]
fn products_are_differences() {
    let (config, dim) = (config(4, 1, 1), 36);
    let network = UNet::new(config, dim, &weights(&config.layout_in(dim, 2), 5));
    let (x, told) = (normal([3, dim], 6), context(3, 2));
    let (of_x, of_told) = (normal([3, dim], 7), normal([3, 2], 8).mul_scalar(0.1));
    let (value, product) = network.forward_and_product(x.clone(), told.clone(), of_x.clone(), of_told.clone()).unwrap();
    assert_close(&values(value), &values(network.forward(x.clone(), told.clone())), "value");
    // The fastest sine turns 200 times as fast as the time.
    let h = 2e-3;
    let moved = |by: f32| {
        network.forward(x.clone() + of_x.clone().mul_scalar(by), told.clone() + of_told.clone().mul_scalar(by))
    };
    let difference = (moved(h) - moved(-h)).div_scalar(2.0 * h);
    for (ours, reference) in values(product).iter().zip(values(difference)) {
        assert!((ours - reference).abs() < 0.02 * (1.0 + reference.abs()), "{ours} should be {reference}");
    }
}

/// The trace by unit tangents is what products with the unit vectors say.
#[test]
fn the_trace_is_the_sum_of_its_products() {
    let (config, dim) = (config(4, 1, 1), 16);
    let network = UNet::new(config, dim, &weights(&config.layout_in(dim, 1), 5));
    let (x, told) = (normal([2, dim], 6), context(2, 1));
    let units: Vec<f32> = (0..dim * 2 * dim).map(|i| f32::from(u8::from(i / (2 * dim) == i % dim))).collect();
    let units = Tensor::<3>::from_data(TensorData::new(units, [dim, 2, dim]), &Device::flex());
    let (_, products) = network.forward_and_products(x.clone(), told.clone(), units.clone()).unwrap();
    let sum = (products * units).sum_dim(2).sum_dim(0).reshape([2, 1]);
    assert_close(&values(network.forward_and_trace(x, told).1), &values::<2>(sum), "trace");
}

/// Estimates of the trace without tangents are those with them.
#[test]
fn estimates_of_the_trace_agree() {
    for (dim, [width, depth, patch], batch) in [(64, [6, 1, 2], 35), (3 * 16, [5, 2, 1], 3)] {
        let config = config(width, depth, patch);
        let layout = config.layout_in(dim, 2);
        let (x, told) = (normal([batch, dim], 6), context(batch, 2));
        let probes = normal([3 * batch, dim], 7).reshape([3, batch, dim]);
        let network = UNet::new(config, dim, &weights(&layout, 5));
        let (ours, products) = network.forward_and_products(x.clone(), told.clone(), probes.clone()).unwrap();
        let tangents = [Some(probes.clone().reshape([3 * batch, dim])), None];
        let (value, along) = network.forward_by_layers([x, told], tangents);
        let along = along.unwrap().reshape([3, batch, dim]);
        let estimates = |products: Tensor<3>| values((products * probes.clone()).sum_dim(2));
        assert_close(&values(ours), &values(value), "value");
        assert_close(&estimates(products), &estimates(along), "estimates");
    }
}

/// What is moved by a whole cell of both grids moves the output as far, away from the border.
#[test]
fn no_picture_sees_another_and_none_its_place() {
    let (config, dim) = (config(4, 1, 1), 64);
    let network = UNet::new(config, dim, &weights(&config.layout_in(dim, 1), 5));
    let (x, told) = (normal([40, dim], 6), context(1, 1));
    let together = network.forward(x.clone(), told.clone());
    let alone = network.forward(x.narrow(0, 37, 1), told);
    assert_close(&values(together.narrow(0, 37, 1)), &values(alone), "the 38th of 40");
}

#[test]
fn pictures_are_squares_of_one_or_three_colors() {
    for (dim, expected) in [
        (64, Some([8, 1])),
        (784, Some([28, 1])),
        (3072, Some([32, 3])),
        (3, Some([1, 3])),
        (65, None),
        (2, None),
        (192, Some([8, 3])),
    ] {
        assert_eq!(UNetShape::of_pictures(dim), expected, "{dim}");
    }
}

fn experiment(method: &str, more: serde_json::Value) -> serde_json::Value {
    let mut experiment = json!({
        "data": { "kind": "glyphs" }, "method": { "kind": method }, "network": { "kind": "u-net", "width": 4 },
        "optimizer": { "batch": 8 }, "budget": { "steps": 4 }
    });
    for (key, value) in more.as_object().unwrap() {
        experiment[key] = value.clone();
    }
    experiment
}

fn open(experiment: &serde_json::Value) -> Result<Session, flow_playground::FlowError> {
    let experiment = Experiment::from_json(experiment)?;
    block_on(Session::open(experiment, Start::default(), Engine::Cpu))
}

/// A tangent for each of many coordinates is what nobody waits for.
#[test]
fn a_likelihood_of_pictures_is_estimated_unless_asked_otherwise() {
    use flow_playground::divergence::DivergenceKind;
    use flow_playground::method::MethodConfig;
    for (given, expected) in
        [(json!({}), DivergenceKind::Hutchinson), (json!({ "divergence": "exact" }), DivergenceKind::Exact)]
    {
        let mut experiment = experiment("normalizing-flow", json!({}));
        for (key, value) in given.as_object().unwrap() {
            experiment["method"][key] = value.clone();
        }
        let MethodConfig::NormalizingFlow(config) = Experiment::from_json(&experiment).unwrap().method else {
            panic!()
        };
        assert_eq!(config.divergence, expected);
    }
}

/// Every choice that the page offers of a method, with what it is combined with.
fn choices_of(method: &str) -> Vec<Value> {
    let couplings = [json!("independent"), json!("minibatch-ot"), json!({ "sinkhorn": {} })];
    let paths = ["linear", "linear-smoothed", "cosine", "variance-preserving"];
    let along = |more: &dyn Fn(&str, &Value) -> Vec<Value>| -> Vec<Value> {
        paths.iter().flat_map(|path| couplings.iter().flat_map(move |coupling| more(path, coupling))).collect()
    };
    let each = |key: &str, choices: &[&str]| choices.iter().map(|choice| json!({ key: choice })).collect();
    match method {
        "flow-matching" => along(&|path, coupling| {
            let timed = |times| json!({ "path": path, "coupling": coupling, "couplingBatch": 4, "weighting": times });
            ["uniform", "logit-normal"].map(timed).to_vec()
        }),
        "stochastic-interpolant" => along(&|path, coupling| vec![json!({ "path": path, "coupling": coupling })]),
        "diffusion" => (0..9)
            .map(|i| {
                let weighting = ["uniform", "likelihood", "logit-normal"][i % 3];
                let prediction = ["noise", "score", "data"][i / 3];
                json!({ "prediction": prediction, "weighting": weighting })
            })
            .collect(),
        "reflow" => [[0, 0], [0, 2], [1, 0], [2, 1]]
            .map(|[rounds, distill]| json!({ "rounds": rounds, "distill": distill, "pairs": 100, "pairSteps": 1 }))
            .to_vec(),
        "mean-flow" => [[0.01, 0.0], [0.5, 1.0], [1.0, 0.5]]
            .map(|[jumps, adaptive]| json!({ "jumps": jumps, "adaptive": adaptive }))
            .to_vec(),
        "shortcut" => {
            [(0.01, 1), (0.9, 10)].map(|(jumps, halvings)| json!({ "jumps": jumps, "halvings": halvings })).to_vec()
        }
        "normalizing-flow" => ["exact", "hutchinson", "hutchinson-gaussian", "finite-difference"]
            .map(|divergence| json!({ "divergence": divergence, "trainingSteps": 1 }))
            .to_vec(),
        "coupling-flow" => each("maps", &["nice", "real-nvp", "glow", "spline"]),
        _ => vec![json!({})],
    }
}

/// The same, told nothing, or a class, which the coupling keeps to or ignores.
fn told_and_not(method: &str, choice: &Value) -> Vec<Value> {
    let mut settings = choice.clone();
    settings["kind"] = json!(method);
    let mut alone = json!({ "method": settings });
    if choice["divergence"] == "exact" {
        // It takes a tangent for each pixel.
        alone["data"] = json!({ "kind": "gaussian", "dim": 16 });
        alone["budget"] = json!({ "steps": 1 });
    }
    let is_told = ["flow-matching", "stochastic-interpolant", "diffusion", "mean-flow", "shortcut"].contains(&method);
    let pairs = if choice["coupling"].is_null() { &["within"][..] } else { &["within", "across"] };
    let told = pairs.iter().filter(|_| is_told).map(|pairs| {
        let mut told = alone.clone();
        told["condition"] = json!({ "kind": "class", "pairs": pairs });
        told
    });
    std::iter::once(alone.clone()).chain(told).collect()
}

/// Trains four steps, and samples in every way that is offered.
fn tried(settings: &Value) -> Result<(), FlowError> {
    let mut session = open(&experiment("", settings.clone()))?;
    let budget = session.experiment().budget.steps;
    let progress = block_on(session.advance(budget))?;
    assert!(progress.losses.iter().all(|loss| loss.is_finite()), "{settings}: {:?}", progress.losses);
    if session.experiment().condition.is_some() {
        session.ask(Some(Asked::class(1, 2.0)))?;
    }
    let euler = SolverConfig { kind: SolverKind::Euler, steps: 2, tolerance: None };
    let samplers = session.samplers();
    let drawn = samplers.into_iter().map(|kind| SamplerConfig { kind, steps: 2, ..SamplerConfig::default() }.into());
    for sampling in std::iter::once(Sampling::Solver(euler)).chain(drawn) {
        let points = block_on(session.sample(2, sampling, 1))?;
        assert!(points.values().iter().all(|x| x.is_finite()), "{settings} by {sampling:?}");
    }
    Ok(())
}

/// Every method with all that the page offers of it trains a U-Net and samples with it, or says why it cannot.
#[test]
fn whatever_can_be_chosen_trains_or_is_refused() {
    let mut refused = Vec::new();
    for method in [
        "flow-matching",
        "stochastic-interpolant",
        "diffusion",
        "reflow",
        "mean-flow",
        "shortcut",
        "normalizing-flow",
        "coupling-flow",
        "ot-flow",
        "jko-flow",
        "closed-form",
    ] {
        for choice in choices_of(method) {
            for settings in told_and_not(method, &choice) {
                if let Err(error) = tried(&settings) {
                    assert!(error.to_string().ends_with('.'), "{settings}: {error}");
                    refused.push(error.to_string());
                }
            }
        }
    }
    refused.dedup();
    let wanted = ["method.path", "method.weighting", "network.kind"];
    assert_eq!(refused.len(), wanted.len(), "{refused:?}");
    for (refused, place) in refused.iter().zip(wanted) {
        assert!(refused.starts_with(place), "{refused}");
    }
}

#[test]
fn what_it_cannot_do_is_refused_in_a_sentence() {
    let refusal = |experiment: serde_json::Value| open(&experiment).err().expect("a refusal").to_string();
    for (changed, said) in [
        (json!({ "data": { "kind": "moons" } }), "square pictures"),
        (json!({ "network": { "kind": "u-net", "patch": 3 } }), "1, 2 or 4"),
        (json!({ "network": { "kind": "u-net", "width": 65 } }), "1 to 64"),
        (
            json!({ "network": { "kind": "u-net", "patch": 4, "width": 4 }, "data": { "kind": "gaussian", "dim": 36 } }),
            "multiple of 8",
        ),
        (json!({ "network": { "patch": 2 } }), "none for a perceptron"),
        (json!({ "network": { "kind": "u-net", "activation": "tanh" } }), "silu"),
    ] {
        let refusal = refusal(experiment("flow-matching", changed.clone()));
        assert!(refusal.contains(said), "{changed}: {refusal}");
    }
    for method in ["jko-flow", "ot-flow", "coupling-flow"] {
        assert!(
            refusal(experiment(method, json!({ "network": { "kind": "u-net", "width": 4 } }))).contains("perceptron"),
            "{method}"
        );
    }
}
