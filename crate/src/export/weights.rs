//! Weights as safetensors: each layer's piece by name, so that other programs can read them.

use crate::error::FlowError;
use crate::velocity::NetworkShape;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// The names of a network's pieces, in packed order.
fn names(shape: &NetworkShape) -> Vec<String> {
    let mut names = vec!["input.weight".into(), "time.weight".into(), "input.bias".into()];
    for layer in 1..shape.config.depth {
        names.extend([format!("hidden.{layer}.weight"), format!("hidden.{layer}.bias")]);
    }
    names.extend(["output.weight".into(), "output.bias".into()]);
    names
}

/// Packed weights as the bytes of a safetensors file. Matrices are `[inputs, outputs]`.
pub fn write(shape: &NetworkShape, packed: &[f32]) -> Result<Vec<u8>, FlowError> {
    let bytes: Vec<u8> = packed.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut rest = bytes.as_slice();
    let mut views = Vec::new();
    for (name, [rows, columns]) in names(shape).into_iter().zip(shape.pieces()) {
        let (piece, after) = rest.split_at(rows * columns * size_of::<f32>());
        rest = after;
        views.push((name, TensorView::new(Dtype::F32, vec![rows, columns], piece).map_err(refused)?));
    }
    safetensors::serialize(views, None).map_err(refused)
}

/// The packed weights of a safetensors file; refuses one of another network.
pub fn read(shape: &NetworkShape, bytes: &[u8]) -> Result<Vec<f32>, FlowError> {
    let file = SafeTensors::deserialize(bytes).map_err(refused)?;
    let mut packed = Vec::with_capacity(shape.num_parameters());
    for (name, size) in names(shape).into_iter().zip(shape.pieces()) {
        let piece = file.tensor(&name).map_err(|_| refused(format!("{name} is missing")))?;
        if piece.dtype() != Dtype::F32 || piece.shape() != size {
            let reason = format!("{name} is {:?} {:?} and should be F32 {size:?}", piece.dtype(), piece.shape());
            return Err(refused(reason));
        }
        let floats = piece.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        packed.extend(floats);
    }
    match packed.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(refused(format!("one of them is {value}"))),
        None => Ok(packed),
    }
}

fn refused(reason: impl std::fmt::Display) -> FlowError {
    FlowError::InvalidWeights { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, Stream};
    use crate::velocity::NetworkConfig;

    #[test]
    fn what_was_written_is_read_and_other_networks_are_refused() {
        let shape = NetworkShape { dim: 2, config: NetworkConfig { width: 8, ..Default::default() } };
        let packed = shape.initial_weights(&mut Rng::new(3, Stream::Weights));
        let file = write(&shape, &packed).unwrap();
        assert_eq!(read(&shape, &file).unwrap(), packed);
        let wider = NetworkShape { dim: 2, config: NetworkConfig { width: 9, ..Default::default() } };
        assert!(read(&wider, &file).unwrap_err().to_string().contains("input.weight is F32 [2, 8]"));
        assert!(read(&shape, &file[..40]).is_err());
    }
}
