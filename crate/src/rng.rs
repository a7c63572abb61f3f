//! The only source of randomness: named streams of one seed.
//!
//! Every stream is an independent ChaCha8 sequence of the same seed, so that drawing more noise never changes the
//! data, and the same seed gives the same numbers on every platform: the generator is counter-based and the
//! transforms use `libm`, never the platform's own mathematics.

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// What a stream of random numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Stream {
    /// Points drawn from P in training.
    Data,
    /// Points drawn from Q in training.
    Noise,
    /// Times in [0, 1] in training.
    Times,
    /// The network's initial weights.
    Weights,
    /// Held-out points a metric is measured on.
    Heldout,
    /// Noise that samples and trajectories start from.
    Samples,
    /// Pairs drawn from a coupling in training.
    Coupling,
    /// Permutations that a metric is compared with.
    Permutations,
    /// Random vectors that a divergence is estimated with.
    Probes,
    /// The noise of stochastic samplers.
    Diffusion,
    /// Of which training points the condition is hidden.
    Condition,
    /// The Markov chain that finds data points.
    Chain,
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// The stream of `seed` for one purpose.
    pub fn new(seed: u64, stream: Stream) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream as u64);
        Self(generator)
    }

    /// `n` different numbers below `len`, all of them in a random order where there are no more.
    pub fn choose(&mut self, len: usize, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..len).collect();
        let n = n.min(len);
        for i in 0..n {
            order.swap(i, i + self.below(len - i));
        }
        order.truncate(n);
        order
    }

    /// How far the stream has come: whoever is moved to it draws the same numbers from there.
    pub fn position(&self) -> u128 {
        self.0.get_word_pos()
    }

    /// Goes on from a [`position`](Self::position).
    pub fn move_to(&mut self, position: u128) {
        self.0.set_word_pos(position);
    }

    /// Uniform on [0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        self.0.sample(StandardNormal)
    }

    /// Uniform on 0, 1, .., `bound` - 1.
    pub fn below(&mut self, bound: usize) -> usize {
        // u32, because usize differs between the browser and native builds and would give other numbers.
        self.0.random_range(0..bound as u32) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, stream| {
            let mut rng = Rng::new(seed, stream);
            [rng.uniform(), rng.normal(), rng.below(1000) as f64]
        };
        assert_eq!(draw(7, Stream::Data), draw(7, Stream::Data));
        assert_ne!(draw(7, Stream::Data), draw(8, Stream::Data));
        assert_ne!(draw(7, Stream::Data), draw(7, Stream::Noise));
    }

    #[test]
    fn a_stream_goes_on_from_where_another_stood() {
        let mut first = Rng::new(7, Stream::Noise);
        for _ in 0..5 {
            let _ = (first.normal(), first.uniform(), first.below(3));
        }
        let mut second = Rng::new(7, Stream::Noise);
        second.move_to(first.position());
        let draw = |rng: &mut Rng| [rng.normal(), rng.uniform(), rng.below(1000) as f64];
        assert_eq!(draw(&mut first), draw(&mut second));
    }

    #[test]
    fn normals_have_unit_moments() {
        let mut rng = Rng::new(1, Stream::Noise);
        let draws: Vec<f64> = (0..100_000).map(|_| rng.normal()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let square = draws.iter().map(|x| x * x).sum::<f64>() / draws.len() as f64;
        assert!(mean.abs() < 0.015 && (square - 1.0).abs() < 0.02);
    }
}
