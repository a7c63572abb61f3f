//! Clipping, Adam and the moving average in one pass over the weights, in place.
//!
//! Product by product as Burn's Adam has it, so that the weights are the same bits as by its operations.

use super::lanes::{Lanes, Row, TILE, ZEROS, load, run, splat, store, vectors};
use super::tiles::{values, whole};
use crate::fused::update::{BETAS, EPSILON, Update, UpdateOps};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Simd, WithSimd};

/// What an update changes.
pub struct Trained<'a> {
    pub weights: &'a mut [f32],
    pub average: &'a mut [f32],
    /// The first moments, then the second.
    pub moments: &'a mut [f32],
}

/// The numbers of an update, the same for all weights.
struct Factors<S: Simd> {
    clip: Lanes<S>,
    rate: Lanes<S>,
    /// See [`Update::corrections`].
    of_first: Lanes<S>,
    epsilon: Lanes<S>,
    decay: Lanes<S>,
    fresh: Lanes<S>,
}

impl<S: Simd> Factors<S> {
    #[inline(always)]
    fn new(gradient: &[f32], update: Update) -> Self {
        let [of_first, correction] = update.corrections();
        let norm = squares::<S>(gradient).sqrt();
        let clip = (1.0 / (norm + 1e-12) * update.clip_norm as f32).min(1.0);
        Self {
            clip: splat(clip),
            rate: splat(update.rate as f32),
            of_first: splat(of_first),
            epsilon: splat(EPSILON * correction),
            decay: splat(update.decay as f32),
            fresh: splat((1.0 - update.decay) as f32),
        }
    }

    /// One row of weights, their average, their moments.
    #[inline(always)]
    fn apply(&self, [weights, average, first, second]: [&mut [f32; TILE]; 4], gradient: &[f32; TILE]) {
        for i in 0..vectors::<S>() {
            let g = load::<S>(gradient, i) * self.clip;
            let moment = |moment: &[f32; TILE], new: Lanes<S>, beta: f32| {
                load::<S>(moment, i) * splat(beta) + new * splat(1.0 - beta)
            };
            let (m, v) = (moment(first, g, BETAS[0]), moment(second, g * g, BETAS[1]));
            let w = load::<S>(weights, i) - m * self.of_first / (v.sqrt() + self.epsilon) * self.rate;
            let mean = load::<S>(average, i) * self.decay + w * self.fresh;
            for (row, value) in [(&mut *first, m), (&mut *second, v), (&mut *weights, w), (&mut *average, mean)] {
                store(row, i, value);
            }
        }
    }
}

/// Takes a gradient up.
// Inlined for the instructions of the processor at hand; in wasm, which has but one set of them, once is enough.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn take_up<S: Simd>(trained: Trained<'_>, gradient: &[f32], update: Update) {
    let factors = Factors::<S>::new(gradient, update);
    let Trained { weights, average, moments } = trained;
    let (first, second) = moments.split_at_mut(gradient.len());
    let [weights, average, first, second] = [weights, average, first, second].map(<[f32]>::as_chunks_mut::<TILE>);
    let (gradient, of_rest) = gradient.as_chunks::<TILE>();
    let rows = weights.0.iter_mut().zip(average.0).zip(first.0).zip(second.0).zip(gradient);
    for ((((weights, average), first), second), gradient) in rows {
        factors.apply([weights, average, first, second], gradient);
    }
    // The last ones, fewer than a row.
    let rest = [weights.1, average.1, first.1, second.1];
    let mut whole = rest.each_ref().map(|rest| filled_up(rest));
    let [weights, average, first, second] = &mut whole;
    factors.apply([weights, average, first, second], &filled_up(of_rest));
    for (rest, whole) in rest.into_iter().zip(&whole) {
        rest.copy_from_slice(&whole[..rest.len()]);
    }
}

fn filled_up(rest: &[f32]) -> Row {
    let mut row = ZEROS;
    row[..rest.len()].copy_from_slice(rest);
    row
}

/// Σ x², in as many chains as a row has vectors.
#[inline(always)]
fn squares<S: Simd>(x: &[f32]) -> f32 {
    let (rows, rest) = x.as_chunks::<TILE>();
    let mut sums = ZEROS;
    let mut add = |row: &[f32; TILE]| {
        for i in 0..vectors::<S>() {
            let x: Lanes<S> = load(row, i);
            let sum = load::<S>(&sums, i) + x * x;
            store(&mut sums, i, sum);
        }
    };
    rows.iter().for_each(&mut add);
    add(&filled_up(rest));
    super::lanes::sum::<S>(|i, sum| sum + load(&sums, i))
}

struct TakeUp<'a> {
    trained: Trained<'a>,
    gradient: &'a [f32],
    update: Update,
}

impl WithSimd for TakeUp<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        take_up::<S>(self.trained, self.gradient, self.update);
    }
}

impl UpdateOps for Flex {
    fn update(
        weights: FloatTensor<Self>,
        average: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [mut weights, mut average, mut moments] = [weights, average, moments].map(whole);
        let trained =
            Trained { weights: weights.storage_mut(), average: average.storage_mut(), moments: moments.storage_mut() };
        let gradient = gradient.to_contiguous();
        run(TakeUp { trained, gradient: values(&gradient), update });
        (weights, average, moments)
    }
}
