//! How straight generated trajectories are, and how much longer than optimal transport (Liu 2023, Tong 2023).

use crate::ode::Trajectory;
use crate::points::Points;
use crate::space::Space;

/// Means over the batch, summed over coordinates, per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Straightness {
    /// S = ∫ E|(x(b) - x(a)) / (b - a) - x'(t)|² dt: 0 where every trajectory is a line at constant speed (Liu 2023).
    pub straightness: f64,
    /// PE = ∫ E|x'(t)|² dt (Tong 2023).
    pub path_energy: f64,
    /// E|x(b) - x(a)|²: the transport cost of the flow map.
    pub transport_cost: f64,
}

/// Straightness on the grid of the recorded times, with the mean velocity between two of them: at least 50 solver steps
/// for a number of the field rather than of the solver. `None` for no time passed or values that are not finite.
pub fn straightness(trajectory: &Trajectory) -> Option<Straightness> {
    let between = |k: usize| {
        let [earlier, later] = [k, k + 1].map(|k| trajectory.positions[k].values());
        let elapsed = trajectory.times[k + 1] - trajectory.times[k];
        earlier.iter().zip(later).map(move |(a, b)| (f64::from(*b) - f64::from(*a)) / elapsed).collect::<Vec<_>>()
    };
    let pieces = trajectory.times.windows(2).enumerate().filter(|(_, times)| times[0] != times[1]);
    integrate(trajectory, pieces.map(|(k, times)| ((times[1] - times[0]).abs(), between(k))))
}

/// The same by the trapezoidal rule on `velocities`, the field's at each recorded time.
pub fn straightness_of_field(trajectory: &Trajectory, velocities: &[Points]) -> Option<Straightness> {
    let times = &trajectory.times;
    if velocities.len() != times.len() {
        return None;
    }
    let gap = |k: usize| times.get(k + 1).map_or(0.0, |next| (next - times[k]).abs());
    let weight = |k: usize| 0.5 * (gap(k) + if k > 0 { gap(k - 1) } else { 0.0 });
    let values = |points: &Points| points.values().iter().map(|&v| f64::from(v)).collect();
    integrate(trajectory, velocities.iter().enumerate().map(|(k, points)| (weight(k), values(points))))
}

/// Adds up each piece's squared speeds and deviations from the mean velocity, times its weight.
fn integrate(trajectory: &Trajectory, pieces: impl Iterator<Item = (f64, Vec<f64>)>) -> Option<Straightness> {
    let (first, last) = (trajectory.positions.first()?, trajectory.positions.last()?);
    let elapsed = trajectory.times.last()? - trajectory.times.first()?;
    let batch = first.len() as f64;
    let moved: Vec<f64> =
        first.values().iter().zip(last.values()).map(|(a, b)| f64::from(*b) - f64::from(*a)).collect();
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>() / batch;
    let (mut straightness, mut path_energy) = (0.0, 0.0);
    for (weight, velocity) in pieces {
        path_energy += weight * square(&mut velocity.iter().copied());
        straightness += weight * square(&mut velocity.iter().zip(&moved).map(|(v, moved)| v - moved / elapsed));
    }
    let transport_cost = square(&mut moved.into_iter());
    let finite = elapsed != 0.0 && straightness.is_finite() && path_energy.is_finite() && transport_cost.is_finite();
    finite.then_some(Straightness { straightness, path_energy, transport_cost })
}

/// The same on a closed space: lengths are those of shortest lines, and S is what the path energy exceeds the transport cost by, as it does
/// in the plane: 0 where every trajectory is a shortest line at constant speed.
pub fn straightness_on(space: &dyn Space, trajectory: &Trajectory) -> Option<Straightness> {
    let square = |a: &Points, b: &Points| {
        let total: f64 = a.rows().zip(b.rows()).map(|(x, y)| space.square_distance(x, y)).sum();
        total / a.len() as f64
    };
    let (first, last) = (trajectory.positions.first()?, trajectory.positions.last()?);
    let elapsed = (trajectory.times.last()? - trajectory.times.first()?).abs();
    let pieces = trajectory.times.windows(2).zip(trajectory.positions.windows(2));
    let energies = pieces.filter(|(times, _)| times[0] != times[1]);
    let path_energy: f64 = energies.map(|(t, x)| square(&x[0], &x[1]) / (t[1] - t[0]).abs()).sum();
    let transport_cost = square(first, last);
    let straightness = path_energy - transport_cost / elapsed;
    let finite = elapsed != 0.0 && path_energy.is_finite();
    finite.then_some(Straightness { straightness, path_energy, transport_cost })
}

/// NPE = |PE - W2²| / W2² with the squared Wasserstein distance between the two ends (Tong 2023). `None` where that is 0.
pub fn normalized_path_energy(path_energy: f64, wasserstein: f64) -> Option<f64> {
    let ratio = (path_energy - wasserstein).abs() / wasserstein;
    (wasserstein > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// E|b - a|² / E|b|²: how far points moved, relative to where they are (JKO-iFlow's stopping rule). `None` where undefined.
pub fn relative_movement(before: &Points, after: &Points) -> Option<f64> {
    let pairs = before.values().iter().zip(after.values());
    let moved: f64 = pairs.map(|(a, b)| (f64::from(*b) - f64::from(*a)).powi(2)).sum();
    let size: f64 = after.values().iter().map(|b| f64::from(*b).powi(2)).sum();
    let ratio = moved / size;
    ratio.is_finite().then_some(ratio)
}
