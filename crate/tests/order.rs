//! The order of convergence of every solver, and that it reverses.

use flow_playground::ode::{SolverKind, Span, solve};

/// y' = L y (1 + ½ cos 3t) (algorithms, section 5.4).
#[expect(clippy::ptr_arg, reason = "the state is a Vec, and the solver hands it on as it is")]
fn rhs(y: &Vec<f64>, t: f64) -> Vec<f64> {
    let factor = 1.0 + 0.5 * (3.0 * t).cos();
    vec![factor * (-0.1 * y[0] + 2.0 * y[1]), factor * (-2.0 * y[0] - 0.1 * y[1])]
}

const START: [f64; 2] = [2.0, 0.0];
const EXACT_AT_2: [f64; 2] = [-1.186443257619, 1.139614970662];

fn error(kind: SolverKind, steps: usize) -> f64 {
    let end = solve(kind.tableau(), Span { from: 0.0, to: 2.0, steps }, START.to_vec(), rhs, |_, _| {});
    end.iter().zip(EXACT_AT_2).map(|(y, exact)| (y - exact).abs()).fold(0.0, f64::max)
}

#[test]
fn every_solver_converges_with_its_order() {
    for kind in SolverKind::ALL {
        // The slope of log error over log step, between steps that are asymptotic and not yet at rounding.
        let (coarse, fine) = (40, 320);
        let slope = (error(kind, coarse) / error(kind, fine)).ln() / (fine as f64 / coarse as f64).ln();
        let order = f64::from(kind.tableau().order);
        assert!((slope - order).abs() < 0.2, "{}: slope {slope}, order {order}", kind.tableau().name);
    }
}

#[test]
fn every_solver_returns_to_where_it_started() {
    for kind in SolverKind::ALL {
        let round_trip = |steps| {
            let forth = solve(kind.tableau(), Span { from: 0.0, to: 2.0, steps }, START.to_vec(), rhs, |_, _| {});
            let back = solve(kind.tableau(), Span { from: 2.0, to: 0.0, steps }, forth, rhs, |_, _| {});
            (back[0] - START[0]).hypot(back[1] - START[1])
        };
        assert!(round_trip(2000) < 0.02 && round_trip(2000) < 0.6 * round_trip(1000));
    }
}

#[test]
fn times_are_hit_without_rounding_and_every_stage_is_evaluated_once() {
    for kind in SolverKind::ALL {
        let (mut times, mut evaluations) = (Vec::new(), 0);
        let count = |y: &Vec<f64>, t: f64| {
            evaluations += 1;
            rhs(y, t)
        };
        solve(kind.tableau(), Span { from: 1.0, to: 0.0, steps: 7 }, START.to_vec(), count, |t, _| times.push(t));
        assert_eq!((times[0], *times.last().unwrap(), times.len()), (1.0, 0.0, 8));
        assert_eq!(evaluations, 7 * kind.tableau().stages());
    }
}
