//! What is measured of pictures: the Fréchet distance in the features of a frozen classifier, accuracy, and bits a pixel.

use flow_playground::distribution::{DistributionConfig, DistributionKind, Labels};
use flow_playground::method::Asked;
use flow_playground::metric::{Classifier, Moments, frechet};
use flow_playground::ode::SolverKind;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::{Measurement, Metric};
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn file(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).expect("the file is committed")
}

fn oracle(name: &str) -> Value {
    serde_json::from_slice::<Value>(&file("tests/vectors/pictures.json")).unwrap()[name].take()
}

fn classifier_file() -> Vec<u8> {
    file("www/src/engine/classifier.safetensors")
}

fn classifier() -> Classifier {
    let read = flow_playground::export::weights::read(&Classifier::layout(), &classifier_file()).unwrap();
    Classifier::new(read.concat())
}

fn drawn(side: usize, len: usize, stream: Stream) -> (Points, Vec<u32>) {
    let config = DistributionConfig { dim: Some(side * side), ..DistributionKind::DrawnDigits.into() };
    let labelled = config.build("data", None).unwrap().sample_labelled(len, &mut Rng::new(7, stream));
    (labelled.points, labelled.labels.unwrap())
}

fn open(experiment: &Value, start: Start, judged: bool) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    let mut session = block_on(Session::open(experiment, start, Engine::Cpu)).unwrap();
    if judged {
        session.read_classifier(&classifier_file()).unwrap();
    }
    session
}

fn measured(session: &Session, n: usize) -> Measurement {
    let solver = flow_playground::SolverConfig { steps: 2, ..Default::default() };
    block_on(session.measure_with(n, 1, solver, &[Metric::Frechet])).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn the_distance_of_two_gaussians_is_the_reference() {
    let oracle = oracle("frechet_distance");
    let covariance = |name: &str| -> Vec<f64> { oracle[name].as_array().unwrap().iter().flat_map(numbers).collect() };
    let a = Moments::new(numbers(&oracle["mean_difference"]), covariance("C1"));
    let b = Moments::new(vec![0.0; 2], covariance("C2"));
    let wanted = oracle["value"].as_f64().unwrap();
    for found in [frechet(&a, &b), frechet(&b, &a)] {
        assert!((found.unwrap() - wanted).abs() < 1e-12, "{found:?} should be {wanted}");
    }
}

#[test]
fn the_distance_is_that_of_the_variances_along_common_axes_and_none_to_itself() {
    // Turned by any orthogonal map, two diagonal covariances are Σ (√a - √b)² apart; one of them has no width along an axis.
    let (dim, mut rng) = (6, Rng::new(1, Stream::Data));
    let normal: Vec<f64> = (0..dim).map(|_| rng.normal()).collect();
    let square: f64 = normal.iter().map(|x| x * x).sum();
    let mirror = |i: usize, j: usize| f64::from(u8::from(i == j)) - 2.0 * normal[i] * normal[j] / square;
    let moments = |widths: [f64; 6]| {
        let entry = |i: usize, j: usize| (0..dim).map(|k| mirror(i, k) * widths[k] * widths[k] * mirror(j, k)).sum();
        Moments::new(vec![0.0; dim], (0..dim * dim).map(|at| entry(at / dim, at % dim)).collect())
    };
    let (a, b) = ([1.0, 2.0, 0.5, 3.0, 0.0, 1.5], [2.0, 2.0, 1.5, 0.25, 1.0, 1.0]);
    let wanted: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    let found = frechet(&moments(a), &moments(b)).unwrap();
    assert!((found - wanted).abs() < 1e-5, "{found} should be {wanted}");
    assert!(frechet(&moments(a), &moments(a)).unwrap() < 1e-5);
}

#[test]
fn a_picture_and_the_same_in_larger_pixels_or_in_color_are_seen_alike() {
    let (small, _) = drawn(8, 5, Stream::Data);
    let large = |row: &[f32]| (0..256).map(|at| row[at / 32 * 8 + at % 16 / 2]).collect::<Vec<_>>();
    let large = Points::new(small.rows().flat_map(large).collect(), 256).unwrap();
    let colors = Points::new(small.values().iter().flat_map(|&x| [x; 3]).collect(), 192).unwrap();
    let classifier = classifier();
    let [wanted, _] = classifier.see(&small, 1);
    for [found, _] in [classifier.see(&large, 1), classifier.see(&colors, 3)] {
        for (a, b) in found.values().iter().zip(wanted.values()) {
            assert!((a - b).abs() < 1e-3, "{a} is not {b}");
        }
    }
}

#[test]
fn the_shipped_classifier_is_small_and_knows_drawn_digits_of_every_side() {
    assert!(classifier_file().len() <= 60_000);
    for side in [8, 16, 28] {
        let (pictures, digits) = drawn(side, 1000, Stream::Heldout);
        let [_, scores] = classifier().see(&pictures, 1);
        let right = Classifier::digits(&scores).zip(digits).filter(|(found, digit)| *found == *digit as usize).count();
        assert!(right >= 970, "{right} of 1000 at {side}");
    }
}

#[test]
fn digits_that_are_measured_on_were_learned_by_no_model_and_by_no_classifier() {
    let (points, labels) = drawn(8, 400, Stream::Data);
    // The classifier's own rule.
    let tested: Vec<usize> = (0..400).filter(|&i| DistributionKind::Digits.holds_out(i) == Some(true)).collect();
    assert_eq!(tested.len(), 80);
    let moments = |pictures: &Points| Moments::of(&classifier().see(pictures, 1)[0]).unwrap();
    let truth = moments(&points.pick(&tested));
    for (seed, told) in [(1, false), (2, false), (2, true)] {
        let experiment = json!({
            "seed": seed, "data": { "kind": "digits" }, "network": { "width": 8, "depth": 1 },
            "condition": told.then(|| json!({ "kind": "class" })),
        });
        let names = (0..10).map(|digit: u32| digit.to_string()).collect();
        let labels = told.then(|| Labels { names, of: labels.clone() });
        let session =
            open(&experiment, Start { points: Some(points.clone().into()), labels, ..Start::default() }, true);
        let found = measured(&session, 80);
        let solver = flow_playground::SolverConfig { steps: 2, ..Default::default() };
        let samples = block_on(session.sample(80, solver, 1)).unwrap();
        let wanted = frechet(&moments(&samples.narrowed()), &truth).unwrap();
        let distance = found.frechet.unwrap();
        assert!((distance - wanted).abs() < 1e-3 * wanted, "seed {seed}: {distance} is not {wanted}");
    }
}

#[test]
fn pictures_of_one_law_are_as_far_apart_as_their_floor_and_those_of_noise_farther() {
    // A closed form of the training pictures draws these.
    let (points, _) = drawn(8, 1200, Stream::Data);
    let (heldout, _) = drawn(8, 400, Stream::Heldout);
    let start = Start { points: Some(points.into()), heldout: Some(heldout.into()), ..Start::default() };
    let experiment = |kind: &str| {
        json!({
            "data": { "kind": "pictures" }, "method": { "kind": kind }, "network": { "width": 8, "depth": 1 },
            "solver": { "kind": "rk4", "steps": 20 },
        })
    };
    let exact = open(&experiment("closed-form"), start.clone(), true);
    let found = block_on(exact.measure_with(400, 1, exact.experiment().solver, &[Metric::Frechet])).unwrap();
    let (floor, spread) = (found.frechet_floor.unwrap(), found.frechet_floor_spread.unwrap());
    let distance = found.frechet.unwrap();
    assert!(
        floor > 0.0 && (distance - floor).abs() < 5.0 * spread + 0.5 * floor,
        "{distance}, floor {floor} ± {spread}"
    );
    let untrained = measured(&open(&experiment("flow-matching"), start.clone(), true), 400);
    assert!(untrained.frechet.unwrap() > 10.0 * floor, "{untrained:?}");
    assert_eq!(untrained.accuracy, None);
    // The floor of fewer is higher.
    assert!(measured(&exact, 100).frechet_floor.unwrap() > 2.0 * floor);
    let unjudged = measured(&open(&experiment("closed-form"), start, false), 100);
    assert_eq!((unjudged.frechet, unjudged.frechet_floor), (None, None));
}

#[test]
fn samples_of_a_digit_are_that_digit_and_guidance_has_an_accuracy_though_no_truth() {
    let (points, labels) = drawn(8, 400, Stream::Data);
    let names = (0..10).map(|digit: u32| digit.to_string()).collect();
    let start = Start { points: Some(points.into()), labels: Some(Labels { names, of: labels }), ..Start::default() };
    let experiment = json!({
        "data": { "kind": "pictures" }, "method": { "kind": "closed-form" }, "condition": { "kind": "class" },
    });
    let mut session = open(&experiment, start, true);
    let solver = flow_playground::SolverConfig { steps: 20, ..Default::default() };
    for (guidance, has_truth) in [(1.0, true), (2.0, false)] {
        session.ask(Some(Asked::class(3, guidance))).unwrap();
        let found = block_on(session.measure_with(20, 1, solver, &[Metric::Frechet])).unwrap();
        assert!(found.accuracy.unwrap() >= 0.9, "{found:?}");
        assert_eq!(found.frechet.is_some(), has_truth);
    }
}

#[test]
fn points_that_are_no_pictures_are_not_judged() {
    let session =
        open(&json!({ "data": { "kind": "moons" }, "network": { "width": 8, "depth": 1 } }), Start::default(), true);
    assert_eq!(measured(&session, 50).frechet, None);
}

#[test]
fn a_file_of_other_weights_is_no_classifier() {
    let mut session = open(&json!({ "data": { "kind": "glyphs" } }), Start::default(), false);
    let other = block_on(session.weights()).unwrap();
    assert!(session.read_classifier(&other).unwrap_err().to_string().contains("0.weight is missing"));
}

#[test]
fn bits_are_the_nats_of_a_pixel_beside_what_its_grays_are_spread_over() {
    let oracle = oracle("bits_per_dimension");
    let of = |name: &str| oracle[name].as_f64().unwrap();
    let bits = |nll: f64, dim: f64, grays: f64| (nll / dim + (grays / 2.0).ln()) / 2.0_f64.ln();
    assert!((bits(of("nll"), of("d"), of("levels")) - of("bits_per_dim")).abs() < 1e-12);
    let mut rng = Rng::new(1, Stream::Data);
    let pictures = Points::new((0..200 * 64).map(|_| 2.0 * rng.uniform() - 1.0).collect(), 64).unwrap();
    for (kind, grays) in [("digits", 17.0), ("pictures", 256.0)] {
        let experiment = json!({ "data": { "kind": kind }, "network": { "width": 8, "depth": 1 } });
        let session = open(&experiment, Start { points: Some(pictures.clone()), ..Start::default() }, false);
        let solver = flow_playground::SolverConfig { steps: 2, ..Default::default() };
        let found = block_on(session.measure_with(20, 1, solver, &[Metric::Likelihood])).unwrap();
        let wanted = bits(found.nll.unwrap(), 64.0, grays);
        assert!((found.bits_per_dim.unwrap() - wanted).abs() < 1e-9, "{found:?}");
    }
}

#[test]
fn a_little_training_brings_pictures_nearer_to_data() {
    let experiment = json!({
        "data": { "kind": "drawn-digits", "dim": 64 }, "network": { "kind": "u-net", "width": 8, "depth": 1 },
        "optimizer": { "batch": 32, "learningRate": 4e-3 }, "budget": { "steps": 200 },
    });
    let mut session = open(&experiment, Start::default(), true);
    let distance = |session: &Session| {
        let solver = flow_playground::SolverConfig { kind: SolverKind::Euler, steps: 8, tolerance: None };
        let found = block_on(session.measure_with(200, 1, solver, &[Metric::Frechet])).unwrap();
        let curve = block_on(session.quality_against_cost(&[solver.into()], 200, 1, &[Metric::Frechet])).unwrap();
        assert_eq!(curve[0].frechet, found.frechet);
        found.frechet.unwrap()
    };
    let before = distance(&session);
    block_on(session.advance(200)).unwrap();
    let after = distance(&session);
    assert!(after < 0.6 * before, "{before} to {after}");
}
