//! What can be taken away from a run.

pub mod checkpoint;
pub mod weights;
