//! What generates: samplers keep the law, count what they ask of the field, and a method that must be sampled by its own
//! solver is never sampled otherwise.

use flow_playground::metric::sliced_wasserstein;
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::sampler::{SamplerConfig, SamplerKind, TimeGrid};
use flow_playground::session::{Metric, Origin};
use flow_playground::{Engine, Experiment, FlowError, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(parts: Value) -> Session {
    let mut experiment = json!({
        "data": { "kind": "8-gaussians" }, "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 64 },
    });
    experiment.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

fn exact(path: &str) -> Session {
    open(json!({ "method": { "kind": "closed-form", "path": path } }))
}

fn sampler(kind: SamplerKind, steps: usize) -> SamplerConfig {
    SamplerConfig { kind, steps, ..SamplerConfig::default() }
}

const PATHS: [&str; 3] = ["linear", "cosine", "variance-preserving"];

/// The exact field of a mixture by every sampler on every grid: each keeps the marginals.
#[test]
fn samplers_of_the_exact_field_keep_the_data() {
    for path in PATHS {
        let session = exact(path);
        let truth = session.data(2000, 5).unwrap().narrowed();
        for kind in SamplerKind::OF_PATHS {
            for grid in [TimeGrid::Uniform, TimeGrid::RootTime, TimeGrid::HalfLogSnr, TimeGrid::Karras] {
                // Euler-Maruyama with noise of one size is coarse where the levels fall fast.
                let steps = if kind == SamplerKind::EulerMaruyama { 300 } else { 100 };
                let sampler = SamplerConfig { grid: Some(grid), ..sampler(kind, steps) };
                let points = block_on(session.sample(2000, sampler, 3)).unwrap();
                let found = sliced_wasserstein(&points.narrowed(), &truth).unwrap();
                assert!(found < 0.06, "{path} {kind:?} {grid:?}: {found}");
            }
            let twice = [(); 2].map(|()| block_on(session.sample(20, sampler(kind, 5), 3)).unwrap());
            assert_eq!(twice[0], twice[1]);
        }
    }
}

/// dx = [f - ε s] dt + √(2ε) dW has the marginals of dx = f dt, for every ε.
#[test]
fn any_noise_keeps_the_law() {
    for path in PATHS {
        let session = exact(path);
        let truth = session.data(2000, 5).unwrap();
        for epsilon in [0.0, 0.1, 0.5, 2.0] {
            let sampler = SamplerConfig { epsilon: Some(epsilon), ..sampler(SamplerKind::EulerMaruyama, 400) };
            let measured = block_on(session.measure_with(2000, 1, sampler, &[Metric::Mmd])).unwrap();
            assert_eq!((measured.nfe, measured.sampler), (400, Some(sampler)));
            let (found, band) = (measured.mmd_biased.unwrap(), measured.mmd_null_band.unwrap());
            assert!(found < 1.5 * band, "{path}, ε = {epsilon}: MMD² {found} should be below {band}");
            let points = block_on(session.sample(2000, sampler, 3)).unwrap();
            let variance = |points: &flow_playground::Points<f64>| {
                points.values().iter().map(|x| x * x).sum::<f64>() / points.len() as f64
            };
            let (found, should) = (variance(&points), variance(&truth));
            assert!((found / should - 1.0).abs() < 0.03, "{path}, ε = {epsilon}: variance {found} should be {should}");
        }
    }
}

#[test]
fn evaluations_are_counted_and_returned() {
    let session = exact("variance-preserving");
    for kind in SamplerKind::OF_PATHS {
        for grid in [None, Some(TimeGrid::Uniform)] {
            let sampler = SamplerConfig { grid, ..sampler(kind, 6) };
            let expected = match (kind, grid) {
                (SamplerKind::KarrasHeun, None) => 11,
                (SamplerKind::KarrasHeun, _) => 12,
                _ => 6,
            };
            let path = block_on(session.trajectories(5, sampler, 1, Origin::Noise)).unwrap();
            assert_eq!(
                (path.evaluations, sampler.evaluations(), path.times.len()),
                (expected, expected, 7),
                "{kind:?}"
            );
            let curve = block_on(session.quality_against_cost(&[sampler.into()], 50, 1, &[Metric::SlicedW2])).unwrap();
            assert_eq!((curve[0].nfe, curve[0].sampler), (expected, Some(sampler)));
            // Paths end where samples of the same seed lie.
            assert_eq!(path.positions[6], block_on(session.sample(5, sampler, 1)).unwrap());
        }
    }
}

#[test]
fn only_methods_that_know_their_score_take_samplers() {
    let flow = open(json!({ "method": { "kind": "ot-flow" }, "network": { "width": 8, "depth": 2 } }));
    assert!(flow.samplers().is_empty());
    let refused = block_on(flow.sample(10, SamplerConfig::default(), 1)).unwrap_err();
    assert!(matches!(refused, FlowError::InvalidValue { .. }));
    let interpolant = open(json!({ "method": { "kind": "stochastic-interpolant" } }));
    assert_eq!(interpolant.samplers(), [SamplerKind::EulerMaruyama]);
    let in_levels = SamplerConfig { grid: Some(TimeGrid::Karras), ..SamplerConfig::default() };
    assert!(block_on(interpolant.sample(10, in_levels, 1)).is_err());
    assert!(block_on(interpolant.sample(10, SamplerConfig::default(), 1)).is_ok());
    let diffusion = open(json!({ "method": { "kind": "diffusion" } }));
    assert_eq!(diffusion.samplers(), SamplerKind::OF_PATHS);
    let back = block_on(diffusion.trajectories(5, SamplerConfig::default(), 1, Origin::Data)).unwrap_err();
    assert!(back.to_string().contains("no way back"), "{back}");
    let misplaced = SamplerConfig { epsilon: Some(1.0), ..sampler(SamplerKind::Ddim, 5) };
    let refused = block_on(diffusion.sample(5, misplaced, 1)).unwrap_err().to_string();
    assert_eq!(refused, "sampler.epsilon is 1; allowed: null for this sampler.kind; only \"euler-maruyama\" has it.");
}

#[test]
fn a_student_is_sampled_in_its_own_steps_whatever_is_asked() {
    let method = json!({ "kind": "reflow", "rounds": 0, "distill": 2, "pairs": 500, "pairSteps": 5 });
    let mut session = open(json!({ "method": method, "budget": { "steps": 60 } }));
    let others = [
        SolverConfig { kind: SolverKind::Rk4, steps: 20, tolerance: None },
        SolverConfig { kind: SolverKind::Dopri5, steps: 20, tolerance: Some(1e-4) },
    ];
    let own = SolverConfig { kind: SolverKind::Euler, steps: 2, tolerance: None };
    // Its teacher is a flow like any other.
    block_on(session.advance(10)).unwrap();
    assert_ne!(block_on(session.sample(20, others[0], 1)), block_on(session.sample(20, own, 1)));
    block_on(session.advance(50)).unwrap();
    let truth = block_on(session.sample(20, own, 1)).unwrap();
    for other in others {
        assert_eq!(block_on(session.sample(20, other, 1)).unwrap(), truth);
        let path = block_on(session.trajectories(20, other, 1, Origin::Noise)).unwrap();
        assert_eq!((path.times, path.evaluations, &path.positions[2]), (vec![1.0, 0.5, 0.0], 2, &truth));
        let measured = block_on(session.measure_with(100, 1, other, &Metric::ALL)).unwrap();
        assert_eq!((measured.solver, measured.nfe), (own, 2));
        assert!(measured.straightness.is_none() && measured.path_energy.is_none());
        assert!(measured.transport_cost.is_some() && measured.sliced_w2.is_some());
        let curve = block_on(session.quality_against_cost(&[other.into()], 50, 1, &[Metric::SlicedW2])).unwrap();
        assert_eq!(curve.iter().map(|point| (point.solver, point.nfe)).collect::<Vec<_>>(), [(own, 2)]);
    }
    let curve = block_on(session.quality_against_cost(&[], 50, 1, &[Metric::SlicedW2])).unwrap();
    assert_eq!(curve.len(), 1);
    let rounds = block_on(session.rounds(100, 1)).unwrap();
    assert!(rounds[0].straightness.is_some() && rounds[0].nll.is_some());
    assert!(rounds[1].straightness.is_none() && rounds[1].nll.is_none() && rounds[1].transport_cost.is_some());
    assert!(block_on(session.trajectories(5, own, 1, Origin::Data)).is_err());
    assert!(block_on(session.sample(5, sampler(SamplerKind::Ddim, 5), 1)).is_err());
}

/// σ grows like √t on this path, whoever learns it: equal steps are equal in √t.
#[test]
fn the_variance_preserving_path_is_solved_on_one_grid() {
    let four = SolverConfig { kind: SolverKind::Euler, steps: 4, tolerance: None };
    let times = |method: Value| {
        let session = open(json!({ "method": method }));
        block_on(session.trajectories(3, four, 1, Origin::Noise)).unwrap().times
    };
    let diffusion = times(json!({ "kind": "diffusion" }));
    let roots: Vec<f64> = diffusion.iter().map(|t| t.sqrt()).collect();
    assert!(roots.windows(3).all(|three| (three[0] - 2.0 * three[1] + three[2]).abs() < 1e-9));
    assert_eq!(times(json!({ "kind": "flow-matching", "path": "variance-preserving" })), diffusion);
    let closed = times(json!({ "kind": "closed-form", "path": "variance-preserving" }));
    assert!(closed.iter().zip(&diffusion).all(|(a, b)| (a - b).abs() < 1e-9), "{closed:?}");
    assert_eq!(times(json!({ "kind": "flow-matching" })), [1.0, 0.75, 0.5, 0.25, 0.0]);
}

#[test]
fn flow_matching_draws_logit_normal_times() {
    let train = |weighting: &str| {
        let mut session = open(json!({ "method": { "kind": "flow-matching", "weighting": weighting } }));
        let losses = block_on(session.advance(300)).unwrap().losses;
        (losses, session.loss_floor(2000, 1).unwrap().unwrap().value)
    };
    let ((uniform, floor), (logit_normal, middle)) = (train("uniform"), train("logit-normal"));
    assert_ne!(uniform, logit_normal);
    // The floor is the mean over the times that are drawn, and no loss goes below it.
    assert!((floor - middle).abs() > 0.01, "{floor} and {middle}");
    let last = logit_normal[200..].iter().map(|&loss| f64::from(loss)).sum::<f64>() / 100.0;
    assert!(last > 0.95 * middle, "{last} below {middle}");
    let method = json!({ "method": { "kind": "flow-matching", "weighting": "likelihood" } });
    assert!(Experiment::from_json(&method).unwrap_err().to_string().contains("logit-normal"));
}
