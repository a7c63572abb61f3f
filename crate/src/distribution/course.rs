//! Snapshots in time: the classes of a distribution whose names are times, as one course from the first to the last.

use super::{Distribution, Exact, Resampled};
use crate::error::{FlowError, check_range};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// That the data are snapshots in time: each class one, its name its time. P is the first and Q the last, and the flow
/// between them goes through all the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SnapshotsConfig {
    /// The number of the snapshot that training does not see, to be predicted: after the first, which is 0, and before the last;
    /// 0 for none.
    pub leave_out: usize,
}

/// What a distribution is at each of several times.
#[derive(Clone)]
pub struct Course {
    /// When, ascending, in the unit of the data.
    pub times: Vec<f64>,
    /// What it was then.
    pub at: Vec<Distribution>,
    /// The number of the snapshot that training does not see.
    pub left_out: Option<usize>,
    /// All of them together, each a class.
    pub all: Distribution,
}

impl SnapshotsConfig {
    /// The first snapshot of `all`, with its course; refused where the classes have no times, or not in order.
    pub fn first_of(self, all: Distribution) -> Result<Distribution, FlowError> {
        let names = all.classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", ");
        let times =
            all.classes.iter().map(|class| class.name.trim().parse().ok().filter(|time: &f64| time.is_finite()));
        let ascend = |times: &Vec<f64>| times.len() > 1 && times.windows(2).all(|pair| pair[0] < pair[1]);
        let Some(times) = times.collect::<Option<Vec<f64>>>().filter(ascend) else {
            let allowed = "data of at least two classes whose names are times, each later than the one before";
            let what = if names.is_empty() { "of no classes".into() } else { format!("of the classes “{names}”") };
            return Err(FlowError::invalid("snapshots", what, allowed));
        };
        let last = times.len() - 1;
        check_range("snapshots.leaveOut", self.leave_out, 0..=last - 1)?;
        let left_out = Some(self.leave_out).filter(|&number| number > 0);
        let snapshot = |number: usize| match &all.classes[number].exact {
            Some(Exact::Points(points)) => Ok(Resampled::from(points.clone()).into()),
            _ => all.given(number),
        };
        let at = (0..=last).map(snapshot).collect::<Result<Vec<_>, _>>()?;
        let first = at[0].clone();
        Ok(Distribution { course: Some(Rc::new(Course { times, at, left_out, all })), ..first })
    }
}

impl Course {
    /// The last snapshot, which its flow ends at.
    pub fn last(&self) -> Distribution {
        // It is where points start, and no noise of any closed form.
        Distribution { exact: None, ..self.at[self.at.len() - 1].clone() }
    }

    /// When snapshot `number` was taken, on the flow's own clock from 0 to 1.
    pub fn clock(&self, number: usize) -> f64 {
        let (first, last) = (self.times[0], self.times[self.times.len() - 1]);
        (self.times[number] - first) / (last - first)
    }

    /// The numbers of the snapshots that training sees, ascending.
    pub fn seen(&self) -> Vec<usize> {
        (0..self.at.len()).filter(|&number| self.left_out != Some(number)).collect()
    }

    /// The pieces between neighbours that training sees: their numbers.
    pub fn pieces(&self) -> Vec<[usize; 2]> {
        self.seen().windows(2).map(|pair| [pair[0], pair[1]]).collect()
    }
}
