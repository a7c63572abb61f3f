//! The order of convergence of every solver, and that it reverses.

use flow_playground::ode::{SolverKind, Span, solve};

/// y' = L y (1 + ½ cos 3t), L = [[-0.1, 2], [-2, -0.1]].
#[expect(clippy::ptr_arg, reason = "the state is a Vec, and the solver hands it on as it is")]
fn rhs(y: &Vec<f64>, t: f64) -> Vec<f64> {
    let factor = 1.0 + 0.5 * (3.0 * t).cos();
    vec![factor * (-0.1 * y[0] + 2.0 * y[1]), factor * (-2.0 * y[0] - 0.1 * y[1])]
}

const START: [f64; 2] = [2.0, 0.0];

/// y(t) = exp(L s) y(0) with s = t + sin(3t) / 6: a spiral.
fn exact(t: f64) -> [f64; 2] {
    let s = t + (3.0 * t).sin() / 6.0;
    let radius = START[0] * (-0.1 * s).exp();
    [radius * (2.0 * s).cos(), -radius * (2.0 * s).sin()]
}

fn error(kind: SolverKind, steps: usize) -> f64 {
    let end = solve(kind.tableau(), Span { from: 0.0, to: 2.0, steps }, START.to_vec(), rhs, |_, _| {});
    end.iter().zip(exact(2.0)).map(|(y, exact)| (y - exact).abs()).fold(0.0, f64::max)
}

/// The slope of the regression of log error on log step.
fn slope(kind: SolverKind, steps: &[usize]) -> f64 {
    let points: Vec<(f64, f64)> = steps.iter().map(|&n| (-(n as f64).ln(), error(kind, n).ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    covariance / points.iter().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum::<f64>()
}

#[test]
fn the_exact_solution_is_the_published_one() {
    for (ours, published) in exact(2.0).iter().zip([-1.186443257619, 1.139614970662]) {
        assert!((ours - published).abs() < 1e-12);
    }
}

#[test]
fn every_solver_converges_with_its_order() {
    for kind in SolverKind::ALL {
        // Steps that are short enough for the leading term and not yet at rounding.
        let slope = slope(kind, &[80, 100, 125, 160, 200, 250, 320, 400]);
        let order = f64::from(kind.tableau().order);
        // Tsit5's leading error is so small that the next term still shows: 5.4 here, 5.6 in algorithms 5.4.
        assert!((-0.15..0.5).contains(&(slope - order)), "{}: slope {slope}, order {order}", kind.tableau().name);
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
        // From 20 to 40 steps the round trip improves with the order, and at 2000 all have converged.
        let expected = 0.5_f64.powi(kind.tableau().order as i32);
        assert!(round_trip(40) < 1.5 * expected * round_trip(20), "{}", kind.tableau().name);
        assert!(round_trip(2000) < 0.02, "{}", kind.tableau().name);
    }
}

#[test]
fn times_are_hit_without_rounding_and_every_stage_is_evaluated_once() {
    for (kind, steps) in SolverKind::ALL.into_iter().flat_map(|kind| (1..=60).map(move |steps| (kind, steps))) {
        let (mut times, mut evaluations) = (Vec::new(), 0);
        let count = |y: &Vec<f64>, t: f64| {
            assert!((0.0..=1.0).contains(&t), "{} evaluates at {t}", kind.tableau().name);
            evaluations += 1;
            rhs(y, t)
        };
        solve(kind.tableau(), Span { from: 1.0, to: 0.0, steps }, START.to_vec(), count, |t, _| times.push(t));
        assert_eq!((times[0], *times.last().unwrap(), times.len()), (1.0, 0.0, steps + 1));
        assert_eq!(evaluations, steps * kind.tableau().stages());
    }
}
