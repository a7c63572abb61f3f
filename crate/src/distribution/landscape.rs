//! Energies: what is known of a target is E(x), and that p(x) ∝ e^(-E(x)/T).
//!
//! Each is written once, for any kind of number: on the host it is a number, with a slope it is a derivative, and in training a
//! column of a tensor, through which the gradient goes.

use std::ops::{Add, Mul, Sub};

/// What energies are computed with.
pub trait Real: Clone + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// Times a number.
    fn scale(self, by: f64) -> Self;
    /// Plus a number.
    fn shift(self, by: f64) -> Self;
    /// e to it, where it is [`MOST_EXPONENT`] at most.
    fn exp(self) -> Self;

    /// Times itself.
    fn square(self) -> Self {
        self.clone() * self
    }
}

/// Müller and Brown's last term grows faster than any power's exponential: beyond this exponent it is flat, and the square of its
/// slope is still an f32. No temperature that can be set lets a point come there.
pub const MOST_EXPONENT: f64 = 30.0;

/// An energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landscape {
    /// x⁴ - 6x² - x/2 + y²/2: two wells behind a barrier, the right one deeper.
    DoubleWell,
    /// Müller and Brown 1979: three wells along a bent valley.
    MuellerBrown,
    /// ((x² - 4)² + (y² - 4)²)/2 - x/4 - y/8: four wells of different depths.
    FourWells,
    /// (x² + y² - 4)²/2: a ring of radius 2.
    Ring,
    /// Σ 2(φ² - 1)² - 3φ/100 + 3/2 Σ (φ - φ')²: each of 16 sites is near -1 or 1, as its neighbours are.
    PhiFour,
}

/// Sites of the chain.
pub const SITES: usize = 16;
const STIFFNESS: f64 = 1.5;
const DEPTH: f64 = 2.0;
const TILT: f64 = 0.03;

/// Factors and forms of Müller and Brown's four terms: A, a, b, c and the center.
const TERMS: [([f64; 4], [f64; 2]); 4] = [
    ([-200.0, -1.0, 0.0, -10.0], [1.0, 0.0]),
    ([-100.0, -1.0, 0.0, -10.0], [0.0, 0.5]),
    ([-170.0, -6.5, 11.0, -6.5], [-0.5, 1.5]),
    ([15.0, 0.7, 0.6, 0.7], [-1.0, 1.0]),
];

impl Landscape {
    /// Coordinates of a point.
    pub fn dim(self) -> usize {
        if self == Self::PhiFour { SITES } else { 2 }
    }

    /// What a temperature of 1 is in units of the energy.
    pub fn unit(self) -> f64 {
        if self == Self::MuellerBrown { 15.0 } else { 1.0 }
    }

    /// The bottom of one well, not the deepest: where a Markov chain starts.
    pub fn start(self) -> Vec<f64> {
        match self {
            Self::DoubleWell => vec![-1.71, 0.0],
            Self::MuellerBrown => vec![0.623, 0.028],
            Self::FourWells => vec![-1.98, -1.99],
            Self::Ring => vec![2.0, 0.0],
            Self::PhiFour => vec![-1.0; SITES],
        }
    }

    /// E at a point, its coordinates one by one.
    pub fn energy<R: Real>(self, x: &[R]) -> R {
        match self {
            Self::DoubleWell => {
                let square = x[0].clone().square();
                square.clone() * square.shift(-6.0) - x[0].clone().scale(0.5) + x[1].clone().square().scale(0.5)
            }
            Self::FourWells => {
                let well = |x: &R| x.clone().square().shift(-4.0).square().scale(0.5);
                well(&x[0]) + well(&x[1]) - x[0].clone().scale(0.25) - x[1].clone().scale(0.125)
            }
            Self::Ring => (x[0].clone().square() + x[1].clone().square()).shift(-4.0).square().scale(0.5),
            Self::MuellerBrown => {
                let term = |([factor, a, b, c], center): &([f64; 4], [f64; 2])| {
                    let [u, v] = [0, 1].map(|k| x[k].clone().shift(-center[k]));
                    let form = u.clone().square().scale(*a) + (u * v.clone()).scale(*b) + v.square().scale(*c);
                    form.exp().scale(*factor)
                };
                let [first, rest @ ..] = &TERMS;
                rest.iter().map(term).fold(term(first), |sum, next| sum + next)
            }
            Self::PhiFour => {
                let sites = x[1..].iter().fold(site(&x[0]), |sum, x| sum + site(x));
                x.windows(2).map(|pair| bond(&pair[0], &pair[1])).fold(sites, |sum, next| sum + next)
            }
        }
    }

    /// ∇E, by a pass for each coordinate.
    pub fn gradient(self, x: &[f64]) -> Vec<f64> {
        let along = |k: usize| {
            let x: Vec<Dual> = x.iter().enumerate().map(|(i, &x)| Dual([x, f64::from(u8::from(i == k))])).collect();
            self.energy(&x).0[1]
        };
        (0..x.len()).map(along).collect()
    }
}

/// The energy of a site of the chain, and of two neighbours.
pub(super) fn site<R: Real>(x: &R) -> R {
    x.clone().square().shift(-1.0).square().scale(DEPTH) - x.clone().scale(TILT)
}

pub(super) fn bond<R: Real>(x: &R, next: &R) -> R {
    (x.clone() - next.clone()).square().scale(STIFFNESS)
}

impl Real for f64 {
    fn scale(self, by: f64) -> Self {
        self * by
    }

    fn shift(self, by: f64) -> Self {
        self + by
    }

    fn exp(self) -> Self {
        libm::exp(self.min(MOST_EXPONENT))
    }
}

/// A number and its slope.
#[derive(Debug, Clone, Copy)]
struct Dual([f64; 2]);

impl Add for Dual {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }
}

impl Sub for Dual {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }
}

impl Mul for Dual {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ([a, da], [b, db]) = (self.0, other.0);
        Self([a * b, a * db + da * b])
    }
}

impl Real for Dual {
    fn scale(self, by: f64) -> Self {
        Self(self.0.map(|x| x * by))
    }

    fn shift(self, by: f64) -> Self {
        Self([self.0[0] + by, self.0[1]])
    }

    fn exp(self) -> Self {
        let [x, slope] = self.0;
        let value = Real::exp(x);
        Self([value, if x < MOST_EXPONENT { value * slope } else { 0.0 }])
    }
}
