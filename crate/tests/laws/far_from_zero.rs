//! Points of one's own that lie far from 0: what is learned of them depends on how they differ, not on where they are.

use flow_playground::distribution::{DistributionConfig, DistributionKind};
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::{InspectionConfig, Origin};
use flow_playground::{Engine, Experiment, Points, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::json;

/// A time in seconds and an easting in meters; with a grid of 2^-16 both are exact in f64.
const FAR: [f64; 2] = [1_700_000_001.0, -500_000.125];
const GRID: f64 = 65_536.0;
const SOLVER: SolverConfig = SolverConfig { kind: flow_playground::ode::SolverKind::Rk4, steps: 10, tolerance: None };

fn moons(moved: [f64; 2]) -> Points<f64> {
    let config: DistributionConfig = DistributionKind::Moons.into();
    let near = config.build("data", None).unwrap().sample(400, &mut Rng::new(1, Stream::Data));
    let far = |row: &[f32]| [0, 1].map(|k| (f64::from(row[k]) * GRID).round() / GRID + moved[k]);
    Points::new(near.rows().flat_map(far).collect(), 2).unwrap()
}

fn trained(moved: [f64; 2]) -> (Session, Vec<f32>) {
    let experiment = json!({ "data": { "kind": "points" }, "network": { "width": 16, "depth": 2 } });
    let start = Start { points: Some(moons(moved)), ..Start::default() };
    let opened = Session::open(Experiment::from_json(&experiment).unwrap(), start, Engine::Cpu);
    let mut session = block_on(opened).unwrap();
    let losses = block_on(session.advance(40)).unwrap().losses;
    (session, losses)
}

fn assert_near(what: &str, near: &[f64], far: &[f64]) {
    assert_eq!(near.len(), far.len(), "{what}");
    for (a, b) in near.iter().zip(far) {
        assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{what}: {a} {b}");
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&x| f64::from(x)).collect()
}

/// Where they would be, had they not been moved.
fn back(points: &Points<f64>) -> Vec<f64> {
    points.rows().flat_map(|row| [row[0] - FAR[0], row[1] - FAR[1]]).collect()
}

#[test]
fn points_moved_away_are_learned_and_answered_for_alike() {
    let [(near, near_losses), (far, far_losses)] = [[0.0; 2], FAR].map(trained);
    assert_near("losses", &wide(&near_losses), &wide(&far_losses));
    let samples = [&near, &far].map(|session| block_on(session.sample(50, SOLVER, 1)).unwrap());
    assert_near("samples", samples[0].values(), &back(&samples[1]));
    let data = [&near, &far].map(|session| session.data(400, 1).unwrap());
    assert_near("data", data[0].values(), &back(&data[1]));
    let noise = [&near, &far].map(|session| session.noise(50, 1).unwrap());
    assert_near("noise", noise[0].values(), &back(&noise[1]));
    let at = [0, 1].map(|i| if i == 0 { &near } else { &far });
    let velocity = |i: usize| wide(block_on(at[i].velocity(&data[i], 0.5)).unwrap().values());
    assert_near("velocity", &velocity(0), &velocity(1));
    let divergence = |i: usize| wide(&block_on(at[i].divergence(&data[i], 0.5)).unwrap());
    assert_near("divergence", &divergence(0), &divergence(1));
    let density = |i: usize| wide(&block_on(at[i].log_density(&data[i], 0.0, SOLVER)).unwrap());
    assert_near("log-density", &density(0), &density(1));
    let carried = |i: usize| block_on(at[i].transport(&data[i], SOLVER, Origin::Data)).unwrap();
    assert_near("transport", carried(0).positions[10].values(), &back(&carried(1).positions[10]));
    let paths = |i: usize| at[i].conditional_paths(20, 3, 1).unwrap().unwrap();
    assert_near("paths", paths(0).positions[1].values(), &back(&paths(1).positions[1]));
    let config = InspectionConfig { paths: 5, seed: 1, solver: SOLVER };
    let found = |i: usize| block_on(at[i].inspect(data[i].row(0), 0.5, config)).unwrap();
    let told = |i: usize| [found(i).velocity, found(i).mean_velocity.unwrap()].concat();
    assert_near("inspection", &wide(&told(0)), &wide(&told(1)));
    assert_near(
        "inspected paths",
        found(0).paths.unwrap().positions[3].values(),
        &back(&found(1).paths.unwrap().positions[3]),
    );
    let [one, other] = at.map(|session| block_on(session.measure(80, 1)).unwrap());
    let of = |found: &flow_playground::session::Measurement| {
        [found.nll, found.sliced_w2, found.mmd, found.transport_cost, found.nearest_distance].map(Option::unwrap)
    };
    assert_near("measurement", &of(&one), &of(&other));
}

#[test]
fn own_units_come_back_to_the_last_digits_of_their_differences() {
    let (session, _) = trained(FAR);
    let given = moons(FAR);
    let mut found: Vec<&[f64]> = Vec::new();
    let data = session.data(400, 1).unwrap();
    found.extend(data.rows());
    for row in given.rows() {
        let miss = |other: &&[f64]| (row[0] - other[0]).abs().max((row[1] - other[1]).abs());
        let nearest = found.iter().map(miss).fold(f64::INFINITY, f64::min);
        // The models take differences in f32: of a spread of 4 that is half a millionth.
        assert!(nearest < 1e-6, "{row:?} {nearest}");
    }
}

#[test]
fn a_column_is_constant_where_nothing_differs_and_only_there() {
    let column = |value: fn(usize) -> f64| {
        let values = (0..40).flat_map(|i| [i as f64, value(i)]).collect();
        flow_playground::points::Scaling::standardizing(&Points::new(values, 2).unwrap())
    };
    assert!(column(|i| 1.7e9 + 1e-3 * i as f64).is_ok());
    for constant in [|_| 0.1, |_| 500_000.11, |_| 0.0] {
        assert!(column(constant).unwrap_err().to_string().contains("the same value"));
    }
    assert!(column(|i| 1e200 * i as f64).unwrap_err().to_string().contains("coordinate 1 goes beyond"));
}
