//! One training step: Adam with cosine decay, clipping by the global norm, and a moving average. Names no method.

use crate::error::{FlowError, check_range};
use crate::fused::{self, Examples, RegressionShape, RegressionStep, Update};
use crate::velocity::{Layout, Weights};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// How the weights follow the gradient.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct OptimizerConfig {
    /// Points a training step, 1 to 65536.
    pub batch: usize,
    /// Adam's learning rate at the first step, above 0 and at most 10.
    pub learning_rate: f64,
    /// The learning rate that cosine decay ends at when the budget is spent, 0 to `learningRate`.
    pub final_learning_rate: f64,
    /// Gradients longer than this are shortened to it, above 0.
    pub clip_norm: f64,
    /// Decay of the moving average of the weights that is sampled from; 0 for none, below 1.
    pub ema_decay: f64,
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self { batch: 256, learning_rate: 2e-3, final_learning_rate: 1e-5, clip_norm: 10.0, ema_decay: 0.995 }
    }
}

impl OptimizerConfig {
    /// Refuses settings that cannot be run.
    pub fn check(&self) -> Result<(), FlowError> {
        check_range("optimizer.batch", self.batch, 1..=65536)?;
        check_range("optimizer.learningRate", self.learning_rate, f64::MIN_POSITIVE..=10.0)?;
        check_range("optimizer.finalLearningRate", self.final_learning_rate, 0.0..=self.learning_rate)?;
        check_range("optimizer.clipNorm", self.clip_norm, f64::MIN_POSITIVE..=f64::MAX)?;
        check_range("optimizer.emaDecay", self.ema_decay, 0.0..=0.99999)
    }

    /// The learning rate when the share `spent` of the budget is spent (Loshchilov and Hutter 2017, without restarts).
    pub fn learning_rate_at(&self, spent: f64) -> f64 {
        let range = self.learning_rate - self.final_learning_rate;
        self.final_learning_rate + 0.5 * range * (1.0 + libm::cos(PI * spent.clamp(0.0, 1.0)))
    }
}

/// Weights in training, with what the optimizer remembers. Cheap to clone: tensors are shared until written.
#[derive(Clone)]
pub struct Training {
    config: OptimizerConfig,
    weights: Tensor<1>,
    average: Tensor<1>,
    /// Adam's first moments, then the second: `[2 · num_parameters]`.
    moments: Tensor<1>,
    step: usize,
}

impl Training {
    /// Starts from packed `weights`.
    pub fn new(config: OptimizerConfig, weights: Vec<f32>, device: &Device) -> Self {
        let len = weights.len();
        Self::from_tensor(config, Tensor::from_data(TensorData::new(weights, [len]), device))
    }

    fn from_tensor(config: OptimizerConfig, weights: Tensor<1>) -> Self {
        let moments = Tensor::zeros([2 * weights.dims()[0]], &weights.device());
        Self { config, average: weights.clone(), weights, moments, step: 0 }
    }

    /// A new training that starts where this one stands: with its averaged weights, and nothing remembered.
    pub fn restarted(&self) -> Self {
        Self::from_tensor(self.config, self.average.clone())
    }

    /// One training step on `loss` of the weights that `layout` cuts, with the share `spent` of the budget behind it.
    /// Returns the loss `[1]`, still on the device: reading it is the only wait, so the caller decides how many steps go by
    /// before.
    pub fn advance(&mut self, layout: &Layout, spent: f64, loss: impl FnOnce(&Weights) -> Tensor<1>) -> Tensor<1> {
        let tracked = layout.cut(&self.weights).tracked();
        let loss = loss(&tracked);
        let gradient = tracked.gradient(&loss);
        drop(tracked);
        let update = self.next_update(spent);
        self.change(|parts| (fused::update(parts, gradient, update), loss.inner()))
    }

    /// The same for a regression on `examples`, as one operation that writes the loss into a log at an index and returns the log,
    /// on a device that [`has`](crate::fused::has_regression) it.
    pub fn regress(
        &mut self,
        shape: RegressionShape,
        examples: Examples,
        spent: f64,
        (losses, at): (Tensor<1>, usize),
    ) -> Tensor<1> {
        let update = self.next_update(spent);
        let step = RegressionStep { shape, examples, update, at };
        self.change(|parts| {
            let [weights, average, moments, losses] = fused::regress(parts, losses, step);
            ([weights, average, moments], losses)
        })
    }

    /// Gives all that a step changes away and takes it back, so that it is changed in place where nobody else holds it.
    fn change<T>(&mut self, by: impl FnOnce([Tensor<1>; 3]) -> ([Tensor<1>; 3], T)) -> T {
        let parts = [&mut self.weights, &mut self.average, &mut self.moments];
        let nothing = Tensor::empty([1], &parts[0].device());
        let (changed, other) = by(parts.map(|part| std::mem::replace(part, nothing.clone())));
        [self.weights, self.average, self.moments] = changed;
        other
    }

    fn next_update(&mut self, spent: f64) -> Update {
        self.step += 1;
        let OptimizerConfig { clip_norm, ema_decay, .. } = self.config;
        // A short memory at first, so that the average is not the initial weights for hundreds of steps.
        let decay = ema_decay.min((1.0 + self.step as f64) / (10.0 + self.step as f64));
        Update { rate: self.config.learning_rate_at(spent), time: self.step, clip_norm, decay }
    }

    /// Training steps made.
    pub fn step(&self) -> usize {
        self.step
    }

    /// All that training goes on from beside the number of steps, `[4 · num_parameters]`: the weights, their average, and Adam's
    /// two moments.
    pub fn packed(&self) -> Tensor<1> {
        Tensor::cat(vec![self.weights.clone(), self.average.clone(), self.moments.clone()], 0)
    }

    /// Training after `step` steps that were [`packed`](Self::packed) as these values.
    pub fn resumed(config: OptimizerConfig, packed: &[f32], step: usize, device: &Device) -> Self {
        let len = packed.len() / 4;
        let part = |range: std::ops::Range<usize>| {
            Tensor::from_data(TensorData::new(packed[range.clone()].to_vec(), [range.len()]), device)
        };
        Self { config, weights: part(0..len), average: part(len..2 * len), moments: part(2 * len..4 * len), step }
    }

    /// The weights as they are trained, packed.
    pub fn weights(&self) -> Tensor<1> {
        self.weights.clone()
    }

    /// The averaged weights, packed: what is sampled from and measured.
    pub fn averaged(&self) -> Tensor<1> {
        self.average.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_decay_runs_from_the_first_rate_to_the_last() {
        let config = OptimizerConfig { learning_rate: 1.0, final_learning_rate: 0.1, ..Default::default() };
        let rate = |spent| config.learning_rate_at(spent);
        assert_eq!(rate(0.0), 1.0);
        assert!((rate(0.5) - 0.55).abs() < 1e-12 && (rate(1.0) - 0.1).abs() < 1e-12);
        assert_eq!(rate(1.0), rate(10.0));
    }

    /// As Burn's own operations and optimizer have it, to the bit where nothing is clipped, for lengths of whole rows and others;
    /// and nothing that is still held changes.
    #[test]
    fn an_update_is_clipped_adam_and_a_moving_average() {
        use burn::optim::{AdamConfig, Optimizer};
        let device = Device::flex();
        let adam = AdamConfig::new().with_beta_1(0.9).with_beta_2(0.999).with_epsilon(1e-8).build();
        for (len, clip_norm) in [(1, 1e9), (64, 1e9), (77, 1e9), (77, 0.5)] {
            let config = OptimizerConfig { clip_norm, ..Default::default() };
            let wave = |rate: f32| (0..len).map(|i| (rate * i as f32).sin()).collect::<Vec<f32>>();
            let start = Training::new(config, wave(0.3), &device);
            let before = values(start.packed());
            let (mut ours, mut weights, mut average, mut state) =
                (start.clone(), start.weights(), start.weights(), None);
            for step in 1..=5 {
                let gradient = Tensor::<1>::from_floats(wave(0.1 * step as f32).as_slice(), &device);
                let update = ours.next_update(0.0);
                ours.change(|parts| (fused::update(parts, gradient.clone(), update), ()));
                let norm = (gradient.clone() * gradient.clone()).sum().sqrt();
                let gradient = gradient * norm.recip().mul_scalar(clip_norm as f32).clamp_max(1.0);
                (weights, state) = adam.step(update.rate, weights, gradient, state);
                average =
                    average.mul_scalar(update.decay as f32) + weights.clone().mul_scalar((1.0 - update.decay) as f32);
            }
            for (ours, theirs) in [(ours.weights(), weights), (ours.averaged(), average)] {
                for (a, b) in values(ours).into_iter().zip(values(theirs)) {
                    let same = if clip_norm > 1.0 { a == b } else { (a - b).abs() < 1e-6 };
                    assert!(same, "{a} should be {b}, {len} weights, clipped to {clip_norm}");
                }
            }
            assert_eq!(values(start.packed()), before);
        }
    }

    fn values(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }
}
