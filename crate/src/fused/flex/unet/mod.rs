//! The convolutional network in tiles of pictures: each vector holds one feature of one cell of several pictures, so that a
//! convolution is small products at every cell, and nothing is copied for it.

mod backward;
mod convolution;
mod forward;
mod grid;
mod normalize;
mod tape;
mod weights;

use super::lanes::{Row, TILE, ZEROS};
use super::rows::Rows;
use super::tiles::{num_tiles, tensor, values};
use crate::fused::UNetShape;
use crate::fused::autodiff::{Inputs, ModelGradients};
use crate::fused::unet::{UNetOps, UNetProducts};
use backward::{Gradients, Tile};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use forward::forward;
use grid::Grid;
use std::sync::Arc;
use tape::Places;
use weights::{Grids, Parts};

/// What a forward pass keeps of a whole batch.
#[derive(Debug)]
pub struct Kept {
    parts: Parts,
    places: Places,
    /// `[tiles]` of what [`Places`] says.
    tapes: Rows,
}

/// A batch of pictures as the tiles see it.
struct Batch<'a> {
    x: &'a [f32],
    context: &'a [f32],
    shape: UNetShape,
}

impl Batch<'_> {
    fn len(&self) -> usize {
        self.x.len() / self.shape.dim()
    }

    /// Begins a tile's tape with its pictures and what is told of them.
    fn begin(&self, places: &Places, tape: &mut [Row], tile: usize) {
        let Self { x, context, shape } = *self;
        let grid = Grids::new(shape).picture;
        read(grid, shape, x, &mut tape[places.picture.clone()], tile);
        let shared = context.len() == shape.context;
        tape[places.told.clone()].fill(ZEROS);
        let mut columns = Vec::with_capacity(shape.told());
        for p in 0..TILE.min(self.len() - tile * TILE) {
            columns.clear();
            let row = if shared { 0 } else { tile * TILE + p };
            shape.tell(&context[row * shape.context..][..shape.context], &mut columns);
            tape[places.told.clone()].iter_mut().zip(&columns).for_each(|(row, &value)| row[p] = value);
        }
    }
}

/// Where each number of a picture lies in a grid of its cells.
fn rows_of_numbers(grid: Grid, shape: UNetShape) -> Vec<usize> {
    let UNetShape { side, colors, patch, .. } = shape;
    let place = |number: usize| {
        let (pixel, color) = (number / colors, number % colors);
        let (y, x) = (pixel / side, pixel % side);
        grid.at(y / patch, x / patch) + ((y % patch) * patch + x % patch) * colors + color
    };
    (0..side * side * colors).map(place).collect()
}

/// The tile's pictures, as cells; zeros where there are no more, and around them.
fn read(grid: Grid, shape: UNetShape, pictures: &[f32], rows: &mut [Row], tile: usize) {
    rows.fill(ZEROS);
    let (dim, places) = (shape.dim(), rows_of_numbers(grid, shape));
    for (p, picture) in pictures[tile * TILE * dim..].chunks_exact(dim).take(TILE).enumerate() {
        places.iter().zip(picture).for_each(|(&at, &value)| rows[at][p] = value);
    }
}

/// Cells as the tile's pictures.
fn write(grid: Grid, shape: UNetShape, rows: &[Row], pictures: &mut [f32], tile: usize) {
    let (dim, places) = (shape.dim(), rows_of_numbers(grid, shape));
    for (p, picture) in pictures[tile * TILE * dim..].chunks_exact_mut(dim).take(TILE).enumerate() {
        places.iter().zip(picture).for_each(|(&at, value)| *value = rows[at][p]);
    }
}

/// The output; with the tapes of all tiles if they are kept.
fn evaluate(inputs: &Inputs<Flex, UNetShape>, keep: bool) -> (FloatTensor<Flex>, Kept) {
    let [x, context, weights] = [&inputs.x, &inputs.context, &inputs.weights].map(|tensor| tensor.to_contiguous());
    let shape = inputs.shape;
    let (parts, places) = (Parts::pack(values(&weights), shape), Places::new(shape));
    let batch = Batch { x: values(&x), context: values(&context), shape };
    let grid = Grids::new(shape).picture;
    let count = if keep { num_tiles(batch.len()) } else { 1 };
    let mut tapes = Rows::take(count * places.len());
    let (mut cells, mut output) = (vec![ZEROS; grid.len()], vec![0.0; batch.x.len()]);
    for tile in 0..num_tiles(batch.len()) {
        let tape = &mut tapes.get_mut()[tile % count * places.len()..][..places.len()];
        batch.begin(&places, tape, tile);
        forward(&parts, &places, tape, &mut cells);
        write(grid, shape, &cells, &mut output, tile);
    }
    (tensor(output, [batch.len(), shape.dim()]), Kept { parts, places, tapes })
}

impl Kept {
    /// The gradients of the pictures for one of their outputs; those of the weights go to `gradients`.
    fn back(&self, shape: UNetShape, gradient: &[f32], gradients: &mut Gradients) -> Vec<f32> {
        let Self { parts, places, tapes } = self;
        let grid = Grids::new(shape).picture;
        let (mut of_output, mut of_x) = (vec![ZEROS; grid.len()], vec![ZEROS; grid.len()]);
        let mut of_pictures = vec![0.0; gradient.len()];
        for (tile, tape) in tapes.get().chunks_exact(places.len()).enumerate() {
            read(grid, shape, gradient, &mut of_output, tile);
            gradients.add(Tile { of: parts, places, tape }, &of_output, &mut of_x);
            write(grid, shape, &of_x, &mut of_pictures, tile);
        }
        of_pictures
    }
}

impl UNetProducts for Flex {
    fn unet_products(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        probes: FloatTensor<Self>,
        shape: UNetShape,
    ) -> FloatTensor<Self> {
        let (output, kept) = evaluate(&Inputs { x, context, weights, shape }, true);
        let probes = probes.to_contiguous();
        let mut all = values(&output).to_vec();
        let mut gradients = Gradients::new(&kept.parts, false);
        let len = all.len();
        for probe in values(&probes).chunks_exact(len) {
            all.extend(kept.back(shape, probe, &mut gradients));
        }
        let rows = all.len() / shape.dim();
        tensor(all, [rows, shape.dim()])
    }
}

impl UNetOps for Flex {
    fn unet(
        x: FloatTensor<Self>,
        context: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        shape: UNetShape,
    ) -> FloatTensor<Self> {
        Self::evaluated(Inputs { x, context, weights, shape })
    }
}

impl ModelGradients<UNetShape> for Flex {
    type Kept = Arc<Kept>;

    fn evaluated(inputs: Inputs<Self, UNetShape>) -> FloatTensor<Self> {
        evaluate(&inputs, false).0
    }

    fn keeping(inputs: &Inputs<Self, UNetShape>) -> (FloatTensor<Self>, Self::Kept) {
        let (output, kept) = evaluate(inputs, true);
        (output, Arc::new(kept))
    }

    fn backward(
        inputs: Inputs<Self, UNetShape>,
        kept: Self::Kept,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let gradient = gradient.to_contiguous();
        let (gradient, shape, parts) = (values(&gradient), inputs.shape, &kept.parts);
        let mut gradients = Gradients::new(parts, true);
        let of_pictures = kept.back(shape, gradient, &mut gradients);
        let of_weights = gradients.sums.expect("asked for").packed(parts);
        let [batch, weights] = [gradient.len() / shape.dim(), of_weights.len()];
        (tensor(of_pictures, [batch, shape.dim()]), tensor(of_weights, [weights]))
    }
}
