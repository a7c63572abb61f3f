//! Training that moves to another session of the same experiment: on another engine, or after this one's is lost.

use super::Session;
use super::advance::{Prepared, Progress, State};
use super::rewind::Snapshots;
use crate::error::FlowError;
use crate::export::checkpoint::{Checkpoint, refused};
use crate::method::Pool;
use crate::points::Points;
use crate::training::Training;
use crate::velocity::values_from_tensor;
use burn::tensor::{Tensor, TensorData};
use std::sync::Arc;

impl Session {
    /// All that training goes on from, as bytes.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, FlowError> {
        let State { training, finished, pool, step, network_evaluations, seconds, prepared } = &self.state;
        let mut values = vec![("training".to_string(), values_from_tensor(training.packed()).await?)];
        for (round, weights) in finished.iter().enumerate() {
            values.push((format!("finished.{round}"), values_from_tensor(weights.clone()).await?));
        }
        if let Some(pool) = pool {
            values.push(("pool.data".into(), pool.data.values().to_vec()));
            values.extend(pool.noise.as_ref().map(|noise| ("pool.noise".into(), noise.values().to_vec())));
        }
        let streams = self.streams.positions().iter().map(u128::to_string).collect::<Vec<_>>().join(" ");
        let counters = [
            ("step", step.to_string()),
            ("steps of the round", training.step().to_string()),
            ("network evaluations", network_evaluations.to_string()),
            ("seconds", seconds.to_string()),
            ("network evaluations of preparing", prepared.network_evaluations.to_string()),
            ("seconds of preparing", prepared.seconds.to_string()),
            ("rounds", finished.len().to_string()),
            ("streams", streams),
        ];
        let counters = counters.map(|(name, counter)| (name.to_string(), counter)).into_iter().collect();
        Checkpoint { values, counters }.write()
    }

    /// Takes up a checkpoint of the same experiment and points. The snapshots of before are not in it.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<Progress, FlowError> {
        let found = Checkpoint::read(bytes)?;
        let weights = self.layout.num_parameters();
        let list = |name: &str, len: usize| {
            let values = found.values(name).filter(|values| values.len() == len);
            values.ok_or_else(|| refused(format!("its {name} is not {len} numbers, as this experiment's")))
        };
        let pool = |name: &str| found.values(name).map(|values| Points::new(values.to_vec(), self.dim())).transpose();
        let packed = list("training", 4 * weights)?;
        let optimizer = self.experiment.optimizer;
        let training = Training::resumed(optimizer, packed, found.counter("steps of the round")?, &self.device);
        let finished = (0..found.counter("rounds")?).map(|round| {
            let values = list(&format!("finished.{round}"), weights)?.to_vec();
            Ok(Tensor::from_data(TensorData::new(values, [weights]), &self.device))
        });
        let noise = pool("pool.noise")?;
        let state = State {
            training,
            finished: finished.collect::<Result<_, FlowError>>()?,
            pool: pool("pool.data")?.map(|data| Arc::new(Pool { data, noise })),
            step: found.counter("step")?,
            network_evaluations: found.counter("network evaluations")?,
            seconds: found.counter("seconds")?,
            prepared: Prepared {
                network_evaluations: found.counter("network evaluations of preparing")?,
                seconds: found.counter("seconds of preparing")?,
            },
        };
        let streams: String = found.counter("streams")?;
        let positions = streams.split(' ').map(str::parse).collect::<Result<Vec<_>, _>>().map_err(refused)?;
        self.streams.move_to(&positions);
        self.snapshots = Snapshots::new(weights);
        self.snapshots.keep(&state, &self.streams);
        self.last_good = state.clone();
        self.state = state;
        Ok(self.progress(Vec::new()))
    }
}
