//! silu and its derivatives in one pass each, in place where the buffer is not shared.

use super::exp::logistic;
use crate::fused::{FusedOps, plain};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;

impl FusedOps for Flex {
    fn silu(z: FloatTensor<Self>, order: usize) -> FloatTensor<Self> {
        if z.dtype() != DType::F32 {
            return plain::silu::<Self>(z, order);
        }
        match order {
            0 => map(z, |z| z * logistic(z)),
            1 => map(z, |z| {
                let s = logistic(z);
                s + z * s * (1.0 - s)
            }),
            2 => map(z, |z| {
                let s = logistic(z);
                s * (1.0 - s) * (2.0 + z * (1.0 - 2.0 * s))
            }),
            _ => plain::silu::<Self>(z, order),
        }
    }
}

fn map(z: FloatTensor<Flex>, f: impl Fn(f32) -> f32) -> FloatTensor<Flex> {
    // A view into a larger buffer is copied out first, so that only its own elements are touched.
    let whole = z.is_contiguous() && z.storage::<f32>().len() == z.layout().num_elements();
    let mut z = if whole { z } else { z.to_contiguous() };
    for value in z.storage_mut::<f32>() {
        *value = f(*value);
    }
    z
}
