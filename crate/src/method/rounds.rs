//! Training in several rounds: how many there are, what each trains on, and what is kept of them.

use super::MethodConfig;
use crate::ode::SolverConfig;

/// The rounds of a method: reflows, blocks, a student at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounds {
    /// How often training starts anew from what the round before left; 0 where there is nothing to train.
    pub count: usize,
    /// Whether the field is made of every round's weights, and not of the last one's alone.
    pub kept: bool,
    /// What a round after the first trains on.
    pub preparation: Preparation,
    /// The one solver that the last round's field may be sampled by, where it is trained at that solver's times alone: it
    /// jumps, and has no density.
    pub student: Option<SolverConfig>,
    /// The same method with one more round, where it can have one.
    pub longer: Option<MethodConfig>,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { count: 1, kept: false, preparation: Preparation::None, student: None, longer: None }
    }
}

impl Rounds {
    /// The one solver that a round may be sampled by.
    pub fn only_solver(&self, round: usize) -> Option<SolverConfig> {
        self.student.filter(|_| round + 1 == self.count)
    }
}

/// What a round prepares from the field that the round before left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preparation {
    /// Nothing: it trains on P and Q.
    None,
    /// Pairs of noise and what the field generates of it.
    Generate {
        /// How many.
        pairs: usize,
        /// With which solver.
        solver: SolverConfig,
    },
    /// Data carried through the block just trained.
    Push {
        /// How many points.
        points: usize,
        /// With which solver.
        solver: SolverConfig,
    },
}

impl Preparation {
    /// Network passes of one round's, of batches as large as in training.
    pub fn evaluations(self, batch: usize) -> u64 {
        match self {
            Self::None => 0,
            Self::Generate { pairs: points, solver } | Self::Push { points, solver } => {
                solver.evaluations() as u64 * points.div_ceil(batch) as u64
            }
        }
    }
}
