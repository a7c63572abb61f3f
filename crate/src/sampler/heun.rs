//! Heun's method on the noise level, with churn (Karras, Aittala, Aila and Laine 2022, algorithm 2).

use super::TimeGrid;
use super::stepping::{Draw, Move};
use crate::ode::State;
use crate::path::Schedule;

/// The most that churn raises a noise level by.
const MOST_RAISED: f64 = std::f64::consts::SQRT_2 - 1.0;

/// In the variance-exploding variable x/α, whose noise level is s = σ/α, the flow is d(x/α)/ds = (x/α - D)/s. Before each step
/// noise raises the level by the share `churn`; a step to t = 0 is Euler's, there being no slope at its end.
pub fn heun<S: State>(
    schedule: Schedule,
    churn: f64,
    mut data_prediction: impl FnMut(&S, f64) -> S,
) -> impl FnMut(&S, [f64; 2], Draw<'_, S>) -> Move<S> {
    let level = move |t: f64| schedule.at(t).sigma / schedule.at(t).alpha;
    // (x/α - D)/s, for y = x/α.
    let mut slope = move |y: &S, t: f64| {
        let x = y.scaled(schedule.at(t).alpha);
        y.add_scaled(&[(-1.0, &data_prediction(&x, t))]).scaled(1.0 / level(t))
    };
    move |x, [t, to], noise| {
        let mut from = t;
        let mut y = x.scaled(1.0 / schedule.at(t).alpha);
        if churn > 0.0 {
            let raised = (level(t) * (1.0 + churn.min(MOST_RAISED))).min(level(1.0));
            let added = libm::sqrt((raised * raised - level(t) * level(t)).max(0.0));
            y = y.add_scaled(&[(added, &noise())]);
            from = TimeGrid::time_of(schedule, -libm::log(raised));
        }
        let length = level(to) - level(from);
        let first = slope(&y, from);
        let euler = y.add_scaled(&[(length, &first)]);
        let end = match to > 0.0 {
            true => y.add_scaled(&[(0.5 * length, &first), (0.5 * length, &slope(&euler, to))]),
            false => euler,
        };
        Move { mean: end.scaled(schedule.at(to).alpha), noise: 0.0 }
    }
}
