//! The network in tiles of points that stay in the nearest cache through all layers.

mod activation;
mod backward;
mod forward;
mod layers;
mod tape;

pub use backward::{Gradients, Tile};
pub use forward::{Work, forward};
pub use layers::{Layers, LayersBack};
pub use tape::{Keep, Place};

use super::lanes::{Row, ZEROS, run};
use super::product::padded;
use super::rows::Rows;
use super::tiles::{num_tiles, read_context, read_tile, tensor, values, write_tile};
use crate::fused::autodiff::{Inputs, ModelGradients};
use crate::fused::network::{NetworkOps, NetworkShape};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Simd, WithSimd};
use std::sync::Arc;

/// What a forward pass keeps of a whole batch.
#[derive(Debug)]
pub struct Kept {
    layers: Layers,
    /// `[tiles]` of what [`Place`] says.
    tapes: Rows,
}

/// A batch as the tiles see it.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Coordinates `[batch, dim]`.
    pub x: &'a [f32],
    /// The context `[batch, context]`, or one that all share.
    pub context: &'a [f32],
    pub shape: NetworkShape,
}

impl Batch<'_> {
    pub fn len(&self) -> usize {
        self.x.len() / self.shape.dim
    }

    /// Fills the coordinates, and the context behind them.
    pub fn read(&self, rows: &mut [Row], tile: usize) {
        let NetworkShape { dim, context, .. } = self.shape;
        read_tile(rows, self.x, dim, tile);
        read_context(&mut rows[dim..], self.context, context, tile);
    }

    fn rows(&self) -> Vec<Row> {
        vec![ZEROS; self.shape.inputs()]
    }
}

struct Forward<'a> {
    layers: &'a Layers,
    batch: Batch<'a>,
    output: &'a mut [f32],
    /// One tape for all tiles, or one for each.
    tapes: &'a mut [Row],
    keep: Keep,
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let columns = self.layers.shape.columns();
        let mut work = Work::new(self.layers, self.keep);
        let len = work.place.len();
        let (mut x, mut y) = (self.batch.rows(), vec![ZEROS; columns]);
        for tile in 0..num_tiles(self.batch.len()) {
            self.batch.read(&mut x, tile);
            let first = tile * len % self.tapes.len();
            forward::<S>(self.layers, &mut self.tapes[first..first + len], &x, &mut y, &mut work);
            write_tile(&y, self.output, columns, tile);
        }
    }
}

struct Backward<'a> {
    kept: &'a Kept,
    back: &'a LayersBack,
    batch: Batch<'a>,
    gradient: &'a [f32],
    of_x: &'a mut [f32],
    sums: &'a mut Gradients,
}

impl WithSimd for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let shape = self.batch.shape;
        let place = Place::new(shape, Keep::Everything);
        let (mut x, mut g) = (self.batch.rows(), vec![ZEROS; shape.columns()]);
        let mut of_x = vec![ZEROS; padded(shape.dim)];
        for (tile, tape) in self.kept.tapes.get().chunks_exact(place.len()).enumerate() {
            self.batch.read(&mut x, tile);
            read_tile(&mut g, self.gradient, shape.columns(), tile);
            let tile_of = Tile { layers: &self.kept.layers, back: self.back, place, tape, input: &x };
            self.sums.add::<S>(tile_of, &g, Some(&mut of_x));
            write_tile(&of_x, self.of_x, shape.dim, tile);
        }
    }
}

fn evaluate(inputs: &Inputs<Flex, NetworkShape>, keep: Keep) -> (FloatTensor<Flex>, Kept) {
    let [x, context, weights] = [&inputs.x, &inputs.context, &inputs.weights].map(|tensor| tensor.to_contiguous());
    let shape = inputs.shape;
    let layers = Layers::pack(values(&weights), shape);
    let batch = Batch { x: values(&x), context: values(&context), shape };
    let count = if keep == Keep::Everything { num_tiles(batch.len()) } else { 1 };
    let mut tapes = Rows::take(count * Place::new(shape, keep).len());
    let mut output = vec![0.0; batch.len() * shape.columns()];
    run(Forward { layers: &layers, batch, output: &mut output, tapes: tapes.get_mut(), keep });
    (tensor(output, [batch.len(), shape.columns()]), Kept { layers, tapes })
}

impl NetworkOps for Flex {
    fn network(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: NetworkShape,
    ) -> FloatTensor<Self> {
        Self::evaluated(Inputs { x, context, weights, shape })
    }
}

impl ModelGradients<NetworkShape> for Flex {
    type Kept = Arc<Kept>;

    fn evaluated(inputs: Inputs<Self, NetworkShape>) -> FloatTensor<Self> {
        evaluate(&inputs, Keep::Nothing).0
    }

    fn keeping(inputs: &Inputs<Self, NetworkShape>) -> (FloatTensor<Self>, Self::Kept) {
        let (output, kept) = evaluate(inputs, Keep::Everything);
        (output, Arc::new(kept))
    }

    fn backward(
        inputs: Inputs<Self, NetworkShape>,
        kept: Self::Kept,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [x, context, weights, gradient] =
            [&inputs.x, &inputs.context, &inputs.weights, &gradient].map(|tensor| tensor.to_contiguous());
        let shape = inputs.shape;
        let batch = Batch { x: values(&x), context: values(&context), shape };
        let back = LayersBack::pack(values(&weights), shape);
        let (mut of_x, mut sums) = (vec![0.0; batch.x.len()], Gradients::new(shape));
        let gradient = values(&gradient);
        run(Backward { kept: &kept, back: &back, batch, gradient, of_x: &mut of_x, sums: &mut sums });
        (tensor(of_x, [batch.len(), shape.dim]), tensor(sums.packed(shape), [shape.num_parameters()]))
    }
}
