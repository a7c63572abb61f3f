//! The exponential, and what is made of it, on whole vectors: no branch, no call, no table.
//!
//! The standard library's expf is a scalar call; it took 45 % of a training step in wasm.

use super::lanes::{Lanes, splat};
use macerator::{Scalar, Simd};

/// Beyond this, e^{-x} is no normal f32.
const LARGEST: f32 = 87.0;

/// 1.5 · 2²³: adding it rounds to the nearest integer and leaves that integer in the low bits.
const ROUNDING: f32 = 12_582_912.0;

/// The coefficients of 2^f - 1 from f's on: of degree 5, with the least largest relative error on |f| ≤ 1/2, 9.2e-8.
const COEFFICIENTS: [f32; 5] = [0.693_147, 0.240_222_42, 0.055_507_336, 0.009_671_513, 0.001_326_472_7];

const SIGN: u32 = 1 << 31;

/// e^{-x} for x in [0, 87]; absolute error below 1e-7 and relative error below 2e-7 (1 + x). Not to be asked beyond.
#[inline(always)]
fn exp_of_negative<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let t = x * splat(-std::f32::consts::LOG2_E);
    let shifted = t + splat(ROUNDING);
    let f = t - (shifted - splat(ROUNDING));
    // Estrin's scheme: the terms in pairs, so that no multiplication waits long for another.
    let [a, b, c, d, e] = COEFFICIENTS.map(splat::<S>);
    let square = f * f;
    let high = e.mul_add(f, d).mul_add(square, c.mul_add(f, b));
    let power = high.mul_add(square, a.mul_add(f, splat(1.0)));
    // Times 2ⁿ: the shift drops all but the integer, which is added to the exponent.
    (power.reinterpret::<u32>() + (shifted.reinterpret::<u32>() << 23)).reinterpret()
}

/// |x|, no larger than 87. NaN becomes 87.
#[inline(always)]
fn bounded_size<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    // Numbers without a sign are ordered as their bits are, and integers have a minimum in one instruction.
    (x.reinterpret::<u32>() & (!SIGN).splat()).min(LARGEST.to_bits().splat()).reinterpret()
}

/// `size` with the sign of `x`.
#[inline(always)]
fn with_sign_of<S: Simd>(size: Lanes<S>, x: Lanes<S>) -> Lanes<S> {
    (size.reinterpret::<u32>() | (x.reinterpret::<u32>() & SIGN.splat())).reinterpret()
}

/// A smooth function at some numbers, with its derivatives there.
pub trait Smooth<S: Simd> {
    /// At z.
    fn at(z: Lanes<S>) -> Self;
    /// The function.
    fn value(&self) -> Lanes<S>;
    /// Its first derivative.
    fn slope(&self) -> Lanes<S>;
    /// Its second derivative.
    fn curve(&self) -> Lanes<S>;
}

/// x σ(x), by r = σ(-|x|): all of it is short sums of r and |x|, so that nothing waits for a sign.
pub struct Silu<S: Simd> {
    x: Lanes<S>,
    size: Lanes<S>,
    r: Lanes<S>,
}

impl<S: Simd> Smooth<S> for Silu<S> {
    #[inline(always)]
    fn at(x: Lanes<S>) -> Self {
        let e = exp_of_negative(bounded_size(x));
        Self { x, size: x.abs(), r: e / (e + splat(1.0)) }
    }

    /// Absolute error below 1.2e-7 (1 + |x|); no number where 2 x is none.
    #[inline(always)]
    fn value(&self) -> Lanes<S> {
        // The positive part of x, less |x| r.
        (self.x + self.size) * splat(0.5) - self.size * self.r
    }

    /// For |x| it is 1 - r + |x| r (1 - r), and for -|x| what is missing to 1.
    #[inline(always)]
    fn slope(&self) -> Lanes<S> {
        let half = splat::<S>(0.5);
        let bent = self.size * self.r * (splat::<S>(1.0) - self.r);
        half + with_sign_of(half - self.r + bent, self.x)
    }

    #[inline(always)]
    fn curve(&self) -> Lanes<S> {
        let one = splat::<S>(1.0);
        self.r * (one - self.r) * (self.size * (self.r + self.r - one) + splat(2.0))
    }
}

/// tanh x.
pub struct Tanh<S: Simd>(Lanes<S>);

impl<S: Simd> Smooth<S> for Tanh<S> {
    #[inline(always)]
    fn at(x: Lanes<S>) -> Self {
        // With e^{-2|x|} nothing overflows, and near 0 the numerator loses no more than the absolute error allows.
        let e = exp_of_negative(bounded_size(x + x));
        Self(nan_as(with_sign_of((splat::<S>(1.0) - e) / (e + splat(1.0)), x), x))
    }

    /// Absolute error below 2e-7, everywhere in [-1, 1], odd. NaN stays NaN.
    #[inline(always)]
    fn value(&self) -> Lanes<S> {
        self.0
    }

    #[inline(always)]
    fn slope(&self) -> Lanes<S> {
        splat::<S>(1.0) - self.0 * self.0
    }

    #[inline(always)]
    fn curve(&self) -> Lanes<S> {
        splat::<S>(-2.0) * self.0 * self.slope()
    }
}

/// `value`, or NaN where `x` is.
#[inline(always)]
fn nan_as<S: Simd>(value: Lanes<S>, x: Lanes<S>) -> Lanes<S> {
    // Only the bits of a NaN lie beyond those of infinity: the difference's sign, in every bit.
    let size = (x.reinterpret::<u32>() & (!SIGN).splat()).reinterpret::<i32>();
    let beyond = ((f32::INFINITY.to_bits() as i32).splat::<S>() - size) >> 31;
    (value.reinterpret::<u32>() | beyond.reinterpret()).reinterpret()
}

/// ln(2 cosh x) = |x| + ln(1 + e^{-2|x|}); relative error below 3e-7. NaN stays NaN.
#[inline(always)]
pub fn log_cosh<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let y = exp_of_negative(bounded_size(x + x));
    // ln(1 + y) = 2 artanh(y / (2 + y)), of an argument of at most 1/3: its series of degree 15 errs by less than 1e-9.
    let s = y / (y + splat(2.0));
    let q = s * s;
    let series = [13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0];
    let p = series.iter().fold(splat::<S>(1.0 / 15.0), |p, n| p.mul_add(q, splat(1.0 / n)));
    (s + s).mul_add(p, x.abs())
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Aligned, Row, TILE, load, run, store, vectors};
    use super::*;
    use macerator::WithSimd;

    /// Every 997th of all f32 bit patterns: 4.3 million, the infinities and NaNs among them; each with silu, tanh, the first two
    /// derivatives of each, and ln(2 cosh).
    fn sweep() -> impl Iterator<Item = [f32; 8]> {
        let bits: Vec<u32> = (0..=u32::MAX).step_by(997).collect();
        bits.as_chunks::<TILE>().0.to_vec().into_iter().flat_map(|bits| {
            let mut all = [Aligned(bits.map(f32::from_bits)); 8];
            run(All(&mut all));
            (0..TILE).map(move |i| std::array::from_fn(|k| all[k][i]))
        })
    }

    struct All<'a>(&'a mut [Row; 8]);

    impl WithSimd for All<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self) {
            for i in 0..vectors::<S>() {
                let x: Lanes<S> = load(&self.0[0], i);
                let (silu, tanh) = (Silu::at(x), Tanh::at(x));
                let all = [silu.value(), silu.slope(), silu.curve(), tanh.value(), tanh.slope(), tanh.curve(), log_cosh(x)];
                self.0[1..].iter_mut().zip(all).for_each(|(row, value)| store(row, i, value));
            }
        }
    }

    #[test]
    fn silu_and_its_derivatives_are_within_their_bounds() {
        for [x, ours @ ..] in sweep() {
            if x.is_nan() {
                assert!(ours[0].is_nan() && ours[1].is_nan() && ours[2].is_nan());
                continue;
            }
            if (x + x).is_infinite() {
                continue;
            }
            let wide = f64::from(x);
            let s = 1.0 / (1.0 + (-wide).exp());
            let exact = [wide * s, s + wide * s * (1.0 - s), s * (1.0 - s) * (2.0 + wide * (1.0 - 2.0 * s))];
            assert!((f64::from(ours[0]) - exact[0]).abs() < 1.2e-7 * (1.0 + wide.abs()), "{x}: {} {}", ours[0], exact[0]);
            for k in 1..3 {
                // Far out, |x| e^{-87} is what is left of nothing.
                let bound = 3e-7 + 1e-37 * wide.abs();
                assert!((f64::from(ours[k]) - exact[k]).abs() < bound, "{x}, {k}: {} {}", ours[k], exact[k]);
            }
        }
    }

    #[test]
    fn tanh_its_derivatives_and_log_cosh_are_within_their_bounds_over_the_whole_range() {
        for [x, _, _, _, value, slope, curve, integral] in sweep() {
            if x.is_nan() {
                assert!(value.is_nan() && slope.is_nan() && curve.is_nan() && integral.is_nan());
                continue;
            }
            let wide = f64::from(x);
            let h = wide.tanh();
            assert!((f64::from(value) - h).abs() < 2e-7 && value.abs() <= 1.0, "{x}: {value}");
            assert!((f64::from(slope) - (1.0 - h * h)).abs() < 5e-7, "{x}: {slope}");
            assert!((f64::from(curve) + 2.0 * h * (1.0 - h * h)).abs() < 2e-6, "{x}: {curve}");
            let exact = wide.abs() + (-2.0 * wide.abs()).exp().ln_1p();
            assert!(
                integral == f32::INFINITY && x.is_infinite() || (f64::from(integral) / exact - 1.0).abs() < 3e-7,
                "{x}: {integral} {exact}"
            );
        }
    }
}
