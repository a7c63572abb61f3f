//! silu and its derivatives: with s = σ(z) and s' = s (1 - s), silu = z s, silu' = s + z s', silu'' = s' (2 + z (1 - 2s)).

use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;

/// The derivative of order 0, 1 or 2.
pub fn silu<B: Backend>(z: FloatTensor<B>, order: usize) -> FloatTensor<B> {
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
