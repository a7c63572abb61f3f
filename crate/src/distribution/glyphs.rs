//! Procedurally drawn 8×8 glyphs: pictures small enough to train on in a browser, with an exact density.

use super::mixture::log_sum_exp;
use super::{Class, Density, Distribution, Labelled, Sampler};
use crate::rng::{Rng, Stream};
use std::f64::consts::{E, PI, TAU};
use std::rc::Rc;

/// Pixels a side.
const SIDE: usize = 8;
const DIM: usize = SIDE * SIDE;
/// Different glyphs, and the kinds that they are in turn.
const GLYPHS: usize = 96;
const KINDS: [&str; 3] = ["strokes", "rings", "bars"];
/// Standard deviation of each pixel's noise.
const DEVIATION: f64 = 0.1;
/// The least distance between two glyphs, in units of the noise: far enough that a picture tells its glyph.
const SEPARATION: f64 = 15.0;
/// The same glyphs in every run; a run's own seed decides which are drawn.
const SEED: u64 = 1;

/// One of 96 glyphs, equally likely, in pixels from -1 (paper) to 1 (ink), row by row from the top left, plus
/// N(0, 0.1² I): a mixture of Gaussians in 64 dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyphs {
    clean: Vec<[f64; DIM]>,
}

impl Default for Glyphs {
    fn default() -> Self {
        let mut rng = Rng::new(SEED, Stream::Data);
        let mut clean: Vec<[f64; DIM]> = Vec::with_capacity(GLYPHS);
        while clean.len() < GLYPHS {
            let glyph = match clean.len() % KINDS.len() {
                0 => stroke(&mut rng),
                1 => ring(&mut rng),
                _ => bars(&mut rng),
            };
            let distance = SEPARATION * DEVIATION;
            if clean.iter().all(|other| square_distance(&glyph, other) >= distance * distance) {
                clean.push(glyph);
            }
        }
        Self { clean }
    }
}

/// A picture whose ink at (x, y) ends at distance 0 from the shape, over the width of a pixel.
fn draw(outside: impl Fn(f64, f64) -> f64) -> [f64; DIM] {
    std::array::from_fn(|pixel| {
        let (x, y) = ((pixel % SIDE) as f64 + 0.5, (pixel / SIDE) as f64 + 0.5);
        1.0 - 2.0 * (outside(x, y) + 0.5).clamp(0.0, 1.0)
    })
}

/// A line between two points, 1.5 pixels wide.
fn stroke(rng: &mut Rng) -> [f64; DIM] {
    let [ax, ay, bx, by] = std::array::from_fn(|_| 1.0 + 6.0 * rng.uniform());
    let square = ((bx - ax) * (bx - ax) + (by - ay) * (by - ay)).max(1e-9);
    draw(|x, y| {
        let along = (((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square).clamp(0.0, 1.0);
        libm::hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) - 0.75
    })
}

/// A circle around the middle, 1.2 pixels wide.
fn ring(rng: &mut Rng) -> [f64; DIM] {
    let [cx, cy] = std::array::from_fn(|_| 3.0 + 2.0 * rng.uniform());
    let radius = 1.2 + 2.0 * rng.uniform();
    draw(|x, y| (libm::hypot(x - cx, y - cy) - radius).abs() - 0.6)
}

/// Parallel bars in any direction, half ink, half paper.
fn bars(rng: &mut Rng) -> [f64; DIM] {
    let (sin, cos) = libm::sincos(PI * rng.uniform());
    let (period, shift) = (3.0 + 3.0 * rng.uniform(), rng.uniform());
    draw(|x, y| {
        let phase = (x * cos + y * sin) / period + shift;
        period * ((phase - phase.floor() - 0.5).abs() - 0.25)
    })
}

fn square_distance(a: &[f64], b: &[f64; DIM]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

impl Glyphs {
    /// The glyphs without noise, 64 pixels each.
    pub fn clean(&self) -> &[[f64; DIM]] {
        &self.clean
    }

    fn log_terms(&self, x: &[f64]) -> impl Iterator<Item = f64> {
        self.clean.iter().map(move |glyph| -square_distance(x, glyph) / (2.0 * DEVIATION * DEVIATION))
    }
}

/// Its classes are the kinds of glyph.
impl From<Glyphs> for Distribution {
    fn from(glyphs: Glyphs) -> Self {
        let of_kind = |kind| Glyphs { clean: glyphs.clean.iter().skip(kind).step_by(KINDS.len()).copied().collect() };
        let classes = Class::equally(KINDS.iter().enumerate().map(|(kind, &name)| (name, of_kind(kind))));
        Self { classes, ..Self::new(Rc::new(glyphs)) }
    }
}

impl Sampler for Glyphs {
    fn dim(&self) -> usize {
        DIM
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        Labelled::draw(len, || {
            let glyph = rng.below(self.clean.len());
            (self.clean[glyph].map(|pixel| pixel + DEVIATION * rng.normal()), glyph % KINDS.len())
        })
    }
}

impl Density for Glyphs {
    fn log_density(&self, x: &[f64]) -> f64 {
        let of_noise = 0.5 * DIM as f64 * libm::log(TAU * DEVIATION * DEVIATION);
        log_sum_exp(self.log_terms(x)) - (libm::log(self.clean.len() as f64) + of_noise)
    }

    fn score(&self, x: &[f64]) -> Option<Vec<f64>> {
        let total = log_sum_exp(self.log_terms(x));
        let mut score = vec![0.0; DIM];
        for (term, glyph) in self.log_terms(x).zip(&self.clean) {
            let weight = libm::exp(term - total) / (DEVIATION * DEVIATION);
            score.iter_mut().zip(x.iter().zip(glyph)).for_each(|(s, (x, pixel))| *s += weight * (pixel - x));
        }
        Some(score)
    }

    /// ln 96 and the noise's entropy: the glyphs' overlap takes less than 1e-9 nats (see the test).
    fn entropy(&self) -> Option<f64> {
        Some(libm::log(self.clean.len() as f64) + 0.5 * DIM as f64 * libm::log(TAU * E * DEVIATION * DEVIATION))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_changes_the_entropy_by_less_than_a_billionth() {
        let glyphs = Glyphs::default();
        // Σ_{i≠j} √(w_i w_j) ∫√(p_i p_j), as for the separated Gaussians.
        let overlap = |a: &[f64; DIM], b: &[f64; DIM]| (-square_distance(a, b) / (8.0 * DEVIATION * DEVIATION)).exp();
        let pairs =
            glyphs.clean().iter().enumerate().flat_map(|(i, a)| glyphs.clean()[..i].iter().map(move |b| (a, b)));
        let bound = 2.0 * pairs.map(|(a, b)| overlap(a, b)).sum::<f64>() / GLYPHS as f64;
        assert!(bound < 1e-9, "{bound}");
    }

    #[test]
    fn glyphs_have_ink_and_paper_and_stay_in_range() {
        for glyph in Glyphs::default().clean() {
            assert!(glyph.iter().all(|pixel| (-1.0..=1.0).contains(pixel)));
            assert!(glyph.iter().any(|&pixel| pixel > 0.25) && glyph.iter().any(|&pixel| pixel < -0.25));
        }
    }
}
