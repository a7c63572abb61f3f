//! What a network is trained on that is told its time t and how far to jump from it, d: points that jump, whose targets the network
//! has a part in itself, and points at d = 0, where it is the velocity.

use super::Ends;
use super::flow_matching::examples;
use crate::fused::Examples;
use crate::path::Schedule;
use burn::tensor::Tensor;

/// A time, and how far back from it.
pub type Jump = [f64; 2];

/// How many points of the batch jump.
pub(super) fn num_jumps(ends: &Ends<'_>, share: f64) -> usize {
    ((share * ends.batch as f64).round() as usize).clamp(1, ends.batch)
}

/// Network passes of a training step: two over the batch, and two more over what jumps, of which the targets are made.
pub(super) fn passes(share: f64) -> usize {
    2 + (2.0 * share).ceil() as usize
}

/// A batch on straight lines between independent ends, whose first points make `jumps`: what `target` makes of them and of their
/// paths' velocities, and of what the network is told there, row-major, is regressed there. The others regress their velocity.
pub(super) fn examples_of_jumps(
    ends: &mut Ends<'_>,
    jumps: &[Jump],
    target: impl FnOnce(Tensor<2>, Tensor<2>, &[f32]) -> Tensor<2>,
) -> Examples {
    let still = ends.draw_strata(ends.batch - jumps.len()).into_iter().map(|t| [t, 0.0]);
    let all: Vec<Jump> = jumps.iter().copied().chain(still).collect();
    let times: Vec<f64> = all.iter().map(|[t, _]| *t).collect();
    let (data, noise) = (ends.draw_labelled(), ends.draw_noise());
    let plain = examples(Schedule::Linear, [&data.points, &noise], &times);
    let mut context = ends.context(&times, &data);
    let columns = context.len() / all.len();
    context.chunks_exact_mut(columns).zip(&all).for_each(|(told, [_, d])| told[1] = *d as f32);
    let first = |values: &[f32]| ends.rows(values[..jumps.len() * plain.dim].to_vec(), plain.dim);
    let learned = target(first(&plain.positions), first(&plain.targets), &context[..jumps.len() * columns]);
    Examples { context, learned: Some(learned), ..plain }
}
