//! The time that a solver's equal steps are equal in, and the stretches that it goes in one piece.

use crate::velocity::VelocityField;

/// What a solver's equal steps are equal in.
#[derive(Clone, Copy)]
enum Clock {
    /// t.
    Linear,
    /// √t.
    Root,
}

impl Clock {
    fn of(field: &dyn VelocityField) -> Self {
        if field.smooth_in_root() { Self::Root } else { Self::Linear }
    }

    fn ticks(self, t: f64) -> f64 {
        match self {
            Self::Linear => t,
            Self::Root => t.sqrt(),
        }
    }

    fn time(self, ticks: f64) -> f64 {
        match self {
            Self::Linear => ticks,
            Self::Root => ticks * ticks,
        }
    }

    /// dt over a tick.
    fn speed(self, ticks: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Root => 2.0 * ticks,
        }
    }
}

/// How far inside a stretch its ends are evaluated, where a field that jumps still belongs to it.
const INSIDE: f64 = 1e-9;

/// A part of the way between two jumps of the field.
#[derive(Clone, Copy)]
pub struct Stretch {
    clock: Clock,
    /// In time.
    ends: [f64; 2],
}

impl Stretch {
    /// All of the way, of a field that never jumps, in equal steps of t.
    pub fn whole(ends: [f64; 2]) -> Self {
        Self { clock: Clock::Linear, ends }
    }

    /// In ticks.
    pub fn ends(self) -> [f64; 2] {
        self.ends.map(|t| self.clock.ticks(t))
    }

    /// The time to evaluate the field at: a stage at the very end belongs to this stretch, not to the next.
    pub fn time(self, ticks: f64) -> f64 {
        let t = self.clock.time(ticks);
        let [from, to] = self.ends;
        let (low, high) = (from.min(to) + INSIDE, from.max(to) - INSIDE);
        if low < high { t.clamp(low, high) } else { t }
    }

    /// The time for people.
    pub fn shown_time(self, ticks: f64) -> f64 {
        self.clock.time(ticks)
    }

    pub fn speed(self, ticks: f64) -> f64 {
        self.clock.speed(ticks)
    }
}

/// The way from one end to the other, cut at the jumps on it, and no nearer to t = 0 than the field is finite.
pub fn stretches(field: &dyn VelocityField, ends: [f64; 2]) -> Vec<Stretch> {
    let earliest = field.earliest_time();
    let [from, to] = ends.map(|t| t.max(earliest));
    let (low, high) = (from.min(to), from.max(to));
    let inside = |t: &f64| (low + INSIDE..high - INSIDE).contains(t);
    let mut stops: Vec<f64> = field.breaks().into_iter().filter(inside).collect();
    stops.extend([low, high]);
    stops.sort_unstable_by(f64::total_cmp);
    if from > to {
        stops.reverse();
    }
    let clock = Clock::of(field);
    stops.windows(2).map(|ends| Stretch { clock, ends: [ends[0], ends[1]] }).collect()
}
