//! Smooth functions and their derivatives in one pass each, in place where the buffer is not shared.

use super::exp::{log_cosh, logistic, tanh};
use crate::fused::{Elementwise, FusedOps, plain};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;

impl FusedOps for Flex {
    fn elementwise(z: FloatTensor<Self>, function: Elementwise, order: usize) -> FloatTensor<Self> {
        if z.dtype() != DType::F32 {
            return plain::elementwise::<Self>(z, function, order);
        }
        match (function, order) {
            (Elementwise::Silu, 0) => map(z, |z| z * logistic(z)),
            (Elementwise::Silu, 1) => map(z, |z| {
                let s = logistic(z);
                s + z * s * (1.0 - s)
            }),
            (Elementwise::Silu, 2) => map(z, |z| {
                let s = logistic(z);
                s * (1.0 - s) * (2.0 + z * (1.0 - 2.0 * s))
            }),
            (Elementwise::LogCosh, 0) => map(z, log_cosh),
            (Elementwise::LogCosh, 1) => map(z, tanh),
            (Elementwise::LogCosh, 2) => map(z, |z| {
                let h = tanh(z);
                1.0 - h * h
            }),
            (Elementwise::LogCosh, 3) => map(z, |z| {
                let h = tanh(z);
                -2.0 * h * (1.0 - h * h)
            }),
            _ => plain::elementwise::<Self>(z, function, order),
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
