//! Snapshots in time: the flow meets each of them, and predicts the one that it never saw.

use flow_playground::distribution::{DistributionKind, Gaussian, Labels, Mixture, Sampler};
use flow_playground::metric::{Bandwidth, mmd, null_band, wasserstein};
use flow_playground::ode::SolverKind;
use flow_playground::points::Points;
use flow_playground::rng::{Rng, Stream};
use flow_playground::session::{Metric, Origin, SnapshotReport};
use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

/// Snapshots of one Gaussian on its Bures geodesic.
const TIMES: [f64; 4] = [0.0, 1.0, 2.5, 4.0];
const FIRST: [f64; 4] = [0.5, 0.2, 0.2, 0.3];
const STRETCH: [f64; 4] = [0.5, -0.3, -0.3, 1.6];
const EACH: usize = 1500;

fn times(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    std::array::from_fn(|at| a[at / 2 * 2] * b[at % 2] + a[at / 2 * 2 + 1] * b[at % 2 + 2])
}

/// The mean and the covariance at one time: both ends' optimal map is x + s (A x - x), moved along.
fn on_geodesic(time: f64) -> ([f64; 2], [f64; 4]) {
    let share = time / TIMES[3];
    let map = std::array::from_fn(|at| (1.0 - share) * [1.0, 0.0, 0.0, 1.0][at] + share * STRETCH[at]);
    ([6.0 * share - 3.0, 2.0 * share], times(times(map, FIRST), map))
}

/// W2² of Gaussians in the plane (Bures 1969): of a product of two positive definite matrices tr √M = √(tr M + 2 √det M).
fn bures((mean, a): ([f64; 2], [f64; 4]), (other, b): ([f64; 2], [f64; 4])) -> f64 {
    let det = |m: [f64; 4]| m[0] * m[3] - m[1] * m[2];
    let product = times(a, b);
    let cross = (product[0] + product[3] + 2.0 * (det(a) * det(b)).sqrt()).sqrt();
    (mean[0] - other[0]).powi(2) + (mean[1] - other[1]).powi(2) + a[0] + a[3] + b[0] + b[3] - 2.0 * cross
}

fn moments(points: &Points<f64>) -> ([f64; 2], [f64; 4]) {
    let n = points.len() as f64;
    let mean: [f64; 2] = std::array::from_fn(|k| points.rows().map(|row| row[k]).sum::<f64>() / n);
    let product = |row: &[f64], at: usize| (row[at / 2] - mean[at / 2]) * (row[at % 2] - mean[at % 2]);
    (mean, std::array::from_fn(|at| points.rows().map(|row| product(row, at)).sum::<f64>() / n))
}

/// The snapshots as a reader's own points, and which is of which time; `change` is made of what is drawn at each.
fn own(change: impl Fn(usize, &mut Vec<f64>)) -> Start {
    let mut values = Vec::new();
    for (number, time) in TIMES.into_iter().enumerate() {
        let (mean, covariance) = on_geodesic(time);
        let law = Mixture::new(vec![1.0], vec![Gaussian::new(mean.to_vec(), covariance.to_vec())]);
        let drawn = law.sample(EACH, &mut Rng::new(number as u64, Stream::Data));
        let mut drawn = drawn.values().iter().map(|&x| f64::from(x)).collect();
        change(number, &mut drawn);
        values.extend(drawn);
    }
    let of = (0..TIMES.len() as u32).flat_map(|number| vec![number; EACH]).collect();
    let labels = Labels { names: TIMES.map(|time| time.to_string()).to_vec(), of };
    Start { points: Some(Points::new(values, 2).unwrap()), labels: Some(labels), ..Start::default() }
}

fn open(experiment: &Value, start: Start) -> Result<Session, FlowError> {
    let mut all = json!({ "data": { "kind": "branching" }, "snapshots": {}, "network": { "width": 48, "depth": 3 } });
    all.as_object_mut().unwrap().extend(experiment.as_object().unwrap().clone());
    block_on(Session::open(Experiment::from_json(&all)?, start, Engine::Cpu))
}

fn own_left_out(number: usize) -> Value {
    json!({ "data": { "kind": "points" }, "snapshots": { "leaveOut": number }, "budget": { "steps": 1500 } })
}

fn reports(session: &Session) -> Vec<SnapshotReport> {
    let solver = SolverConfig::default();
    block_on(session.measure_with(400, 3, solver, &[Metric::Snapshots])).unwrap().snapshots
}

#[test]
fn the_marginal_at_each_time_is_that_snapshot() {
    let mut session = open(&json!({ "budget": { "steps": 2500 } }), Start::default()).unwrap();
    block_on(session.advance(2500)).unwrap();
    let solver = SolverConfig { kind: SolverKind::Rk4, steps: 40, tolerance: None };
    let from_noise = block_on(session.trajectories(300, solver, 1, Origin::Noise)).unwrap();
    let all = DistributionKind::Branching.built_in().unwrap();
    for (number, name) in session.classes().into_iter().enumerate() {
        let at = from_noise.times.iter().position(|t| (t - name.parse::<f64>().unwrap() / 4.0).abs() < 1e-9).unwrap();
        let found = from_noise.positions[at].narrowed();
        let truth = all.given(number).unwrap().sample(300, &mut Rng::new(9, Stream::Heldout));
        let width = Bandwidth::Median.of(&truth).unwrap();
        let band = null_band(&found, &truth, width, 200, &mut Rng::new(1, Stream::Permutations)).unwrap();
        let biased = mmd(&found, &truth, width).unwrap().biased;
        println!("{name}: MMD² {biased:.5} in {:.5}, W2² {:?}", band.threshold, wasserstein(&found, &truth));
        // So short a training comes near the band of equal laws, and mostly within.
        assert!(biased < 1.5 * band.threshold, "at {name}: MMD² {biased} and τ {}", band.threshold);
    }
}

/// The optimal transport between its neighbours goes through the Gaussian that is left out: W2 is 0 but for the points' number.
#[test]
fn on_a_bures_geodesic_the_left_out_snapshot_is_predicted() {
    let mut session = open(&own_left_out(2), own(|_, _| ())).unwrap();
    block_on(session.advance(1500)).unwrap();
    let all = reports(&session);
    println!("{all:#?}");
    assert_eq!(all.iter().map(|report| report.time).collect::<Vec<_>>(), TIMES[1..]);
    assert_eq!(all.iter().map(|report| report.from).collect::<Vec<_>>(), [0.0, 1.0, 1.0]);
    let report = all.into_iter().find(|report| report.left_out).unwrap();
    let w2 = [report.flow, report.straight, report.floor, report.no_flow].map(|found| found.w2.unwrap());
    let [flow, straight, floor, no_flow] = w2;
    assert!(flow < 2.0 * floor && straight < 2.0 * floor && no_flow > 20.0 * floor, "{w2:?}");
    // The same without the scatter of 300 points: by the moments of what the flow makes of the first snapshot.
    let start = session.data(6000, 1).unwrap();
    let first = session.labels(6000, 1).unwrap().into_iter().zip(start.rows()).filter(|(label, _)| *label == 0);
    let first = Points::new(first.flat_map(|(_, row)| row.to_vec()).collect(), 2).unwrap();
    let solver = SolverConfig { kind: SolverKind::Rk4, steps: 32, tolerance: None };
    let carried = block_on(session.transport(&first, solver, Origin::Data)).unwrap();
    for time in TIMES {
        let at = (32.0 * time / TIMES[3]) as usize;
        let found = bures(moments(&carried.positions[at]), on_geodesic(time));
        println!("{time}: W2² {found:.5}");
        assert!(found < 0.03, "at {time}: W2² {found}");
    }
}

/// Mirrored at its own middle the snapshot that is left out changes no column's mean or deviation, and so no unit.
#[test]
fn training_never_sees_what_is_left_out() {
    let mirrored = |mirrored: usize| {
        own(move |number, values: &mut Vec<f64>| {
            let mean = values.iter().skip(1).step_by(2).sum::<f64>() / EACH as f64;
            let ys = values.iter_mut().skip(1).step_by(2).filter(|_| number == mirrored);
            ys.for_each(|y| *y = 2.0 * mean - *y);
        })
    };
    let losses = |start: Start| {
        let mut session = open(&own_left_out(2), start).unwrap();
        block_on(session.advance(20)).unwrap().losses
    };
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let usual = losses(own(|_, _| ()));
    assert!(apart(&usual, &losses(mirrored(2))) < 1e-3, "what is left out");
    assert!(apart(&usual, &losses(mirrored(1))) > 1e-2, "what is not");
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let weights = |experiment: &Value| {
        let mut session = open(experiment, Start::default()).unwrap();
        block_on(session.advance(30)).unwrap();
        let measured = reports(&session);
        (block_on(session.weights()).unwrap(), measured)
    };
    let usual = weights(&json!({}));
    assert_eq!(usual, weights(&json!({})));
    assert_ne!(usual.0, weights(&json!({ "snapshots": { "leaveOut": 1 } })).0);
    assert_ne!(usual.0, weights(&json!({ "seed": 8 })).0);
}

#[test]
fn all_snapshots_are_shown_and_paths_go_through_those_that_training_sees() {
    let session = open(&json!({ "snapshots": { "leaveOut": 2 } }), Start::default()).unwrap();
    assert_eq!(session.classes(), ["0", "1", "2", "3", "4"]);
    let all = DistributionKind::Branching.built_in().unwrap();
    let (shown, labels) = (session.data(500, 1).unwrap(), session.labels(500, 1).unwrap());
    assert_eq!(shown.narrowed(), all.sample(500, &mut Rng::new(1, Stream::Heldout)));
    assert!((0..5).all(|number| labels.contains(&number)));
    let is_of = |points: &Points<f64>, number: usize| {
        let law = all.given(number).unwrap();
        points.rows().all(|row| law.log_density(row).unwrap() > -20.0)
    };
    let starts = block_on(session.trajectories(50, SolverConfig::default(), 1, Origin::Data)).unwrap();
    assert!(is_of(&starts.positions[0], 0) && is_of(&session.noise(50, 1).unwrap(), 4));
    let paths = session.conditional_paths(50, 9, 1).unwrap().unwrap();
    let met = [0, 2, 6, 8].map(|at| is_of(&paths.positions[at], at / 2));
    assert_eq!((paths.times[2], met), (0.25, [true; 4]));
    // Straight from 1 to 3.
    let [a, middle, b] = [2, 4, 6].map(|at| paths.positions[at].row(0)[0]);
    assert!((middle - 0.5 * (a + b)).abs() < 1e-5);
    let floor = session.loss_floor(100, 1).unwrap();
    assert_eq!((floor, session.samplers().len()), (None, 0));
}

#[test]
fn what_is_no_course_is_refused_in_one_sentence() {
    let sentence = |experiment: &Value, start: Start| open(experiment, start).err().unwrap().to_string();
    let built_in = |experiment: Value| sentence(&experiment, Start::default());
    let times = "data of at least two classes whose names are times, each later than the one before.";
    let named = |names: &[&str], of: usize| {
        let Start { points, labels, .. } = own(|_, _| ());
        let names = names.iter().map(ToString::to_string).collect();
        let of = labels.unwrap().of.iter().map(|label| *label % of as u32).collect();
        Start { points, labels: Some(Labels { names, of }), ..Start::default() }
    };
    let points = json!({ "data": { "kind": "points" } });
    assert_eq!(
        sentence(&points, named(&["0", "2", "1", "3"], 4)),
        format!("snapshots is of the classes “0, 2, 1, 3”; allowed: {times}")
    );
    assert!(sentence(&points, named(&["0", "day 1"], 2)).contains("“0, day 1”"));
    assert!(sentence(&points, named(&["0", "inf"], 2)).contains(times));
    assert!(sentence(&points, named(&["0"], 1)).contains("they are of 1 classes; allowed: 2 to 64"));
    let unlabelled = Start { labels: None, ..own(|_, _| ()) };
    assert!(sentence(&points, unlabelled).starts_with("snapshots is "));
    assert!(built_in(json!({ "data": { "kind": "moons" } })).contains(times));
    assert!(built_in(json!({ "data": { "kind": "line" } })).starts_with("snapshots is of no classes; "));
    for number in [4, 9] {
        let refusal = built_in(json!({ "snapshots": { "leaveOut": number } }));
        assert_eq!(refusal, format!("snapshots.leaveOut is {number}; allowed: 0 to 3."));
    }
    assert!(built_in(json!({ "snapshots": { "leaveout": 1 } })).contains("`leaveOut`"));
    for (part, field) in [
        (json!({ "method": { "kind": "normalizing-flow" } }), "snapshots is given; allowed: none for this method"),
        (json!({ "method": { "kind": "flow-matching", "path": "variance-preserving" } }), "method.path is"),
        (json!({ "condition": {} }), "condition.kind is \"class\""),
        (json!({ "noise": { "kind": "moons" } }), "noise.kind is \"moons\""),
    ] {
        let refusal = built_in(part);
        assert!(refusal.starts_with(field), "{refusal}");
    }
}

/// Of points nothing is known but themselves.
#[test]
fn a_flow_that_ends_at_points_has_no_density_and_one_that_ends_at_a_mixture_has() {
    let at_points = open(&json!({ "data": { "kind": "points" } }), own(|_, _| ())).unwrap();
    assert!(at_points.why_no_density().unwrap().starts_with("The last snapshot is known by its points alone"));
    let measured = block_on(at_points.measure(100, 1)).unwrap();
    assert_eq!((measured.nll, measured.n, measured.snapshots.len()), (None, 100, 3));
    let session = open(&json!({}), Start::default()).unwrap();
    let measured = block_on(session.measure(100, 1)).unwrap();
    assert!(measured.nll.is_some() && session.why_no_density().is_none());
    let first = DistributionKind::Branching.built_in().unwrap().given(0).unwrap();
    assert_eq!(measured.entropy, first.density.unwrap().entropy());
}

/// The cells of each snapshot, and their times.
fn cells() -> Vec<(String, Points<f64>)> {
    let file = include_str!("../../../tests/vectors/krumsiek11.csv");
    let mut snapshots: Vec<(String, Vec<f64>)> = Vec::new();
    for row in file.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let at = snapshots.iter().position(|(time, _)| time == cells[2]).unwrap_or_else(|| {
            snapshots.push((cells[2].into(), Vec::new()));
            snapshots.len() - 1
        });
        snapshots[at].1.extend(cells[..2].iter().map(|cell| cell.parse::<f64>().unwrap()));
    }
    snapshots.into_iter().map(|(time, values)| (time, Points::new(values, 2).unwrap())).collect()
}

/// Simulated blood cells (`tests/vectors/krumsiek11.py`): the middle one of five snapshots, from the first.
#[test]
fn blood_cells_that_were_left_out_are_predicted_better_than_by_no_flow() {
    let snapshots = cells();
    assert_eq!(
        snapshots.iter().map(|(time, _)| time.as_str()).collect::<Vec<_>>(),
        ["15.5", "47.5", "79.5", "111.5", "143.5"]
    );
    let of = snapshots.iter().zip(0..).flat_map(|((_, cells), number)| vec![number; cells.len()]).collect();
    let labels = Labels { names: snapshots.iter().map(|(time, _)| time.clone()).collect(), of };
    let values = snapshots.iter().flat_map(|(_, cells)| cells.values().to_vec()).collect();
    let points = Some(Points::new(values, 2).unwrap());
    let start = Start { points, labels: Some(labels), ..Start::default() };
    let mut session = open(&own_left_out(2), start).unwrap();
    block_on(session.advance(1500)).unwrap();
    let solver = SolverConfig { kind: SolverKind::Rk4, steps: 20, tolerance: None };
    let carried = block_on(session.transport(&snapshots[0].1, solver, Origin::Data)).unwrap();
    let [_, before, truth, ..] = &snapshots[..] else { unreachable!() };
    let far = |points: &Points<f64>| wasserstein(&points.narrowed(), &truth.1.narrowed()).unwrap();
    let (flow, no_flow, all) = (far(&carried.positions[10]), far(&before.1), reports(&session));
    println!("W2² {flow:.4} by the flow from the first, {no_flow:.4} of no flow; {all:#?}");
    assert!(flow < 0.7 * no_flow, "{flow} and {no_flow}");
    assert_eq!((carried.times[10], all.len(), all[1].left_out), (0.5, 4, true));
}
