//! What is measured on a user's own points: each held-out point once, in units that no wide column decides, and nothing that
//! the points cannot tell.

use flow_playground::distribution::{DistributionConfig, DistributionKind};
use flow_playground::metric::{sliced_wasserstein, sliced_wasserstein_estimate};
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::Metric;
use flow_playground::{Engine, Experiment, Points, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::json;
use std::collections::BTreeSet;

fn moons(n: usize, seed: u64) -> Points {
    let config: DistributionConfig = DistributionKind::Moons.into();
    config.build("data", None).unwrap().sample(n, &mut Rng::new(seed, Stream::Data))
}

fn open(points: Points, method: &str) -> Session {
    let experiment = json!({
        "data": { "kind": "points" }, "method": { "kind": method }, "network": { "width": 16, "depth": 2 },
    });
    let start = Start { points: Some(points.into()), ..Start::default() };
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), start, Engine::Cpu)).unwrap()
}

fn different(points: &Points<f64>) -> usize {
    points.rows().map(|row| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>()).collect::<BTreeSet<_>>().len()
}

#[test]
fn each_held_out_point_is_used_once() {
    let session = open(moons(200, 1), "flow-matching");
    let found = block_on(session.measure(2000, 1)).unwrap();
    assert!(found.held_out && found.standardized);
    assert_eq!(found.n, 40);
    // Forty points tell a mean to a sixth of the values' deviation, not to a fortieth.
    assert!(found.nll_standard_error.unwrap() > 0.05, "{found:?}");
    assert!(found.sliced_w2_floor.unwrap() > found.sliced_w2_floor_spread.unwrap() / 4.0);
    assert!(found.training_nll.is_some() && found.nearest_distance.is_some());
    assert!(found.nearest_distance_heldout.unwrap() > 0.0);
    let solvers = [SolverConfig { steps: 2, ..SolverConfig::default() }].map(Into::into);
    let cost = block_on(session.quality_against_cost(&solvers, 2000, 1, &[Metric::SlicedW2])).unwrap();
    assert_eq!((cost[0].n, cost[0].sliced_w2_floor), (40, found.sliced_w2_floor));
    assert_eq!(block_on(session.rounds(2000, 1)).unwrap()[0].n, 40);
    let shown = session.data(2000, 1).unwrap();
    assert_eq!((shown.len(), different(&shown)), (200, 200));
    let few = session.data(150, 2).unwrap();
    assert_eq!((few.len(), different(&few)), (150, 150));
}

#[test]
fn too_few_points_hold_nothing_out_and_say_so() {
    let session = open(moons(40, 1), "flow-matching");
    let found = block_on(session.measure(512, 1)).unwrap();
    assert_eq!((found.n, found.held_out, found.converged), (40, false, false));
    assert!(found.reason.is_some());
    // Forty points make no two sets of forty.
    assert_eq!((found.sliced_w2_floor, found.training_nll), (None, None));
    assert_eq!(session.data(512, 1).unwrap().len(), 40);
}

#[test]
fn a_column_that_follows_from_others_has_no_density() {
    let sums = |noise: f32| {
        let rows = moons(500, 1);
        let jitter = moons(500, 2);
        let each = rows.rows().zip(jitter.rows());
        let values = each.flat_map(|(row, other)| [row[0], row[1], row[0] + row[1] + noise * other[0]]).collect();
        Points::new(values, 3).unwrap()
    };
    let solver = SolverConfig { steps: 4, ..SolverConfig::default() };
    let of = |noise| {
        let session = open(sums(noise), "jko-flow");
        let measured = block_on(session.measure_with(100, 1, solver, &[Metric::Likelihood])).unwrap();
        let [round] = &block_on(session.rounds(100, 1)).unwrap()[..] else { panic!("one round") };
        let density = block_on(session.log_density(&session.data(5, 1).unwrap(), 0.0, solver));
        (measured, round.clone(), density)
    };
    let (found, round, density) = of(0.0);
    assert_eq!((found.nll, found.kl, found.converged), (None, None, false));
    assert_eq!((round.nll, round.free_energy), (None, None));
    let reason = found.reason.unwrap();
    assert!(reason.contains("linearly dependent"));
    assert_eq!(round.reason, Some(reason.clone()));
    assert_eq!(density.unwrap_err().to_string(), reason);
    let (found, round, density) = of(0.1);
    assert!(found.nll.is_some() && round.nll.is_some() && round.reason.is_none() && density.is_ok());
}

#[test]
fn no_unit_of_a_column_decides_a_distance() {
    let stretched = |factor: f32| {
        let values = moons(400, 1).rows().flat_map(|row| [row[0] * factor, row[1]]).collect();
        let session = open(Points::new(values, 2).unwrap(), "flow-matching");
        let found = block_on(session.measure(80, 1)).unwrap();
        (found.sliced_w2.unwrap(), found.transport_cost.unwrap(), found.round_trip_error.unwrap())
    };
    let (plain, wide) = (stretched(1.0), stretched(1024.0));
    assert!((plain.0 / wide.0 - 1.0).abs() < 1e-3 && (plain.1 / wide.1 - 1.0).abs() < 1e-3, "{plain:?} {wide:?}");
    // The way back and forth misses by a length of the data's own.
    assert!(wide.2 > 10.0 * plain.2, "{plain:?} {wide:?}");
}

#[test]
fn the_exact_field_is_that_of_every_point_once() {
    let session = open(moons(100, 1), "closed-form");
    let data = session.data(100, 1).unwrap();
    let sample = block_on(session.sample(200, SolverConfig { steps: 100, ..SolverConfig::default() }, 1)).unwrap();
    let square = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let nearest =
        |row: &[f64]| (0..100).min_by(|&i, &j| square(data.row(i), row).total_cmp(&square(data.row(j), row))).unwrap();
    let reached: BTreeSet<usize> = sample.rows().map(nearest).collect();
    // 200 even draws of 80 training points reach 73; of 80 draws with replacement, 51 different points, 49.
    assert!(reached.len() > 60, "{}", reached.len());
}

#[test]
fn the_error_of_a_distance_is_what_it_varies_by() {
    let [mut values, mut errors] = [Vec::new(), Vec::new()];
    for seed in 0..24 {
        let moved = moons(400, 2 * seed).rows().flat_map(|row| [row[0] + 0.5, row[1]]).collect();
        let (a, b) = (Points::new(moved, 2).unwrap(), moons(400, 2 * seed + 1));
        let found = sliced_wasserstein_estimate(&a, &b).unwrap();
        assert_eq!(Some(found.mean), sliced_wasserstein(&a, &b));
        values.push(found.mean);
        errors.push(found.standard_error);
    }
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    let center = mean(&values);
    let deviation = mean(&values.iter().map(|x| (x - center).powi(2)).collect::<Vec<_>>()).sqrt();
    let ratio = mean(&errors) / deviation;
    assert!((0.6..1.7).contains(&ratio), "{ratio}");
}

#[test]
fn a_floor_is_a_mean_over_pairs_whatever_seed_measures() {
    let experiment = json!({ "data": { "kind": "moons" }, "network": { "width": 16, "depth": 2 } });
    let opened = Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu);
    let session = block_on(opened).unwrap();
    let of = |seed| {
        let only = [Metric::SlicedW2];
        let found = block_on(session.measure_with(512, seed, SolverConfig::default(), &only)).unwrap();
        [found.sliced_w2_floor.unwrap(), found.sliced_w2_floor_spread.unwrap()]
    };
    // The mean of a hundred independent pairs is 0.018; one pair is anything from 0.005 to 0.042.
    let floors = [1, 2].map(of);
    assert_eq!(floors[0], floors[1]);
    assert!((0.012..0.025).contains(&floors[0][0]) && floors[0][1] > 0.003, "{floors:?}");
}
