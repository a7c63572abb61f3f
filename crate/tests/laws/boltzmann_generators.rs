//! Models of energies, and what their weighted samples say: near the truth where a model has points everywhere, and blind to a well that
//! it never visits.

use flow_playground::session::{Metric, Reweighed};
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn trained(experiment: Value, steps: usize) -> Session {
    let experiment = Experiment::from_json(&experiment).unwrap();
    let mut session = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap();
    if session.num_parameters() > 0 {
        block_on(session.advance(steps)).unwrap();
    }
    session
}

fn reweighed(session: &Session, n: usize) -> Reweighed {
    let measured = block_on(session.measure_with(n, 3, session.experiment().solver, &[Metric::Reweighting])).unwrap();
    measured.reweighting.unwrap()
}

/// Far from its truth by no more than chance.
fn assert_near(value: Option<f64>, error: Option<f64>, truth: Option<f64>, what: &str) {
    let (value, error, truth) = (value.unwrap(), error.unwrap(), truth.unwrap());
    assert!((value - truth).abs() < 4.5 * error + 1e-3, "{what}: {value} ± {error}, in truth {truth}");
}

/// The exact field of a mixture: every weight is 1 but for the solver.
#[test]
fn an_exact_model_has_equal_weights() {
    let exact = json!({
        "data": { "kind": "8-gaussians" }, "method": { "kind": "closed-form" }, "solver": { "kind": "rk4", "steps": 60 },
    });
    let found = reweighed(&trained(exact, 0), 500);
    assert!(found.effective.unwrap() > 495.0, "{found:?}");
    assert_near(found.log_z, Some(0.01), found.log_z_truth, "ln Z");
    assert_eq!(found.histogram.iter().sum::<u32>(), 500);
    for marginal in &found.marginals {
        assert!((marginal.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

fn reverse_kl(kind: &str, method: Value, temperature: f64) -> Value {
    let mut experiment = json!({
        "seed": 1, "data": { "kind": kind, "temperature": temperature }, "method": { "objective": "reverse-kl" },
        "network": { "width": 24, "depth": 2 }, "optimizer": { "batch": 128, "learningRate": 0.004 }, "budget": { "steps": 400 },
    });
    for (key, value) in method.as_object().unwrap() {
        experiment["method"][key] = value.clone();
    }
    experiment
}

/// Where one well is as good as the other, the free energy is learned to within its gap, and weights give the truth.
#[test]
fn weights_of_a_flow_trained_from_the_energy_alone_give_the_truth() {
    for (kind, method) in [
        ("energy-ring", json!({ "kind": "coupling-flow", "maps": "spline", "layers": 6 })),
        ("double-well", json!({ "kind": "coupling-flow", "maps": "spline", "layers": 4 })),
    ] {
        let session = trained(reverse_kl(kind, method, 2.0), 400);
        let floor = block_on(async { session.loss_floor(100, 1) }).unwrap().unwrap();
        let found = reweighed(&session, 2000);
        assert!((floor.value + found.log_z_truth.unwrap()).abs() < 1e-12);
        assert!(found.effective.unwrap() > 600.0, "{kind}: {found:?}");
        assert_near(found.log_z, found.log_z_standard_error, found.log_z_truth, "ln Z");
        assert_near(found.delta_f, found.delta_f_standard_error, found.delta_f_truth, "ΔF");
    }
}

/// One well of the two: the samples are worth nearly as many as they are, the error is small, and ln Z is that of the well.
#[test]
fn weights_are_blind_to_a_well_that_is_never_visited() {
    let session = trained(reverse_kl("double-well", json!({ "kind": "coupling-flow", "maps": "real-nvp" }), 1.0), 400);
    let found = reweighed(&session, 2000);
    let Reweighed { effective, log_z, log_z_standard_error, log_z_truth, delta_f, .. } = &found;
    let (log_z, truth, error) = (log_z.unwrap(), log_z_truth.unwrap(), log_z_standard_error.unwrap());
    assert!(effective.unwrap() > 1900.0 && delta_f.is_none(), "{found:?}");
    let share_of_the_well: f64 = 0.8443071;
    assert!((log_z - truth - share_of_the_well.ln()).abs() < 0.02, "{log_z} of {truth}");
    assert!(truth - log_z > 20.0 * error, "{log_z} ± {error} of {truth}");
    assert!(found.reason.unwrap().starts_with("On one side of 0"));
}
