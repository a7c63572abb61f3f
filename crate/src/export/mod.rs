//! What can be taken away from a run.

pub mod weights;
