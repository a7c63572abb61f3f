//! Flows on a torus and on a sphere, from their settings to what is measured of them.

use crate::quadrature::grid;
use flow_playground::distribution::DistributionKind;
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::{InspectionConfig, Metric, Origin};
use flow_playground::space::{SpaceKind, wide};
use flow_playground::{Engine, Experiment, Points, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};
use std::f64::consts::{PI, TAU};

const ON: [(SpaceKind, &str); 2] = [(SpaceKind::Torus, "von-mises"), (SpaceKind::Sphere, "von-mises-fisher")];

fn open(experiment: &Value, start: Start) -> Session {
    block_on(Session::open(Experiment::from_json(experiment).unwrap(), start, Engine::Cpu)).unwrap()
}

fn small(data: &str, more: &Value) -> Session {
    let mut experiment = json!({
        "seed": 4, "data": { "kind": data }, "network": { "width": 48, "depth": 3 },
        "optimizer": { "batch": 256, "learningRate": 5e-3 }, "budget": { "steps": 1200 },
    });
    let parts = more.as_object().unwrap().clone();
    experiment.as_object_mut().unwrap().extend(parts);
    open(&experiment, Start::default())
}

fn wrapped(angle: f64) -> f64 {
    let turn = angle.rem_euclid(TAU);
    turn.min(TAU - turn)
}

/// A short training comes near the entropy; its density adds up to 1; its samples are on the space, and near the data; what makes no
/// sense there is not measured.
#[test]
fn a_short_training_learns_the_law() {
    // The wrapped noise hardly reaches the far pole, where a part of the data is.
    let runs = [(ON[0], "uniform", "minibatch-ot", 0.1), (ON[1], "wrapped-gaussian", "independent", 0.2)];
    for ((kind, data), noise, coupling, most) in runs {
        let method = json!({ "kind": "flow-matching", "coupling": coupling });
        let mut session = small(data, &json!({ "noise": { "kind": noise }, "method": method }));
        block_on(session.advance(1200)).unwrap();
        let found = block_on(session.measure(512, 1)).unwrap();
        let kl = found.kl.unwrap();
        println!("{data} from {noise}: KL {kl:.3}, W2² {:?} of {:?}", found.w2, found.w2_floor);
        assert!(found.converged && kl < most && kl > -3.0 * found.kl_standard_error.unwrap(), "{data} {noise}: {kl}");
        assert!((found.nll.unwrap() - found.entropy.unwrap() - kl).abs() < 0.2);
        let (w2, floor) = (found.w2.unwrap(), found.w2_floor.unwrap());
        assert!(w2 < 2.0 * floor, "{data} {noise}: {w2} {floor}");
        assert!(found.mmd_biased.unwrap() < 2.0 * found.mmd_null_band.unwrap());
        // A stray point between peaks costs tens of nats.
        assert!(found.generated_nll.unwrap() < found.entropy.unwrap() + 10.0 * most);
        let (bend, cost) = (found.straightness.unwrap(), found.transport_cost.unwrap());
        assert!(bend >= 0.0 && (found.path_energy.unwrap() - bend - cost).abs() < 1e-9 && cost > 0.1);
        assert!([found.sliced_w2, found.sliced_w2_floor, found.frechet].iter().all(Option::is_none));
        assert!(found.absent.is_some() && !found.standardized && found.reweighting.is_none());

        let solver = SolverConfig::default();
        let (points, areas) = grid(kind, if kind == SpaceKind::Torus { 64 } else { 40 });
        let densities = block_on(session.log_density(&points, 0.0, solver)).unwrap();
        let mass: f64 = densities.iter().zip(areas).map(|(log, area)| f64::from(*log).exp() * area).sum();
        assert!((mass - 1.0).abs() < 2e-2, "{data} from {noise}: the density adds up to {mass}");
    }
}

/// Whatever the way, what comes out are points of the space, and what goes in may be any that people write.
#[test]
fn points_are_the_space_s_own() {
    for (kind, data) in ON {
        let mut session = small(data, &json!({}));
        block_on(session.advance(60)).unwrap();
        let dim = session.dim();
        assert_eq!(dim, if kind == SpaceKind::Torus { 2 } else { 3 });
        let solver = SolverConfig { steps: 3, ..SolverConfig::default() };
        let course = block_on(session.trajectories(40, solver, 1, Origin::Noise)).unwrap();
        let shown = session.conditional_paths(40, 9, 1).unwrap().unwrap();
        let sampled = block_on(session.sample(40, solver, 1)).unwrap();
        let all = [session.data(40, 1).unwrap(), session.noise(40, 1).unwrap(), sampled.clone()];
        for points in course.positions.iter().chain(&shown.positions).chain(&all) {
            assert_eq!((points.dim(), points.len()), (dim, 40));
            for row in points.rows() {
                let is_point = match kind {
                    SpaceKind::Torus => row.iter().all(|&angle| angle > -PI && angle <= PI),
                    _ => (row.iter().map(|x| x * x).sum::<f64>().sqrt() - 1.0).abs() < 1e-6,
                };
                assert!(is_point, "{data}: {row:?}");
            }
        }
        assert_eq!(course.positions.last().unwrap(), &sampled);

        let back = block_on(session.transport(&course.positions[3], solver, Origin::Data)).unwrap();
        let space = kind.space().unwrap();
        let apart = |a: &[f64], b: &[f64]| {
            let [a, b] = [a, b].map(|own| space.point(own).into_iter().map(|x| x as f32).collect::<Vec<_>>());
            space.square_distance(&a, &b).sqrt()
        };
        let rows = back.positions[3].rows().zip(course.positions[0].rows());
        let farthest = rows.map(|(a, b)| apart(a, b)).fold(0.0, f64::max);
        assert!(farthest < 0.05, "{data}: encoding comes back {farthest} away");

        let velocity = block_on(session.velocity(&all[0], 0.5)).unwrap();
        assert_eq!(velocity.dim(), dim);
        match kind {
            SpaceKind::Torus => {
                let turned = Points::new(all[0].values().iter().map(|angle| angle + TAU).collect(), 2).unwrap();
                let again = block_on(session.velocity(&turned, 0.5)).unwrap();
                let gaps = velocity.values().iter().zip(again.values()).map(|(a, b)| (a - b).abs());
                assert!(gaps.fold(0.0, f32::max) < 1e-5);
                let moved = block_on(session.transport(&turned, solver, Origin::Data)).unwrap();
                let same = block_on(session.transport(&all[0], solver, Origin::Data)).unwrap();
                let ends = moved.positions[3].values().iter().zip(same.positions[3].values());
                assert!(ends.map(|(a, b)| wrapped(a - b)).fold(0.0, f64::max) < 1e-4);
            }
            _ => {
                for (x, v) in all[0].rows().zip(velocity.rows().map(wide)) {
                    let outward: f64 = x.iter().zip(v).map(|(x, v)| x * v).sum();
                    assert!(outward.abs() < 1e-5, "{outward}");
                }
            }
        }
        let config = InspectionConfig { paths: 5, seed: 1, solver };
        let seen = block_on(session.inspect(all[0].row(0), 0.4, config)).unwrap();
        assert_eq!((seen.velocity.len(), seen.mean_velocity.unwrap().len()), (dim, dim));
        assert!(seen.log_density.is_some() && seen.paths.unwrap().positions[0].dim() == dim);
        assert_eq!(block_on(session.rounds(64, 1)).unwrap()[0].relative_movement, None);
        let cost = block_on(session.quality_against_cost(&[solver.into()], 64, 1, &Metric::ALL)).unwrap();
        assert!(cost[0].sliced_w2.is_none() && cost[0].w2.is_some() && cost[0].nll.is_some());
        assert_eq!(session.samplers(), []);
    }
}

/// A field of 0 leaves noise as it is: its NLL is the space's area, whatever the data.
#[test]
fn a_field_of_zero_has_the_uniform_density() {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/spaces.json")).unwrap();
    for ((_, data), name) in ON.into_iter().zip(["uniform_torus2_nll", "uniform_sphere2_nll"]) {
        let mut weights = block_on(small(data, &json!({})).weights()).unwrap();
        let header = 8 + u64::from_le_bytes(weights[..8].try_into().unwrap()) as usize;
        weights[header..].fill(0);
        let experiment = json!({ "data": { "kind": data }, "network": { "width": 48, "depth": 3 } });
        let session = open(&experiment, Start { weights: Some(weights), ..Start::default() });
        let found = block_on(session.measure_with(64, 1, SolverConfig::default(), &[Metric::Likelihood])).unwrap();
        assert!((found.nll.unwrap() - vectors[name].as_f64().unwrap()).abs() < 1e-12, "{data}: {found:?}");
    }
}

#[test]
fn own_points_are_taken_as_they_are() {
    for (kind, data) in ON {
        let built = DistributionKind::ON_SPACES[usize::from(kind == SpaceKind::Sphere)].built_in().unwrap();
        let own = kind.own(&built.sample(300, &mut Rng::new(2, Stream::Data)));
        let experiment = json!({
            "data": { "kind": "points", "space": kind }, "network": { "width": 24, "depth": 2 },
            "optimizer": { "learningRate": 5e-3 }, "budget": { "steps": 400 },
        });
        let mut session = open(&experiment, Start { points: Some(own.clone()), ..Start::default() });
        assert_eq!(session.experiment().noise.kind, DistributionKind::Uniform);
        block_on(session.advance(400)).unwrap();
        let found = block_on(session.measure(60, 1)).unwrap();
        assert!(found.nll.unwrap() < built.entropy().unwrap() + 0.6, "{data}: {found:?}");
        assert!(found.held_out && found.training_nll.is_some() && found.entropy.is_none());
        assert!(found.nearest_distance.unwrap() > 0.0 && found.nearest_distance_heldout.unwrap() > 0.0);
        let shown = session.data(300, 1).unwrap();
        let given = |row: &[f64]| own.rows().any(|own| own.iter().zip(row).all(|(a, b)| (a - b).abs() < 1e-6));
        assert!(shown.len() == 300 && shown.rows().all(given), "{data}: its own points come back");
    }
}

#[test]
fn what_is_not_on_a_space_is_refused() {
    let torus = json!({ "kind": "von-mises" });
    let refused = [
        (
            json!({ "data": torus, "noise": { "kind": "gaussian" } }),
            "noise.kind is \"gaussian\"; allowed: \"uniform\" or \"wrapped-gaussian\" for data on a torus.",
        ),
        (
            json!({ "noise": { "kind": "uniform" } }),
            "noise.kind is \"uniform\"; allowed: a distribution of the plane for data there; \"uniform\" and \"wrapped-gaussian\" are noise on a torus or a sphere.",
        ),
        (
            json!({ "noise": { "kind": "von-mises" } }),
            "noise.kind is \"von-mises\"; allowed: a distribution of the plane for data there; \"uniform\" and \"wrapped-gaussian\" are noise on a torus or a sphere.",
        ),
        (
            json!({ "data": { "kind": "uniform" } }),
            "data.kind is \"uniform\"; allowed: a distribution of data; \"uniform\" and \"wrapped-gaussian\" are noise on a torus or a sphere.",
        ),
        (
            json!({ "data": torus, "method": { "kind": "diffusion" } }),
            "method.kind is \"another\"; allowed: \"flow-matching\" for data on a torus.",
        ),
        (
            json!({ "data": { "kind": "von-mises-fisher" }, "method": { "kind": "flow-matching", "path": "cosine" } }),
            "method.path is \"cosine\"; allowed: \"linear\" for data on a sphere, where paths are its shortest lines.",
        ),
        (
            json!({ "data": torus, "condition": { "kind": "class" } }),
            "condition.kind is \"class\"; allowed: none for data on a torus.",
        ),
        (json!({ "data": torus, "snapshots": {} }), "snapshots is \"given\"; allowed: none for data on a torus."),
        (
            json!({ "data": torus, "network": { "kind": "u-net", "width": 8, "depth": 1 } }),
            "network.kind is \"u-net\"; allowed: \"perceptron\" for data on a torus.",
        ),
        (
            json!({ "data": { "kind": "moons", "space": "torus" } }),
            "data.space is given; allowed: none but for points of one's own as the data; other kinds have theirs, and noise has the data's.",
        ),
        (
            json!({ "data": torus, "noise": { "kind": "uniform", "width": 0.5 } }),
            "noise.width is 0.5; allowed: none for this kind, which has no width.",
        ),
        (
            json!({ "data": torus, "noise": { "kind": "wrapped-gaussian", "width": 4 } }),
            "noise.width is 4; allowed: 0.1 to 1.",
        ),
        (json!({ "data": { "kind": "von-mises", "dim": 3 } }), "data.dim is 3; allowed: 2, or none, for this kind."),
    ];
    for (experiment, sentence) in refused {
        assert_eq!(Experiment::from_json(&experiment).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn points_that_are_not_on_their_space_are_refused() {
    let given = |space: &str, values: Vec<f64>, dim: usize| {
        let experiment = json!({ "data": { "kind": "points", "space": space } });
        let start = Start { points: Some(Points::new(values, dim).unwrap()), ..Start::default() };
        let opened = block_on(Session::open(Experiment::from_json(&experiment).unwrap(), start, Engine::Cpu));
        opened.err().unwrap().to_string()
    };
    assert_eq!(
        given("torus", vec![0.0; 60], 3),
        "The points cannot be used: they have 3 coordinates; allowed for points on a torus: 2 angles in radians."
    );
    assert_eq!(
        given("sphere", vec![0.6; 60], 3),
        "The points cannot be used: point 0 is [0.6, 0.6, 0.6]; allowed for points on a sphere: 3 coordinates of length 1, to 0.001."
    );
}
