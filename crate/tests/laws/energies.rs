//! Targets by energy: their normalization against reference values, their slopes against differences, their draws against identities
//! that the law has, and what a short chain leaves out.

use flow_playground::distribution::{Distribution, DistributionConfig, DistributionKind, Landscape};
use flow_playground::metric::{Estimate, Reweighting};
use flow_playground::rng::{Rng, Stream};
use flow_playground::{Engine, Experiment, FlowError, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};
use std::sync::LazyLock;

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../tests/vectors/energies.json")).unwrap());

const KINDS: [(DistributionKind, Landscape); 5] = [
    (DistributionKind::DoubleWell, Landscape::DoubleWell),
    (DistributionKind::MuellerBrown, Landscape::MuellerBrown),
    (DistributionKind::FourWells, Landscape::FourWells),
    (DistributionKind::EnergyRing, Landscape::Ring),
    (DistributionKind::PhiFour, Landscape::PhiFour),
];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn at(kind: DistributionKind, temperature: f64) -> Distribution {
    DistributionConfig { temperature: Some(temperature), ..kind.into() }.build("data", None).unwrap()
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&x| f64::from(x)).collect()
}

#[test]
fn normalizations_have_the_reference_values() {
    let well = &VECTORS["double_well"];
    let law = at(DistributionKind::DoubleWell, 1.0).boltzmann.unwrap();
    for (name, found) in
        [("log_Z", law.log_z), ("P_x_positive", law.right), ("delta_F_right_minus_left", law.delta_f())]
    {
        let reference = number(&well[name]);
        assert!((found - reference).abs() < 1e-7, "{name}: {found}, not {reference}");
    }
    for kt in [10.0, 15.0, 20.0] {
        let found = at(DistributionKind::MuellerBrown, kt / 15.0).boltzmann.unwrap().log_z;
        let reference = number(&VECTORS["mueller_brown"][format!("log_Z_kT{kt}")]);
        assert!((found - reference).abs() < 1e-6, "kT {kt}: {found}, not {reference}");
    }
}

/// At points that the law draws, and far from them.
#[test]
fn slopes_are_those_of_the_energies() {
    for (kind, landscape) in KINDS {
        for row in at(kind, 2.0).sample(20, &mut Rng::new(3, Stream::Data)).rows() {
            let x = wide(row);
            for (k, slope) in landscape.gradient(&x).into_iter().enumerate() {
                let moved = |by: f64| {
                    let mut x = x.clone();
                    x[k] += by;
                    landscape.energy(&x)
                };
                let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                let size = 1.0 + slope.abs();
                assert!((difference - slope).abs() < 1e-6 * size, "{kind:?} at {x:?}: {slope}, not {difference}");
            }
        }
    }
}

/// E[x · ∇E]/T is the number of coordinates, and E[E]/T + ln Z the entropy, at every temperature.
#[test]
fn draws_are_of_the_law() {
    for (kind, landscape) in KINDS {
        for temperature in [0.25, 1.0, 2.0] {
            let data = at(kind, temperature);
            let law = data.boltzmann.clone().unwrap();
            let points = data.sample(20_000, &mut Rng::new(4, Stream::Data));
            let each = |of: &dyn Fn(&[f64]) -> f64| -> Vec<f64> { points.rows().map(|row| of(&wide(row))).collect() };
            let virial = each(&|x| {
                let gradient = landscape.gradient(x);
                x.iter().zip(gradient).map(|(x, slope)| x * slope).sum::<f64>() / law.temperature
            });
            let surprise = each(&|x| law.log_z - law.log_weight(x));
            let right = each(&|x| f64::from(u8::from(x[0] > 0.0)));
            let stated = [data.dim() as f64, data.entropy().unwrap(), law.right];
            for (values, stated) in [virial, surprise, right].iter().zip(stated) {
                let Estimate { mean, standard_error } = Estimate::of(values).unwrap();
                // A cell's inside is flat, which moves the means by a few thousandths of their scatter.
                let bound = 4.5 * standard_error + 0.003 * stated.abs();
                assert!((mean - stated).abs() < bound, "{kind:?} at {temperature}: {mean}, not {stated} ± {bound}");
            }
        }
    }
}

#[test]
fn weights_have_the_reference_values() {
    let vector = &VECTORS["importance_weights"];
    let log_weights: Vec<f64> = vector["log_weights"].as_array().unwrap().iter().map(number).collect();
    let found = Reweighting::of(&log_weights, &[true; 4]).unwrap();
    assert!((found.effective - number(&vector["ess"])).abs() < 1e-9, "{found:?}");
    assert!((found.log_z.mean - number(&vector["log_Z_estimate"])).abs() < 1e-9, "{found:?}");
    assert!(found.delta_f.is_none() && !found.is_believed());
    for case in VECTORS["effective_sample_size"].as_array().unwrap() {
        let target = case["target"].as_str().unwrap();
        let variance: f64 = target.split(['(', ',', '^']).nth(2).unwrap().parse::<f64>().unwrap().powi(2);
        let (dim, n, mut rng) = (case["d"].as_u64().unwrap(), 100_000, Rng::new(9, Stream::Data));
        let mut marked = Vec::new();
        let log_weight = |_| {
            let x: Vec<f64> = (0..dim).map(|_| rng.normal()).collect();
            marked.push(x[0] > 0.0);
            let square: f64 = x.iter().map(|x| x * x).sum();
            0.5 * square * (1.0 - 1.0 / variance) - 0.5 * dim as f64 * variance.ln()
        };
        let log_weights: Vec<f64> = (0..n).map(log_weight).collect();
        let found = Reweighting::of(&log_weights, &marked).unwrap();
        let (share, reference) = (found.effective / n as f64, number(&case["ess_share"]));
        assert!((share - reference).abs() < 0.01, "{target}: {share}, not {reference}");
        let delta_f = found.delta_f.unwrap();
        for estimate in [found.log_z, delta_f] {
            assert!(estimate.mean.abs() < 4.5 * estimate.standard_error, "{target}: {estimate:?}");
        }
    }
}

/// The stated error is that over repetitions.
#[test]
fn errors_of_weighted_numbers_are_their_scatter() {
    let (mut rng, n) = (Rng::new(2, Stream::Data), 400);
    let (mut found, mut stated) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        let x: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let weights: Vec<f64> = x.iter().map(|x| 0.5 * x * x * (1.0 - 1.0 / 0.64)).collect();
        let marked: Vec<bool> = x.iter().map(|x| *x > 0.3).collect();
        let all = Reweighting::of(&weights, &marked).unwrap();
        let delta_f = all.delta_f.unwrap();
        found.push([all.log_z.mean, delta_f.mean]);
        stated.push([all.log_z.standard_error, delta_f.standard_error]);
    }
    for k in 0..2 {
        let values: Vec<f64> = found.iter().map(|found| found[k]).collect();
        let scatter = Estimate::of(&values).unwrap().standard_error * (values.len() as f64).sqrt();
        let mean = stated.iter().map(|stated| stated[k]).sum::<f64>() / stated.len() as f64;
        assert!((mean / scatter - 1.0).abs() < 0.12, "{mean} stated, {scatter} found");
    }
}

/// Where the barrier is low it draws the law; where it is high it stays in the well that it starts in.
#[test]
fn a_short_chain_finds_one_well() {
    let chain = |kind: DistributionKind, temperature: f64, len: usize| {
        let experiment = json!({
            "data": { "kind": kind, "temperature": temperature, "chain": len },
            "network": { "width": 4, "depth": 1 },
        });
        Experiment::from_json(&experiment).unwrap();
        let exact = at(kind, temperature);
        let drawn = flow_playground::distribution::Boltzmann::by_chain(exact.clone(), len, 7);
        (exact, drawn.sample(20_000, &mut Rng::new(1, Stream::Data)))
    };
    let share = |points: &flow_playground::Points| {
        points.rows().filter(|row| row[0] > 0.0).count() as f64 / points.len() as f64
    };
    let (exact, warm) = chain(DistributionKind::DoubleWell, 2.0, 20_000);
    let (right, found) = (exact.boltzmann.unwrap().right, share(&warm));
    assert!((found - right).abs() < 0.08, "{found} of the chain are right, {right} of the law");
    let (_, cold) = chain(DistributionKind::DoubleWell, 0.5, 1000);
    assert_eq!(share(&cold), 0.0);
    // One well of four, as it is: its variance there is that of the exact draws there.
    let (exact, one) = chain(DistributionKind::FourWells, 1.0, 5000);
    let variance = |points: &flow_playground::Points| {
        let inside = points.rows().filter(|row| row[0] < 0.0 && row[1] < 0.0).map(|row| f64::from(row[0]));
        let values: Vec<f64> = inside.collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64
    };
    let [found, wanted] = [variance(&one), variance(&exact.sample(20_000, &mut Rng::new(1, Stream::Data)))];
    assert!((found / wanted - 1.0).abs() < 0.15, "{found}, not {wanted}");
}

fn refusal(experiment: Value) -> String {
    let opened = Experiment::from_json(&experiment)
        .and_then(|experiment| block_on(Session::open(experiment, Start::default(), Engine::Cpu)).map(|_| ()));
    opened.err().map_or_else(String::new, |error: FlowError| error.to_string())
}

#[test]
fn what_has_no_energy_is_refused_in_a_sentence() {
    let reverse =
        |data: Value| json!({ "data": data, "method": { "kind": "coupling-flow", "objective": "reverse-kl" } });
    assert!(refusal(reverse(json!({ "kind": "moons" }))).starts_with("method.objective is \"reverse-kl\""));
    assert_eq!(refusal(reverse(json!({ "kind": "double-well" }))), "");
    for (data, sentence) in [
        (json!({ "kind": "moons", "temperature": 2 }), "data.temperature is 2; allowed: none for this kind"),
        (json!({ "kind": "moons", "chain": 500 }), "data.chain is 500; allowed: none for this kind"),
        (json!({ "kind": "double-well", "temperature": 0 }), "data.temperature is 0; allowed: 0.25 to 2"),
        (json!({ "kind": "double-well", "chain": 5 }), "data.chain is 5; allowed: 100 to 100000"),
        (json!({ "kind": "phi-four", "dim": 3 }), "data.dim is 3; allowed: 16"),
    ] {
        let found = refusal(json!({ "data": data }));
        assert!(found.starts_with(sentence), "{found}");
    }
    let noise = refusal(json!({ "noise": { "kind": "double-well", "chain": 500 } }));
    assert!(noise.starts_with("noise.chain is 500; allowed: none but for the data"), "{noise}");
}
