//! Five bent arms, whose density is a sum over the ways a point can be bent back.

use super::mixture::log_sum_exp;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::Rng;
use std::f64::consts::{PI, TAU};
use std::rc::Rc;

/// Five arms, bent the more the farther out.
pub struct Pinwheel;

/// Standard deviations along and across an arm before it is bent; along it the mean is 1.
const RADIAL: f64 = 0.3;
const TANGENTIAL: f64 = 0.1;
/// An arm's point at f[0] along it is turned by this times e^{f[0]}.
const BEND: f64 = 0.25;
const ARMS: f64 = 5.0;
/// Ways back whose density is below e^-30 of the largest change nothing; they are first looked for where an unbent arm's is
/// not below e^-48 of its own largest.
const NEGLIGIBLE: f64 = 30.0;
const WINDOW: f64 = 48.0;
/// From this radius on, in units of the mean, an arm is wound so tightly that its turns are not told apart: 23 deviations
/// out, where no point ever is.
const WOUND: f64 = 8.0;

/// One of the arms.
struct Arm(usize);

impl From<Pinwheel> for Distribution {
    fn from(pinwheel: Pinwheel) -> Self {
        let named = (0..ARMS as usize).map(|arm| (format!("arm {}", arm + 1), Arm(arm)));
        Self { classes: Class::equally(named), ..Self::new(Rc::new(pinwheel)) }
    }
}

impl Sampler for Pinwheel {
    fn dim(&self) -> usize {
        2
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let arm = rng.below(5);
            let (radial, tangential) = (1.0 + RADIAL * rng.normal(), TANGENTIAL * rng.normal());
            let (sin, cos) = libm::sincos(TAU * arm as f64 / ARMS + BEND * libm::exp(radial));
            ([2.0 * (radial * cos + tangential * sin), 2.0 * (tangential * cos - radial * sin)], arm)
        })
    }
}

/// A point at radius 2R and angle θ comes from (R cos b, R sin b) of an unbent arm wherever b - ¼ e^{R cos b} is θ up to
/// fifths of a turn, with the density there over the change of area, 4 |1 + ¼ e^{R cos b} R sin b|.
impl Density for Pinwheel {
    fn log_density(&self, x: &[f64]) -> f64 {
        Bent::at(x, None).log_term() - libm::log(ARMS * TAU * RADIAL * TANGENTIAL * 4.0)
    }

    fn entropy(&self) -> Option<f64> {
        Some(2.317788)
    }
}

/// Of the fifths of a turn those that are the arm's own.
impl Density for Arm {
    fn log_density(&self, x: &[f64]) -> f64 {
        Bent::at(x, Some(self.0)).log_term() - libm::log(TAU * RADIAL * TANGENTIAL * 4.0)
    }
}

/// A point, by the radius and the angle that its arm's bending leaves and changes.
#[derive(Clone, Copy)]
struct Bent {
    radius: f64,
    angle: f64,
    /// The only arm that it may be on, if it is known.
    arm: Option<usize>,
}

impl Bent {
    fn at(x: &[f64], arm: Option<usize>) -> Self {
        Self { radius: 0.5 * libm::hypot(x[0], x[1]), angle: libm::atan2(x[1], x[0]), arm }
    }

    /// ln p of the point but for the constant.
    fn log_term(self) -> f64 {
        if self.radius > WOUND {
            return self.log_mean();
        }
        let ways = self.ways_back();
        log_sum_exp(ways.iter().map(|&b| self.exponent(b) - libm::log(self.turn(b).1.abs().max(1e-9))))
    }

    /// ln of the unbent arm's density at angle b, but for its constant.
    fn exponent(self, b: f64) -> f64 {
        let (sin, cos) = libm::sincos(b);
        let [along, across] = [(self.radius * cos - 1.0) / RADIAL, self.radius * sin / TANGENTIAL];
        -0.5 * (along * along + across * across)
    }

    /// Where bending takes angle b to, and how fast that changes with b.
    fn turn(self, b: f64) -> (f64, f64) {
        let (sin, cos) = libm::sincos(b);
        let bend = BEND * libm::exp(self.radius * cos);
        (b - bend, 1.0 + bend * self.radius * sin)
    }

    /// How far the exponent is below its largest, the one at 0. It is largest at 0 and has another peak at π.
    fn fall(self, b: f64) -> f64 {
        self.exponent(0.0) - self.exponent(b)
    }

    /// The exponent's curvature at 0: it falls by half of this times b² at most.
    fn curvature(self) -> f64 {
        let gap = 1.0 / (TANGENTIAL * TANGENTIAL) - 1.0 / (RADIAL * RADIAL);
        self.radius * self.radius * gap + self.radius / (RADIAL * RADIAL)
    }

    /// Every angle on the arm that bending takes to the point's own, up to fifths of a turn, and that is not negligible.
    fn ways_back(self) -> Vec<f64> {
        let mut reach = libm::sqrt(2.0 * WINDOW / self.curvature()).min(PI);
        while reach < PI && self.fall(reach) < WINDOW {
            reach = (1.25 * reach).min(PI);
        }
        let ways = self.ways_within(reach);
        let best = ways.iter().map(|&b| self.fall(b)).fold(f64::INFINITY, f64::min);
        let enough = best + NEGLIGIBLE <= self.fall(reach).min(self.fall(PI));
        if enough || reach == PI { ways } else { self.ways_within(PI) }
    }

    fn ways_within(self, reach: f64) -> Vec<f64> {
        let mut ways = Vec::new();
        // Between the angles where bending turns back it is monotone.
        let mut ends = vec![-reach];
        ends.extend(self.turning_angles(reach));
        ends.push(reach);
        for ends in ends.windows(2) {
            let [from, to] = [ends[0], ends[1]].map(|b| (self.turn(b).0 - self.angle) * ARMS / TAU);
            let (low, high) = (from.min(to), from.max(to));
            let levels = libm::ceil(low) as i64..libm::ceil(high) as i64;
            for level in levels.filter(|level| self.arm.is_none_or(|arm| level.rem_euclid(5) == arm as i64)) {
                let target = self.angle + level as f64 * TAU / ARMS;
                let off = |b: f64| {
                    let (at, slope) = self.turn(b);
                    (at - target, slope)
                };
                ways.push(root(off, [ends[0], ends[1]]));
            }
        }
        ways
    }

    /// Where the slope of bending is 0: at two angles below 0 if anywhere, on both sides of its least slope.
    fn turning_angles(self, reach: f64) -> Vec<f64> {
        let r = self.radius;
        if r == 0.0 {
            return Vec::new();
        }
        let steepest = -libm::acos((libm::sqrt(1.0 + 4.0 * r * r) - 1.0) / (2.0 * r));
        let slope = |b: f64| {
            let (sin, cos) = libm::sincos(b);
            let bend = BEND * libm::exp(r * cos);
            (1.0 + bend * r * sin, bend * r * (cos - r * sin * sin))
        };
        let mut found = Vec::new();
        for [low, high] in [[-reach, steepest.max(-reach)], [steepest.max(-reach), 0.0]] {
            if slope(low).0 * slope(high).0 < 0.0 {
                found.push(root(slope, [low, high]));
            }
        }
        found
    }

    /// ln of the mean of the exponent's exponential over all angles, where hardly any but those near 0 count (Laplace's
    /// method), times what a sum over ways back makes of it.
    fn log_mean(self) -> f64 {
        self.exponent(0.0) + 0.5 * libm::log(TAU / self.curvature()) + libm::log(self.arm.map_or(ARMS, |_| 1.0) / TAU)
    }
}

/// The root of a monotone function, given with its slope, between two ends of different signs: Newton's steps, or halves
/// where those leave the ends.
fn root(function: impl Fn(f64) -> (f64, f64), [mut low, mut high]: [f64; 2]) -> f64 {
    let rising = function(high).0 > function(low).0;
    let mut at = 0.5 * (low + high);
    for _ in 0..60 {
        let (value, slope) = function(at);
        if (value > 0.0) == rising {
            high = at;
        } else {
            low = at;
        }
        let newton = at - value / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if (next - at).abs() < 1e-14 {
            return next;
        }
        at = next;
    }
    at
}
