//! What training goes on from, as bytes: lists of numbers by name, and counters. For the engine that takes over; the file that
//! people keep is that of the weights.

use crate::error::FlowError;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;

/// Lists of numbers and counters, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    /// The lists.
    pub values: Vec<(String, Vec<f32>)>,
    /// The counters, written out.
    pub counters: HashMap<String, String>,
}

impl Checkpoint {
    /// The list of this name, if there is one.
    pub fn values(&self, name: &str) -> Option<&[f32]> {
        self.values.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice())
    }

    /// The counter of this name.
    pub fn counter<T: std::str::FromStr>(&self, name: &str) -> Result<T, FlowError> {
        let found = self.counters.get(name).and_then(|text| text.parse().ok());
        found.ok_or_else(|| refused(format!("its {name} is missing")))
    }

    /// The bytes: a safetensors file whose counters are its metadata.
    pub fn write(&self) -> Result<Vec<u8>, FlowError> {
        let bytes = |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|value| value.to_le_bytes()).collect() };
        let lists: Vec<_> = self.values.iter().map(|(name, values)| (name, values.len(), bytes(values))).collect();
        let views = lists.iter().map(|(name, len, bytes)| Ok((*name, TensorView::new(Dtype::F32, vec![*len], bytes)?)));
        let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>().map_err(refused)?;
        safetensors::serialize(views, Some(self.counters.clone())).map_err(refused)
    }

    /// What [`write`](Self::write) wrote.
    pub fn read(bytes: &[u8]) -> Result<Self, FlowError> {
        let file = SafeTensors::deserialize(bytes).map_err(refused)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(refused)?;
        let floats = |data: &[u8]| data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let values = file.tensors().into_iter().map(|(name, view)| (name, floats(view.data()))).collect();
        Ok(Self { values, counters: header.metadata().clone().unwrap_or_default() })
    }
}

/// A checkpoint that cannot be taken up, and why.
pub fn refused(reason: impl std::fmt::Display) -> FlowError {
    FlowError::InvalidWeights { reason: format!("this checkpoint cannot be taken up: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut checkpoint = Checkpoint::default();
        checkpoint.values.push(("weights".into(), vec![1.5, -0.0, f32::MIN_POSITIVE]));
        checkpoint.values.push(("pool".into(), vec![]));
        checkpoint.counters.insert("step".into(), "12".into());
        let mut read = Checkpoint::read(&checkpoint.write().unwrap()).unwrap();
        read.values.sort_by_key(|(name, _)| name != "weights");
        assert_eq!(read, checkpoint);
        assert_eq!(read.counter::<usize>("step").unwrap(), 12);
        assert!(read.counter::<usize>("seconds").is_err());
        assert!(Checkpoint::read(b"nothing").is_err());
    }
}
