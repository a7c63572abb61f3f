//! How long the next solver step is: error against tolerance, and what a controller makes of it.
//!
//! The rules are torchdiffeq's (an integral controller; Hairer, Nørsett and Wanner, *Solving ODEs I*, II.4), of which
//! diffrax's proportional-integral control is the generalization (Söderlind 2003).

/// The error allowed in one solver step: `absolute` + `relative` · |x|, for each element of the state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// What is allowed where x is zero.
    pub absolute: f64,
    /// What is allowed for each unit of |x|.
    pub relative: f64,
}

impl Tolerance {
    /// The error allowed in an element that was `before` and is `after`.
    pub fn scale(self, before: f64, after: f64) -> f64 {
        self.absolute + self.relative * before.abs().max(after.abs())
    }
}

/// How much the last two errors decide the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gains {
    /// Against a change of the error from one accepted step to the next.
    pub proportional: f64,
    /// Against the error itself.
    pub integral: f64,
}

impl Gains {
    /// Only the last error counts: torchdiffeq's rule.
    pub const I: Self = Self { proportional: 0.0, integral: 1.0 };
    /// diffrax's recommendation for mildly stiff fields: a smoother sequence of steps, fewer of them rejected.
    pub const PI: Self = Self { proportional: 0.4, integral: 0.3 };
}

/// The share of the step that should just meet the tolerance which is taken.
const SAFETY: f64 = 0.9;
/// The most a step grows, and the most it shrinks, from one to the next.
const GROWTH: f64 = 10.0;
const SHRINKAGE: f64 = 0.2;
/// A smaller error than this is remembered as this, so that one lucky step does not forbid the next to grow (Hairer's
/// `dopri5.f`).
const LEAST_REMEMBERED: f64 = 1e-4;

/// What was decided about one solver step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    /// Whether it counts.
    pub accepted: bool,
    /// The next step's length over this one's.
    pub factor: f64,
}

/// The controller of one solve.
pub(super) struct Controller {
    gains: Gains,
    order: f64,
    /// The error norm of the last accepted step.
    last: f64,
}

impl Controller {
    pub fn new(gains: Gains, order: u32) -> Self {
        Self { gains, order: f64::from(order), last: 1.0 }
    }

    /// Judges a step by its error norm, which is 1 where the tolerance is just met and not finite where the field is
    /// not.
    pub fn judge(&mut self, norm: f64) -> Verdict {
        if !norm.is_finite() {
            return Verdict { accepted: false, factor: SHRINKAGE };
        }
        let accepted = norm <= 1.0;
        let Gains { proportional, integral } = self.gains;
        let now = libm::pow(norm, -(proportional + integral) / self.order);
        let before = libm::pow(self.last, proportional / self.order);
        let least = if norm < 1.0 { 1.0 } else { SHRINKAGE };
        let most = if accepted { GROWTH } else { SAFETY };
        if accepted {
            self.last = norm.max(LEAST_REMEMBERED);
        }
        Verdict { accepted, factor: (SAFETY * now * before).clamp(least, most) }
    }
}

/// The length of an explicit Euler step that probes how fast the field changes, from the norms of x and f(x) at the
/// start.
pub(super) fn probe_length(state: f64, slope: f64) -> f64 {
    if state < 1e-5 || slope < 1e-5 { 1e-6 } else { 0.01 * state / slope }
}

/// The first step's length, from the probe's length and the norms of f(x) and of the field's change along the probe
/// over its length.
pub(super) fn first_length(probe: f64, slope: f64, curvature: f64, order: u32) -> f64 {
    // Where the probe left the field, no step is too short.
    let largest = if curvature.is_nan() { f64::INFINITY } else { slope.max(curvature) };
    let length =
        if largest <= 1e-15 { (1e-3 * probe).max(1e-6) } else { libm::pow(0.01 / largest, 1.0 / f64::from(order)) };
    length.min(100.0 * probe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integral_controller_follows_the_published_rule() {
        let mut controller = Controller::new(Gains::I, 5);
        let mut factor = |norm| controller.judge(norm).factor;
        assert_eq!((factor(0.0), factor(1e-9)), (10.0, 10.0));
        assert_eq!(factor(0.9999), 1.0);
        assert_eq!(factor(1.0), 0.9);
        assert!((factor(32.0) - 0.45).abs() < 1e-15);
        assert_eq!((factor(1e9), factor(f64::INFINITY), factor(f64::NAN)), (0.2, 0.2, 0.2));
    }

    #[test]
    fn the_proportional_part_damps_a_rising_error() {
        let after = |last| {
            let mut controller = Controller::new(Gains::PI, 5);
            controller.judge(last);
            controller.judge(0.01).factor
        };
        assert!(after(0.01) > 1.0 && after(0.001) < after(0.01) && after(0.1) > after(0.01));
        let mut controller = Controller::new(Gains::PI, 5);
        assert!(!controller.judge(1.5).accepted && controller.judge(1.0001).factor <= 0.9);
        // An error of zero is remembered as a small one.
        controller.judge(0.0);
        assert!(controller.judge(1e-6).factor > 1.0);
    }
}
