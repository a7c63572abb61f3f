//! The convolutional network of pictures: a workgroup takes a picture through all layers, and back, in one dispatch; another
//! dispatch makes the weights' gradients of what all of them left.

mod layer;
mod parts;
mod pass;
mod program;
mod weights;

use super::adam::updated;
use super::regression::targets;
use super::{GRID_WIDTH, buffer, grid, uploaded};
use crate::fused::UNetShape;
use crate::fused::autodiff::{Inputs, ModelGradients};
use crate::fused::regression::{Examples, RegressionStep};
use crate::fused::unet::{UNetOps, UNetProducts};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;
use layer::UNITS;
use pass::unet_pass;
use program::{Pass, Program};
use std::ops::Range;
use weights::{WORKERS, contract, fill_up, reduce};

type Floats = FloatTensor<CubeBackend>;

/// Fours of the tapes of a dispatch: 64 MiB.
const MOST_TAPED: usize = (64 << 20) / 16;

/// Operations of a dispatch: some hundredths of a second of a device that is worth asking. A longer one would hold up the page's
/// own drawing, and many short ones the training.
const MOST_OPERATIONS: u64 = 1 << 32;

/// Numbers of the partial sums of all weights' gradients: 16 MiB.
const MOST_PARTIAL: usize = (16 << 20) / 4;

/// What a table of numbers has exactly.
const MOST_COUNTED: usize = 1 << 24;

/// Whether there are kernels for such a network.
pub fn fits(shape: &UNetShape) -> bool {
    let program = Program::new(*shape, Pass::OfExamples);
    program.tape <= MOST_TAPED && program.parts.len.max(program.parts.num_parameters) < MOST_COUNTED
}

/// What a pass reads beside the weights.
struct Asked {
    pictures: Floats,
    context: Floats,
    wanted: Floats,
    factor: f32,
}

/// A network with its weights in whole fours.
struct Filled {
    program: Program,
    table: Floats,
    weights: Floats,
    batch: usize,
    dim: usize,
}

impl Filled {
    fn new(program: Program, packed: &Floats, [batch, dim]: [usize; 2]) -> Self {
        let weights = buffer(packed, [4 * program.parts.len]);
        let (matrices, fours) = program.parts.table();
        let count = matrices.len() / parts::OF_MATRIX;
        // SAFETY: every index of the kernel lies within the buffers made here for it; WebGPU checks them again.
        #[allow(unsafe_code)]
        unsafe {
            fill_up::launch_unchecked(
                &packed.client,
                grid(fours.div_ceil(WORKERS)),
                CubeDim::new_1d(WORKERS as u32),
                uploaded(packed, matrices).into_buffer_arg(),
                packed.clone().into_buffer_arg(),
                weights.clone().into_buffer_arg(),
                count as u32,
                fours as u32,
            );
        }
        let table = uploaded(packed, program.table());
        Self { program, table, weights, batch, dim }
    }

    /// Pictures of a dispatch.
    fn at_once(&self) -> usize {
        let by_memory = MOST_TAPED / self.program.tape;
        let by_time = MOST_OPERATIONS / self.program.operations();
        // No more than a row of the grid, which has no surplus workgroups: those would write beyond the tapes.
        by_memory.min(by_time as usize).clamp(1, GRID_WIDTH).min(self.batch)
    }

    /// Room for the tapes of a dispatch.
    fn tapes(&self) -> Floats {
        buffer(&self.weights, [4 * self.at_once() * self.program.tape])
    }

    fn pass(&self, asked: &Asked, tapes: &Floats, leaving: &Floats, pictures: Range<usize>) {
        let is_shared = self.batch > 1 && asked.context.meta.shape()[0] == 1;
        let columns = asked.context.meta.shape()[1];
        // SAFETY: as above.
        #[allow(unsafe_code)]
        unsafe {
            unet_pass::launch_unchecked(
                &self.weights.client,
                grid(pictures.len()),
                CubeDim::new_1d(UNITS as u32),
                self.table.clone().into_buffer_arg(),
                self.weights.clone().into_buffer_arg(),
                asked.pictures.clone().into_buffer_arg(),
                asked.context.clone().into_buffer_arg(),
                asked.wanted.clone().into_buffer_arg(),
                tapes.clone().into_buffer_arg(),
                leaving.clone().into_buffer_arg(),
                pictures.start as u32,
                if is_shared { 0 } else { columns as u32 },
                self.program.num_layers() as u32,
                asked.factor,
                self.program.pass,
            );
        }
    }

    /// What the pass leaves of all pictures: their outputs, or their gradients.
    fn left(&self, asked: &Asked) -> Floats {
        let (tapes, leaving) = (self.tapes(), buffer(&self.weights, [self.batch, self.dim]));
        let at_once = self.at_once();
        for first in (0..self.batch).step_by(at_once) {
            self.pass(asked, &tapes, &leaving, first..self.batch.min(first + at_once));
        }
        leaving
    }

    /// The gradient of the packed weights, behind which are parts of its square; what the pass leaves goes to `leaving`, and the
    /// loss of examples into `losses` at an index.
    fn gradient(&self, asked: &Asked, leaving: &Floats, (losses, at): (Floats, usize)) -> Floats {
        let client = &self.weights.client;
        let (table, blocks) = self.program.contractions();
        let contractions = table.len() / program::OF_CONTRACTION;
        let table = uploaded(&self.weights, table);
        let (tapes, at_once) = (self.tapes(), self.at_once());
        let dispatches = self.batch.div_ceil(at_once);
        let parameters = self.program.parts.num_parameters;
        let slices = (MOST_PARTIAL / (parameters * dispatches)).clamp(1, at_once);
        let partial = buffer(&self.weights, [dispatches * slices * parameters]);
        for number in 0..dispatches {
            let pictures = number * at_once..self.batch.min((number + 1) * at_once);
            let here = pictures.len();
            self.pass(asked, &tapes, leaving, pictures);
            // SAFETY: as above.
            #[allow(unsafe_code)]
            unsafe {
                contract::launch_unchecked(
                    client,
                    grid(blocks.div_ceil(WORKERS) * slices),
                    CubeDim::new_1d(WORKERS as u32),
                    table.clone().into_buffer_arg(),
                    tapes.clone().into_buffer_arg(),
                    partial.clone().into_buffer_arg(),
                    contractions as u32,
                    blocks as u32,
                    here as u32,
                    self.program.tape as u32,
                    slices as u32,
                    (number * slices) as u32,
                    parameters as u32,
                );
            }
        }
        let workgroups = parameters.div_ceil(WORKERS);
        let gradient = buffer(&self.weights, [parameters + workgroups]);
        // SAFETY: as above.
        #[allow(unsafe_code)]
        unsafe {
            reduce::launch_unchecked(
                client,
                grid(workgroups),
                CubeDim::new_1d(WORKERS as u32),
                partial.into_buffer_arg(),
                leaving.clone().into_buffer_arg(),
                gradient.clone().into_buffer_arg(),
                losses.into_buffer_arg(),
                parameters as u32,
                (dispatches * slices) as u32,
                if self.program.pass == Pass::OfExamples { self.batch as u32 } else { 0 },
                at as u32,
            );
        }
        gradient
    }
}

/// A pass over pictures on the device.
fn asked(inputs: Inputs<CubeBackend, UNetShape>, wanted: Option<Floats>, pass: Pass) -> (Filled, Asked) {
    let Inputs { x, context, weights, shape } = inputs;
    let [pictures, context, weights] = [x, context, weights].map(into_contiguous);
    let size = [pictures.meta.shape()[0], shape.dim()];
    let filled = Filled::new(Program::new(shape, pass), &weights, size);
    let wanted = wanted.map_or_else(|| buffer(&weights, [1]), into_contiguous);
    (filled, Asked { pictures, context, wanted, factor: 0.0 })
}

impl UNetOps for CubeBackend {
    fn unet(x: Floats, context: Floats, weights: Floats, shape: UNetShape) -> Floats {
        Self::evaluated(Inputs { x, context, weights, shape })
    }
}

impl UNetProducts for CubeBackend {
    fn unet_products(x: Floats, context: Floats, weights: Floats, probes: Floats, shape: UNetShape) -> Floats {
        let inputs = Inputs { x, context, weights, shape };
        let mut all = vec![Self::evaluated(inputs.clone())];
        let (filled, mut asked) = asked(inputs, None, Pass::OfGiven);
        for first in (0..probes.meta.shape()[0]).step_by(filled.batch) {
            let rows = first..first + filled.batch;
            asked.wanted = into_contiguous(Self::float_slice(probes.clone(), &[rows.into()]));
            all.push(filled.left(&asked));
        }
        Self::float_cat(all, 0)
    }
}

impl ModelGradients<UNetShape> for CubeBackend {
    /// The way back makes the way forth once more: its tapes are larger than all else.
    type Kept = ();

    fn evaluated(inputs: Inputs<Self, UNetShape>) -> Floats {
        let (filled, asked) = asked(inputs, None, Pass::Output);
        filled.left(&asked)
    }

    fn keeping(inputs: &Inputs<Self, UNetShape>) -> (Floats, ()) {
        (Self::evaluated(inputs.clone()), ())
    }

    fn backward(inputs: Inputs<Self, UNetShape>, _kept: (), gradient: Floats) -> (Floats, Floats) {
        let (filled, asked) = asked(inputs, Some(gradient), Pass::OfGiven);
        let of_x = buffer(&filled.weights, [filled.batch, filled.dim]);
        let nowhere = (buffer(&filled.weights, [1]), 0);
        let of_weights = filled.gradient(&asked, &of_x, nowhere);
        let range = 0..filled.program.parts.num_parameters;
        (of_x, Self::float_slice(of_weights, &[range.into()]))
    }
}

/// The weights, their average and Adam's moments after a regression's step, and the losses with its own.
pub fn regress(
    [weights, average, moments]: [Floats; 3],
    losses: Floats,
    learned: Floats,
    shape: UNetShape,
    step: &RegressionStep,
) -> (Floats, Floats, Floats, Floats) {
    let Examples { positions, context, scale, .. } = &step.examples;
    let size = [step.examples.batch(), shape.dim()];
    let [weights, average, moments] = [weights, average, moments].map(into_contiguous);
    let filled = Filled::new(Program::new(shape, Pass::OfExamples), &weights, size);
    let rows = |values: &Vec<f32>| uploaded(&weights, values.clone());
    let context = CubeBackend::float_reshape(rows(context), [size[0], shape.context].into());
    let factor = 2.0 * scale / size[0] as f32;
    let asked =
        Asked { pictures: rows(positions), context, wanted: targets(&weights, &step.examples, learned), factor };
    let leaving = buffer(&weights, [size[0]]);
    let gradient = filled.gradient(&asked, &leaving, (losses.clone(), step.at));
    let [weights, average, moments] = updated(gradient, [weights, average, moments], &step.update);
    (weights, average, moments, losses)
}
