//! One body for every method: it trains, repeats to the bit, samples, and its density is one.

use flow_playground::ode::{SolverKind, Trajectory};
use flow_playground::points::Points;
use flow_playground::session::Origin;
use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

/// Every method, with the options that change what it computes.
fn methods() -> Vec<Value> {
    vec![
        json!({ "kind": "flow-matching" }),
        json!({ "kind": "flow-matching", "path": "variance-preserving" }),
        json!({ "kind": "reflow", "pairs": 200, "pairSteps": 4 }),
        json!({ "kind": "mean-flow" }),
        json!({ "kind": "mean-flow", "adaptive": 1 }),
        json!({ "kind": "shortcut" }),
        json!({ "kind": "stochastic-interpolant" }),
        json!({ "kind": "diffusion" }),
        json!({ "kind": "diffusion", "prediction": "score", "weighting": "likelihood" }),
        json!({ "kind": "normalizing-flow" }),
        json!({ "kind": "normalizing-flow", "divergence": "hutchinson", "trainingSteps": 4 }),
        json!({ "kind": "ot-flow", "trainingSteps": 4 }),
        json!({ "kind": "jko-flow", "blocks": 3, "pool": 300 }),
        json!({ "kind": "coupling-flow", "maps": "nice", "layers": 4 }),
        json!({ "kind": "coupling-flow", "layers": 4 }),
        json!({ "kind": "coupling-flow", "maps": "glow", "layers": 4 }),
        json!({ "kind": "coupling-flow", "maps": "spline", "layers": 4 }),
    ]
}

fn small_with(method: &Value) -> Value {
    json!({
        "seed": 3, "data": { "kind": "8-gaussians" }, "method": method,
        "network": { "width": 24, "depth": 2 }, "optimizer": { "batch": 64 }, "budget": { "steps": 60 },
        "solver": { "kind": "rk4", "steps": 20 },
    })
}

fn small(method: &str) -> Value {
    small_with(&json!({ "kind": method }))
}

fn open(experiment: &Value) -> Session {
    open_from(experiment, Start::default()).unwrap()
}

fn open_from(experiment: &Value, start: Start) -> Result<Session, FlowError> {
    block_on(Session::open(Experiment::from_json(experiment)?, start, Engine::Cpu))
}

fn mean(losses: &[f32]) -> f32 {
    losses.iter().sum::<f32>() / losses.len() as f32
}

#[test]
fn training_lowers_the_loss_and_counts_its_cost() {
    for method in methods() {
        let mut session = open(&small_with(&method));
        let progress = block_on(session.advance(60)).unwrap();
        // Most of a likelihood weighting's loss is noise that nothing can predict.
        let (share, first) = match (&method["weighting"], &method["maps"]) {
            (Value::String(weighting), _) if weighting == "likelihood" => (1.0, 30),
            // So few training steps hardly move the one scale of all points.
            (_, Value::String(maps)) if maps == "nice" => (0.97, 5),
            _ => (0.9, 5),
        };
        let lowered = mean(&progress.losses[50..]) < share * mean(&progress.losses[..first]);
        // A block's is the sum of two that pull against each other; a jump's target moves with the network.
        let may_rise = method["kind"] == "jko-flow" || method["kind"] == "mean-flow";
        assert!(lowered || may_rise, "{method}: {:?}", progress.losses);
        assert_eq!(progress.step, 60);
        assert!((progress.spent - 1.0).abs() < 1e-9 && progress.seconds > 0.0);
        let passes = match (method["kind"].as_str().unwrap(), method["divergence"].as_str()) {
            ("flow-matching" | "diffusion", _) => 2,
            ("mean-flow" | "shortcut", _) => 3,
            ("stochastic-interpolant", _) => 4,
            ("normalizing-flow", None) => 2 * 32 * 3,
            ("normalizing-flow", Some(_)) => 2 * 16 * 2,
            ("coupling-flow", _) => 2 * 4,
            _ => continue,
        };
        assert_eq!(progress.network_evaluations, 60 * passes, "{method}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_however_the_steps_are_cut() {
    for method in methods() {
        let run = |cuts: &[usize]| {
            let mut session = open(&small_with(&method));
            let losses: Vec<f32> =
                cuts.iter().flat_map(|&steps| block_on(session.advance(steps)).unwrap().losses).collect();
            (losses, block_on(session.sample(50, SolverConfig::default(), 9)).unwrap())
        };
        assert_eq!(run(&[12]), run(&[5, 1, 6]), "{method}");
        let mut other = small_with(&method);
        other["seed"] = json!(4);
        assert_ne!(run(&[12]).0, block_on(open(&other).advance(12)).unwrap().losses);
    }
}

#[test]
fn a_density_integrates_to_one() {
    for method in methods() {
        let mut experiment = small_with(&method);
        // A diffusion trained that little generates points a hundred times too far out, beyond any grid.
        let steps = if method["kind"] == "diffusion" { 1000 } else { 60 };
        experiment["budget"]["steps"] = json!(steps);
        let mut session = open(&experiment);
        block_on(session.advance(steps)).unwrap();
        let (n, half) = if method["kind"] == "diffusion" { (150, 15.0) } else { (100, 9.0) };
        let cell = 2.0 * half / n as f64;
        let at = |i: usize| -half + (i as f64 + 0.5) * cell;
        let grid = (0..n * n).flat_map(|i| [at(i % n), at(i / n)]).collect();
        let grid = Points::new(grid, 2).unwrap();
        for t in [0.0, 0.5] {
            let densities = block_on(session.log_density(&grid, t, SolverConfig::default())).unwrap();
            let integral: f64 = densities.iter().map(|p| f64::from(p.exp()) * cell * cell).sum();
            assert!((integral - 1.0).abs() < 0.02, "{method} at t = {t}: {integral}");
        }
    }
}

#[test]
fn trajectories_run_between_the_ends_and_agree_with_samples() {
    for method in methods() {
        let mut session = open(&small_with(&method));
        block_on(session.advance(20)).unwrap();
        let solver = SolverConfig::default();
        let back = block_on(session.trajectories(30, solver, 5, Origin::Noise)).unwrap();
        // A coupling flow shows as many states in each of its blocks, and evaluates each block once.
        let (states, evaluations) = match (method["kind"].as_str(), method["maps"].as_str()) {
            (Some("coupling-flow"), Some("nice")) => (5 * 4 + 1, 5),
            (Some("coupling-flow"), Some("glow")) => (8 * 3 + 1, 8),
            (Some("coupling-flow"), _) => (4 * 5 + 1, 4),
            _ => (21, 80),
        };
        let last = states - 1;
        assert_eq!((back.times[0], back.positions.len(), back.evaluations), (1.0, states, evaluations), "{method}");
        // A diffusion stops where its noise is a hundredth.
        assert!(back.times[last] <= 1.001e-3 && back.times.windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!(back.positions[0], session.noise(30, 5).unwrap());
        assert_eq!(back.positions[last], block_on(session.sample(30, solver, 5)).unwrap());
        let forth = block_on(session.trajectories(30, solver, 5, Origin::Data)).unwrap();
        assert_eq!((forth.times[0] <= 1.001e-3, forth.times[last]), (true, 1.0));
        assert_eq!(forth.positions[0], session.data(30, 5).unwrap());
    }
}

#[test]
fn conditional_paths_join_their_ends_and_only_flow_matching_has_them() {
    let paths = open(&small("flow-matching")).conditional_paths(10, 5, 1).unwrap().unwrap();
    let (start, middle, end) = (&paths.positions[0], &paths.positions[2], &paths.positions[4]);
    for ((a, m), b) in start.values().iter().zip(middle.values()).zip(end.values()) {
        assert!((0.5 * (a + b) - m).abs() < 1e-6);
    }
    assert!(open(&small("normalizing-flow")).conditional_paths(10, 5, 1).unwrap().is_none());
    let mut coupled = small("flow-matching");
    coupled["method"] = json!({ "kind": "flow-matching", "coupling": "minibatch-ot" });
    let length = |paths: &Trajectory<f64>| -> f64 {
        let ends = paths.positions[0].values().iter().zip(paths.positions[4].values());
        ends.map(|(a, b)| (a - b) * (a - b)).sum()
    };
    let shorter = open(&coupled).conditional_paths(10, 5, 1).unwrap().unwrap();
    assert!(length(&shorter) < 0.8 * length(&paths), "the paths shown are the pairs trained on");
}

#[test]
fn metrics_say_what_they_were_measured_on_and_are_never_nan() {
    let mut session = open(&small("flow-matching"));
    block_on(session.advance(60)).unwrap();
    let measured = block_on(session.measure(400, 2)).unwrap();
    assert_eq!((measured.n, measured.seed, measured.nfe, measured.likelihood_nfe), (400, 2, 80, 160));
    assert!(measured.converged, "{:?}", measured.reason);
    assert!(measured.kl.unwrap() > -0.1 && measured.kl.unwrap() < 4.0);
    assert!(measured.sliced_w2.unwrap() > measured.sliced_w2_floor.unwrap());
    assert!(measured.w2.unwrap() > measured.sliced_w2.unwrap(), "a projection is never longer");
    assert!(measured.mmd_biased.unwrap() > measured.mmd_null_band.unwrap(), "sixty training steps are not enough");
    assert!(measured.straightness.unwrap() > 0.0 && measured.path_energy.unwrap() > measured.straightness.unwrap());
    assert!(measured.generated_nll.unwrap() > measured.entropy.unwrap());
    let json = serde_json::to_string(&measured).unwrap();
    assert!(json.contains("\"nllStandardError\"") && !json.contains("NaN"));
}

#[test]
fn an_adaptive_solver_reaches_the_converged_samples_and_counts_its_evaluations() {
    let mut session = open(&small("flow-matching"));
    block_on(session.advance(30)).unwrap();
    let sample = |solver| block_on(session.trajectories(40, solver, 4, Origin::Noise)).unwrap();
    let reference = sample(SolverConfig { steps: 200, ..Default::default() });
    for kind in [SolverKind::Bosh3, SolverKind::Dopri5, SolverKind::Tsit5] {
        let adaptive = sample(SolverConfig { kind, tolerance: Some(1e-5), ..Default::default() });
        for (a, b) in adaptive.positions.last().unwrap().values().iter().zip(reference.positions[200].values()) {
            assert!((a - b).abs() < 1e-3, "{kind:?}: {a} should be {b}");
        }
        let steps = adaptive.times.len() - 1;
        assert!(adaptive.evaluations >= 2 + steps * kind.tableau().stages(), "{kind:?}");
        assert_eq!((adaptive.times[0], *adaptive.times.last().unwrap()), (1.0, 0.0));
    }
    let mut loose = small("flow-matching");
    loose["solver"] = json!({ "kind": "dopri5", "tolerance": 1e-4 });
    let measured = block_on(open(&loose).measure(100, 1)).unwrap();
    assert!(measured.converged && measured.nfe < measured.likelihood_nfe, "{measured:?}");
}

#[test]
fn couplings_train_and_optimal_transport_lowers_the_irreducible_loss() {
    let converged = |coupling: Value| {
        let mut experiment = small("flow-matching");
        experiment["method"] = json!({ "kind": "flow-matching", "coupling": coupling, "couplingBatch": 64 });
        let losses = block_on(open(&experiment).advance(60)).unwrap().losses;
        mean(&losses[50..])
    };
    let [independent, exact, entropic] =
        [json!("independent"), json!("minibatch-ot"), json!({ "sinkhorn": { "regularization": 1.0 } })].map(converged);
    assert!(exact < 0.5 * independent && entropic < 0.7 * independent, "{independent} {exact} {entropic}");
}

#[test]
fn weights_return_through_a_file() {
    let mut session = open(&small("flow-matching"));
    block_on(session.advance(10)).unwrap();
    let start = Start { weights: Some(block_on(session.weights()).unwrap()), ..Default::default() };
    let again = open_from(&small("flow-matching"), start).unwrap();
    let sample = |session: &Session| block_on(session.sample(20, SolverConfig::default(), 1)).unwrap();
    assert_eq!(sample(&session), sample(&again));
}

/// The user's units: a density changes by the Jacobian of the scaling and integrates to one there too.
#[test]
fn own_points_are_scaled_and_everything_comes_back_in_their_units() {
    let own = (0..200).flat_map(|i| [1000.0 + (i % 20) as f64, 0.01 * (i / 20) as f64 - 5.0]).collect();
    let points = Points::new(own, 2).unwrap();
    let mut experiment = small("flow-matching");
    experiment["data"] = json!({ "kind": "points" });
    let start = Start { points: Some(points), ..Default::default() };
    let mut session = open_from(&experiment, start).unwrap();
    block_on(session.advance(60)).unwrap();
    let sample = block_on(session.sample(300, SolverConfig::default(), 1)).unwrap();
    let center = sample.rows().fold([0.0, 0.0], |sum, row| [sum[0] + row[0] / 300.0, sum[1] + row[1] / 300.0]);
    assert!((center[0] - 1009.5).abs() < 3.0 && (center[1] + 4.955).abs() < 0.02, "{center:?}");
    let scaling = session.scaling().clone();
    let (n, half) = (120, 7.0);
    let cell = 2.0 * half / n as f64;
    let at = |i: usize, axis: usize| {
        let modelled = -half + (i as f64 + 0.5) * cell;
        modelled * scaling.scale[axis] + scaling.center[axis]
    };
    let grid = Points::new((0..n * n).flat_map(|i| [at(i % n, 0), at(i / n, 1)]).collect(), 2).unwrap();
    let densities = block_on(session.log_density(&grid, 0.0, SolverConfig::default())).unwrap();
    let area = cell * cell * scaling.scale[0] * scaling.scale[1];
    let integral: f64 = densities.iter().map(|p| f64::from(*p).exp() * area).sum();
    assert!((integral - 1.0).abs() < 0.02, "{integral}");
    let measured = block_on(session.measure(30, 1)).unwrap();
    assert_eq!((measured.entropy, measured.kl), (None, None));
}
