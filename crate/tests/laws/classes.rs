//! What is drawn, and the classes of what is drawn: their labels, densities, scores and exact fields.

use flow_playground::distribution::{Class, Distribution, DistributionConfig, DistributionKind, Gaussian, Mixture};
use flow_playground::metric::Estimate;
use flow_playground::path::Schedule;
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::closed_form;
use serde_json::Value;

const N: usize = 20_000;

/// Every built-in set that has classes.
fn with_classes() -> impl Iterator<Item = (String, Distribution)> {
    let built = |kind: DistributionKind| (format!("{kind:?}"), kind.built_in().unwrap());
    let config = DistributionConfig { dim: Some(7), ..DistributionKind::GaussianMixture.into() };
    let all = DistributionKind::BUILT_IN.into_iter().map(built);
    let all =
        all.chain([("in 7 dimensions".into(), config.build("data", None).unwrap()), ("unequal".into(), unequal())]);
    all.filter(|(_, distribution)| !distribution.classes.is_empty())
}

/// Those whose classes have densities.
fn of_densities() -> impl Iterator<Item = (String, Distribution)> {
    with_classes().filter(|(_, distribution)| distribution.density.is_some())
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/mixture-by-class.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Three Gaussians of unequal weights and widths.
fn unequal() -> Distribution {
    let vectors = vectors();
    let means: Vec<Vec<f64>> = serde_json::from_value(vectors["means"].clone()).unwrap();
    let components = means.into_iter().zip(numbers(&vectors["std"]));
    let components = components.map(|(mean, deviation)| Gaussian::isotropic(mean, deviation)).collect();
    Mixture::new(numbers(&vectors["weights"]), components).into()
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&x| f64::from(x)).collect()
}

/// ln p_c + ln p(x | c) of each class.
fn log_joint(distribution: &Distribution, x: &[f64]) -> Vec<f64> {
    let of_class = |class: &Class| {
        class.probability.ln() + class.density.as_ref().map_or(f64::NAN, |density| density.log_density(x))
    };
    distribution.classes.iter().map(of_class).collect()
}

fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_finite() {
        largest + terms.iter().map(|term| (term - largest).exp()).sum::<f64>().ln()
    } else {
        largest
    }
}

/// What seeds draw has not changed, and labels take nothing from the stream: FNV-1a of 256 points of each set, and the stream's
/// position after them.
#[test]
fn the_draws_of_the_built_in_sets_are_the_same_bits_as_ever() {
    let golden = [
        (DistributionKind::Moons, 0x36ac_e199_43c0_0627, 1812),
        (DistributionKind::EightGaussians, 0xc27d_d32f_005d_c31f, 1566),
        (DistributionKind::TwoSpirals, 0x81b9_cb61_4665_120d, 2830),
        (DistributionKind::Checkerboard, 0x594d_5a4e_7743_10b9, 1280),
        (DistributionKind::Pinwheel, 0xd7eb_db17_99e0_abfe, 1306),
        (DistributionKind::Circles, 0xd0bd_c380_426c_90c0, 1812),
        (DistributionKind::Rings, 0xa458_b61b_eff6_8a06, 1812),
        (DistributionKind::SwissRoll, 0xe2c8_1864_f33d_5fa7, 1566),
        (DistributionKind::Rose, 0x8465_fb2f_a47f_0911, 1566),
        (DistributionKind::OlympicRings, 0x64f1_fc85_4712_486e, 1812),
        (DistributionKind::FractalTree, 0x90ac_2de2_0bfc_cdc4, 2072),
        (DistributionKind::Gaussian, 0x8e22_f9ef_01b1_de46, 1566),
        (DistributionKind::GaussianMixture, 0x0e60_812c_bc39_4814, 1566),
        (DistributionKind::Bimodal, 0x87cf_e1a4_8caa_440d, 1034),
        (DistributionKind::Glyphs, 0x36d4_0597_cf7c_0e2a, 33766),
        (DistributionKind::DrawnDigits, 0x91e9_0f91_e5c5_fb2f, 12906),
        (DistributionKind::Branching, 0xad11_a435_eae5_e419, 1566),
        (DistributionKind::Line, 0x882e_1b45_598c_2fc5, 512),
        (DistributionKind::Cosine, 0x1b4b_b1a7_8658_1be3, 512),
        (DistributionKind::LinearGaussian, 0x03ca_ad2f_928f_9844, 1052),
        (DistributionKind::TwoMoonsSbi, 0xc20a_02c4_f254_58cb, 2060),
        (DistributionKind::DoubleWell, 0x497e_4b54_b5cc_1a85, 0x600),
        (DistributionKind::MuellerBrown, 0xc9a5_3d9e_3b6c_8472, 0x600),
        (DistributionKind::FourWells, 0x5805_2277_514b_d5c1, 0x600),
        (DistributionKind::EnergyRing, 0x4cdd_4c20_4ebc_81e2, 0x600),
        (DistributionKind::PhiFour, 0xee8e_1633_c14a_85b6, 0x4000),
    ];
    assert!(DistributionKind::BUILT_IN.iter().all(|kind| golden.iter().any(|(known, ..)| known == kind)));
    let found = golden.map(|(kind, ..)| {
        let mut rng = Rng::new(5, Stream::Data);
        let points = kind.built_in().unwrap().sample_labelled(256, &mut rng).points;
        let bytes = points.values().iter().flat_map(|x| x.to_bits().to_le_bytes());
        let hash = bytes
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(kind.built_in().unwrap().sample(256, &mut Rng::new(5, Stream::Data)), points, "{kind:?}");
        (kind, hash, rng.position())
    });
    assert_eq!(found, golden, "{found:#x?}");
}

#[test]
fn the_sets_that_are_made_of_parts_know_them_by_name() {
    let count = |kind: DistributionKind| kind.built_in().unwrap().classes.len();
    let counts = DistributionKind::BUILT_IN.map(|kind| (kind, count(kind)));
    for (kind, expected) in counts {
        let known = match kind {
            DistributionKind::Moons | DistributionKind::TwoSpirals | DistributionKind::Circles => 2,
            DistributionKind::Bimodal => 2,
            DistributionKind::Glyphs => 3,
            DistributionKind::Rings => 4,
            DistributionKind::Pinwheel | DistributionKind::Rose => 5,
            DistributionKind::OlympicRings | DistributionKind::GaussianMixture | DistributionKind::Branching => 5,
            DistributionKind::EightGaussians | DistributionKind::Checkerboard => 8,
            DistributionKind::DrawnDigits => 10,
            _ => 0,
        };
        assert_eq!(known, expected, "{kind:?}");
    }
    for (name, distribution) in with_classes() {
        let mut names: Vec<&str> = distribution.classes.iter().map(|class| class.name.as_str()).collect();
        println!("{name}: {names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), distribution.classes.len(), "{name}");
    }
}

/// χ² of the labels against the stated probabilities; its deviation is √(2 classes).
#[test]
fn labels_have_the_stated_probabilities() {
    for (name, distribution) in with_classes() {
        let classes = &distribution.classes;
        assert!((classes.iter().map(|class| class.probability).sum::<f64>() - 1.0).abs() < 1e-12, "{name}");
        let mut counts = vec![0.0; classes.len()];
        for label in distribution.sample_labelled(N, &mut Rng::new(21, Stream::Data)).labels.unwrap() {
            counts[label as usize] += 1.0;
        }
        let term = |(class, count): (&Class, &f64)| {
            let expected = class.probability * N as f64;
            (count - expected).powi(2) / expected
        };
        let (chi, free) = (classes.iter().zip(&counts).map(term).sum::<f64>(), classes.len() as f64 - 1.0);
        assert!(chi < free + 5.0 * (2.0 * free).sqrt(), "{name}: χ² is {chi} over {counts:?}");
    }
    for kind in DistributionKind::BUILT_IN {
        let distribution = kind.built_in().unwrap();
        let labelled = distribution.sample_labelled(10, &mut Rng::new(21, Stream::Data)).labels.is_some();
        assert_eq!(labelled, !distribution.classes.is_empty(), "{kind:?}");
    }
}

/// ln p(x) = ln Σ p_c p(x | c), near the points and far from them.
#[test]
fn every_density_is_the_mixture_of_those_of_its_classes() {
    for (name, distribution) in of_densities() {
        let mut worst: f64 = 0.0;
        for row in distribution.sample(2000, &mut Rng::new(22, Stream::Data)).rows() {
            for scale in [1.0, 0.9, 1.3, -2.0] {
                let x: Vec<f64> = row.iter().map(|&x| scale * f64::from(x)).collect();
                let (whole, mixed) =
                    (distribution.log_density(&x).unwrap(), log_sum_exp(&log_joint(&distribution, &x)));
                let difference = if whole == mixed { 0.0 } else { (whole - mixed).abs() };
                assert!(difference < 1e-6, "{name} at {x:?}: {whole}, not {mixed}");
                worst = worst.max(difference);
            }
        }
        println!("{name}: {worst:.1e}");
    }
}

/// Over points of the whole, P(c | x) is p_c on average, which says that the density given c adds up to 1; and their labels are
/// drawn by P(c | x): -ln P(label | x) is on average the entropy of P(c | x).
#[test]
fn labels_are_drawn_by_the_densities_of_their_classes() {
    for (name, distribution) in of_densities() {
        let labelled = distribution.sample_labelled(N, &mut Rng::new(23, Stream::Data));
        let mut surplus = Vec::new();
        let mut shares = vec![Vec::new(); distribution.classes.len()];
        for (row, label) in labelled.points.rows().zip(labelled.labels.unwrap()) {
            let joint = log_joint(&distribution, &wide(row));
            let whole = log_sum_exp(&joint);
            let logs: Vec<f64> = joint.iter().map(|joint| joint - whole).collect();
            let plogp = |&log: &f64| if log.exp() > 0.0 { log * log.exp() } else { 0.0 };
            surplus.push(-logs[label as usize] + logs.iter().map(plogp).sum::<f64>());
            shares.iter_mut().zip(&logs).for_each(|(share, log)| share.push(log.exp()));
        }
        let found = Estimate::of(&surplus).unwrap();
        println!("{name}: {:.2e} ± {:.1e}", found.mean, found.standard_error);
        assert!(found.mean.abs() < 5.0 * found.standard_error + 1e-6, "{name}: {found:?}");
        for (class, share) in distribution.classes.iter().zip(&shares) {
            let share = Estimate::of(share).unwrap();
            let bound = 5.0 * share.standard_error;
            assert!((share.mean - class.probability).abs() < bound, "{name}, {}: {share:?}", class.name);
        }
    }
}

/// A class alone: the points of that label, with its density.
#[test]
fn given_a_class_the_points_are_those_of_its_label() {
    for (name, distribution) in with_classes() {
        let labelled = distribution.sample_labelled(N, &mut Rng::new(24, Stream::Data));
        let labels = labelled.labels.unwrap();
        for (class, of_class) in distribution.classes.iter().enumerate() {
            let given = distribution.given(class).unwrap();
            let points = given.sample(400, &mut Rng::new(24, Stream::Data));
            let expected = labelled.points.rows().zip(&labels).filter(|(_, label)| **label as usize == class);
            assert!(points.rows().eq(expected.map(|(row, _)| row).take(400)), "{name}, {}", of_class.name);
            assert_eq!(points.len(), 400);
            let Some(entropy) = given.entropy() else { continue };
            let values: Vec<f64> = points.rows().map(|row| -given.log_density(&wide(row)).unwrap()).collect();
            let found = Estimate::of(&values).unwrap();
            let bound = 5.0 * found.standard_error + 1e-6;
            assert!((found.mean - entropy).abs() < bound, "{name}, {}: {found:?}, not {entropy}", of_class.name);
        }
    }
}

/// Waiting for a point of it would never end.
#[test]
fn a_class_without_points_is_refused() {
    let components = [-1.0, 1.0].map(|x| Gaussian::isotropic(vec![x, 0.0], 0.1)).to_vec();
    let data = Distribution::from(Mixture::new(vec![1.0, 0.0], components));
    assert!(data.given(0).is_ok());
    for class in [1, 2] {
        let refusal = data.given(class).err().unwrap().to_string();
        assert_eq!(refusal, format!("class is {class}; allowed: a class that has points."));
    }
}

/// Scores by class are derivatives of the densities by class, and average to the whole's with P(c | x).
#[test]
fn scores_by_class_average_to_the_score() {
    let mut checked = 0;
    for (name, distribution) in of_densities() {
        for row in distribution.sample(50, &mut Rng::new(25, Stream::Data)).rows() {
            let x: Vec<f64> = row.iter().map(|&x| 0.9 * f64::from(x)).collect();
            let Some(whole) = distribution.score(&x) else { break };
            let joint = log_joint(&distribution, &x);
            let total = log_sum_exp(&joint);
            let mut mixed = vec![0.0; x.len()];
            for (class, joint) in distribution.classes.iter().zip(&joint) {
                let density = class.density.as_ref().unwrap();
                let score = density.score(&x).unwrap();
                mixed.iter_mut().zip(&score).for_each(|(mixed, score)| *mixed += (joint - total).exp() * score);
                let h = 1e-5;
                let moved = |by: f64| density.log_density(&[&[x[0] + by], &x[1..]].concat());
                let difference = (moved(h) - moved(-h)) / (2.0 * h);
                let scale = 1.0 + score[0].abs();
                assert!((score[0] - difference).abs() < 1e-5 * scale, "{name}: {} and {difference}", score[0]);
            }
            for (whole, mixed) in whole.iter().zip(&mixed) {
                assert!((whole - mixed).abs() < 1e-8 * (1.0 + whole.abs()), "{name}: {whole} and {mixed}");
            }
            checked += 1;
        }
    }
    assert!(checked >= 250, "{checked}");
}

/// Exact fields by class average to the whole's, with the class's probability given x(t).
#[test]
fn exact_fields_by_class_average_to_the_exact_field() {
    let normal = Distribution::from(Mixture::standard_normal(2));
    for (name, data) in with_classes().filter(|(_, data)| data.dim() == 2 && data.exact.is_some()) {
        let whole = closed_form(&data, &normal, Schedule::Linear).unwrap();
        let given = |class| closed_form(&data.given(class).unwrap(), &normal, Schedule::Linear).unwrap();
        let fields: Vec<_> = (0..data.classes.len()).map(given).collect();
        for t in [0.1, 0.5, 0.9, 1.0] {
            for x in [[0.3, -0.4], [-2.1, 1.7], [3.5, 0.2]] {
                let whole = whole.at(t)(&x);
                let parts: Vec<_> = fields.iter().map(|field| field.at(t)(&x)).collect();
                let joint = parts.iter().zip(&data.classes);
                let joint: Vec<f64> = joint.map(|(part, class)| class.probability.ln() + part.log_density).collect();
                let total = log_sum_exp(&joint);
                assert!((whole.log_density - total).abs() < 1e-9, "{name} at {x:?}, {t}");
                for (i, velocity) in whole.velocity.iter().enumerate() {
                    let mixed = parts.iter().zip(&joint).map(|(part, joint)| (joint - total).exp() * part.velocity[i]);
                    let mixed = mixed.sum::<f64>();
                    assert!((velocity - mixed).abs() < 1e-8, "{name} at {x:?}, {t}: {velocity}, not {mixed}");
                }
            }
        }
    }
}

/// w · f(x, t | class 1) + (1 - w) · f(x, t): by class for 1, of all for 0.
fn guided(x: &[f64], t: f64, w: f64) -> Vec<f64> {
    let (data, normal) = (unequal(), Distribution::from(Mixture::standard_normal(2)));
    let velocity = |data: &Distribution| closed_form(data, &normal, Schedule::Linear).unwrap().at(t)(x).velocity;
    let (of_class, of_all) = (velocity(&data.given(1).unwrap()), velocity(&data));
    of_class.iter().zip(of_all).map(|(of_class, of_all)| w * of_class + (1.0 - w) * of_all).collect()
}

#[test]
fn fields_by_class_have_the_reference_values() {
    let vectors = vectors();
    let close = |found: &[f64], reference: &Value, bound: f64| {
        for (found, reference) in found.iter().zip(numbers(reference)) {
            assert!((found - reference).abs() < bound, "{found}, not {reference}");
        }
    };
    let (data, normal) = (unequal(), Distribution::from(Mixture::standard_normal(2)));
    for field in vectors["fields"].as_array().unwrap() {
        let (x, t) = (numbers(&field["x"]), field["t"].as_f64().unwrap());
        close(&guided(&x, t, 0.0), &field["unconditional"], 1e-8);
        close(&guided(&x, t, 3.0), &field["guided_class_1_w3"], 1e-8);
        for (class, reference) in field["class"].as_array().unwrap().iter().enumerate() {
            let exact = closed_form(&data.given(class).unwrap(), &normal, Schedule::Linear).unwrap();
            close(&exact.at(t)(&x).velocity, reference, 1e-8);
        }
    }
    for end in vectors["ends"].as_array().unwrap() {
        for (w, name) in [(0.0, "unconditional"), (1.0, "class_1"), (3.0, "guided_class_1_w3")] {
            close(&generated(numbers(&end["z"]), |x, t| guided(x, t, w)), &end[name], 1e-5);
        }
    }
}

/// By Runge and Kutta's four stages from t = 1 to 0.
fn generated(mut x: Vec<f64>, field: impl Fn(&[f64], f64) -> Vec<f64>) -> Vec<f64> {
    let steps = 2000;
    let h = -1.0 / f64::from(steps);
    let moved = |x: &[f64], by: f64, f: &[f64]| x.iter().zip(f).map(|(x, f)| x + by * f).collect::<Vec<_>>();
    for step in 0..steps {
        let t = 1.0 + h * f64::from(step);
        let a = field(&x, t);
        let b = field(&moved(&x, 0.5 * h, &a), t + 0.5 * h);
        let c = field(&moved(&x, 0.5 * h, &b), t + 0.5 * h);
        let d = field(&moved(&x, h, &c), t + h);
        let mean: Vec<f64> = (0..x.len()).map(|i| (a[i] + 2.0 * (b[i] + c[i]) + d[i]) / 6.0).collect();
        x = moved(&x, h, &mean);
    }
    x
}
