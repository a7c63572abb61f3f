//! What a network is trained on that is told its time t and how far to jump from it, d: points that jump, whose targets the network
//! has a part in itself, and points at d = 0, where it is the velocity.

use super::Ends;
use super::flow_matching::examples;
use crate::fused::Examples;
use crate::path::Schedule;
use burn::tensor::{Device, Tensor, TensorData};

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
/// paths' velocities is regressed there. The others regress their velocity.
pub(super) fn examples_of_jumps(
    ends: &mut Ends<'_>,
    jumps: &[Jump],
    target: impl FnOnce(Tensor<2>, Tensor<2>) -> Tensor<2>,
) -> Examples {
    let still = ends.draw_strata(ends.batch - jumps.len()).into_iter().map(|t| [t, 0.0]);
    let all: Vec<Jump> = jumps.iter().copied().chain(still).collect();
    let times: Vec<f64> = all.iter().map(|[t, _]| *t).collect();
    let (data, noise) = (ends.draw_data(), ends.draw_noise());
    let plain = examples(Schedule::Linear, [&data, &noise], &times);
    let first = |values: &[f32]| ends.rows(values[..jumps.len() * plain.dim].to_vec(), plain.dim);
    let learned = target(first(&plain.positions), first(&plain.targets));
    Examples { context: numbers(&all), learned: Some(learned), ..plain }
}

/// The context of jumps `[_, 2]`.
pub(super) fn context_of(jumps: &[Jump], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(numbers(jumps), [jumps.len(), 2]), device)
}

fn numbers(jumps: &[Jump]) -> Vec<f32> {
    jumps.iter().flatten().map(|&number| number as f32).collect()
}
