//! The smooth functions of the networks, on whole vectors: no branch, no call, no table.
//!
//! The standard library's expf is a scalar call; it took 45 % of a training step in wasm. What bounds these is not the number of
//! operations but how long each waits for the one before: hence polynomials in pairs of terms (Estrin 1960), and a quotient of
//! polynomials, which are found side by side, where an exponential would be one long chain.

use super::lanes::{Lanes, splat};
use macerator::{Scalar, Simd};

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

/// x σ(x), by u = x/2: it is u + |u| tanh |u|, since σ(x) = (1 + tanh u) / 2.
pub struct Silu<S: Simd> {
    u: Lanes<S>,
    /// |u| up to where tanh is 1.
    size: Lanes<S>,
    tanh: Lanes<S>,
}

impl<S: Simd> Smooth<S> for Silu<S> {
    #[inline(always)]
    fn at(x: Lanes<S>) -> Self {
        let u = x * splat(0.5);
        let size = bounded_size(u);
        Self { u, size, tanh: tanh_of_size(size) }
    }

    /// Error below 3e-7 (1 + |x|). NaN stays NaN.
    #[inline(always)]
    fn value(&self) -> Lanes<S> {
        self.u.abs().mul_add(self.tanh, self.u)
    }

    /// Error below 2e-6.
    #[inline(always)]
    fn slope(&self) -> Lanes<S> {
        let half = splat::<S>(0.5);
        let bent = self.size.mul_add(one_less_square(self.tanh), self.tanh);
        half + with_sign_of(bent * half, self.u)
    }

    /// Error below 2e-6.
    #[inline(always)]
    fn curve(&self) -> Lanes<S> {
        splat::<S>(0.5) * one_less_square(self.tanh) * (splat::<S>(1.0) - self.size * self.tanh)
    }
}

/// tanh x.
pub struct Tanh<S: Simd>(Lanes<S>);

impl<S: Simd> Smooth<S> for Tanh<S> {
    #[inline(always)]
    fn at(x: Lanes<S>) -> Self {
        Self(nan_as(with_sign_of(tanh_of_size(bounded_size(x)), x), x))
    }

    /// Error below 4e-7, everywhere in [-1, 1], odd. NaN stays NaN.
    #[inline(always)]
    fn value(&self) -> Lanes<S> {
        self.0
    }

    #[inline(always)]
    fn slope(&self) -> Lanes<S> {
        one_less_square(self.0)
    }

    #[inline(always)]
    fn curve(&self) -> Lanes<S> {
        splat::<S>(-2.0) * self.0 * self.slope()
    }
}

/// Beyond this, tanh is 1 to within 6e-8.
const TANH_ENDS: f32 = 8.7;

/// tanh x ≈ x P(x²) / Q(x²), of the least largest error on [0, 8.7]: 1.3e-8, before rounding. Every coefficient is positive, so
/// that nothing cancels.
const P: [f32; 5] = [1.0, 0.133_931_17, 0.003_510_221_6, 2.086_123e-5, 1.372_739_4e-8];
const Q: [f32; 5] = [1.0, 0.467_264_23, 0.025_931_949, 3.310_046e-4, 7.924_039e-7];

/// tanh x for x in [0, 8.7]; relative error below 4e-7, and no larger than 1.
#[inline(always)]
fn tanh_of_size<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let y = x * x;
    let quotient = x * polynomial(P, y) / polynomial(Q, y);
    // Numbers without a sign are ordered as their bits are, and integers have a minimum in one instruction.
    quotient.reinterpret::<u32>().min(1.0f32.to_bits().splat()).reinterpret()
}

/// Of degree 4.
#[inline(always)]
fn polynomial<S: Simd>(c: [f32; 5], y: Lanes<S>) -> Lanes<S> {
    // One splat at a time: an array of vectors would go through memory.
    let low = y.mul_add(splat(c[1]), splat(c[0]));
    let square = y * y;
    let high = square.mul_add(splat(c[4]), y.mul_add(splat(c[3]), splat(c[2])));
    high.mul_add(square, low)
}

#[inline(always)]
fn one_less_square<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    splat::<S>(1.0) - x * x
}

const SIGN: u32 = 1 << 31;

/// |x|, no larger than where tanh ends. NaN becomes that.
#[inline(always)]
fn bounded_size<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    (x.reinterpret::<u32>() & (!SIGN).splat()).min(TANH_ENDS.to_bits().splat()).reinterpret()
}

/// `size` with the sign of `x`.
#[inline(always)]
fn with_sign_of<S: Simd>(size: Lanes<S>, x: Lanes<S>) -> Lanes<S> {
    (size.reinterpret::<u32>() | (x.reinterpret::<u32>() & SIGN.splat())).reinterpret()
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
    let y = exp_of_negative_double(bounded_size(x));
    // ln(1 + y) = 2 artanh(y / (2 + y)), of an argument of at most 1/3: its series of degree 15 errs by less than 1e-9.
    let s = y / (y + splat(2.0));
    let q = s * s;
    let mut p = splat::<S>(1.0 / 15.0);
    for n in [13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        p = p.mul_add(q, splat(1.0 / n));
    }
    (s + s).mul_add(p, x.abs())
}

/// 1.5 · 2²³: adding it rounds to the nearest integer and leaves that integer in the low bits.
const ROUNDING: f32 = 12_582_912.0;

/// 2^f ≈ 1 + f times this polynomial, of the least largest relative error on |f| ≤ 1/2: 9.2e-8. The first is near ln 2 and not
/// ln 2.
#[allow(clippy::approx_constant)]
const EXP_2: [f32; 5] = [0.693_147, 0.240_222_42, 0.055_507_336, 0.009_671_513, 0.001_326_472_7];

/// e^{-2x} for x in [0, 8.7]; absolute error below 1e-7.
#[inline(always)]
fn exp_of_negative_double<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let t = x * splat(-2.0 * std::f32::consts::LOG2_E);
    let shifted = t + splat(ROUNDING);
    let f = t - (shifted - splat(ROUNDING));
    let power = polynomial(EXP_2, f).mul_add(f, splat(1.0));
    // Times 2ⁿ: the shift drops all but the integer, which is added to the exponent.
    (power.reinterpret::<u32>() + (shifted.reinterpret::<u32>() << 23)).reinterpret()
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
                let all =
                    [silu.value(), silu.slope(), silu.curve(), tanh.value(), tanh.slope(), tanh.curve(), log_cosh(x)];
                self.0[1..].iter_mut().zip(all).for_each(|(row, value)| store(row, i, value));
            }
        }
    }

    #[test]
    fn silu_and_its_derivatives_are_within_their_bounds() {
        for [x, ours @ ..] in sweep() {
            if x.is_nan() {
                assert!(ours[0].is_nan());
                continue;
            }
            if x.is_infinite() {
                continue;
            }
            let wide = f64::from(x);
            let s = 1.0 / (1.0 + (-wide).exp());
            let exact = [wide * s, s + wide * s * (1.0 - s), s * (1.0 - s) * (2.0 + wide * (1.0 - 2.0 * s))];
            assert!((f64::from(ours[0]) - exact[0]).abs() < 3e-7 * (1.0 + wide.abs()), "{x}: {} {}", ours[0], exact[0]);
            for k in 1..3 {
                assert!((f64::from(ours[k]) - exact[k]).abs() < 2e-6, "{x}, {k}: {} {}", ours[k], exact[k]);
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
            assert!((f64::from(value) - h).abs() < 4e-7 && value.abs() <= 1.0, "{x}: {value}");
            assert!((f64::from(slope) - (1.0 - h * h)).abs() < 1e-6, "{x}: {slope}");
            assert!((f64::from(curve) + 2.0 * h * (1.0 - h * h)).abs() < 2e-6, "{x}: {curve}");
            let exact = wide.abs() + (-2.0 * wide.abs()).exp().ln_1p();
            assert!(
                integral == f32::INFINITY && x.is_infinite() || (f64::from(integral) / exact - 1.0).abs() < 3e-7,
                "{x}: {integral} {exact}"
            );
        }
    }
}
