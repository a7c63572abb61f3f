//! A training step in three dispatches: both passes, the gradients, the update.

use super::adam::updated;
use super::regression_kernel::regress_tiles;
use super::tape::{CONTRACTORS, Tape, contract};
use super::tile::{Tile, UNITS, WORKGROUP_MEMORY};
use super::{buffer, grid, memory_of, unet, uploaded};
use crate::fused::NetworkShape;
use crate::fused::regression::{Examples, RegressionOps, RegressionShape, RegressionStep};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Slice;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;
use std::sync::Arc;

fn tile_of(shape: NetworkShape, memory: usize) -> Option<Tile> {
    Tile::of(shape, 2 * shape.dim + shape.context.max(1), memory)
}

/// Whether there are kernels for such a network.
pub fn has_regression(shape: NetworkShape) -> bool {
    !shape.traced && tile_of(shape, WORKGROUP_MEMORY).is_some()
}

/// Rows of x, the context as far as the network sees it, and the target, each filled up with zeros to `len` points.
fn rows(examples: &Examples, seen: usize, len: usize) -> Vec<f32> {
    let Examples { dim, positions, context, targets, .. } = examples;
    let mut rows = vec![0.0; (2 * dim + seen) * len];
    let mut fill = |first: usize, values: &[f32], [columns, wanted]: [usize; 2]| {
        for (point, values) in values.chunks_exact(columns).enumerate() {
            for (column, value) in values[..wanted].iter().enumerate() {
                rows[(first + column) * len + point] = *value;
            }
        }
    };
    fill(0, positions, [*dim, *dim]);
    fill(*dim, context, [examples.columns(), seen]);
    fill(dim + seen, targets, [*dim, *dim]);
    rows
}

impl RegressionOps for CubeBackend {
    #[allow(clippy::too_many_arguments, reason = "as in the trait")]
    fn regress(
        weights: FloatTensor<Self>,
        average: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        losses: FloatTensor<Self>,
        learned: FloatTensor<Self>,
        step: Arc<RegressionStep>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let RegressionStep { shape, examples, update, at } = step.as_ref();
        let shape = match shape {
            RegressionShape::Perceptron(shape) => shape,
            RegressionShape::UNet(shape) => {
                return unet::regress([weights, average, moments], losses, learned, *shape, &step);
            }
        };
        let tile = tile_of(*shape, memory_of(&weights)).expect("asked for before");
        let tape = Tape::of(&tile);
        let weights = into_contiguous(weights);
        let batch = examples.batch();
        let tiles = batch.div_ceil(tile.points());
        let points = tiles * tile.points();
        let empty = |len: usize| buffer(&weights, [len]);
        let inputs = uploaded(&weights, rows(examples, shape.context, points));
        let inputs = with_learned(inputs, learned, [shape.dim, shape.inputs(), points]);
        let (taped, parts) = (empty(tape.rows() * points), empty(tiles));
        let gradient = empty(tape.num_parameters() + tape.workgroups());
        // SAFETY: every index of the kernels lies within the buffers made here for it; WebGPU checks them again.
        #[allow(unsafe_code)]
        unsafe {
            regress_tiles::launch_unchecked(
                &weights.client,
                grid(tiles),
                CubeDim::new_1d(UNITS as u32),
                inputs.into_buffer_arg(),
                weights.clone().into_buffer_arg(),
                taped.clone().into_buffer_arg(),
                parts.clone().into_buffer_arg(),
                batch as u32,
                2.0 * examples.scale / batch as f32,
                tile,
            );
            contract::launch_unchecked(
                &weights.client,
                grid(tape.workgroups()),
                CubeDim::new_1d(CONTRACTORS as u32),
                taped.into_buffer_arg(),
                parts.into_buffer_arg(),
                gradient.clone().into_buffer_arg(),
                losses.clone().into_buffer_arg(),
                points as u32,
                tiles as u32,
                *at as u32,
                tape,
                false,
            );
        }
        let parts = [weights, into_contiguous(average), into_contiguous(moments)];
        let [weights, average, moments] = updated(gradient, parts, update);
        (weights, average, moments, losses)
    }
}

/// The inputs with what a network itself said in the place of the first targets.
fn with_learned(
    inputs: FloatTensor<CubeBackend>,
    learned: FloatTensor<CubeBackend>,
    [dim, seen, points]: [usize; 3],
) -> FloatTensor<CubeBackend> {
    let shape = learned.meta.shape().clone();
    if shape.num_dims() < 2 {
        return inputs;
    }
    let inputs = CubeBackend::float_reshape(inputs, [seen + dim, points].into());
    let learned = CubeBackend::float_swap_dims(learned, 0, 1);
    let place = [seen..seen + dim, 0..shape[0]].map(Slice::from);
    into_contiguous(CubeBackend::float_slice_assign(inputs, &place, learned))
}

/// Targets `[batch, dim]`, the first of which a network itself may have said.
pub fn targets(
    like: &FloatTensor<CubeBackend>,
    examples: &Examples,
    learned: FloatTensor<CubeBackend>,
) -> FloatTensor<CubeBackend> {
    let shape = learned.meta.shape().clone();
    let targets = uploaded(like, examples.targets.clone());
    if shape.num_dims() < 2 {
        return targets;
    }
    let rows = CubeBackend::float_reshape(targets, [examples.batch(), examples.dim].into());
    let place = [0..shape[0], 0..shape[1]].map(Slice::from);
    into_contiguous(CubeBackend::float_slice_assign(rows, &place, learned))
}
