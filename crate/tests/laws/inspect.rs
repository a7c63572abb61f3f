//! Divergence, transport of given points, and what is at one point and time.

use flow_playground::distribution::{DistributionKind, Mixture};
use flow_playground::path::{NEAREST_TO_ENDS, Schedule};
use flow_playground::session::{Inspection, InspectionConfig, Origin};
use flow_playground::velocity::ExactMixture;
use flow_playground::{Engine, Experiment, Points, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open_with(experiment: &Value, points: Option<Points<f64>>) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    block_on(Session::open(experiment, Start { points, ..Start::default() }, Engine::Cpu)).unwrap()
}

fn open(data: &str, method: &Value) -> Session {
    open_with(&json!({ "data": { "kind": data }, "method": method, "network": { "width": 16, "depth": 2 } }), None)
}

fn flow_matching(path: &str) -> Value {
    json!({ "kind": "flow-matching", "path": path })
}

fn inspect(session: &Session, point: [f64; 2], t: f64) -> Inspection {
    let config = InspectionConfig { paths: 12, seed: 3, solver: SolverConfig::default() };
    block_on(session.inspect(&point, t, config)).unwrap()
}

fn distance(a: &[f32], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum::<f64>().sqrt()
}

/// The farthest that a shown path is from `point` at time `t`, which lies between two of its times.
fn farthest_at(found: &Inspection, point: [f64; 2], t: f64) -> f64 {
    let paths = found.paths.as_ref().unwrap();
    assert_eq!((paths.times.len(), paths.times[0], paths.times[24]), (25, 0.0, 1.0));
    let at = (t * 24.0) as usize;
    let share = t * 24.0 - at as f64;
    let positions = [&paths.positions[at], &paths.positions[(at + 1).min(24)]];
    let missed = positions[0].rows().zip(positions[1].rows()).map(|(a, b)| {
        let between = |k: usize| (1.0 - share) * a[k] + share * b[k];
        (between(0) - point[0]).hypot(between(1) - point[1])
    });
    missed.fold(0.0, f64::max)
}

#[test]
fn the_divergence_is_that_of_the_closed_form_and_of_differences() {
    let session = open("8-gaussians", &json!({ "kind": "closed-form" }));
    let exact = ExactMixture::to_gaussian(Mixture::eight_gaussians(), Schedule::Linear);
    let points = Points::new(vec![0.3, -1.0, 2.0, 0.5], 2).unwrap();
    for (found, x) in block_on(session.divergence(&points, 0.4)).unwrap().iter().zip(points.rows()) {
        assert!((f64::from(*found) - exact.at_point(x, 0.4).divergence).abs() < 1e-4);
    }
    // A network, in units that stretch the axes by 100 and 0.1.
    let own = DistributionKind::Moons.built_in().unwrap();
    let own = own.sample(200, &mut flow_playground::rng::Rng::new(1, flow_playground::rng::Stream::Data));
    let stretched = own.rows().flat_map(|row| [100.0 * row[0] + 7.0, 0.1 * row[1]].map(f64::from)).collect();
    let mut session = open_with(
        &json!({ "data": { "kind": "points" }, "network": { "width": 16, "depth": 2 } }),
        Some(Points::new(stretched, 2).unwrap()),
    );
    block_on(session.advance(50)).unwrap();
    let found = block_on(session.divergence(&Points::new(vec![50.0, 0.05], 2).unwrap(), 0.3)).unwrap()[0];
    let slope = |k: usize, step: f32| {
        let at = |by: f32| {
            let mut x = vec![50.0, 0.05];
            x[k] += f64::from(by);
            block_on(session.velocity(&Points::new(x, 2).unwrap(), 0.3)).unwrap().row(0)[k]
        };
        (at(step) - at(-step)) / (2.0 * step)
    };
    let difference = slope(0, 1.0) + slope(1, 1e-3);
    assert!((found - difference).abs() < 0.02 * found.abs().max(0.5), "{found} {difference}");
}

#[test]
fn given_points_travel_as_drawn_ones_do_and_come_back() {
    let session = open("8-gaussians", &json!({ "kind": "closed-form" }));
    let solver = SolverConfig { steps: 40, ..SolverConfig::default() };
    let drawn = block_on(session.trajectories(5, solver, 2, Origin::Noise)).unwrap();
    let given = block_on(session.transport(&session.noise(5, 2).unwrap(), solver, Origin::Noise)).unwrap();
    assert_eq!(given, drawn);
    let back = block_on(session.transport(&given.positions[40], solver, Origin::Data)).unwrap();
    assert_eq!((back.times[0], back.times[40]), (0.0, 1.0));
    for (a, b) in back.positions[40].values().iter().zip(given.positions[0].values()) {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
    let flat = Points::new(vec![0.0; 3], 3).unwrap();
    assert!(block_on(session.transport(&flat, solver, Origin::Data)).is_err());
}

#[test]
fn the_mean_of_the_paths_is_the_exact_field() {
    let gaussians = Mixture::eight_gaussians();
    for (path, schedule) in [
        ("linear", Schedule::Linear),
        ("linear-smoothed", Schedule::LinearSmoothed),
        ("cosine", Schedule::Cosine),
        ("variance-preserving", Schedule::VariancePreserving),
    ] {
        let session = open("8-gaussians", &flow_matching(path));
        let exact = ExactMixture::to_gaussian(gaussians.clone(), schedule);
        for (point, t) in [([2.8, 0.2], 0.02), ([1.5, 1.2], 0.3), ([-0.4, 0.3], 0.6), ([0.5, -1.5], 0.99)] {
            let found = inspect(&session, point, t);
            let truth = exact.at_point(&point, t);
            let pairs = found.effective_pairs.unwrap();
            // The standard error of the mean of velocities that scatter by c √Var(x(0) | x).
            let at = schedule.at(t);
            let scatter =
                at.of_data(flow_playground::path::Prediction::Velocity).abs() * truth.data_variance(at).sqrt();
            let missed = distance(&found.mean_velocity.clone().unwrap(), &truth.velocity);
            assert!(missed < 4.0 * scatter / pairs.sqrt() + 1e-3, "{path} {t}: {missed} {scatter} {pairs}");
            assert!(pairs > 20.0, "{path} {t}: {pairs}");
            let curved = if path.starts_with("linear") { 2e-3 } else { 0.05 };
            let missed = farthest_at(&found, point, t);
            assert!(missed < curved, "{path} {t}: {missed}");
        }
    }
}

#[test]
fn the_network_is_asked_the_same_as_by_the_other_calls() {
    let mut session = open("moons", &flow_matching("linear"));
    block_on(session.advance(100)).unwrap();
    let found = inspect(&session, [0.5, -0.5], 0.4);
    let points = Points::new(vec![0.5, -0.5], 2).unwrap();
    assert_eq!(found.velocity, block_on(session.velocity(&points, 0.4)).unwrap().values());
    assert_eq!(found.divergence, block_on(session.divergence(&points, 0.4)).unwrap()[0]);
    let density = block_on(session.log_density(&points, 0.4, SolverConfig::default())).unwrap()[0];
    assert!((found.log_density.unwrap() - f64::from(density)).abs() < 1e-6);
    assert_eq!(found, inspect(&session, [0.5, -0.5], 0.4), "the same seed shows the same paths");
}

/// From the data's end to the noise's, for data whose density is known only by quadrature, or not at all.
#[test]
fn a_posterior_is_found_wherever_paths_pass() {
    for (data, near_data) in [("moons", true), ("checkerboard", true), ("pinwheel", true), ("cosine", false)] {
        let session = open(data, &flow_matching("linear"));
        let on = session.data(1, 5).unwrap();
        let point = [on.row(0)[0], on.row(0)[1]];
        for t in [0.0, 0.01, 0.2, 0.5, 0.9, 1.0] {
            let found = inspect(&session, point.map(|x| x * (1.0 - t)), t);
            if near_data || t > 0.1 {
                assert!(found.effective_pairs.unwrap() > 20.0, "{data} {t}: {:?}", found.effective_pairs);
            }
        }
        let far = inspect(&session, [40.0, 40.0], 0.5);
        assert!(far.mean_velocity.is_none() && far.paths.is_none() && far.effective_pairs.is_none());
        assert!(far.velocity.iter().all(|v| v.is_finite()));
    }
}

/// One cut-off: at the data's end the point is looked at where samplers and likelihoods stop.
#[test]
fn nearer_to_the_data_than_anyone_solves_nobody_looks() {
    for path in ["linear", "cosine", "variance-preserving"] {
        let session = open("8-gaussians", &flow_matching(path));
        let [at_data, at_cut] = [0.0, NEAREST_TO_ENDS].map(|t| inspect(&session, [2.8, 0.2], t));
        assert_eq!(at_data.mean_velocity, at_cut.mean_velocity, "{path}");
        assert_eq!(at_data.effective_pairs, at_cut.effective_pairs, "{path}");
    }
}

#[test]
fn coupled_pairs_and_interpolants_are_looked_for_nearby() {
    // By optimal transport between equal Gaussians every point stays where it is: no velocity.
    let coupled = json!({ "kind": "flow-matching", "coupling": "minibatch-ot", "couplingBatch": 512 });
    let found = inspect(&open("gaussian", &coupled), [0.5, -0.3], 0.5);
    let still = distance(&found.mean_velocity.clone().unwrap(), &[0.0, 0.0]);
    assert!(still < 0.15 && found.effective_pairs.unwrap() > 50.0, "{still} {:?}", found.effective_pairs);
    assert!(farthest_at(&found, [0.5, -0.3], 0.5) < 0.6);
    // The bridge's noise is the kernel, and the paths with it pass through the point.
    let exact = ExactMixture {
        data: Mixture::eight_gaussians(),
        noise: Mixture::standard_normal(2),
        schedule: Schedule::Linear,
        bridge: 2.0,
    };
    let session = open("8-gaussians", &json!({ "kind": "stochastic-interpolant" }));
    for (point, t) in [([1.2, 0.8], 0.5), ([0.3, -0.6], 0.8)] {
        let found = inspect(&session, point, t);
        let missed = distance(&found.mean_velocity.clone().unwrap(), &exact.at_point(&point, t).velocity);
        assert!(missed < 0.35, "{t}: {missed} with {:?}", found.effective_pairs);
        assert!(farthest_at(&found, point, t) < 0.02, "{t}");
    }
    // The pairs of a later reflow are those of its pool.
    let reflow = json!({ "kind": "reflow", "pairs": 1000, "pairSteps": 8 });
    let mut session = open_with(
        &json!({
            "data": { "kind": "gaussian" }, "method": reflow, "network": { "width": 16, "depth": 2 },
            "budget": { "steps": 400 },
        }),
        None,
    );
    assert!(farthest_at(&inspect(&session, [0.5, 0.5], 0.25), [0.5, 0.5], 0.25) < 1e-3, "the first round is exact");
    block_on(session.advance(210)).unwrap();
    let found = inspect(&session, [0.5, 0.5], 0.25);
    assert!(distance(&found.mean_velocity.clone().unwrap(), &[0.0, 0.0]) < 0.4, "{:?}", found.mean_velocity);
    let none = inspect(&open("moons", &json!({ "kind": "normalizing-flow" })), [0.5, 0.5], 0.25);
    assert!(none.mean_velocity.is_none() && none.paths.is_none() && none.log_density.is_some());
}

#[test]
fn a_users_points_are_looked_at_in_their_own_units() {
    let scaled = |scale: f32, shift: f32| {
        let own = DistributionKind::EightGaussians.built_in().unwrap();
        let own = own.sample(500, &mut flow_playground::rng::Rng::new(1, flow_playground::rng::Stream::Data));
        let values = own.values().iter().map(|x| f64::from(scale * x + shift)).collect();
        open_with(&json!({ "data": { "kind": "points" } }), Some(Points::new(values, 2).unwrap()))
    };
    let (small, large) = (scaled(1.0, 0.0), scaled(100.0, 20.0));
    let [one, other] = [inspect(&small, [0.5, 0.7], 0.4), inspect(&large, [70.0, 90.0], 0.4)];
    for (a, b) in one.mean_velocity.clone().unwrap().iter().zip(other.mean_velocity.clone().unwrap()) {
        assert!((100.0 * a - b).abs() < 1e-2 * b.abs().max(1.0), "{a} {b}");
    }
    assert!(farthest_at(&other, [70.0, 90.0], 0.4) < 0.2);
    let seen: Vec<f64> = vec![one.log_density.unwrap(), other.log_density.unwrap() + 2.0 * 100f64.ln()];
    assert!((seen[0] - seen[1]).abs() < 1e-3, "{seen:?}");
}

#[test]
fn what_cannot_be_looked_at_is_refused() {
    let session = open("moons", &flow_matching("linear"));
    let config = InspectionConfig { paths: 12, seed: 3, solver: SolverConfig::default() };
    let refused = |point: &[f64], t: f64, config| block_on(session.inspect(point, t, config)).unwrap_err().to_string();
    assert!(refused(&[0.0, 0.0, 0.0], 0.5, config).contains("3 coordinates"));
    assert!(refused(&[0.0, 0.0], 1.5, config).starts_with("t is 1.5"));
    assert!(refused(&[0.0, f64::NAN], 0.5, config).contains("not a finite number"));
    assert!(refused(&[0.0, 0.0], 0.5, InspectionConfig { paths: 0, ..config }).starts_with("paths is 0"));
}
