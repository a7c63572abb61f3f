//! Weights as safetensors: each layer's piece by name, so that other programs can read them.

use crate::error::FlowError;
use crate::velocity::Layout;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// The pieces of `rounds` rounds: those of a chain carry their block's number.
fn layout_of(layout: &Layout, rounds: usize) -> Layout {
    if rounds == 1 {
        return layout.clone();
    }
    (0..rounds).fold(Layout::default(), |all, k| all.then(layout.clone().named(&format!("block.{k}"))))
}

/// The packed weights of each round as the bytes of a safetensors file. Matrices are `[inputs, outputs]`.
pub fn write(layout: &Layout, rounds: &[Vec<f32>]) -> Result<Vec<u8>, FlowError> {
    let bytes: Vec<u8> = rounds.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let layout = layout_of(layout, rounds.len());
    let mut rest = bytes.as_slice();
    let mut views = Vec::new();
    for piece in &layout.0 {
        let (values, after) = rest.split_at(piece.size[0] * piece.size[1] * size_of::<f32>());
        rest = after;
        views.push((&piece.name, TensorView::new(Dtype::F32, piece.size.to_vec(), values).map_err(refused)?));
    }
    safetensors::serialize(views, None).map_err(refused)
}

/// The packed weights of each round in a safetensors file; refuses one of another network.
pub fn read(layout: &Layout, bytes: &[u8]) -> Result<Vec<Vec<f32>>, FlowError> {
    let file = SafeTensors::deserialize(bytes).map_err(refused)?;
    let each = layout.num_parameters().max(1);
    let mut packed = Vec::new();
    for piece in &layout_of(layout, (file.len() / layout.0.len().max(1)).max(1)).0 {
        let (name, size) = (&piece.name, piece.size);
        let found = file.tensor(name).map_err(|_| refused(format!("{name} is missing")))?;
        let width = match found.dtype() {
            Dtype::F32 => 4,
            Dtype::BF16 => 2,
            _ => 0,
        };
        if width == 0 || found.shape() != size {
            let reason =
                format!("{name} is {:?} {:?} and should be F32 or BF16 {size:?}", found.dtype(), found.shape());
            return Err(refused(reason));
        }
        packed.extend(found.data().chunks_exact(width).map(widened));
    }
    match packed.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(refused(format!("one of them is {value}"))),
        None => Ok(packed.chunks_exact(each).map(<[f32]>::to_vec).collect()),
    }
}

/// A number of the file: bfloat16 is the upper half of a float.
fn widened(number: &[u8]) -> f32 {
    let mut bytes = [0; 4];
    bytes[4 - number.len()..].copy_from_slice(number);
    f32::from_le_bytes(bytes)
}

fn refused(reason: impl std::fmt::Display) -> FlowError {
    FlowError::InvalidWeights { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, Stream};
    use crate::velocity::{Initial, NetworkConfig, Piece};

    #[test]
    fn what_was_written_is_read_and_other_networks_are_refused() {
        let layout = NetworkConfig { width: 8, ..Default::default() }.layout(2);
        for count in [1, 3] {
            let mut rng = Rng::new(3, Stream::Weights);
            let rounds: Vec<_> = (0..count).map(|_| layout.initial_weights(&mut rng)).collect();
            let file = write(&layout, &rounds).unwrap();
            assert_eq!(read(&layout, &file).unwrap(), rounds);
            let wider = NetworkConfig { width: 9, ..Default::default() }.layout(2);
            assert!(read(&wider, &file).unwrap_err().to_string().contains("input.weight is F32 [2, 8]"));
            assert!(read(&layout, &file[..40]).is_err());
        }
    }

    #[test]
    fn bfloat16_is_read_as_the_floats_that_it_is() {
        let layout = Layout(vec![Piece::new("input.weight", [1, 3], Initial::Uniform(1.0))]);
        let numbers = [1.0_f32, -0.007_812_5, 3.25];
        let halves: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()[2..].to_vec()).collect();
        let view = |dtype, data| [("input.weight", TensorView::new(dtype, vec![1, 3], data).unwrap())];
        let file = safetensors::serialize(view(Dtype::BF16, &halves), None).unwrap();
        assert_eq!(read(&layout, &file).unwrap(), [numbers]);
        let other = safetensors::serialize(view(Dtype::F16, &halves), None).unwrap();
        assert!(read(&layout, &other).unwrap_err().to_string().contains("F16 [1, 3] and should be F32"));
    }
}
