//! What a run holds at once. Settings that are allowed one by one may be too much together for the 4 GiB of a browser tab,
//! whose engine would end without a word: they are refused before, with what would fit.

use crate::coupling::Coupling;
use crate::error::{FlowError, coordinates};
use crate::experiment::Experiment;
use crate::method::{MethodConfig, Preparation};
use crate::velocity::Layout;

/// The most numbers that one kind of thing may be made of, half a GiB of them: up to four copies are alive at once.
const MOST_NUMBERS: u64 = 1 << 27;

/// Refuses more than fits of what takes `each` numbers.
pub(super) fn check_held(field: &str, count: usize, each: u64, at: &str) -> Result<(), FlowError> {
    let most = MOST_NUMBERS / each.max(1);
    if count as u64 <= most {
        return Ok(());
    }
    Err(FlowError::invalid(field, count, format!("at most {most} {at}, which is what fits in memory")))
}

/// Refuses an experiment whose training does not fit, on data of `dim` coordinates.
pub(super) fn check_training(experiment: &Experiment, layout: &Layout, dim: usize) -> Result<(), FlowError> {
    let method = experiment.method.method();
    let (batch, network) = (experiment.optimizer.batch, experiment.network);
    // Every forward pass is kept until the backward pass.
    let kept = network.kept(dim) * (method.passes_per_step(dim) as u64 / 2);
    let bent = if let MethodConfig::CouplingFlow(config) = experiment.method { config.kept(dim) } else { 0 };
    check_held("optimizer.batch", batch, kept + bent, "for this network and this many evaluations a training step")?;
    // Those before the one in training, and copies to return to.
    let rounds = method.rounds();
    if rounds.kept {
        let each = 2 * layout.num_parameters() as u64;
        check_held("method.blocks", rounds.count, each, "of networks as large as this")?;
    }
    let at = format!("of {}", coordinates(dim));
    // As they are, and as they are carried.
    match rounds.preparation {
        Preparation::None => {}
        Preparation::Generate { pairs, .. } => check_held("method.pairs", pairs, 4 * dim as u64, &at)?,
        Preparation::Push { points, .. } => check_held("method.pool", points, 2 * dim as u64, &at)?,
    }
    match experiment.method {
        MethodConfig::FlowMatching(config) => check_costs(config.coupling, config.coupling_batch.min(batch)),
        MethodConfig::StochasticInterpolant(config) => check_costs(config.coupling, config.coupling_batch.min(batch)),
        _ => Ok(()),
    }
}

/// Every point's cost to every other is in a matrix, and in its transpose.
const MOST_COUPLED: usize = 8192;

fn check_costs(coupling: Coupling, block: usize) -> Result<(), FlowError> {
    if coupling == Coupling::Independent || block <= MOST_COUPLED {
        return Ok(());
    }
    let allowed = format!("1 to {MOST_COUPLED} for a coupling, whose matrix of costs fits in memory");
    Err(FlowError::invalid("method.couplingBatch", block, allowed))
}

/// Refuses to record more than fits of `states` states of `n` points.
pub(super) fn check_states(n: usize, dim: usize, states: usize) -> Result<(), FlowError> {
    let at = format!("of {} at every one of up to {states} times", coordinates(dim));
    check_held("points", n, (dim * states) as u64, &at)
}
