//! Against the reference vectors of `tests/vectors/oracles.json`, which an independent numpy program wrote.
//!
//! The file's time runs from noise (0) to data (1); ours is the deck's, so t ↦ 1 - t and velocities change sign.

use flow_playground::distribution::{Density, DistributionKind, Gaussian, Mixture, SQUARES};
use flow_playground::ode::{SolverKind, Span, solve};
use flow_playground::path::Schedule;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{ClosedForm, ExactCheckerboard, ExactEmpirical, ExactMixture, ExactPoint};
use serde_json::Value;
use std::sync::LazyLock;

static ORACLES: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/oracles.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors are committed")).unwrap()
});

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The vectors are printed with 10 digits.
fn assert_close(ours: f64, reference: f64, what: &str) {
    assert_close_to(ours, reference, 1e-8, what);
}

fn assert_close_to(ours: f64, reference: f64, tolerance: f64, what: &str) {
    let scale = reference.abs().max(1.0);
    assert!((ours - reference).abs() <= tolerance * scale, "{what}: {ours} should be {reference}");
}

fn mixture() -> Mixture {
    mixture_of(&ORACLES["gmm_target"])
}

fn mixture_of(target: &Value) -> Mixture {
    let each = |key: &str| target[key].as_array().unwrap().clone();
    let flat = |matrix: &Value| matrix.as_array().unwrap().iter().flat_map(numbers).collect::<Vec<_>>();
    let components = std::iter::zip(each("means"), each("covs"))
        .map(|(mean, covariance)| Gaussian::new(numbers(&mean), flat(&covariance)));
    Mixture::new(numbers(&target["weights"]), components.collect())
}

fn schedule(name: &str) -> Option<Schedule> {
    match name {
        "linear" => Some(Schedule::Linear),
        "trig" => Some(Schedule::Cosine),
        "vp" => Some(Schedule::VariancePreserving),
        _ => None,
    }
}

#[test]
fn schedules() {
    let mut compared = 0;
    for (name, values) in ORACLES["schedulers"].as_object().unwrap() {
        let Some(schedule) = schedule(name) else { continue };
        for (t, values) in values.as_object().unwrap() {
            let ours = schedule.at(1.0 - t.parse::<f64>().unwrap());
            let reference = numbers(values);
            assert_close(ours.alpha, reference[0], "alpha");
            assert_close(ours.sigma, reference[1], "sigma");
            assert_close(-ours.d_alpha, reference[2], "d alpha");
            assert_close(-ours.d_sigma, reference[3], "d sigma");
            compared += 1;
        }
    }
    assert_eq!(compared, 15);
}

#[test]
fn mixture_velocity_score_divergence_and_log_density() {
    let mut compared = 0;
    for vector in ORACLES["gmm_velocity"].as_array().unwrap() {
        let name = vector["path"].as_str().unwrap();
        let schedule = schedule(name).unwrap_or_else(|| panic!("no schedule {name}"));
        let field = ExactMixture::to_gaussian(mixture(), schedule);
        let ours = field.at_point(&numbers(&vector["x"]), 1.0 - number(&vector["t"]));
        assert_close(ours.log_density, number(&vector["logp"]), "log-density");
        assert_close(-ours.divergence, number(&vector["div"]), "divergence");
        for i in 0..2 {
            assert_close(-ours.velocity[i], number(&vector["u"][i]), "velocity");
            assert_close(ours.score[i], number(&vector["score"][i]), "score");
            assert_close(ours.data_prediction[i], number(&vector["E_x1"][i]), "data prediction");
            assert_close(ours.noise_prediction[i], number(&vector["E_x0"][i]), "noise prediction");
        }
        compared += 1;
    }
    assert_eq!(compared, 36);
}

fn compare_velocity(ours: &ExactPoint, vector: &Value, tolerance: f64, what: &str) {
    for i in 0..2 {
        assert_close_to(-ours.velocity[i], number(&vector["u"][i]), tolerance, what);
    }
}

#[test]
fn the_field_between_two_mixtures_with_and_without_a_bridge() {
    let vectors = &ORACLES["gmm_to_gmm_linear_independent"];
    let values = vectors["values"].as_array().unwrap();
    for vector in values {
        let bridge = number(&vector["gamma2_over_t_1mt"]);
        let noise = mixture_of(&vectors["source"]);
        let field = ExactMixture { data: mixture(), noise, schedule: Schedule::Linear, bridge };
        let ours = field.at_point(&numbers(&vector["x"]), 1.0 - number(&vector["t"]));
        compare_velocity(&ours, vector, 1e-8, "velocity between mixtures");
        assert_close(ours.log_density, number(&vector["logp"]), "log-density");
        assert_close(-ours.divergence, number(&vector["div"]), "divergence");
        for i in 0..2 {
            assert_close(ours.score[i], number(&vector["score"][i]), "score");
        }
    }
    assert!(values.len() >= 20, "{}", values.len());
}

#[test]
fn the_field_of_the_checkerboard() {
    let field = ExactCheckerboard { squares: &SQUARES, schedule: Schedule::Linear };
    for vector in ORACLES["checkerboard_velocity_linear"]["values"].as_array().unwrap() {
        let ours = field.at(1.0 - number(&vector["t"]))(&numbers(&vector["x"]));
        compare_velocity(&ours, vector, 1e-7, "velocity of the checkerboard");
        assert_close_to(ours.log_density, number(&vector["logp"]), 1e-8, "log-density");
        // By differences in the reference.
        assert_close_to(-ours.divergence, number(&vector["div"]), 2e-4, "divergence");
    }
}

#[test]
fn the_field_of_a_finite_data_set() {
    let vectors = &ORACLES["empirical_velocity_lipman_sigmin0.01"];
    let data = vectors["data"].as_array().unwrap().iter().flat_map(numbers).map(|x| x as f32).collect();
    let field = ExactEmpirical { points: Points::new(data, 2).unwrap(), schedule: Schedule::LinearSmoothed };
    for vector in vectors["values"].as_array().unwrap() {
        let ours = field.at(1.0 - number(&vector["t"]))(&numbers(&vector["x"]));
        compare_velocity(&ours, vector, 1e-7, "velocity of a finite data set");
    }
}

/// ∂ ln p/∂t + div u + u · ∇ ln p = 0, and the score and divergence by differences: for every closed form and schedule.
#[test]
fn closed_forms_obey_the_continuity_equation() {
    let points = Points::new(vec![1.0, 0.0, -1.0, 0.5, 0.0, -1.5, 2.0, 2.0], 2).unwrap();
    let h = 1e-5;
    for schedule in [Schedule::Linear, Schedule::LinearSmoothed, Schedule::Cosine, Schedule::VariancePreserving] {
        let forms: [Box<dyn ClosedForm>; 4] = [
            Box::new(ExactMixture::to_gaussian(mixture(), schedule)),
            Box::new(ExactMixture { data: mixture(), noise: Mixture::eight_gaussians(), schedule, bridge: 2.0 }),
            Box::new(ExactCheckerboard { squares: &SQUARES, schedule }),
            Box::new(ExactEmpirical { points: points.clone(), schedule }),
        ];
        for (i, form) in forms.iter().enumerate() {
            for (t, x) in [(0.2, [0.6, -0.4]), (0.5, [-1.0, 2.2]), (0.9, [4.0, 1.0])] {
                let at = |x: [f64; 2], t: f64| form.at(t)(&x);
                let point = at(x, t);
                let moved = |axis: usize, by: f64| {
                    let mut x = x;
                    x[axis] += by;
                    at(x, t)
                };
                let slope =
                    |of: &dyn Fn(&ExactPoint) -> f64, axis| (of(&moved(axis, h)) - of(&moved(axis, -h))) / (2.0 * h);
                let divergence: f64 = (0..2).map(|axis| slope(&|point| point.velocity[axis], axis)).sum();
                let what = format!("form {i}, {schedule:?}, t = {t}");
                assert_close_to(point.divergence, divergence, 1e-5, &what);
                for axis in 0..2 {
                    assert_close_to(point.score[axis], slope(&|point| point.log_density, axis), 1e-5, &what);
                }
                let change = (at(x, t + h).log_density - at(x, t - h).log_density) / (2.0 * h);
                let carried: f64 = point.velocity.iter().zip(&point.score).map(|(u, s)| u * s).sum();
                assert_close_to(change + point.divergence, -carried, 1e-5, &what);
            }
        }
    }
}

/// Far out and at the very ends nothing is lost: what a solver may ask for is a number.
#[test]
fn closed_forms_are_finite_wherever_they_are_asked() {
    let board = ExactCheckerboard { squares: &SQUARES, schedule: Schedule::Linear };
    for t in [1e-3, 0.01, 0.3, 0.999, 1.0 - 1e-7, 1.0] {
        for x in [[0.0, 0.0], [3.0, -3.0], [40.0, -60.0], [1e3, 1e3]] {
            let point = board.at(t)(&x);
            assert!(
                point.velocity.iter().all(|u| u.is_finite()) && point.divergence.is_finite(),
                "{t} {x:?} {point:?}"
            );
        }
    }
}

/// x(t) through the exact field, with the divergence integrated beside it: [x, y, ∫ div].
fn flow(start: &[f64], span: Span, kind: SolverKind) -> Vec<f64> {
    let field = ExactMixture::to_gaussian(mixture(), Schedule::Linear);
    let rhs = |state: &Vec<f64>, t: f64| {
        let point = field.at_point(&state[..2], t);
        vec![point.velocity[0], point.velocity[1], point.divergence]
    };
    solve(kind.tableau(), span, vec![start[0], start[1], 0.0], rhs, |_, _| {})
}

#[test]
fn mixture_flow_map_by_euler_and_converged() {
    for vector in ORACLES["gmm_flow_map_linear_path"].as_array().unwrap() {
        let noise = numbers(&vector["z"]);
        for (steps, reached) in vector["euler"].as_object().unwrap() {
            let span = Span { from: 1.0, to: 0.0, steps: steps.parse().unwrap() };
            let ours = flow(&noise, span, SolverKind::Euler);
            for (ours, reference) in ours.iter().zip(numbers(reached)) {
                assert_close(*ours, reference, "Euler");
            }
        }
        let ours = flow(&noise, Span { from: 1.0, to: 0.0, steps: 2000 }, SolverKind::Rk4);
        for (ours, reference) in ours.iter().zip(numbers(&vector["x1"])) {
            assert_close_to(*ours, reference, 1e-6, "flow map");
        }
    }
}

#[test]
fn the_change_of_variables_gives_the_exact_density() {
    let noise = Mixture::standard_normal(2);
    for vector in ORACLES["gmm_likelihood_linear_path"].as_array().unwrap() {
        let end = flow(&numbers(&vector["x"]), Span { from: 0.0, to: 1.0, steps: 2000 }, SolverKind::Rk4);
        let log_density = noise.log_density(&end[..2]) + end[2];
        assert_close_to(log_density, number(&vector["exact_logp"]), 1e-6, "log-density by the ODE");
        for (ours, reference) in end.iter().zip(numbers(&vector["z_at_t0"])) {
            assert_close_to(*ours, reference, 1e-4, "encoding");
        }
    }
}

#[test]
fn solver_values() {
    let reference = &ORACLES["observed_order"];
    for (kind, key) in [(SolverKind::Euler, "euler_N10"), (SolverKind::Rk4, "rk4_N10")] {
        let rhs = |y: &Vec<f64>, t: f64| {
            let factor = 1.0 + 0.5 * (3.0 * t).cos();
            vec![factor * (-0.1 * y[0] + 2.0 * y[1]), factor * (-2.0 * y[0] - 0.1 * y[1])]
        };
        let ours = solve(kind.tableau(), Span { from: 0.0, to: 2.0, steps: 10 }, vec![2.0, 0.0], rhs, |_, _| {});
        for (ours, reference) in ours.iter().zip(numbers(&reference[key])) {
            assert_close(*ours, reference, key);
        }
    }
}

#[test]
fn log_densities_and_entropies() {
    let points: Vec<Vec<f64>> = ORACLES["logpdf_points"].as_array().unwrap().iter().map(numbers).collect();
    let densities = [
        ("eight_gaussians_ffjord", DistributionKind::EightGaussians),
        ("olympic", DistributionKind::OlympicRings),
        ("fractal_tree", DistributionKind::FractalTree),
        ("circles_ffjord", DistributionKind::Circles),
    ];
    for (name, kind) in densities {
        let distribution = kind.built_in().unwrap();
        for (point, reference) in points.iter().zip(numbers(&ORACLES["logpdf"][name])) {
            assert_close(distribution.log_density(point).unwrap(), reference, name);
        }
    }
    let entropies = [
        ("standard_normal_2d", DistributionKind::Gaussian),
        ("checkerboard_ffjord_x2", DistributionKind::Checkerboard),
        ("8gaussians_ffjord", DistributionKind::EightGaussians),
        ("circles_ffjord", DistributionKind::Circles),
        ("rings_ffjord", DistributionKind::Rings),
        ("moons_ffjord", DistributionKind::Moons),
    ];
    for (name, kind) in entropies {
        let ours = kind.built_in().unwrap().entropy().unwrap();
        assert_close_to(ours, number(&ORACLES["entropy_nats"][name]), 1e-6, name);
    }
}

/// Ties samplers, densities and entropies together: H = -E ln p, by the sampler itself.
#[test]
fn entropy_is_the_mean_of_minus_log_density_over_samples() {
    for kind in DistributionKind::BUILT_IN {
        let distribution = kind.built_in().unwrap();
        let points = distribution.sample(20_000, &mut Rng::new(5, Stream::Data));
        let values: Option<Vec<f64>> = points
            .rows()
            .map(|row| distribution.log_density(&row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>()))
            .collect();
        let Some(values) = values else { continue };
        let mean = -values.iter().sum::<f64>() / values.len() as f64;
        let entropy = distribution.entropy().unwrap();
        // In d dimensions -ln p varies by about √(d/2), which is four standard errors of 20 000 points for the toy sets.
        let tolerance = 0.025 * (distribution.dim() as f64 / 2.0).sqrt();
        assert!((mean - entropy).abs() < tolerance, "{kind:?}: {mean} should be {entropy}");
    }
}

/// Spread of the toy sets: catches a sampler on the wrong scale.
#[test]
fn toy_sets_have_the_published_spread() {
    let published = [
        (DistributionKind::Moons, [1.74, 1.01]),
        (DistributionKind::EightGaussians, [2.03, 2.03]),
        (DistributionKind::Checkerboard, [2.31, 2.30]),
        (DistributionKind::Pinwheel, [1.48, 1.48]),
        (DistributionKind::Circles, [1.69, 1.69]),
        (DistributionKind::Rings, [1.45, 1.45]),
        (DistributionKind::TwoSpirals, [1.61, 1.58]),
        (DistributionKind::SwissRoll, [1.34, 1.40]),
        (DistributionKind::Gaussian, [1.0, 1.0]),
    ];
    for (kind, deviations) in published {
        let points = kind.built_in().unwrap().sample(40_000, &mut Rng::new(2, Stream::Data));
        for (coordinate, published) in deviations.iter().enumerate() {
            let column = || points.rows().map(|row| f64::from(row[coordinate]));
            let mean = column().sum::<f64>() / points.len() as f64;
            let variance = column().map(|x| (x - mean) * (x - mean)).sum::<f64>() / points.len() as f64;
            assert!((variance.sqrt() - published).abs() < 0.03, "{kind:?} {coordinate}: {}", variance.sqrt());
        }
    }
}
