//! The loss's floor against what is known of it.

use flow_playground::distribution::DistributionKind;
use flow_playground::metric::Estimate;
use flow_playground::path::Schedule;
use flow_playground::posterior::{Observed, posterior};
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::LossFloor;
use flow_playground::velocity::closed_form;
use flow_playground::{Engine, Experiment, Points, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};
use std::f64::consts::PI;

fn open_with(experiment: &Value, points: Option<Points<f64>>) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    block_on(Session::open(experiment, Start { points, ..Start::default() }, Engine::Cpu)).unwrap()
}

fn open(data: &Value, method: &Value) -> Session {
    open_with(&json!({ "data": data, "method": method, "network": { "width": 16, "depth": 2 } }), None)
}

fn floor(session: &Session, n: usize) -> LossFloor {
    session.loss_floor(n, 1).unwrap().unwrap()
}

fn flow_matching() -> Value {
    json!({ "kind": "flow-matching" })
}

fn assert_near(found: LossFloor, value: f64, error: f64, what: &str) {
    let allowed = 4.0 * (found.standard_error.powi(2) + error * error).sqrt();
    assert!((found.value - value).abs() < allowed, "{what}: {found:?}, and should be {value} ± {error}");
    assert!(found.standard_error < 0.02 * value, "{what}: {found:?}");
}

#[test]
fn gaussians_have_the_floor_of_the_formula() {
    for dim in [1, 2, 20] {
        let found = floor(&open(&json!({ "kind": "gaussian", "dim": dim }), &flow_matching()), 4096);
        // The same variance at every x, so that only the times' scatter is left.
        assert!((found.value / (0.5 * PI * f64::from(dim)) - 1.0).abs() < 2e-3, "{dim}: {found:?}");
    }
    let first_round = floor(&open(&json!({ "kind": "gaussian" }), &json!({ "kind": "reflow" })), 4096);
    assert!((first_round.value / PI - 1.0).abs() < 2e-3);
}

#[test]
fn mixtures_and_the_board_have_the_reference_values() {
    let of = |data: &str| floor(&open(&json!({ "kind": data }), &flow_matching()), 20_000);
    assert_near(of("8-gaussians"), 5.632, 0.010, "8-gaussians");
    assert_near(of("checkerboard"), 6.743, 0.013, "checkerboard");
}

/// The predictions of a diffusion on N(0, I): E|z - z*|² averages .275995 a coordinate, at every time α² of it.
#[test]
fn a_diffusion_has_the_reference_value() {
    let gaussian = json!({ "kind": "gaussian" });
    for prediction in ["noise", "score"] {
        let found = floor(&open(&gaussian, &json!({ "kind": "diffusion", "prediction": prediction })), 4096);
        // Times below 1e-3 are left out.
        assert!((found.value / (2.0 * 0.275995) - 1.0).abs() < 4e-3, "{prediction}: {found:?}");
    }
    // Var(x(0) | x) = σ², whose mean is what the noise's leaves of 1.
    let data = floor(&open(&gaussian, &json!({ "kind": "diffusion", "prediction": "data" })), 4096);
    assert!((data.value / (2.0 * (1.0 - 0.275995)) - 1.0).abs() < 4e-3, "{data:?}");
    // ∫ β/σ² α² dt = ∫ e^{-B} dB / (1 - e^{-B}) = ln(1 - e^{-B}) between the ends.
    let weighted = json!({ "kind": "diffusion", "weighting": "likelihood" });
    let earliest: f64 = 0.1e-3 + 9.95e-6;
    let expected = 2.0 * -(-(-earliest).exp_m1()).ln();
    let found = floor(&open(&gaussian, &weighted), 4096);
    assert!((found.value / expected - 1.0).abs() < 2e-3, "{found:?} {expected}");
}

/// Importance sampling, as for data without closed forms, on data that has one: unbiased from the data's end to the noise's.
#[test]
fn sampled_variances_average_to_the_exact_ones() {
    let board = DistributionKind::Checkerboard.built_in().unwrap();
    let gaussians = DistributionKind::EightGaussians.built_in().unwrap();
    let normal = DistributionKind::Gaussian.built_in().unwrap();
    for (name, data) in [("8-gaussians", gaussians), ("checkerboard", board)] {
        let mut rng = Rng::new(4, Stream::Data);
        let form = closed_form(&data, &normal, Schedule::Linear).unwrap();
        for t in [1e-3, 0.03, 0.1, 0.2, 0.3, 0.4, 0.6, 0.95] {
            let (at, field) = (Schedule::Linear.at(t), form.at(t));
            let (mut sampled, mut exact) = (Vec::new(), Vec::new());
            for row in data.sample(1500, &mut rng).rows() {
                let x: Vec<f64> = row.iter().map(|&x| at.alpha * f64::from(x) + at.sigma * rng.normal()).collect();
                let pool = data.sample(256, &mut rng);
                let observed = Observed { x: &x, at };
                sampled.push(posterior(&data, observed, pool.values(), 64, &mut rng).unwrap().variance());
                exact.push(field(&x).data_variance(at));
            }
            let differences: Vec<f64> = sampled.iter().zip(&exact).map(|(a, b)| a - b).collect();
            let found = Estimate::of(&differences).unwrap();
            let mean = exact.iter().sum::<f64>() / 1500.0;
            let (bias, error) = (found.mean / mean, found.standard_error / mean);
            println!("{name} at {t}: bias {bias:.4} ± {error:.4}");
            assert!(bias.abs() < 0.01 + 4.0 * error && error < 0.01, "{name} at {t}: {bias} ± {error}");
        }
    }
}

/// What is trained to the end comes near the floor, and never below it but by chance.
#[test]
fn training_ends_a_little_above_the_floor() {
    for (data, method) in [
        ("moons", json!({ "kind": "flow-matching" })),
        ("rings", json!({ "kind": "flow-matching", "path": "cosine" })),
        ("8-gaussians", json!({ "kind": "diffusion" })),
        ("circles", json!({ "kind": "diffusion", "prediction": "data" })),
        ("fractal-tree", json!({ "kind": "diffusion", "prediction": "score", "weighting": "likelihood" })),
    ] {
        let experiment = json!({
            "data": { "kind": data }, "method": method, "network": { "width": 64, "depth": 3 },
            "budget": { "steps": 1200 },
        });
        let mut session = open_with(&experiment, None);
        let clock = std::time::Instant::now();
        let floor = floor(&session, 4096);
        let took = clock.elapsed();
        let losses = block_on(session.advance(1200)).unwrap().losses;
        let last: f64 = losses[900..].iter().map(|&loss| f64::from(loss)).sum::<f64>() / 300.0;
        println!("{data} {method}: floor {:.4} ± {:.4} in {took:?}, loss {last:.4}", floor.value, floor.standard_error);
        // g² weighting draws times down to the cut-off, where next to nothing can be learned: wherever that lies, it adds as
        // much to the floor as to every loss (9.4 where it is 1e-5 instead of 1e-3), and a part of the floor is no measure. Of
        // what there was to learn it is one.
        let first = f64::from(losses[..5].iter().sum::<f32>()) / 5.0;
        let is_weighted = method["weighting"] == "likelihood";
        let (unit, most) = if is_weighted { (first - floor.value, 0.2) } else { (floor.value, 0.15) };
        let excess = (last - floor.value) / unit;
        assert!((-0.02..most).contains(&excess), "{data}: {last} is {excess} above {floor:?}");
    }
}

#[test]
fn a_finite_set_is_known_by_heart() {
    // Evenly over a square, by two irrational steps.
    let coordinates =
        |i: usize| [0.754_877_67, 0.569_840_3].map(|step: f64| f64::from((i as f64 * step).fract() as f32));
    let spread = |n: usize| Points::new((0..n).flat_map(coordinates).collect(), 2).unwrap();
    let of = |n: usize| {
        let experiment = json!({
            "data": { "kind": "points" }, "method": flow_matching(), "network": { "width": 16, "depth": 2 },
        });
        floor(&open_with(&experiment, Some(spread(n))), 4096)
    };
    let (few, more) = (of(20), of(200));
    assert!(few.value < more.value && more.value < 8.0, "{few:?} {more:?}");
    // More points than the work allows for, in the time of fewer draws.
    assert!(of(100_000).value > more.value);
}

#[test]
fn it_is_unknown_where_no_density_or_no_regression_is_known() {
    let none = |data: Value, method: Value| open(&data, &method).loss_floor(100, 1).unwrap().is_none();
    assert!(none(json!({ "kind": "cosine" }), flow_matching()));
    assert!(none(json!({ "kind": "moons" }), json!({ "kind": "normalizing-flow" })));
    assert!(none(json!({ "kind": "moons" }), json!({ "kind": "stochastic-interpolant" })));
    assert!(none(json!({ "kind": "moons" }), json!({ "kind": "flow-matching", "coupling": "minibatch-ot" })));
    let other_noise = json!({ "data": { "kind": "moons" }, "noise": { "kind": "circles" }, "method": flow_matching() });
    assert!(open_with(&other_noise, None).loss_floor(100, 1).unwrap().is_none());
    assert!(open(&json!({ "kind": "moons" }), &flow_matching()).loss_floor(1, 1).is_err());
}
