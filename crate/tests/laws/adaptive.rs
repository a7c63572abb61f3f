//! Adaptive solvers: the published evaluation counts, an end in a sentence for every bad field, and reversal.

use flow_playground::ode::{
    Adaptive, Gains, Normed, Outcome, Solution, SolverConfig, SolverKind, State, Statistics, Tolerance, solve_adaptive,
};
use pollster::block_on;
use proptest::prelude::*;
use serde_json::Value;

const ADAPTIVE: [(SolverKind, &str); 3] =
    [(SolverKind::Bosh3, "bosh3"), (SolverKind::Dopri5, "dopri5"), (SolverKind::Tsit5, "tsit5")];

fn adaptive(kind: SolverKind, tolerance: f64) -> Adaptive {
    Adaptive::new(kind, tolerance).expect("the solver estimates its error")
}

fn with_gains(kind: SolverKind, tolerance: f64, gains: Gains) -> Adaptive {
    let mut method = adaptive(kind, tolerance);
    method.gains = gains;
    method
}

fn run(method: Adaptive, times: [f64; 2], start: &[f64], rhs: impl Fn(&[f64], f64) -> Vec<f64>) -> Solution<Vec<f64>> {
    let solution = block_on(solve_adaptive(&method, times, start.to_vec(), |x: &Vec<f64>, t| rhs(x, t), |_, _| {}));
    assert!(solution.state.iter().all(|x| x.is_finite()), "the last state is a good one");
    solution
}

/// The equation of tests/order.rs.
fn spiral(y: &[f64], t: f64) -> Vec<f64> {
    let factor = 1.0 + 0.5 * (3.0 * t).cos();
    vec![factor * (-0.1 * y[0] + 2.0 * y[1]), factor * (-2.0 * y[0] - 0.1 * y[1])]
}

const SPIRAL_END: [f64; 2] = [-1.186443257619, 1.139614970662];

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn evaluation_counts_are_those_of_the_reference() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/oracles.json");
    let oracles: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut compared = 0;
    for (kind, name) in ADAPTIVE {
        for (tolerance, key) in [(1e-3, "0.001"), (1e-5, "1e-05"), (1e-7, "1e-07")] {
            let reference = &oracles["adaptive_nfe"][format!("{name}@{key}")];
            let count = |key: &str| reference[key].as_u64().unwrap() as usize;
            let solution = run(adaptive(kind, tolerance), [0.0, 2.0], &[2.0, 0.0], spiral);
            let expected =
                Statistics { evaluations: count("nfe"), accepted: count("accepted"), rejected: count("rejected") };
            assert_eq!((solution.outcome, solution.statistics), (Outcome::Reached, expected), "{name} at {tolerance}");
            let error = distance(&solution.state, &SPIRAL_END);
            let reference = reference["max_err"].as_f64().unwrap();
            assert!((error - reference).abs() < 1e-4 * reference + 1e-11, "{name}: {error} should be {reference}");
            compared += 1;
        }
    }
    assert_eq!(compared, 9);
}

#[test]
fn evaluations_and_times_are_what_the_field_and_the_observer_see() {
    for (kind, name) in ADAPTIVE {
        let (mut evaluations, mut times) = (0, Vec::new());
        let rhs = |y: &Vec<f64>, t: f64| {
            assert!((0.0..=1.0).contains(&t), "{name} evaluates at {t}");
            evaluations += 1;
            spiral(y, t)
        };
        let method = adaptive(kind, 1e-4);
        let solution = block_on(solve_adaptive(&method, [1.0, 0.0], vec![2.0, 0.0], rhs, |t, _| times.push(t)));
        let Statistics { evaluations: counted, accepted, rejected } = solution.statistics;
        assert_eq!((counted, solution.outcome), (evaluations, Outcome::Reached));
        assert_eq!(counted, 2 + kind.tableau().stages() * (accepted + rejected));
        assert_eq!((times.len(), times[0], *times.last().unwrap()), (accepted + 1, 1.0, 0.0));
        assert!(times.is_sorted_by(|a, b| a > b));
    }
}

#[test]
fn an_empty_stretch_costs_nothing_and_a_constant_field_little() {
    let nothing = run(adaptive(SolverKind::Dopri5, 1e-5), [0.3, 0.3], &[1.0], |x, _| x.to_vec());
    assert_eq!((nothing.outcome, nothing.statistics.evaluations), (Outcome::Reached, 0));
    for velocity in [0.0, 1e-4, 3.0] {
        let field = |_: &[f64], t: f64| {
            assert!((0.0..=1.0).contains(&t), "the first step is probed at {t}");
            vec![velocity]
        };
        let solution = run(adaptive(SolverKind::Tsit5, 1e-5), [0.0, 1.0], &[1.0], field);
        assert!((solution.state[0] - 1.0 - velocity).abs() < 1e-12);
        assert!(solution.statistics.accepted <= 9 && solution.statistics.rejected == 0);
    }
}

#[test]
fn proportional_integral_control_reaches_the_same_end_and_rejects_no_more() {
    for (kind, name) in ADAPTIVE {
        for tolerance in [1e-3, 1e-5, 1e-7] {
            let integral = run(adaptive(kind, tolerance), [0.0, 2.0], &[2.0, 0.0], spiral);
            let method = with_gains(kind, tolerance, Gains::PI);
            let solution = run(method, [0.0, 2.0], &[2.0, 0.0], spiral);
            assert_eq!(solution.outcome, Outcome::Reached);
            assert!(distance(&solution.state, &SPIRAL_END) < 30.0 * tolerance);
            assert!(solution.statistics.rejected <= integral.statistics.rejected, "{name} at {tolerance}");
        }
    }
}

#[test]
fn a_field_that_explodes_ends_before_its_pole() {
    for (kind, _) in ADAPTIVE {
        // x' = x² from 2 has its pole at t = 1/2.
        let outcome = run(adaptive(kind, 1e-5), [0.0, 1.0], &[2.0], |x, _| vec![x[0] * x[0]]).outcome;
        let Outcome::StepTooSmall { time } = outcome else { panic!("{outcome:?}") };
        assert!((time - 0.5).abs() < 1e-4, "{time}");
        assert_eq!(
            outcome.to_string(),
            "The solver stopped at t = 0.5000: no step is short enough for the tolerance; the field may explode there."
        );
    }
}

#[test]
fn a_stiff_field_ends_at_the_step_limit() {
    for (kind, _) in ADAPTIVE {
        let stiff = |x: &[f64], t: f64| vec![-1e6 * (x[0] - t.cos())];
        let solution = run(adaptive(kind, 1e-5), [0.0, 1.0], &[0.0], stiff);
        let Outcome::StepLimit { time, steps } = solution.outcome else { panic!("{:?}", solution.outcome) };
        assert!(time < 1.0 && steps == solution.statistics.accepted + solution.statistics.rejected);
        let mut method = adaptive(kind, 1e-9);
        method.max_steps = 3;
        let few = run(method, [0.0, 2.0], &[2.0, 0.0], spiral);
        assert!(few.outcome.to_string().contains("3 steps were not enough"), "{}", few.outcome);
    }
}

#[test]
fn a_field_that_is_no_number_ends_where_it_was_one() {
    for (kind, name) in ADAPTIVE {
        for bad in [f64::NAN, f64::INFINITY] {
            let field = |x: &[f64], t: f64| vec![if t > 0.3 { bad } else { x[0] }];
            let outcome = run(adaptive(kind, 1e-5), [0.0, 1.0], &[1.0], field).outcome;
            let Outcome::Diverged { time } = outcome else { panic!("{name}: {outcome:?}") };
            assert!(time <= 0.3 && time > 0.3 - 1e-6, "{name}: {time}");
            let at_once = run(adaptive(kind, 1e-5), [0.0, 1.0], &[1.0], |_, _| vec![bad]);
            assert_eq!((at_once.outcome, at_once.state), (Outcome::Diverged { time: 0.0 }, vec![1.0]));
        }
        let huge = run(adaptive(kind, 1e-5), [0.0, 1.0], &[1.0], |_, _| vec![1e300]);
        assert!(huge.outcome != Outcome::Reached, "{name}");
    }
}

/// Points whose density is no longer a number are not carried on.
#[test]
fn a_divergence_that_is_no_number_is_not_dropped() {
    let device = burn::tensor::Device::flex();
    let state = |divergence: f32| flow_playground::flow_map::Augmented {
        position: burn::tensor::Tensor::from_floats([[0.5, 1.0]], &device),
        divergence: burn::tensor::Tensor::from_floats([[divergence]], &device),
        energy: burn::tensor::Tensor::from_floats([[0.0]], &device),
    };
    let tolerance = Tolerance { absolute: 1e-3, relative: 1e-3 };
    let (good, bad) = (state(0.1), state(f32::NAN));
    let norm = |error| block_on(Normed::error_norm(&[(1.0, error)], &good, &good, tolerance));
    assert!(norm(&good).is_finite() && norm(&bad).is_nan());
}

/// Grows beyond all bounds from t = 0.25 on, and is solved in √t.
struct Exploding;

impl flow_playground::velocity::VelocityField for Exploding {
    fn dim(&self) -> usize {
        1
    }

    fn velocity(&self, x: burn::tensor::Tensor<2>, t: f64) -> burn::tensor::Tensor<2> {
        x.mul_scalar(if t > 0.25 { f32::NAN } else { 1.0 })
    }

    fn velocity_and_trace(
        &self,
        x: burn::tensor::Tensor<2>,
        t: f64,
    ) -> (burn::tensor::Tensor<2>, burn::tensor::Tensor<2>) {
        (self.velocity(x.clone(), t), x)
    }

    fn smooth_in_root(&self) -> bool {
        true
    }
}

#[test]
fn where_a_solve_stopped_is_said_in_time() {
    let solver = SolverConfig { kind: SolverKind::Dopri5, tolerance: Some(1e-4), ..SolverConfig::default() };
    let map = flow_playground::flow_map::FlowMap { field: &Exploding, solver };
    let x = burn::tensor::Tensor::from_floats([[1.0]], &burn::tensor::Device::flex());
    let stopped = block_on(map.transport(x, [0.0, 1.0])).unwrap_err().to_string();
    assert!(stopped.starts_with("The solver stopped at t = 0.2500"), "{stopped}");
}

/// A state in f32, as on a GPU.
#[derive(Clone)]
struct Single(Vec<f32>);

impl State for Single {
    fn add_scaled(&self, terms: &[(f64, &Self)]) -> Self {
        let sum = |i: usize| terms.iter().fold(self.0[i], |sum, (factor, term)| sum + *factor as f32 * term.0[i]);
        Self((0..self.0.len()).map(sum).collect())
    }
}

impl Normed for Single {
    async fn error_norm(error: &[(f64, &Self)], before: &Self, after: &Self, tolerance: Tolerance) -> f64 {
        let double = |state: &Self| state.0.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
        let states: Vec<_> = error.iter().map(|(_, state)| double(state)).collect();
        let error: Vec<_> = error.iter().zip(&states).map(|((factor, _), state)| (*factor, state)).collect();
        Normed::error_norm(&error, &double(before), &double(after), tolerance).await
    }
}

#[test]
fn a_tolerance_below_rounding_ends() {
    for (kind, name) in ADAPTIVE {
        let rhs = |state: &Single, t: f64| {
            let y: Vec<f64> = state.0.iter().map(|&x| f64::from(x)).collect();
            Single(spiral(&y, t).into_iter().map(|x| x as f32).collect())
        };
        let end = |tolerance| {
            block_on(solve_adaptive(&adaptive(kind, tolerance), [0.0, 2.0], Single(vec![2.0, 0.0]), rhs, |_, _| {}))
        };
        assert_ne!(end(1e-12).outcome, Outcome::Reached, "{name}");
        assert_eq!(end(1e-5).outcome, Outcome::Reached, "{name}");
        // In f64 the same tolerance can be met by a method of order 5.
        let double = run(adaptive(kind, 1e-12), [0.0, 2.0], &[2.0, 0.0], spiral);
        assert!(kind == SolverKind::Bosh3 || double.outcome == Outcome::Reached, "{name}: {}", double.outcome);
    }
}

proptest! {
    /// Any linear field, solved forth and back, in either direction first.
    #[test]
    fn every_solver_reverses(
        matrix in prop::array::uniform4(-3.0..3.0_f64),
        start in prop::array::uniform2(-2.0..2.0_f64),
        forward: bool,
    ) {
        let rhs = |x: &[f64], t: f64| {
            let swing = 1.0 + t.sin();
            vec![swing * (matrix[0] * x[0] + matrix[1] * x[1]), swing * (matrix[2] * x[0] + matrix[3] * x[1])]
        };
        let times = if forward { [0.0, 1.0] } else { [1.0, 0.0] };
        for (kind, name) in ADAPTIVE {
            for gains in [Gains::I, Gains::PI] {
                let method = with_gains(kind, 1e-8, gains);
                let there = run(method, times, &start, rhs);
                let back = run(method, [times[1], times[0]], &there.state, rhs);
                prop_assert_eq!((there.outcome, back.outcome), (Outcome::Reached, Outcome::Reached));
                // A field of norm 6 enlarges an error at most e^(6 · 1.5) times on the way back.
                let error = distance(&back.state, &start);
                prop_assert!(error < 1e-3, "{}: {}", name, error);
            }
        }
    }
}
