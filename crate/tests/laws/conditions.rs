//! Classes told to a network, and guidance: what training draws, what sampling asks, and what that comes to.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, DistributionKind, Gaussian, Labelled, Mixture};
use flow_playground::flow_map::FlowMap;
use flow_playground::method::{Asked, ClosedFormConfig, ConditionConfig, Ends, Method, MethodConfig, Pairs};
use flow_playground::method::{Problem, Streams};
use flow_playground::ode::SolverKind;
use flow_playground::path::Schedule;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{SamplerConfig, TimeGrid};
use flow_playground::transport::{Sampled, Transport};
use flow_playground::velocity::{ExactMixture, Guided, NetworkConfig, OnHost, points_from_tensor, tensor_from_points};
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(experiment: &Value) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap()
}

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn problem<'a>(ends: [&'a Distribution; 2], condition: ConditionConfig, asked: Option<&'a Asked>) -> Problem<'a> {
    let network = NetworkConfig { width: 8, depth: 2, ..NetworkConfig::default() };
    Problem { data: ends[0], noise: ends[1], network, condition: Some(condition), asked, jump: None, seed: 1 }
}

fn asked(class: usize, guidance: f64) -> Option<Asked> {
    Some(Asked::class(class, guidance))
}

fn root_mean_square(values: &[f32]) -> f64 {
    (values.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// The losses that these experiments had before there were conditions, to the rounding in which machines and compilers
/// differ: of all 20 steps, and of the last, whose weights the others have made.
#[test]
fn without_a_condition_the_losses_are_the_same_as_ever() {
    let coupled = json!({ "kind": "flow-matching", "coupling": { "sinkhorn": { "regularization": 0.2 } } });
    let experiments = [
        ("8-gaussians", coupled, [3.148_243_6, 2.104_354_9]),
        (
            "moons",
            json!({ "kind": "stochastic-interpolant", "coupling": "minibatch-ot" }),
            [0.147_949_08, -0.192_025_04],
        ),
        ("checkerboard", json!({ "kind": "diffusion" }), [1.928_092_7, 1.950_686]),
    ];
    for (data, method, golden) in experiments {
        let mut session = open(&json!({
            "seed": 3, "data": { "kind": data }, "method": method, "network": { "width": 16, "depth": 2 },
            "optimizer": { "batch": 64 }, "budget": { "steps": 20 },
        }));
        let losses = block_on(session.advance(20)).unwrap().losses;
        let found = [root_mean_square(&losses), f64::from(losses[19])];
        for (found, golden) in found.into_iter().zip(golden) {
            assert!((found - golden).abs() < 1e-4 * (1.0 + golden.abs()), "{data}: {found} for {golden}");
        }
    }
}

#[test]
fn exact_fields_have_the_reference_values_by_class_and_under_guidance() {
    let vectors = vectors(include_str!("../../../tests/vectors/mixture-by-class.json"));
    let means: Vec<Vec<f64>> = serde_json::from_value(vectors["means"].clone()).unwrap();
    let components = means.into_iter().zip(numbers(&vectors["std"]));
    let components = components.map(|(mean, deviation)| Gaussian::isotropic(mean, deviation)).collect();
    let data = Distribution::from(Mixture::new(numbers(&vectors["weights"]), components));
    let noise = Distribution::from(Mixture::standard_normal(2));
    for field in vectors["fields"].as_array().unwrap() {
        let x: Vec<f32> = numbers(&field["x"]).iter().map(|&x| x as f32).collect();
        let close = |asked: Option<Asked>, reference: &Value| {
            let problem = problem([&data, &noise], ConditionConfig::default(), asked.as_ref());
            let exact = ClosedFormConfig::default().field(&problem, &[]);
            let x = Tensor::from_data(TensorData::new(x.clone(), [1, 2]), &Device::flex());
            let found = exact.velocity(x, field["t"].as_f64().unwrap()).into_data().try_into_vec::<f32>().unwrap();
            for (found, reference) in found.iter().zip(numbers(reference)) {
                let error = (f64::from(*found) - reference).abs();
                assert!(error < 1e-5 * (1.0 + reference.abs()), "{asked:?}: {found}, not {reference}");
            }
        };
        close(None, &field["unconditional"]);
        close(asked(2, 0.0), &field["unconditional"]);
        close(asked(1, 3.0), &field["guided_class_1_w3"]);
        field["class"].as_array().unwrap().iter().enumerate().for_each(|(i, class)| close(asked(i, 1.0), class));
    }
}

/// Of a class N(0, 1) in N(0, 2), along the diffusion's path.
fn guided_gaussian(weight: f64) -> OnHost {
    let field = |variance: f64| {
        let data = Mixture::new(vec![1.0], vec![Gaussian::isotropic(vec![0.0], variance.sqrt())]);
        Box::new(ExactMixture::to_gaussian(data, Schedule::VariancePreserving))
    };
    OnHost(Box::new(Guided { given: field(1.0), none: field(2.0), weight }))
}

/// Its score is the tilted law's at every time, and yet neither the ODE nor the SDE ends there.
#[test]
fn guided_sampling_does_not_end_at_the_tilted_law() {
    for reference in vectors(include_str!("../../../tests/vectors/guidance.json"))["values"].as_array().unwrap() {
        let of = |name: &str| reference[name].as_f64();
        let weight = of("guidance").unwrap();
        let field = guided_gaussian(weight);
        let one = Tensor::from_data(TensorData::new(vec![1.0_f32], [1, 1]), &Device::flex());
        let solver = SolverConfig { kind: SolverKind::Rk4, steps: 200, tolerance: None };
        let end = block_on(FlowMap { field: &field, solver }.transport(one, [1.0, 0.0])).unwrap().state;
        // The field is linear, so that the variance is the square of where 1 ends.
        let by_ode = f64::from(end.into_data().try_into_vec::<f32>().unwrap()[0]).powi(2);
        // The path begins at N(0, 1) but for e^-10, and ends at NEAREST_TO_ENDS.
        let error = (by_ode / of("ode_variance").unwrap() - 1.0).abs();
        assert!(error < 5e-3, "w = {weight}: {by_ode} by the ODE");
        let Some(expected) = of("sde_variance").filter(|_| weight <= 2.0) else { continue };
        let n = 8000;
        let noise = Mixture::standard_normal(1);
        let noise = Distribution::from(noise).sample(n, &mut Rng::new(3, Stream::Samples));
        let sampler = SamplerConfig { steps: 200, grid: Some(TimeGrid::RootTime), ..SamplerConfig::default() };
        let sde = Sampled { field: &field, path: Some(Schedule::VariancePreserving), sampler, seed: 5 };
        let noise = tensor_from_points(&noise, &Device::flex());
        let ends = block_on(points_from_tensor(block_on(sde.generate(noise, None)).unwrap().state)).unwrap();
        let by_sde = ends.values().iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / n as f64;
        println!("w = {weight}: {by_ode:.4} by the ODE, {by_sde:.4} by the SDE, {expected:.4} expected");
        // Four standard errors of a variance.
        assert!((by_sde / expected - 1.0).abs() < 4.0 * (2.0 / n as f64).sqrt(), "w = {weight}: {by_sde} by the SDE");
        if weight == 2.0 {
            let tilted = of("tilted_variance").unwrap();
            assert!((by_sde - tilted).abs() > 0.03 && (by_ode - tilted).abs() > 0.1 && (by_sde - by_ode).abs() > 0.03);
        }
    }
}

/// The noise points that those of one class are joined to, over many batches.
fn noise_of_class(method: &Value, pairs: Pairs, class: u32) -> Points {
    let method: MethodConfig = serde_json::from_value(method.clone()).unwrap();
    let data = DistributionKind::EightGaussians.built_in().unwrap();
    let noise = Distribution::from(Mixture::standard_normal(2));
    let problem = problem([&data, &noise], ConditionConfig { pairs, ..ConditionConfig::default() }, None);
    let streams = [Stream::Data, Stream::Noise, Stream::Coupling];
    let [mut of_data, mut of_noise, mut of_pairs] = streams.map(|stream| Rng::new(9, stream));
    let mut values = Vec::new();
    for _ in 0..40 {
        let drawn = data.sample_labelled(256, &mut of_data);
        let z = noise.sample(256, &mut of_noise);
        let chosen = problem.pair(method.method(), &drawn, &z, &mut of_pairs);
        let Labelled { labels, .. } = drawn;
        let joined = z.pick(&chosen);
        let of_class = joined.rows().zip(labels.unwrap()).filter(|(_, label)| *label == class);
        values.extend(of_class.flat_map(|(row, _)| row.to_vec()));
    }
    Points::new(values, 2).unwrap()
}

#[test]
fn a_coupling_within_classes_leaves_the_noise_of_each_as_it_is_and_one_across_them_does_not() {
    for coupling in [json!("minibatch-ot"), json!({ "sinkhorn": { "regularization": 0.1 } })] {
        let method = json!({ "kind": "flow-matching", "coupling": coupling });
        for class in [0, 3, 6] {
            let moments = |pairs| {
                let noise = noise_of_class(&method, pairs, class);
                let n = noise.len() as f64;
                let mean = [0, 1].map(|k| noise.rows().map(|row| f64::from(row[k])).sum::<f64>() / n);
                let square = noise.values().iter().map(|&z| f64::from(z).powi(2)).sum::<f64>() / (2.0 * n);
                (mean[0].hypot(mean[1]), square - 0.5 * (mean[0].powi(2) + mean[1].powi(2)), n)
            };
            let (mean, variance, n) = moments(Pairs::Within);
            // Sinkhorn draws noise points with replacement, each block's own: twice the variance of a mean at most.
            let deviation = (2.0 * 2.0 / n).sqrt();
            assert!(mean < 4.0 * deviation, "{coupling}, class {class}: the noise has mean {mean}");
            assert!((variance - 1.0).abs() < 4.0 * deviation, "{coupling}, class {class}: variance {variance}");
            let (mean, variance, _) = moments(Pairs::Across);
            assert!(mean > 0.5 && variance < 0.8, "{coupling}, class {class}: {mean} and {variance} across classes");
        }
    }
}

/// One row a point: its time, and one 1 at its class or, as often as asked, at the end; everything else is drawn as ever.
#[test]
fn training_tells_the_class_and_hides_it_as_often_as_asked() {
    let data = DistributionKind::EightGaussians.built_in().unwrap();
    let noise = Distribution::from(Mixture::standard_normal(2));
    let method = MethodConfig::default();
    let (batch, device) = (4096, Device::flex());
    let examples = |condition: Option<ConditionConfig>| {
        let streams = &mut Streams::new(4);
        let problem = Problem { condition, ..problem([&data, &noise], ConditionConfig::default(), None) };
        let mut ends = Ends { problem, pool: None, round: 0, batch, device: &device, streams };
        method.method().examples(&mut ends, &|| unreachable!("it asks no network")).unwrap()
    };
    let plain = examples(None);
    let labels = data.sample_labelled(batch, &mut Rng::new(4, Stream::Data)).labels.unwrap();
    for drop in [0.0, 0.1, 0.5] {
        let told = examples(Some(ConditionConfig { drop, ..ConditionConfig::default() }));
        assert_eq!((&told.positions, &told.targets), (&plain.positions, &plain.targets));
        assert_eq!((plain.columns(), told.columns()), (1, 10));
        let mut hidden = 0.0;
        for ((row, t), label) in told.context.chunks_exact(10).zip(&plain.context).zip(&labels) {
            let at = row[1..].iter().position(|&x| x == 1.0).unwrap();
            assert!(row[0] == *t && row[1..].iter().sum::<f32>() == 1.0 && (at == 8 || at == *label as usize));
            hidden += f64::from(u8::from(at == 8));
        }
        let spread = (drop * (1.0 - drop) / batch as f64).sqrt();
        assert!((hidden / batch as f64 - drop).abs() <= 4.0 * spread, "{drop}: {hidden} of {batch} were hidden");
    }
}

/// Guidance is the weighted sum of two fields in values, traces and products alike, and a weight of 1 or 0 is one of them:
/// the first by two passes, the others by one.
#[test]
fn a_guided_network_is_the_weighted_sum_of_its_two_answers() {
    let data = DistributionKind::Moons.built_in().unwrap();
    let noise = Distribution::from(Mixture::standard_normal(2));
    let device = Device::flex();
    let x = tensor_from_points(&data.sample(5, &mut Rng::new(1, Stream::Data)), &device);
    let probes = tensor_from_points(&noise.sample(10, &mut Rng::new(1, Stream::Probes)), &device).reshape([2, 5, 2]);
    for kind in ["flow-matching", "diffusion", "stochastic-interpolant"] {
        let method: MethodConfig = serde_json::from_value(json!({ "kind": kind })).unwrap();
        let answers = |asked: Option<Asked>| {
            let problem = problem([&data, &noise], ConditionConfig::default(), asked.as_ref());
            let layout = method.method().layout(&problem);
            let weights = layout.initial_weights(&mut Rng::new(2, Stream::Weights));
            let len = weights.len();
            let weights = layout.cut(&Tensor::from_data(TensorData::new(weights, [len]), &device));
            let field = method.method().field(&problem, &[weights]);
            let (velocity, trace) = field.velocity_and_trace(x.clone(), 0.4);
            let (again, products) = field.velocity_and_products(x.clone(), 0.4, probes.clone()).unwrap();
            let score = field.velocity_and_score(x.clone(), 0.4).map_or(velocity.clone(), |(_, score)| score);
            let all =
                [velocity.clone(), field.velocity(x.clone(), 0.4), trace, again, products.reshape([10, 2]), score];
            let all = all.map(|part| part.into_data().try_into_vec::<f32>().unwrap());
            (all.concat(), field.network_at(0.4).is_some())
        };
        let ((given, whole), (none, _)) = (answers(asked(1, 1.0)), answers(None));
        assert!(whole && given != none, "{kind}");
        assert_eq!(answers(asked(0, 0.0)).0, none, "{kind}");
        let (guided, whole) = answers(asked(1, 2.5));
        assert!(!whole, "{kind}: two passes are no whole solve");
        for ((given, none), guided) in given.iter().zip(&none).zip(&guided) {
            let expected = 2.5 * given - 1.5 * none;
            assert!((guided - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{kind}: {guided}, not {expected}");
        }
    }
}

#[test]
fn a_short_training_puts_samples_at_the_class_that_is_asked_for() {
    let mut session = open(&json!({
        "data": { "kind": "8-gaussians" }, "condition": {}, "network": { "width": 48, "depth": 2 },
        "optimizer": { "batch": 128 }, "budget": { "steps": 600 },
    }));
    block_on(session.advance(600)).unwrap();
    let centers = Mixture::eight_gaussians().components.into_iter().map(|component| component.mean);
    let centers: Vec<Vec<f64>> = centers.collect();
    let nearest = |row: &[f64]| {
        let far = |center: &[f64]| (row[0] - center[0]).hypot(row[1] - center[1]);
        (0..8).min_by(|&a, &b| f64::total_cmp(&far(&centers[a]), &far(&centers[b]))).unwrap()
    };
    let mut share = |class, guidance| {
        session.ask(asked(class, guidance)).unwrap();
        let points = block_on(session.sample(200, SolverConfig::default(), 1)).unwrap();
        points.rows().filter(|row| nearest(row) == class).count() as f64 / 200.0
    };
    for class in 0..8 {
        let [plain, guided] = [1.0, 2.0].map(|guidance| share(class, guidance));
        println!("class {class}: {plain} there, {guided} under guidance");
        assert!(plain > 0.9 && guided > 0.9, "class {class}: {plain} there, {guided} under guidance");
    }
    assert!(share(2, 0.0) < 0.3, "without guidance samples are of all classes");
}

/// The exact field of a class against that class's data, of all against all, and under guidance against nothing.
#[test]
fn metrics_are_of_what_is_asked_for() {
    let mut session = open(&json!({
        "data": { "kind": "8-gaussians" }, "condition": {}, "method": { "kind": "closed-form" },
        "solver": { "kind": "rk4", "steps": 40 },
    }));
    let all = block_on(session.measure(300, 1)).unwrap();
    for (asked, entropy) in
        [(asked(5, 1.0), 0.758_738), (asked(5, 0.0), all.entropy.unwrap()), (None, all.entropy.unwrap())]
    {
        session.ask(asked.clone()).unwrap();
        let found = block_on(session.measure(300, 1)).unwrap();
        assert!((found.entropy.unwrap() - entropy).abs() < 1e-5, "{asked:?}: {:?}", found.entropy);
        assert!(found.kl.unwrap().abs() < 4.0 * found.kl_standard_error.unwrap() + 1e-3, "{asked:?}: {:?}", found.kl);
        let floor = found.sliced_w2_floor.unwrap() + 5.0 * found.sliced_w2_floor_spread.unwrap();
        assert!(found.sliced_w2.unwrap() < floor, "{asked:?}: {:?} over {floor}", found.sliced_w2);
        assert!(found.w2.is_some() && found.mmd.is_some() && found.generated_nll.is_some());
        assert_eq!((session.why_no_truth(), session.passes_per_evaluation()), (None, 1));
    }
    session.ask(asked(5, 2.0)).unwrap();
    let found = block_on(session.measure(300, 1)).unwrap();
    let sentence = "Guidance of 2 makes a law that is not the data's, so there is nothing to compare it with.";
    assert_eq!((session.why_no_truth().as_deref(), found.reason.as_deref()), (Some(sentence), Some(sentence)));
    assert_eq!((found.kl, found.nll, found.entropy, found.generated_nll), (None, None, None, None));
    assert_eq!((found.sliced_w2, found.sliced_w2_floor, found.w2, found.mmd), (None, None, None, None));
    assert_eq!((found.w2_floor, found.normalized_path_energy, found.converged), (None, None, false));
    assert!(found.straightness.is_some() && session.passes_per_evaluation() == 2);
}

/// The inspector's paths are those of the class, and their mean is its exact field.
#[test]
fn the_data_the_paths_and_the_inspector_are_of_the_class() {
    let mut session =
        open(&json!({ "data": { "kind": "8-gaussians" }, "condition": {}, "method": { "kind": "closed-form" } }));
    session.ask(asked(0, 1.0)).unwrap();
    assert_eq!(session.classes()[0], "east");
    let east = |points: &Points<f64>| points.rows().all(|row| row[0] > 1.0 && row[1].abs() < 1.9);
    assert!(east(&session.data(200, 1).unwrap()));
    let paths = session.conditional_paths(200, 2, 1).unwrap().unwrap();
    assert!(east(&paths.positions[0]) && !east(&paths.positions[1]));
    let config = serde_json::from_value(json!({ "paths": 50, "seed": 1, "solver": SolverConfig::default() })).unwrap();
    let found = block_on(session.inspect(&[-1.0, 1.0], 0.7, config)).unwrap();
    for (mean, velocity) in found.mean_velocity.unwrap().iter().zip(&found.velocity) {
        assert!((mean - velocity).abs() < 0.05 * (1.0 + velocity.abs()), "{mean}, not {velocity}");
    }
    assert!(east(&found.paths.unwrap().positions[0]));
    session.ask(asked(0, 3.0)).unwrap();
    assert!(block_on(session.inspect(&[-1.0, 1.0], 0.7, config)).unwrap().mean_velocity.is_none());
}

/// On straight lines from N(m, s²) that is d ∫ s² / ((1 - t)² s² + t²) dt, whatever m is.
#[test]
fn the_floor_of_the_loss_is_that_of_each_class_where_it_is_told() {
    let floor = |condition: Value| {
        let session = open(&json!({ "data": { "kind": "8-gaussians" }, "condition": condition }));
        session.loss_floor(40_000, 1).unwrap().unwrap()
    };
    let square = Mixture::eight_gaussians().components[0].covariance[0];
    let at = |t: f64| 2.0 * square / ((1.0 - t).powi(2) * square + t * t);
    let of_class = (0..10_000).map(|i| at((f64::from(i) + 0.5) / 1e4)).sum::<f64>() / 1e4;
    let all = floor(Value::Null);
    for drop in [0.0, 0.25] {
        let found = floor(json!({ "drop": drop }));
        let expected = (1.0 - drop) * of_class + drop * all.value;
        let error = 4.0 * (found.standard_error + drop * all.standard_error) + 2e-3;
        assert!((found.value - expected).abs() < error, "{drop}: {found:?}, not {expected}");
    }
}
