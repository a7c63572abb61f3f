//! A training step of a regression: a tile goes forward and back while all of it is in the nearest cache, and the gradient is
//! taken up at once. There is no graph, and what is worked in is allocated for the first step.

use super::lanes::{Row, TILE, ZEROS, run};
use super::network::{Batch, Gradients, Keep, Layers, LayersBack, Tile, Work, forward};
use super::tiles::{num_tiles, read_tile, values, whole, write_tile};
use super::update::{Trained, take_up};
use crate::fused::regression::{Examples, RegressionOps, RegressionShape, RegressionStep};
use crate::fused::{NetworkShape, Update};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn_flex::simd::kernels::sum_f32;
use macerator::{Simd, WithSimd};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

/// What steps of a network work in.
struct Bench {
    layers: Layers,
    back: LayersBack,
    work: Work,
    tape: Vec<Row>,
    input: Vec<Row>,
    /// The output, then what it misses the targets by, then the loss's gradient by it.
    output: Vec<Row>,
    target: Vec<Row>,
    sums: Gradients,
    gradient: Vec<f32>,
    /// What each coordinate of each point adds to the loss.
    squares: Vec<f32>,
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

impl Bench {
    fn new(shape: NetworkShape) -> Self {
        let layers = Layers::new(shape);
        let work = Work::new(&layers, Keep::Everything);
        Self {
            back: LayersBack::new(shape),
            tape: vec![ZEROS; work.place.len()],
            input: vec![ZEROS; shape.inputs()],
            output: vec![ZEROS; shape.outputs],
            target: vec![ZEROS; shape.outputs],
            sums: Gradients::new(shape),
            gradient: Vec::with_capacity(shape.num_parameters()),
            squares: Vec::new(),
            layers,
            work,
        }
    }

    /// The last step's, if it was of such a network.
    fn of(shape: NetworkShape) -> Self {
        let last = BENCH.take().filter(|bench| bench.layers.shape == shape);
        last.unwrap_or_else(|| Self::new(shape))
    }

    /// Fills the gradient; returns the loss.
    #[inline(always)]
    fn differentiate<S: Simd>(&mut self, batch: Batch<'_>, targets: &[f32], scale: f32) -> f32 {
        let dim = batch.shape.outputs;
        self.sums.clear();
        self.squares.resize(targets.len(), 0.0);
        // As Burn differentiates the mean.
        let each = scale * (1.0 / batch.len() as f32);
        for tile in 0..num_tiles(batch.len()) {
            batch.read(&mut self.input, tile);
            forward::<S>(&self.layers, &mut self.tape, &self.input, &mut self.output, &mut self.work);
            read_tile(&mut self.target, targets, dim, tile);
            // Beyond the batch's end there is nothing to miss.
            let points = TILE.min(batch.len() - tile * TILE);
            for (output, target) in self.output.iter_mut().zip(&mut self.target) {
                for (p, (output, target)) in output.iter_mut().zip(target.iter_mut()).enumerate() {
                    let missed = if p < points { *output - *target } else { 0.0 };
                    *target = missed * missed;
                    *output = 2.0 * (each * missed);
                }
            }
            write_tile(&self.target, &mut self.squares, dim, tile);
            let Self { layers, back, work, tape, input, output, sums, .. } = &mut *self;
            sums.add::<S>(Tile { layers, back, place: work.place, tape, input }, output, None);
        }
        self.gradient.clear();
        self.sums.append_to(&mut self.gradient, batch.shape);
        sum_f32(&self.squares) / batch.len() as f32 * scale
    }
}

struct Regress<'a> {
    bench: &'a mut Bench,
    batch: Batch<'a>,
    targets: &'a [f32],
    scale: f32,
    trained: Trained<'a>,
    update: Update,
}

impl WithSimd for Regress<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self) -> f32 {
        let loss = self.bench.differentiate::<S>(self.batch, self.targets, self.scale);
        take_up::<S>(self.trained, &self.bench.gradient, self.update);
        loss
    }
}

impl RegressionOps for Flex {
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
        let RegressionShape::Perceptron(shape) = *shape else { unreachable!("asked for before") };
        let [mut weights, mut average, mut moments, mut losses] = [weights, average, moments, losses].map(whole);
        let mut bench = Bench::of(shape);
        bench.layers.fill(values(&weights));
        bench.back.fill(values(&weights));
        let loss = run(Regress {
            bench: &mut bench,
            batch: Batch { x: &examples.positions, context: &examples.context, shape },
            targets: &targets(examples, &learned),
            scale: examples.scale,
            trained: Trained {
                weights: weights.storage_mut(),
                average: average.storage_mut(),
                moments: moments.storage_mut(),
            },
            update: *update,
        });
        losses.storage_mut()[*at] = loss;
        BENCH.set(Some(bench));
        (weights, average, moments, losses)
    }
}

/// Targets `[batch, dim]`, the first of which a network itself may have said.
fn targets<'a>(examples: &'a Examples, learned: &FloatTensor<Flex>) -> Cow<'a, [f32]> {
    if learned.layout().num_dims() < 2 {
        return Cow::Borrowed(&examples.targets);
    }
    let learned = learned.to_contiguous();
    let mut targets = examples.targets.clone();
    targets[..values(&learned).len()].copy_from_slice(values(&learned));
    Cow::Owned(targets)
}
