//! Vectors of the processor's own width, and tiles of points that fill them.
//!
//! A batch is worked on in tiles of [`TILE`] points that lie side by side: a matrix `[n, TILE]` holds one coordinate or neuron
//! of every point in a row, so that each operation is on whole vectors and nothing is left over.

use macerator::{Arch, Scalar, Simd, Vector, WithSimd, vload_unaligned, vstore_unaligned};
use std::ops::{Deref, DerefMut};

/// As many numbers as a register of the processor `S` holds: 4 in wasm, 8 with AVX2, 16 with AVX-512.
pub type Lanes<S> = Vector<S, f32>;

/// Points of a tile. At width 64 a layer's activations fill a quarter of a first-level cache.
pub const TILE: usize = 32;

/// Numbers that start where a cache line does: a vector that lies in two lines is read twice.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Aligned<T>(pub T);

impl<T> Deref for Aligned<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aligned<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// One coordinate or neuron of every point of a tile.
pub type Row = Aligned<[f32; TILE]>;

/// A row of zeros.
pub const ZEROS: Row = Aligned([0.0; TILE]);

/// Does `work` with the best instructions that there are: in wasm those it is compiled with, which may be none for vectors,
/// elsewhere what the processor has.
#[inline]
pub fn run<W: WithSimd>(work: W) -> W::Output {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    let arch = Arch::Simd128Fallback;
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    let arch = Arch::detect();
    #[allow(unsafe_code)]
    // SAFETY: either detected, or what all of the module is compiled with.
    unsafe {
        arch.dispatch(work)
    }
}

/// Vectors in a row.
#[inline(always)]
pub fn vectors<S: Simd>() -> usize {
    TILE / f32::lanes::<S>()
}

/// The `i`th vector of a row.
#[inline(always)]
pub fn load<S: Simd>(row: &[f32; TILE], i: usize) -> Lanes<S> {
    // Where callers count to `vectors`, which is known to the compiler, nothing of the check is left.
    let run = &row[i * f32::lanes::<S>()..][..f32::lanes::<S>()];
    #[allow(unsafe_code)]
    // SAFETY: the run is as long as a vector.
    unsafe {
        vload_unaligned(run.as_ptr())
    }
}

/// Sets the `i`th vector of a row.
#[inline(always)]
pub fn store<S: Simd>(row: &mut [f32; TILE], i: usize, value: Lanes<S>) {
    let run = &mut row[i * f32::lanes::<S>()..][..f32::lanes::<S>()];
    #[allow(unsafe_code)]
    // SAFETY: as above.
    unsafe {
        vstore_unaligned(run.as_mut_ptr(), value);
    }
}

/// The same number in every lane.
#[inline(always)]
pub fn splat<S: Simd>(value: f32) -> Lanes<S> {
    value.splat()
}

/// Σ over the tile's points of the terms that `term` gives for each vector.
#[inline(always)]
pub fn sum<S: Simd>(mut term: impl FnMut(usize, Lanes<S>) -> Lanes<S>) -> f32 {
    (0..vectors::<S>()).fold(splat::<S>(0.0), |sum, i| term(i, sum)).reduce_add()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Beyond {
        stores: bool,
    }

    impl WithSimd for Beyond {
        type Output = f32;

        fn with_simd<S: Simd>(self) -> f32 {
            let mut row = ZEROS;
            let beyond = std::hint::black_box(vectors::<S>());
            if self.stores {
                store::<S>(&mut row, beyond, splat(1.0));
            }
            load::<S>(&row, beyond).reduce_add()
        }
    }

    #[test]
    fn no_vector_lies_beyond_its_row() {
        for stores in [false, true] {
            assert!(std::panic::catch_unwind(|| run(Beyond { stores })).is_err());
        }
    }
}
