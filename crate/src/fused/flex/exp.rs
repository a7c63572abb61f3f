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

/// 1 / (1 + e^{-x}); absolute error below 1.2e-7, everywhere in [0, 1]. NaN becomes a number: every use multiplies by x.
#[inline(always)]
pub fn logistic<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let half = splat(0.5);
    let above = splat::<S>(1.0) / (exp_of_negative(bounded_size(x)) + splat(1.0)) - half;
    with_sign_of(above, x) + half
}

/// `value`, or NaN where `x` is.
#[inline(always)]
fn nan_as<S: Simd>(value: Lanes<S>, x: Lanes<S>) -> Lanes<S> {
    // Only the bits of a NaN lie beyond those of infinity: the difference's sign, in every bit.
    let size = (x.reinterpret::<u32>() & (!SIGN).splat()).reinterpret::<i32>();
    let beyond = ((f32::INFINITY.to_bits() as i32).splat::<S>() - size) >> 31;
    (value.reinterpret::<u32>() | beyond.reinterpret()).reinterpret()
}

/// tanh x; absolute error below 2e-7, everywhere in [-1, 1], odd. NaN stays NaN.
#[inline(always)]
pub fn tanh<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    // With e^{-2|x|} nothing overflows, and near 0 the numerator loses no more than the absolute error allows.
    let e = exp_of_negative(bounded_size(x + x));
    nan_as(with_sign_of((splat::<S>(1.0) - e) / (e + splat(1.0)), x), x)
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
    use super::super::lanes::{Row, TILE, load, run, store, vectors};
    use super::*;
    use macerator::WithSimd;

    /// Every 997th of all f32 bit patterns: 4.3 million, the infinities and NaNs among them; each with the logistic function,
    /// tanh and ln(2 cosh) of it.
    fn sweep() -> impl Iterator<Item = [f32; 4]> {
        let bits: Vec<u32> = (0..=u32::MAX).step_by(997).collect();
        bits.as_chunks::<TILE>().0.to_vec().into_iter().flat_map(|bits| {
            let x = bits.map(f32::from_bits);
            let mut all = [x; 3];
            run(All(&mut all));
            (0..TILE).map(move |i| [x[i], all[0][i], all[1][i], all[2][i]])
        })
    }

    struct All<'a>(&'a mut [Row; 3]);

    impl WithSimd for All<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self) {
            for (row, f) in self.0.iter_mut().zip([logistic::<S>, tanh::<S>, log_cosh::<S>]) {
                (0..vectors::<S>()).for_each(|i| store(row, i, f(load(row, i))));
            }
        }
    }

    #[test]
    fn logistic_is_within_its_bound_over_the_whole_range() {
        for [x, ours, ..] in sweep() {
            if x.is_nan() {
                assert!((0.0..=1.0).contains(&ours));
                continue;
            }
            let exact = 1.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(ours) - exact).abs() < 1.2e-7 && (0.0..=1.0).contains(&ours), "{x}: {ours} {exact}");
        }
    }

    #[test]
    fn tanh_and_log_cosh_are_within_their_bounds_over_the_whole_range() {
        for [x, _, slope, value] in sweep() {
            if x.is_nan() {
                assert!(slope.is_nan() && value.is_nan());
                continue;
            }
            let wide = f64::from(x);
            assert!((f64::from(slope) - wide.tanh()).abs() < 2e-7 && slope.abs() <= 1.0, "{x}: {slope}");
            let exact = wide.abs() + (-2.0 * wide.abs()).exp().ln_1p();
            assert!(
                value == f32::INFINITY && x.is_infinite() || (f64::from(value) / exact - 1.0).abs() < 3e-7,
                "{x}: {value} {exact}"
            );
        }
    }
}
