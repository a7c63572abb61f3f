//! Smooth functions and their derivatives.
//!
//! With s = σ(z) and s' = s (1 - s): silu = z s, silu' = s + z s', silu'' = s' (2 + z (1 - 2s)). With h = tanh z:
//! (ln 2 cosh z)' = h, then 1 - h², then -2 h (1 - h²).

use crate::fused::Elementwise;
use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;

/// The derivative of order `order` of `function`.
pub fn elementwise<B: Backend>(z: FloatTensor<B>, function: Elementwise, order: usize) -> FloatTensor<B> {
    match function {
        Elementwise::Silu => silu::<B>(z, order),
        Elementwise::LogCosh => log_cosh::<B>(z, order),
    }
}

fn silu<B: Backend>(z: FloatTensor<B>, order: usize) -> FloatTensor<B> {
    let s = B::sigmoid(z.clone());
    // s (1 - s)
    let slope = |s: FloatTensor<B>| B::float_sub(s.clone(), B::float_mul(s.clone(), s));
    match order {
        0 => B::float_mul(z, s),
        1 => B::float_add(s.clone(), B::float_mul(z, slope(s))),
        2 => {
            let twice = B::float_mul_scalar(s.clone(), 2.0.into());
            let rest = B::float_add_scalar(B::float_sub(z.clone(), B::float_mul(z, twice)), 2.0.into());
            B::float_mul(slope(s), rest)
        }
        _ => unreachable!("a derivative of silu of order {order}: nothing differentiates that often"),
    }
}

fn log_cosh<B: Backend>(z: FloatTensor<B>, order: usize) -> FloatTensor<B> {
    if order == 0 {
        // |z| + ln(1 + e^{-2|z|}), without overflow.
        let size = B::float_abs(z);
        let tail = B::float_log1p(B::float_exp(B::float_mul_scalar(size.clone(), (-2.0).into())));
        return B::float_add(size, tail);
    }
    let h = B::float_tanh(z);
    let slope = B::float_add_scalar(B::float_neg(B::float_mul(h.clone(), h.clone())), 1.0.into());
    match order {
        1 => h,
        2 => slope,
        3 => B::float_mul_scalar(B::float_mul(h, slope), (-2.0).into()),
        _ => unreachable!("a derivative of ln cosh of order {order}: nothing differentiates that often"),
    }
}
