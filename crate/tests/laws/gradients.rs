//! Gradients of every loss, and products with the Jacobian, against central differences.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, DistributionConfig, DistributionKind, Mixture, Sampler};
use flow_playground::method::{ConditionConfig, Ends, MethodConfig, Pool, Problem, Streams};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{
    Activation, Conditioning, Layout, Model, NetworkConfig, Perceptron, Weights, tensor_from_points,
};
use serde_json::{Value, json};

const ACTIVATIONS: [Activation; 3] = [Activation::Silu, Activation::Tanh, Activation::Softplus];

fn config(activation: Activation) -> NetworkConfig {
    NetworkConfig { width: 6, depth: 2, activation, ..NetworkConfig::default() }
}

fn packed(weights: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(weights.to_vec(), [weights.len()]), &Device::flex())
}

fn scalar(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_data().try_into_vec::<f32>().unwrap()[0])
}

/// Every weight's derivative against (L(w + h) - L(w - h)) / 2h, for one and the same batch. In f32 the difference of losses of
/// size 10 carries an error of about 1e-6 · 10 / 2h, so h = 1e-2 leaves 1e-3, relative to gradients of size 1.
fn check(method: &Value, network: NetworkConfig, round: usize) {
    check_told(method, network, round, None);
}

fn check_told(method: &Value, network: NetworkConfig, round: usize, condition: Option<ConditionConfig>) {
    // What is trained from an energy needs one; a warm one is not steep.
    let well = DistributionConfig { temperature: Some(2.0), ..DistributionKind::DoubleWell.into() };
    let data = match method.get("objective") {
        Some(_) => well.build("data", None).unwrap(),
        None => Mixture::eight_gaussians().into(),
    };
    check_of(&data, method, network, round, condition);
}

fn check_of(
    data: &Distribution,
    method: &Value,
    network: NetworkConfig,
    round: usize,
    condition: Option<ConditionConfig>,
) {
    let method: MethodConfig = serde_json::from_value(method.clone()).unwrap();
    let method = method.method();
    let uniform = DistributionConfig::from(DistributionKind::Uniform).noise_on(data.space);
    let noise = uniform.unwrap_or_else(|| Mixture::standard_normal(2).into());
    let jump = method.jumps().then_some(0.0);
    let problem = Problem { data, noise: &noise, network, condition, asked: None, jump, seed: 1 };
    let pool = Pool {
        data: data.sample(32, &mut Rng::new(5, Stream::Data)),
        noise: Some(noise.sample(32, &mut Rng::new(5, Stream::Noise))),
    };
    let layout = method.layout(&problem);
    let initial = layout.initial_weights(&mut Rng::new(3, Stream::Weights));
    let loss = |layout: &Layout, weights: Tensor<1>, tracked: bool| {
        let (device, mut streams) = (Device::flex(), Streams::new(11));
        let weights = layout.cut(&weights);
        let weights = if tracked { weights.tracked() } else { weights };
        let pool = (round > 0).then_some(&pool);
        let mut ends = Ends { problem, pool, round, batch: 8, device: &device, streams: &mut streams };
        // Targets that the network has a part in stay where they are: no gradient goes through them.
        if method.jumps() && !tracked {
            let examples = method.examples(&mut ends, &|| layout.cut(&packed(&initial))).unwrap();
            return (ends.regression(&Perceptron::new(network, &weights), examples), weights);
        }
        (method.loss(&weights, &mut ends), weights)
    };
    let weights = initial.clone();
    let (value, tracked) = loss(&layout, packed(&weights), true);
    let gradient: Vec<f32> = tracked.gradient(&value).into_data().try_into_vec().unwrap();
    assert_eq!(gradient.len(), weights.len());
    let h = 1e-2;
    let mut largest: f64 = 0.0;
    for i in 0..weights.len() {
        let moved = |by: f32| {
            let mut weights = weights.clone();
            weights[i] += by;
            scalar(loss(&layout, packed(&weights), false).0)
        };
        let difference = (moved(h) - moved(-h)) / (2.0 * f64::from(h));
        let error = (difference - f64::from(gradient[i])).abs();
        // Half as much again where the function itself is steep: JKO's blocks divide a difference in f32 by 0.014.
        assert!(
            error < 1e-2 * (1.0 + difference.abs()),
            "{method:?} weight {i}: {} should be {difference}",
            gradient[i],
            method = layout.0[0].name
        );
        largest = largest.max(f64::from(gradient[i].abs()));
    }
    assert!(largest > 0.1, "a gradient of zero would pass any comparison");
}

#[test]
fn regressions() {
    for activation in ACTIVATIONS {
        check(&json!({ "kind": "flow-matching" }), config(activation), 0);
    }
    check(
        &json!({ "kind": "flow-matching", "path": "variance-preserving", "coupling": "minibatch-ot" }),
        config(Activation::Silu),
        0,
    );
    check(&json!({ "kind": "stochastic-interpolant" }), config(Activation::Silu), 0);
    for weighting in ["uniform", "likelihood"] {
        for prediction in ["noise", "score"] {
            let method = json!({ "kind": "diffusion", "prediction": prediction, "weighting": weighting });
            check(&method, config(Activation::Silu), 0);
        }
    }
    check(&json!({ "kind": "diffusion", "prediction": "data" }), config(Activation::Silu), 0);
}

#[test]
fn regressions_on_a_torus_and_on_a_sphere() {
    for kind in DistributionKind::ON_SPACES {
        let method = json!({ "kind": "flow-matching", "coupling": "minibatch-ot" });
        check_of(&kind.built_in().unwrap(), &method, config(Activation::Tanh), 0, None);
    }
}

#[test]
fn regressions_that_are_told_the_class() {
    let condition = Some(ConditionConfig { drop: 0.3, ..ConditionConfig::default() });
    for method in [
        json!({ "kind": "flow-matching", "coupling": "minibatch-ot" }),
        json!({ "kind": "diffusion" }),
        json!({ "kind": "stochastic-interpolant", "coupling": { "sinkhorn": {} } }),
        json!({ "kind": "mean-flow" }),
        json!({ "kind": "shortcut" }),
    ] {
        for activation in [Activation::Silu, Activation::Softplus] {
            check_told(&method, config(activation), 0, condition);
        }
    }
}

#[test]
fn jumps() {
    for activation in ACTIVATIONS {
        check(&json!({ "kind": "mean-flow" }), config(activation), 0);
        check(&json!({ "kind": "shortcut", "jumps": 0.5, "halvings": 2 }), config(activation), 0);
    }
}

#[test]
fn reflow_and_its_student() {
    for round in [0, 1, 2] {
        check(&json!({ "kind": "reflow", "distill": 2 }), config(Activation::Silu), round);
    }
}

#[test]
fn normalizing_flow() {
    for activation in [Activation::Silu, Activation::Tanh] {
        for conditioning in [Conditioning::Concat, Conditioning::ConcatSquash] {
            for divergence in ["exact", "hutchinson", "hutchinson-gaussian"] {
                let method = json!({ "kind": "normalizing-flow", "trainingSteps": 3, "divergence": divergence });
                check(&method, NetworkConfig { conditioning, ..config(activation) }, 0);
            }
        }
    }
}

#[test]
fn ot_flow() {
    for depth in [1, 2, 3] {
        let network = NetworkConfig { depth, ..config(Activation::Silu) };
        check(&json!({ "kind": "ot-flow", "trainingSteps": 3 }), network, 0);
    }
}

#[test]
fn coupling_flow() {
    for maps in ["nice", "real-nvp", "glow", "spline"] {
        for activation in ACTIVATIONS {
            check(&json!({ "kind": "coupling-flow", "maps": maps, "layers": 3 }), config(activation), 0);
        }
    }
}

#[test]
fn free_energies_of_their_samples() {
    for method in [
        json!({ "kind": "coupling-flow", "layers": 3, "maps": "nice" }),
        json!({ "kind": "coupling-flow", "layers": 3, "maps": "real-nvp" }),
        json!({ "kind": "coupling-flow", "layers": 3, "maps": "glow" }),
        json!({ "kind": "coupling-flow", "layers": 3, "maps": "spline" }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 3 }),
    ] {
        let mut method = method;
        method["objective"] = json!("reverse-kl");
        check(&method, config(Activation::Silu), 0);
    }
}

#[test]
fn jko_flow() {
    for divergence in ["exact", "hutchinson"] {
        for round in [0, 1, 5] {
            let method = json!({ "kind": "jko-flow", "divergence": divergence });
            check(&method, config(Activation::Silu), round);
        }
    }
}

/// Networks in every context that they have a place for, and its columns.
const CONTEXTS: [(Conditioning, usize); 4] =
    [(Conditioning::None, 1), (Conditioning::ConcatSquash, 1), (Conditioning::Concat, 1), (Conditioning::Concat, 3)];

fn normal([rows, columns]: [usize; 2], seed: u64) -> Tensor<2> {
    tensor_from_points(
        &Mixture::standard_normal(columns).sample(rows, &mut Rng::new(seed, Stream::Data)),
        &Device::flex(),
    )
}

/// A network's output changes along tangents of x and of its context, of one for all points or one for each, as it says.
#[test]
fn products_in_x_and_in_context_are_differences() {
    for (activation, (conditioning, columns)) in ACTIVATIONS.into_iter().flat_map(|a| CONTEXTS.map(|c| (a, c))) {
        let config = NetworkConfig { width: 16, depth: 3, activation, conditioning, ..Default::default() };
        let layout = config.layout_in(3, columns);
        // Initial weights are small, and so is what passes three layers of them.
        let initial = packed(&layout.initial_weights(&mut Rng::new(4, Stream::Weights)));
        let network = Perceptron::new(config, &layout.cut(&initial.mul_scalar(2.0)));
        for (rows, in_x, in_context) in [(32, 1.0, 1.0), (32, 1.0, 0.0), (32, 0.0, 1.0), (1, 1.0, 1.0)] {
            let (x, context) = (normal([32, 3], 4), normal([rows, columns], 5));
            let of_x = normal([32, 3], 6).mul_scalar(in_x);
            let of_context = normal([rows, columns], 7).mul_scalar(in_context);
            let product = network.forward_and_product(x.clone(), context.clone(), of_x.clone(), of_context.clone());
            let (value, product) = product.expect("a network has products");
            assert!(scalar((value - network.forward(x.clone(), context.clone())).abs().max()) < 1e-5);
            // Small beside 1/20, the width of the sharpest activation's bend.
            let h = 2e-3_f32;
            let moved = |by: f32| {
                let context = context.clone() + of_context.clone().mul_scalar(by);
                network.forward(x.clone() + of_x.clone().mul_scalar(by), context)
            };
            let difference = (moved(h) - moved(-h)).div_scalar(2.0 * h);
            let gap = scalar((product.clone() - difference).abs().max());
            let size = scalar(product.abs().max());
            assert!(gap < 1e-3 * (1.0 + size), "{config:?}, {columns} columns, {rows} rows: {gap}");
            let told = conditioning != Conditioning::None || in_x > 0.0;
            assert_eq!(size > 0.02, told, "a product of zero would pass");
        }
    }
}

/// A loss of such a product has the gradients of its differences, weight by weight.
#[test]
fn products_have_gradients() {
    for (conditioning, columns) in CONTEXTS {
        let config = NetworkConfig { conditioning, ..config(Activation::Silu) };
        let layout = config.layout_in(2, columns);
        let loss = |weights: &Weights| {
            let (x, context) = (normal([8, 2], 4), normal([8, columns], 5));
            let (of_x, of_context) = (normal([8, 2], 6), normal([8, columns], 7));
            let both = Perceptron::new(config, weights).forward_and_product(x, context, of_x, of_context);
            let (value, product) = both.expect("a network has products");
            (value - product).powi_scalar(2).sum()
        };
        let weights = layout.initial_weights(&mut Rng::new(3, Stream::Weights));
        let tracked = layout.cut(&packed(&weights)).tracked();
        let gradient: Vec<f32> = tracked.gradient(&loss(&tracked)).into_data().try_into_vec().unwrap();
        let h = 1e-2;
        for (i, gradient) in gradient.iter().enumerate() {
            let moved = |by: f32| {
                let mut weights = weights.clone();
                weights[i] += by;
                scalar(loss(&layout.cut(&packed(&weights))))
            };
            let difference = (moved(h) - moved(-h)) / (2.0 * f64::from(h));
            let error = (difference - f64::from(*gradient)).abs();
            assert!(
                error < 1e-2 * (1.0 + difference.abs()),
                "{config:?} weight {i}: {gradient} should be {difference}"
            );
        }
        assert!(gradient.iter().any(|gradient| gradient.abs() > 0.1), "a gradient of zero would pass any comparison");
    }
}
