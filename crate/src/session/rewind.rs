//! The states that training can return to, evenly spread over the steps so far.

use super::Session;
use super::advance::{Progress, State};
use crate::method::Streams;

/// Everything that training goes on from: the same steps from here give the same bits on the CPU engine.
pub(super) struct Snapshot {
    state: State,
    streams: Streams,
}

/// Snapshots at every multiple of a stride, which doubles whenever there would be too many, and at the first step.
pub(super) struct Snapshots {
    kept: Vec<Snapshot>,
    stride: usize,
    most: usize,
}

/// The most snapshots, and the memory that those of a large network may take together.
const MOST_SNAPSHOTS: usize = 64;
const MOST_BYTES: usize = 32 << 20;
/// The first, and one to return to.
const FEWEST_SNAPSHOTS: usize = 2;
/// The weights, their average and Adam's two moments. What did not change since is shared.
const BYTES_A_PARAMETER: usize = 4 * size_of::<f32>();

impl Snapshots {
    /// None yet, of a network of so many parameters.
    pub fn new(num_parameters: usize) -> Self {
        let fitting = MOST_BYTES / (BYTES_A_PARAMETER * num_parameters.max(1));
        Self { kept: Vec::new(), stride: 1, most: fitting.clamp(FEWEST_SNAPSHOTS, MOST_SNAPSHOTS) }
    }

    /// Takes in where training stands before it goes on, where that is a multiple of the stride. What came later the last
    /// time that it stood here will not come again.
    pub fn record(&mut self, state: &State, streams: &Streams) {
        self.kept.retain(|snapshot| snapshot.state.step < state.step);
        if self.kept.is_empty() || state.step.is_multiple_of(self.stride) {
            self.kept.push(Snapshot { state: state.clone(), streams: streams.clone() });
        }
        while self.kept.len() > self.most {
            self.stride *= 2;
            let first = self.kept[0].state.step;
            self.kept.retain(|Snapshot { state, .. }| state.step == first || state.step.is_multiple_of(self.stride));
        }
    }

    /// Keeps the present state whatever its step is, so that one can come back to it. For once there may be one too many.
    pub fn keep(&mut self, state: &State, streams: &Streams) {
        let at = self.kept.partition_point(|snapshot| snapshot.state.step < state.step);
        if self.kept.get(at).is_none_or(|snapshot| snapshot.state.step > state.step) {
            self.kept.insert(at, Snapshot { state: state.clone(), streams: streams.clone() });
        }
    }

    /// Drops what is later than `step`: training diverged on the way there.
    pub fn forget_after(&mut self, step: usize) {
        self.kept.retain(|snapshot| snapshot.state.step <= step);
    }

    /// The latest at or before `step`, or the first.
    fn latest(&self, step: usize) -> Option<&Snapshot> {
        let earlier = self.kept.iter().take_while(|snapshot| snapshot.state.step <= step);
        earlier.last().or(self.kept.first())
    }
}

impl Session {
    /// The training steps that [`rewind`](Self::rewind) can return to, ascending. The first is always among them.
    pub fn snapshots(&self) -> Vec<usize> {
        self.snapshots.kept.iter().map(|snapshot| snapshot.state.step).collect()
    }

    /// Returns to the latest snapshot at or before `step`: weights, averages, optimizer, random numbers, rounds and counters.
    /// Later snapshots stay, the present state among them, until training goes on from an earlier one.
    pub fn rewind(&mut self, step: usize) -> Progress {
        self.snapshots.keep(&self.state, &self.streams);
        if let Some(Snapshot { state, streams }) = self.snapshots.latest(step) {
            self.state = state.clone();
            self.streams = streams.clone();
            self.last_good = state.clone();
        }
        self.progress(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{OptimizerConfig, Training};
    use burn::tensor::Device;

    fn state_at(step: usize) -> State {
        let training = Training::new(OptimizerConfig::default(), vec![0.0; 4], &Device::flex());
        State { step, ..State::new(training) }
    }

    fn steps(snapshots: &Snapshots) -> Vec<usize> {
        snapshots.kept.iter().map(|snapshot| snapshot.state.step).collect()
    }

    #[test]
    fn snapshots_stay_few_and_evenly_spread() {
        let mut snapshots = Snapshots { most: 8, ..Snapshots::new(4) };
        for step in 0..=1000 {
            snapshots.record(&state_at(step), &Streams::new(1));
            let kept = steps(&snapshots);
            let gaps: Vec<usize> = kept.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(kept[0] == 0 && kept.len() <= 8 && gaps.windows(2).all(|pair| pair[0] == pair[1]), "{kept:?}");
            assert!(step - kept[kept.len() - 1] < snapshots.stride && kept.len() * snapshots.stride * 2 > step);
        }
        assert_eq!(steps(&snapshots), [0, 1, 2, 3, 4, 5, 6, 7].map(|k| 128 * k));
    }

    #[test]
    fn large_networks_have_fewer_and_never_less_than_two() {
        assert_eq!(Snapshots::new(8000).most, 64);
        assert_eq!(Snapshots::new(100_000).most, 20);
        assert_eq!(Snapshots::new(10_000_000).most, 2);
        let mut snapshots = Snapshots::new(10_000_000);
        (0..100).for_each(|step| snapshots.record(&state_at(step), &Streams::new(1)));
        assert_eq!(steps(&snapshots), [0, 64]);
    }

    #[test]
    fn the_present_is_kept_until_training_goes_on_before_it() {
        let mut snapshots = Snapshots { most: 3, ..Snapshots::new(4) };
        (0..10).for_each(|step| snapshots.record(&state_at(step), &Streams::new(1)));
        assert_eq!(steps(&snapshots), [0, 4, 8]);
        snapshots.keep(&state_at(10), &Streams::new(1));
        snapshots.keep(&state_at(4), &Streams::new(1));
        assert_eq!(steps(&snapshots), [0, 4, 8, 10]);
        let found = |step| snapshots.latest(step).map(|snapshot| snapshot.state.step);
        assert_eq!([9, 10, 3, 7, 50].map(found), [Some(8), Some(10), Some(0), Some(4), Some(10)]);
        snapshots.record(&state_at(4), &Streams::new(1));
        assert_eq!(steps(&snapshots), [0, 4]);
    }
}
