//! Snapshots in time: what the flow makes of each of them, beside doing nothing and going straight; and the paths through all.

use super::Session;
use super::measure::Measurement;
use super::truth::draw_once;
use crate::coupling::Coupling;
use crate::distribution::Course;
use crate::method::ConditionalPath;
use crate::metric::{Bandwidth, mmd, wasserstein, wasserstein_one};
use crate::ode::Trajectory;
use crate::path::Schedule;
use crate::points::Points;
use crate::rng::{Rng, Stream};
use crate::velocity::VelocityField;
use serde::Serialize;

/// How far a snapshot is from its prediction. `null` where undefined, never NaN.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Distances {
    /// Wasserstein-1 distance, by exact assignment, in units of distance: those of the data, or standard deviations of each
    /// coordinate for points of one's own.
    pub w1: Option<f64>,
    /// Squared Wasserstein-2 distance likewise, in squared units.
    pub w2: Option<f64>,
    /// MMD², unbiased, with a tenth of the median distance as its bandwidth: without unit.
    pub mmd: Option<f64>,
}

/// One snapshot, and its predictions from the snapshot before it that training saw.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct SnapshotReport {
    /// When it was taken, in the unit of the data.
    pub time: f64,
    /// When the one before was, likewise.
    pub from: f64,
    /// Whether training did not see it.
    pub left_out: bool,
    /// The held-out points of each snapshot that were compared.
    pub n: usize,
    /// Of the flow from the snapshot before.
    pub flow: Distances,
    /// Of that snapshot as it stands.
    pub no_flow: Distances,
    /// Of straight lines from it to the snapshot after, joined by optimal transport; of the last snapshot none.
    pub straight: Distances,
    /// What a perfect prediction would show: of as many other points of the snapshot itself; none where none is held out.
    pub floor: Distances,
}

/// Points that are compared: nine exact assignments a snapshot.
const MOST_COMPARED: usize = 400;

impl Session {
    /// Each snapshot but the first, by the solver and the seed of a measurement, on no more points than it.
    pub(super) async fn snapshot_reports(&self, field: &dyn VelocityField, of: &Measurement) -> Vec<SnapshotReport> {
        let Measurement { solver, n, seed, .. } = *of;
        let (Some(course), Some(heldout)) = (&self.data.course, &self.heldout.course) else { return Vec::new() };
        let most = heldout.at.iter().filter_map(|law| law.points()).map(Points::len).min().unwrap_or(MOST_COMPARED);
        let n = n.min(most).min(MOST_COMPARED);
        let rng = &mut Rng::new(u64::from(seed), Stream::Heldout);
        let truth: Vec<Points> = heldout.at.iter().map(|law| draw_once(law, n, rng)).collect();
        let seen = course.seen();
        let mut reports = Vec::new();
        for snapshot in 1..truth.len() {
            let Some(from) = seen.iter().copied().rfind(|&number| number < snapshot) else { continue };
            let against = |points: &Points| self.distances(points, &truth[snapshot]);
            let times = [from, snapshot].map(|number| course.clock(number));
            // Weights may send points out of all bounds.
            let moved = self.carry_all(field, solver, &truth[from], times).await.ok();
            let straight = seen.iter().copied().find(|&number| number > snapshot).map(|to| {
                let [start, at, end] = [from, snapshot, to].map(|number| course.clock(number));
                let pairs = Coupling::MinibatchOt.pair(&truth[from], &truth[to], n, rng);
                straight_path().at(&truth[from], &truth[to].pick(&pairs), (at - start) / (end - start))
            });
            let floor = self.held_out.then(|| draw_once(&course.at[snapshot], n, rng));
            reports.push(SnapshotReport {
                time: course.times[snapshot],
                from: course.times[from],
                left_out: course.left_out == Some(snapshot),
                n,
                flow: moved.map_or_else(Distances::default, |(points, _)| against(&points)),
                no_flow: against(&truth[from]),
                straight: straight.map_or_else(Distances::default, |points| against(&points)),
                floor: floor.map_or_else(Distances::default, |points| against(&points)),
            });
        }
        reports
    }

    fn distances(&self, points: &Points, truth: &Points) -> Distances {
        let [points, truth] = [points, truth].map(|points| self.comparable(points));
        let mmd = Bandwidth::TenthOfMedian.of(&truth).and_then(|width| mmd(&points, &truth, width));
        Distances {
            w1: wasserstein_one(&points, &truth),
            w2: wasserstein(&points, &truth),
            mmd: mmd.and_then(|found| found.unbiased),
        }
    }

    /// The paths of `n` points through all snapshots that training sees, each joined to one of the next as in training.
    pub(super) fn paths_along(&self, course: &Course, n: usize, times: Vec<f64>, seed: u32) -> Trajectory<f64> {
        let path = self.method().conditional_path().unwrap_or_else(straight_path);
        let [mut data, mut coupling] =
            [Stream::Heldout, Stream::Coupling].map(|purpose| Rng::new(u64::from(seed), purpose));
        let mut stops: Vec<Points> = Vec::new();
        for number in course.seen() {
            let points = course.at[number].sample(n, &mut data);
            let points = match stops.last() {
                Some(before) => points.pick(&path.pair(before, &points, &mut coupling)),
                None => points,
            };
            stops.push(points);
        }
        let pieces = course.pieces();
        let at = |&t: &f64| {
            let piece = pieces.iter().position(|&[_, to]| t <= course.clock(to)).unwrap_or(pieces.len() - 1);
            let [start, end] = pieces[piece].map(|number| course.clock(number));
            self.units.undo(&path.at(&stops[piece], &stops[piece + 1], (t - start) / (end - start)))
        };
        let positions = times.iter().map(at).collect();
        Trajectory { times, positions, evaluations: 0 }
    }
}

fn straight_path() -> ConditionalPath {
    ConditionalPath::of(Schedule::Linear)
}
