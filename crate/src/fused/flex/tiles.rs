//! Between a tensor's points and tiles.

use super::lanes::{Row, TILE, ZEROS};
use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;

/// The number of tiles that hold so many points.
pub fn num_tiles(points: usize) -> usize {
    points.div_ceil(TILE)
}

/// The tile's points, of `columns` numbers each, as rows; zeros where there are no more.
pub fn read_tile(rows: &mut [Row], points: &[f32], columns: usize, tile: usize) {
    let points = &points[(tile * TILE * columns).min(points.len())..];
    rows[..columns].fill(ZEROS);
    for (p, point) in points.chunks_exact(columns).take(TILE).enumerate() {
        rows.iter_mut().zip(point).for_each(|(row, &x)| row[p] = x);
    }
}

/// The same of a context of `columns` numbers, which all points may share.
pub fn read_context(rows: &mut [Row], context: &[f32], columns: usize, tile: usize) {
    if columns == 0 {
        return;
    }
    if context.len() == columns {
        rows.iter_mut().zip(context).for_each(|(row, &value)| **row = [value; TILE]);
    } else {
        read_tile(rows, context, columns, tile);
    }
}

/// Rows of the tile as points of `columns` numbers each.
pub fn write_tile(rows: &[Row], points: &mut [f32], columns: usize, tile: usize) {
    for (p, point) in points[tile * TILE * columns..].chunks_exact_mut(columns).take(TILE).enumerate() {
        point.iter_mut().zip(rows).for_each(|(x, row)| *x = row[p]);
    }
}

/// The numbers of a contiguous tensor, which may be a part of a larger buffer.
pub fn values(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers in f32")
}

/// A tensor of these numbers.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FloatTensor<Flex> {
    FloatTensor::<Flex>::from_data(TensorData::new(values, shape))
}

/// The tensor as all of its buffer, to be changed in place: copied where it is a part of one, and later where it is shared.
pub fn whole(tensor: FloatTensor<Flex>) -> FloatTensor<Flex> {
    let is_whole = tensor.is_contiguous() && tensor.storage::<f32>().len() == tensor.layout().num_elements();
    if is_whole { tensor } else { tensor.to_contiguous() }
}
