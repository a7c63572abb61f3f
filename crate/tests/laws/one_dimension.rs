//! Points of one coordinate: everything runs on them, and every map that keeps their order and takes Q to P is one map,
//! F_P⁻¹ ∘ F_Q.

use flow_playground::distribution::{Distribution, DistributionKind};
use flow_playground::method::MethodConfig;
use flow_playground::metric::{sliced_wasserstein, sliced_wasserstein_estimate, wasserstein};
use flow_playground::ode::SolverKind;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::{InspectionConfig, Origin};
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

const FINE: SolverConfig = SolverConfig { kind: SolverKind::Rk4, steps: 50, tolerance: None };

fn bimodal() -> Distribution {
    DistributionKind::Bimodal.built_in().unwrap()
}

fn open(experiment: &Value) -> Session {
    block_on(Session::open(Experiment::from_json(experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/one-dimension.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The reference's noise, and where F_P⁻¹ ∘ F_Q takes it.
fn pairs() -> Vec<[f64; 2]> {
    let pairs = vectors()["map"].as_array().unwrap().clone();
    pairs.iter().map(|pair| ["z", "x"].map(|end| pair[end].as_f64().unwrap())).collect()
}

/// The probability below x.
fn below(x: f64) -> f64 {
    let vectors = vectors();
    let humps = numbers(&vectors["weights"]).into_iter().zip(numbers(&vectors["means"]));
    let humps = humps.zip(numbers(&vectors["std"]));
    humps.map(|((weight, mean), deviation)| weight * normal_below((x - mean) / deviation)).sum()
}

fn normal_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / 2f64.sqrt())
}

/// F_P⁻¹(F_Q(z)), by bisection.
fn mapped(z: f64) -> f64 {
    let (mut low, mut high) = (-12.0, 12.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < normal_below(z) { low = middle } else { high = middle }
    }
    low
}

#[test]
fn the_set_is_the_references_and_its_map_too() {
    for [z, x] in pairs() {
        assert!((mapped(z) - x).abs() < 1e-8, "{z} goes to {}, not {x}", mapped(z));
    }
    let (distribution, h) = (bimodal(), 1e-4);
    assert_eq!(distribution.dim(), 1);
    for x in [-3.1, -2.0, -0.4, 0.9, 2.5] {
        let density = (below(x + h) - below(x - h)) / (2.0 * h);
        assert!((distribution.log_density(&[x]).unwrap().exp() - density).abs() < 1e-7, "{x}");
    }
    // Each deviation from the law is below Kolmogorov's bound for one in a thousand.
    let mut drawn = distribution.sample(20_000, &mut Rng::new(3, Stream::Data)).into_values();
    drawn.sort_unstable_by(f32::total_cmp);
    let share = |(i, &x): (usize, &f32)| (below(f64::from(x)) - (i as f64 + 0.5) / 20_000.0).abs();
    let farthest = drawn.iter().enumerate().map(share).fold(0.0, f64::max);
    assert!(farthest < 1.95 / 20_000f64.sqrt(), "{farthest}");
    let sum = |f: &dyn Fn(f64) -> f64| (-8000..8000).map(|i| f(1e-3 * (f64::from(i) + 0.5))).sum::<f64>() * 1e-3;
    let log = |x: f64| distribution.log_density(&[x]).unwrap();
    let entropy = -sum(&|x| log(x).exp() * log(x));
    assert!((entropy - distribution.entropy().unwrap()).abs() < 1e-8, "{entropy}");
}

/// Where the flow takes noise, beside where F_P⁻¹ ∘ F_Q does: the root mean square over Q, and over the reference's pairs the
/// largest.
fn errors(session: &Session) -> [f64; 2] {
    let carried = |noise: Vec<f64>| {
        let noise = Points::new(noise, 1).unwrap();
        let trajectory = block_on(session.transport(&noise, FINE, Origin::Noise)).unwrap();
        trajectory.positions.last().unwrap().values().to_vec()
    };
    // A thousand equally likely parts of Q, and the middle of each.
    let [of_noise, of_pairs]: [Vec<f64>; 2] = [
        (0..1000).map(|i| inverse_normal((f64::from(i) + 0.5) / 1000.0)).collect(),
        pairs().iter().map(|pair| pair[0]).collect(),
    ];
    let squares = carried(of_noise.clone()).into_iter().zip(&of_noise).map(|(x, &z)| (x - mapped(z)).powi(2));
    let mean_square = squares.sum::<f64>() / 1000.0;
    let largest = carried(of_pairs).into_iter().zip(pairs()).map(|(x, pair)| (x - pair[1]).abs()).fold(0.0, f64::max);
    [mean_square.sqrt(), largest]
}

fn inverse_normal(share: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if normal_below(middle) < share { low = middle } else { high = middle }
    }
    low
}

#[test]
fn exact_fields_of_every_path_end_at_the_one_map() {
    for path in ["linear", "cosine", "variance-preserving"] {
        let session =
            open(&json!({ "data": { "kind": "bimodal" }, "method": { "kind": "closed-form", "path": path } }));
        let [mean, largest] = errors(&session);
        println!("{path}: {mean:.5}, {largest:.5}");
        // A variance-preserving path's noise is not quite N(0, 1).
        assert!(mean < 2e-3 && largest < 5e-3, "{path}: {mean}, {largest}");
    }
}

/// So short a training leaves a few hundredths of the deviations of P, which are ½ and 1.
fn is_trained_to_the_map(method: &Value, steps: usize, batch: usize) {
    let mut session = open(&json!({
        "data": { "kind": "bimodal" }, "method": method, "network": { "width": 32, "depth": 2 }, "seed": 2,
        "optimizer": { "batch": batch, "learningRate": 5e-3, "emaDecay": 0.99 }, "budget": { "steps": steps },
    }));
    block_on(session.advance(steps)).unwrap();
    let [mean, largest] = errors(&session);
    println!("{method}: {mean:.4}, {largest:.4} from the map");
    assert!(mean < 0.1 && largest < 0.2, "{method}: {mean}, {largest} from the map");
}

#[test]
fn every_method_is_trained_to_the_one_map() {
    for (method, steps, batch) in [
        (json!({ "kind": "flow-matching" }), 2500, 256),
        (json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 256 }), 1500, 256),
        (json!({ "kind": "stochastic-interpolant", "bridge": 0.5 }), 2500, 256),
        (json!({ "kind": "diffusion" }), 3000, 512),
        (json!({ "kind": "normalizing-flow", "trainingSteps": 4 }), 400, 256),
        (json!({ "kind": "ot-flow", "trainingSteps": 4, "likelihoodWeight": 100.0 }), 400, 256),
    ] {
        is_trained_to_the_map(&method, steps, batch);
    }
}

/// What is made in rounds: a chain of blocks, and a flow that was trained on its own pairs.
#[test]
fn methods_of_several_rounds_are_trained_to_the_one_map() {
    let blocks = json!({ "kind": "jko-flow", "blocks": 4, "pool": 10_000, "stepSize": 0.5 });
    is_trained_to_the_map(&blocks, 1200, 256);
    is_trained_to_the_map(&json!({ "kind": "reflow", "pairs": 20_000, "pairSteps": 8 }), 5000, 256);
}

/// Every method, every question that can be asked, on the built-in set and on a column of one's own.
#[test]
fn everything_that_can_be_asked_has_an_answer_in_one_dimension() {
    let own: Vec<f64> = bimodal().sample(400, &mut Rng::new(4, Stream::Data)).rows().map(|x| f64::from(x[0])).collect();
    let own: Vec<f64> = own.into_iter().map(|x| 300.0 + 20.0 * x).collect();
    for method in [
        json!({ "kind": "flow-matching", "coupling": { "sinkhorn": {} } }),
        json!({ "kind": "reflow", "rounds": 1, "distill": 1, "pairs": 100, "pairSteps": 4 }),
        json!({ "kind": "stochastic-interpolant" }),
        json!({ "kind": "diffusion", "prediction": "data" }),
        json!({ "kind": "normalizing-flow", "trainingSteps": 2, "divergence": "hutchinson" }),
        json!({ "kind": "ot-flow", "trainingSteps": 2 }),
        json!({ "kind": "jko-flow", "blocks": 2, "pool": 100, "substeps": 2 }),
        json!({ "kind": "closed-form", "points": 100 }),
    ] {
        serde_json::from_value::<MethodConfig>(method.clone()).unwrap();
        for kind in ["bimodal", "points"] {
            let experiment = Experiment::from_json(&json!({
                "data": { "kind": kind }, "method": method, "network": { "width": 16, "depth": 2 },
                "optimizer": { "batch": 32 }, "budget": { "steps": 20 }, "solver": { "kind": "rk4", "steps": 8 },
            }));
            let points = (kind == "points").then(|| Points::new(own.clone(), 1).unwrap());
            let start = Start { points, ..Start::default() };
            let mut session = block_on(Session::open(experiment.unwrap(), start, Engine::Cpu)).unwrap();
            if method["kind"] != "closed-form" {
                block_on(session.advance(20)).unwrap();
            }
            let what = format!("{method} on {kind}");
            assert_eq!(session.dim(), 1);
            let middle = session.scaling().center[0];
            let at = Points::new(vec![middle - 0.5, middle, middle + 0.5], 1).unwrap();
            assert_eq!(block_on(session.velocity(&at, 0.5)).unwrap().len(), 3, "{what}");
            assert_eq!(block_on(session.divergence(&at, 0.5)).unwrap().len(), 3, "{what}");
            let config = InspectionConfig { paths: 5, seed: 1, solver: SolverConfig::default() };
            assert_eq!(block_on(session.inspect(&[middle], 0.5, config)).unwrap().velocity.len(), 1, "{what}");
            let jumps = session.why_no_density().is_some();
            assert_eq!(jumps, method["distill"] == 1, "{what}");
            session.loss_floor(512, 1).unwrap();
            let measured = block_on(session.measure(60, 1)).unwrap();
            assert_eq!((measured.sliced_w2, measured.w2.is_some()), (measured.w2, true), "{what}");
            assert!(measured.sliced_w2_floor.is_some(), "{what}");
            assert!(measured.mmd.is_some() && measured.nll.is_some() != jumps, "{what}: {measured:?}");
            for sampler in session.samplers() {
                let config = serde_json::from_value(json!({ "kind": sampler, "steps": 5 })).unwrap();
                let config: flow_playground::sampler::SamplerConfig = config;
                assert_eq!(block_on(session.sample(10, config, 1)).unwrap().dim(), 1, "{what}");
            }
        }
    }
}

#[test]
fn a_density_on_the_line_integrates_to_one() {
    for method in ["flow-matching", "normalizing-flow", "ot-flow", "stochastic-interpolant"] {
        let mut session = open(&json!({
            "data": { "kind": "bimodal" }, "method": { "kind": method }, "network": { "width": 24, "depth": 2 },
            "optimizer": { "batch": 64 }, "budget": { "steps": 60 }, "solver": { "kind": "rk4", "steps": 20 },
        }));
        block_on(session.advance(60)).unwrap();
        let grid = Points::new((-1000..1000).map(|i| 0.012 * (f64::from(i) + 0.5)).collect(), 1).unwrap();
        for t in [0.0, 0.5] {
            let densities = block_on(session.log_density(&grid, t, SolverConfig::default())).unwrap();
            let integral: f64 = densities.iter().map(|p| 0.012 * f64::from(p.exp())).sum();
            assert!((integral - 1.0).abs() < 2e-3, "{method} at t = {t}: {integral}");
        }
    }
}

/// Sorted points are the optimal pairs, and there is one direction to project on.
#[test]
fn both_distances_are_those_of_the_sorted_points() {
    let noise = Distribution::from(flow_playground::distribution::Mixture::standard_normal(1));
    for n in [1, 7, 3000] {
        let [a, b] = [(bimodal(), 1), (noise.clone(), 2)]
            .map(|(law, seed): (Distribution, u64)| law.sample(n, &mut Rng::new(seed, Stream::Samples)));
        let sorted = |points: &Points| {
            let mut values = points.values().to_vec();
            values.sort_unstable_by(f32::total_cmp);
            values
        };
        let squares = sorted(&a).into_iter().zip(sorted(&b)).map(|(a, b)| (f64::from(a) - f64::from(b)).powi(2));
        let exact = squares.sum::<f64>() / n as f64;
        let found = wasserstein(&a, &b).unwrap();
        assert!((found - exact).abs() < 1e-12, "{n}: {found}, and should be {exact}");
        assert_eq!(sliced_wasserstein(&a, &b), Some(found));
        assert_eq!(sliced_wasserstein_estimate(&a, &b).map(|estimate| estimate.mean), (n > 1).then_some(found));
    }
    // The assignment of a plane's points that lie on a line.
    let flat = |points: &Points| Points::new(points.rows().flat_map(|x| [x[0], 0.0]).collect(), 2).unwrap();
    let [a, b] = [1, 2].map(|seed| bimodal().sample(200, &mut Rng::new(seed, Stream::Samples)));
    let [line, plane] = [wasserstein(&a, &b).unwrap(), wasserstein(&flat(&a), &flat(&b)).unwrap()];
    assert!((line - plane).abs() < 1e-6, "{line} {plane}");
}

#[test]
fn a_refusal_counts_one_coordinate() {
    let planar = json!({ "data": { "kind": "bimodal" }, "noise": { "kind": "rings" } });
    let opened = Session::open(Experiment::from_json(&planar).unwrap(), Start::default(), Engine::Cpu);
    let reason = block_on(opened).map(|_| ()).unwrap_err().to_string();
    assert!(reason.contains("1 coordinate") && !reason.contains("coordinates"), "{reason}");
}
