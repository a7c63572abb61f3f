//! Smooth functions and their derivatives in one pass each, in place where the buffer is not shared.

use super::lanes::{Lanes, TILE, ZEROS, load, run, store, vectors};
use super::smooth::{Silu, Smooth, Tanh, log_cosh};
use super::tiles::whole;
use crate::fused::{Elementwise, FusedOps, plain};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use macerator::{Simd, WithSimd};

impl FusedOps for Flex {
    fn elementwise(z: FloatTensor<Self>, function: Elementwise, order: usize) -> FloatTensor<Self> {
        let known = !cfg!(feature = "plain")
            && matches!((function, order), (Elementwise::Silu, 0..=2) | (Elementwise::LogCosh, 0..=3));
        if z.dtype() != DType::F32 || !known {
            return plain::elementwise::<Self>(z, function, order);
        }
        // Of a view into a larger buffer only its own elements are touched.
        let mut z = whole(z);
        run(Map { values: z.storage_mut::<f32>(), function, order });
        z
    }
}

struct Map<'a> {
    values: &'a mut [f32],
    function: Elementwise,
    order: usize,
}

impl WithSimd for Map<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        // Matched outside of the loop, so that it is of one piece.
        match (self.function, self.order) {
            (Elementwise::Silu, 0) => each::<S>(self.values, |z| Silu::at(z).value()),
            (Elementwise::Silu, 1) => each::<S>(self.values, |z| Silu::at(z).slope()),
            (Elementwise::Silu, _) => each::<S>(self.values, |z| Silu::at(z).curve()),
            (Elementwise::LogCosh, 0) => each::<S>(self.values, log_cosh::<S>),
            (Elementwise::LogCosh, 1) => each::<S>(self.values, |z| Tanh::at(z).value()),
            (Elementwise::LogCosh, 2) => each::<S>(self.values, |z| Tanh::at(z).slope()),
            (Elementwise::LogCosh, _) => each::<S>(self.values, |z| Tanh::at(z).curve()),
        }
    }
}

#[inline(always)]
fn each<S: Simd>(values: &mut [f32], f: impl Fn(Lanes<S>) -> Lanes<S>) {
    let apply = |row: &mut [f32; TILE]| (0..vectors::<S>()).for_each(|i| store(row, i, f(load(row, i))));
    let (rows, rest) = values.as_chunks_mut::<TILE>();
    rows.iter_mut().for_each(apply);
    let mut last = ZEROS;
    last[..rest.len()].copy_from_slice(rest);
    apply(&mut last);
    rest.copy_from_slice(&last[..rest.len()]);
}
