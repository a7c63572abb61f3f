//! Budgets, rounds, quality against cost and stochastic samplers, through a session.

use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::session::{Metric, usual_solvers};
use flow_playground::{Engine, Experiment, Points, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(experiment: &Value) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap()
}

fn small(parts: Value) -> Value {
    let mut experiment = json!({
        "data": { "kind": "8-gaussians" }, "network": { "width": 16, "depth": 2 }, "optimizer": { "batch": 64 },
    });
    experiment.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    experiment
}

#[test]
fn a_budget_of_network_evaluations_ends_training() {
    let mut session = open(&small(json!({ "budget": { "networkEvaluations": 40 } })));
    assert_eq!(session.experiment().budget.steps, 10_000_000, "no other limit is in the way");
    let progress = block_on(session.advance(100)).unwrap();
    assert_eq!((progress.losses.len(), progress.step, progress.network_evaluations), (20, 20, 40));
    assert!(progress.spent >= 1.0);
    let after = block_on(session.advance(5)).unwrap();
    assert!(after.losses.is_empty() && after.step == 20);
}

/// Training steps made in each round until the budget ends.
fn steps_of_rounds(experiment: &Value) -> Vec<usize> {
    let mut session = open(experiment);
    let mut steps = vec![0; session.experiment().method.method().rounds().count];
    loop {
        let progress = block_on(session.advance(1)).unwrap();
        if progress.losses.is_empty() {
            return steps;
        }
        steps[progress.round] += 1;
    }
}

/// What a round prepares is not taken from what it trains.
#[test]
fn every_round_trains_its_share() {
    for method in [
        json!({ "kind": "jko-flow", "blocks": 4, "pool": 6400, "substeps": 1 }),
        json!({ "kind": "reflow", "rounds": 2, "pairs": 6400, "pairSteps": 10 }),
    ] {
        // Preparing takes 8 · 100 passes a block and 40 · 100 a reflow.
        let budget = json!({ "networkEvaluations": 10_000 });
        let steps = steps_of_rounds(&small(json!({ "method": method, "budget": budget })));
        let (least, most) = (steps.iter().min().unwrap(), steps.iter().max().unwrap());
        assert!(*least > 50 && most - least <= 1, "{method}: {steps:?}");
        // A round that cannot have its share of so short a time still trains.
        let steps = steps_of_rounds(&small(json!({ "method": method, "budget": { "seconds": 0.001 } })));
        assert!(steps.iter().all(|&steps| steps > 0), "{method}: {steps:?}");
    }
}

#[test]
fn too_small_a_budget_for_the_rounds_is_refused() {
    let refused = |experiment: Value| {
        let opened = Experiment::from_json(&experiment)
            .and_then(|experiment| block_on(Session::open(experiment, Start::default(), Engine::Cpu)));
        opened.err().expect("refused").to_string()
    };
    let blocks = json!({ "kind": "jko-flow" });
    assert_eq!(
        refused(json!({ "method": blocks, "budget": { "networkEvaluations": 10_000 } })),
        "budget.networkEvaluations is 10000; allowed: 12048 to 1000000000000; between the method's 6 rounds 11760 are spent \
         on what each trains on."
    );
    assert_eq!(
        refused(json!({ "method": blocks, "budget": { "steps": 5 } })),
        "budget.steps is 5; allowed: 6 to 10000000, one for each of the method's rounds."
    );
}

/// A browser's usize ends at 2³².
#[test]
fn what_is_counted_goes_beyond_32_bits() {
    let session = open(&small(json!({ "budget": { "networkEvaluations": 900_000_000_000_u64 } })));
    let limit: Option<u64> = session.experiment().budget.network_evaluations;
    let spent: u64 = session.network_evaluations();
    assert_eq!((limit, spent), (Some(900_000_000_000), 0));
}

#[test]
fn an_added_round_leaves_the_experiment_one_that_opens() {
    let method = json!({ "kind": "jko-flow", "blocks": 2, "pool": 640, "substeps": 1 });
    let mut session = open(&small(json!({ "method": method, "budget": { "networkEvaluations": 1000 } })));
    while !block_on(session.advance(100)).unwrap().losses.is_empty() {}
    session.add_round().unwrap();
    assert!((session.spent() - 2.0 / 3.0).abs() < 0.02, "{}", session.spent());
    let written = serde_json::to_value(session.experiment()).unwrap();
    assert_eq!(&Experiment::from_json(&written).unwrap(), session.experiment());
    assert_eq!(block_on(session.advance(1)).unwrap().round, 2);
}

#[test]
fn a_budget_of_seconds_ends_training() {
    let mut session = open(&small(json!({ "budget": { "seconds": 0.05 } })));
    let progress = block_on(session.advance(1_000_000)).unwrap();
    assert!(progress.spent >= 1.0 && progress.seconds >= 0.05 && progress.seconds < 5.0, "{progress:?}");
    assert_eq!(progress.losses.len(), progress.step);
}

#[test]
fn what_is_not_asked_for_suits_the_method() {
    let read = |json: Value| Experiment::from_json(&json).unwrap();
    let flow = read(json!({ "method": { "kind": "ot-flow" } }));
    assert_eq!((flow.network.width, flow.optimizer.batch), (32, 512));
    let own = read(json!({ "method": { "kind": "ot-flow" }, "network": { "width": 8 }, "budget": { "steps": 3 } }));
    assert_eq!((own.network.width, own.network.depth, own.budget.steps), (8, 2, 3));
    let written = serde_json::to_value(&flow).unwrap();
    assert_eq!(read(written), flow);
}

#[test]
fn a_chain_of_blocks_descends_and_takes_another_block() {
    let method = json!({ "kind": "jko-flow", "blocks": 2, "pool": 2000, "stepSize": 0.5, "freeLast": false });
    let mut session = open(&small(json!({
        "method": method, "budget": { "steps": 400 }, "network": { "width": 32, "depth": 2 },
        "optimizer": { "batch": 128, "learningRate": 5e-3, "finalLearningRate": 1e-3 },
    })));
    block_on(session.advance(400)).unwrap();
    session.add_round().unwrap();
    assert_eq!(session.experiment().budget.steps, 600);
    assert!((session.spent() - 2.0 / 3.0).abs() < 1e-9);
    let progress = block_on(session.advance(200)).unwrap();
    assert_eq!((progress.round, session.experiment().method.method().rounds().count), (2, 3));
    let reports = block_on(session.rounds(500, 1)).unwrap();
    let energies: Vec<f64> = reports.iter().map(|report| report.free_energy.unwrap()).collect();
    assert!(energies.len() == 3 && energies.windows(2).all(|pair| pair[1] < pair[0] - 0.02), "{energies:?}");
    assert!(reports.iter().all(|report| report.relative_movement.unwrap() > 0.0));
    // All three blocks come back from a file, and no other chain reads it.
    let weights = block_on(session.weights()).unwrap();
    let start = Start { weights: Some(weights), ..Start::default() };
    let again = block_on(Session::open(session.experiment().clone(), start, Engine::Cpu)).unwrap();
    let sample = |session: &Session| block_on(session.sample(20, SolverConfig::default(), 1)).unwrap();
    assert_eq!(sample(&session), sample(&again));
    assert_eq!(again.num_parameters(), session.num_parameters());
}

#[test]
fn reflow_straightens_and_its_student_jumps() {
    let method = json!({ "kind": "reflow", "rounds": 1, "distill": 1, "pairs": 2000, "pairSteps": 10 });
    let mut session = open(&small(json!({ "method": method, "budget": { "steps": 1500 } })));
    block_on(session.advance(1500)).unwrap();
    let reports = block_on(session.rounds(300, 1)).unwrap();
    let straightness: Vec<f64> = reports.iter().filter_map(|report| report.straightness).collect();
    assert_eq!(straightness.len(), 2, "the student has no curve");
    assert!(straightness[1] < 0.2 * straightness[0], "{straightness:?}");
    let points = Points::new(vec![0.0, 0.0], 2).unwrap();
    let refused = block_on(session.log_density(&points, 0.0, SolverConfig::default())).unwrap_err();
    assert!(refused.to_string().contains("distilled student"), "{refused}");
    let measured = block_on(session.measure(200, 1)).unwrap();
    assert!(measured.nll.is_none() && !measured.converged && measured.sliced_w2.is_some());
    assert!(session.add_round().is_err());
}

#[test]
fn quality_against_cost_is_a_curve() {
    let mut session = open(&small(json!({ "budget": { "steps": 1500 } })));
    block_on(session.advance(1500)).unwrap();
    let curve = block_on(session.quality_against_cost(&[], 300, 1, &Metric::ALL)).unwrap();
    assert_eq!(curve.iter().take(7).map(|point| point.nfe).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 64]);
    let distance = |at: usize| curve[at].sliced_w2.unwrap();
    // One Euler step of a linear path takes every noise point to the data's mean.
    assert!(distance(0) > 5.0 * distance(6) && distance(2) > distance(6));
    let adaptive: Vec<usize> = curve.iter().skip(7).map(|point| point.nfe).collect();
    assert!(adaptive.len() == 4 && adaptive.windows(2).all(|pair| pair[0] <= pair[1]), "{adaptive:?}");
    assert!(curve.iter().all(|point| point.w2.is_some() && point.mmd.is_some() && point.generated_nll.is_some()));
    assert!((curve[6].nll.unwrap() - curve[10].nll.unwrap()).abs() < 0.2);
    let fourth = usual_solvers(SolverKind::Rk4);
    assert!(fourth.iter().filter(|solver| solver.tolerance.is_none()).all(|solver| solver.evaluations() % 4 == 0));
}

#[test]
fn closed_forms_measure_as_the_truth_and_train_nothing() {
    for data in ["8-gaussians", "gaussian", "checkerboard"] {
        let mut session = open(&json!({
            "data": { "kind": data }, "method": { "kind": "closed-form" }, "solver": { "kind": "rk4", "steps": 100 },
        }));
        assert_eq!(block_on(session.advance(10)).unwrap().losses, Vec::<f32>::new());
        assert!(session.spent() >= 1.0);
        let measured = block_on(session.measure(600, 1)).unwrap();
        let bar = if data == "checkerboard" { 0.1 } else { 2e-3 };
        assert!(measured.kl.unwrap().abs() < bar, "{data}: {:?} {:?}", measured.kl, measured.reason);
        assert!(measured.mmd_biased.unwrap() < 1.5 * measured.mmd_null_band.unwrap());
    }
    // Any two mixtures, and a data set of which it is the memory.
    let between = json!({
        "data": { "kind": "8-gaussians" }, "noise": { "kind": "gaussian-mixture" }, "method": { "kind": "closed-form" },
    });
    assert!(block_on(open(&between).measure(300, 1)).unwrap().kl.unwrap().abs() < 5e-3);
    let memory = json!({ "data": { "kind": "moons" }, "method": { "kind": "closed-form", "points": 50 } });
    let session = open(&memory);
    let points = block_on(session.sample(200, SolverConfig { steps: 400, ..Default::default() }, 1)).unwrap();
    // What is generated is what is remembered: at most 50 points, each met by about as many samples.
    let mut met: Vec<Vec<f64>> = Vec::new();
    for x in points.rows() {
        let is_near = |y: &Vec<f64>| x.iter().zip(y).all(|(a, b)| (a - b).abs() < 0.02);
        if !met.iter().any(is_near) {
            met.push(x.to_vec());
        }
    }
    assert!((40..=50).contains(&met.len()), "{} places", met.len());
    let refused =
        json!({ "noise": { "kind": "moons" }, "data": { "kind": "moons" }, "method": { "kind": "closed-form" } });
    let refused = block_on(Session::open(Experiment::from_json(&refused).unwrap(), Start::default(), Engine::Cpu));
    assert!(refused.err().unwrap().to_string().contains("closed form"));
}

/// Two data sets as the ends, neither of them Gaussian.
#[test]
fn any_end_flows_to_any_other() {
    let mut session = open(&small(json!({
        "data": { "kind": "moons" }, "noise": { "kind": "8-gaussians" }, "budget": { "steps": 1500 },
        "method": { "kind": "flow-matching", "coupling": "minibatch-ot" },
    })));
    block_on(session.advance(1500)).unwrap();
    let measured = block_on(session.measure(1000, 1)).unwrap();
    assert!(measured.sliced_w2.unwrap() < 0.1, "{measured:?}");
    assert!(measured.nll.is_some(), "the noise's density is known");
}

#[test]
fn high_dimensions_are_estimated_with_error_bars() {
    let mut session = open(&small(json!({
        "data": { "kind": "gaussian-mixture", "dim": 20 }, "divergence": { "probes": 4 }, "budget": { "steps": 50 },
    })));
    block_on(session.advance(50)).unwrap();
    let points = session.data(40, 1).unwrap();
    let solver = SolverConfig { steps: 8, ..Default::default() };
    let estimated = block_on(session.log_density_estimate(&points, 0.0, solver)).unwrap();
    let errors = estimated.standard_errors.unwrap();
    assert!(errors.len() == 40 && errors.iter().all(|error| *error > 0.0));
    let mut exact = session.experiment().clone();
    exact.divergence.kind = Some(flow_playground::divergence::DivergenceKind::Exact);
    let start = Start { weights: Some(block_on(session.weights()).unwrap()), ..Start::default() };
    let exact = block_on(Session::open(exact, start, Engine::Cpu)).unwrap();
    let truth = block_on(exact.log_density_estimate(&points, 0.0, solver)).unwrap();
    assert!(truth.standard_errors.is_none());
    let pulls = estimated.values.unwrap().into_iter().zip(truth.values.unwrap()).zip(&errors);
    let inside = pulls.filter(|((a, b), error)| (a - b).abs() < 4.0 * **error).count();
    assert!(inside >= 34, "{inside} of 40 within four standard errors");
    let measured = block_on(session.measure(100, 1)).unwrap();
    assert_eq!(measured.probes, 4);
    assert!(measured.nll_probe_error.unwrap() < measured.nll_standard_error.unwrap());
}

#[test]
fn only_what_is_asked_for_is_measured() {
    let mut session = open(&small(json!({ "budget": { "steps": 300 }, "data": { "kind": "moons" } })));
    block_on(session.advance(300)).unwrap();
    let solver = SolverConfig { kind: SolverKind::Heun, steps: 12, tolerance: None };
    let of = |metrics: &[Metric]| block_on(session.measure_with(512, 1, solver, metrics)).unwrap();
    let all = of(&Metric::ALL);
    let some = of(&[Metric::Likelihood, Metric::SlicedW2]);
    assert_eq!((some.nll, some.kl, some.sliced_w2, some.reason.clone()), (all.nll, all.kl, all.sliced_w2, all.reason));
    assert_eq!((some.nfe, some.solver, some.likelihood_nfe), (24, solver, 48));
    assert!(some.w2.is_none() && some.mmd.is_none() && some.straightness.is_none() && some.generated_nll.is_none());
    let none = of(&[]);
    assert_eq!((none.nfe, none.nll, none.converged, none.likelihood_nfe), (24, None, false, 0));
    assert!(none.entropy.is_some() && none.sliced_w2_floor.is_none());
    let curve = block_on(session.quality_against_cost(&[solver.into()], 100, 1, &[Metric::W2])).unwrap();
    assert!(curve[0].w2.is_some() && curve[0].nll.is_none() && curve[0].mmd.is_none() && curve[0].sliced_w2.is_none());
    assert_eq!((curve[0].nfe, curve[0].sliced_w2_floor), (24, None));
}
