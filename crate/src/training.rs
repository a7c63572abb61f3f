//! One training step: Adam with cosine decay, clipping by the global norm, and a moving average. Names no method.

use crate::error::{FlowError, check_range};
use crate::fused::{self, BETAS, EPSILON, Examples, RegressionShape, RegressionStep, Update};
use crate::velocity::{Layout, Weights};
use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer};
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
    adam: Adam,
    moments: Moments,
    step: usize,
}

/// Adam's two moments, as what steps them has them.
#[derive(Clone)]
enum Moments {
    /// Zeros.
    None,
    Apart(Box<AdamState<1>>),
    /// `[2 · num_parameters]`, for the training step that is one operation.
    Packed(Box<Tensor<1>>),
}

impl Training {
    /// Starts from packed `weights`.
    pub fn new(config: OptimizerConfig, weights: Vec<f32>, device: &Device) -> Self {
        let len = weights.len();
        Self::from_tensor(config, Tensor::from_data(TensorData::new(weights, [len]), device))
    }

    fn from_tensor(config: OptimizerConfig, weights: Tensor<1>) -> Self {
        // Burn's default of 1e-5 damps small gradients.
        let adam = AdamConfig::new().with_beta_1(BETAS[0]).with_beta_2(BETAS[1]).with_epsilon(EPSILON).build();
        Self { config, average: weights.clone(), weights, adam, moments: Moments::None, step: 0 }
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
        let update = self.next_update(spent);
        let gradient = clip(tracked.gradient(&loss), update.clip_norm);
        let state = match std::mem::replace(&mut self.moments, Moments::None) {
            Moments::None => None,
            Moments::Apart(state) => Some(*state),
            Moments::Packed(both) => Some(apart(&both, update.time - 1)),
        };
        let (weights, state) = self.adam.step(update.rate, self.weights.clone(), gradient, state);
        self.weights = weights;
        self.moments = state.map_or(Moments::None, |state| Moments::Apart(Box::new(state)));
        let fresh = self.weights.clone().mul_scalar((1.0 - update.decay) as f32);
        self.average = self.average.clone().mul_scalar(update.decay as f32) + fresh;
        loss.inner()
    }

    /// The same for a regression on `examples`, as one operation that writes the loss into a log at an index, on a device that
    /// [`has`](crate::fused::has_regression) it.
    pub fn regress(&mut self, shape: RegressionShape, examples: Examples, spent: f64, log: (&Tensor<1>, usize)) {
        let (losses, at) = log;
        let moments = self.packed_moments();
        let update = self.next_update(spent);
        let step = RegressionStep { shape, examples, update, at };
        let [weights, average, moments] =
            fused::regress([self.weights.clone(), self.average.clone(), moments], losses, step);
        (self.weights, self.average, self.moments) = (weights, average, Moments::Packed(Box::new(moments)));
    }

    fn next_update(&mut self, spent: f64) -> Update {
        self.step += 1;
        let OptimizerConfig { clip_norm, ema_decay, .. } = self.config;
        // A short memory at first, so that the average is not the initial weights for hundreds of steps.
        let decay = ema_decay.min((1.0 + self.step as f64) / (10.0 + self.step as f64));
        Update { rate: self.config.learning_rate_at(spent), time: self.step, clip_norm, decay }
    }

    fn packed_moments(&self) -> Tensor<1> {
        match &self.moments {
            Moments::None => Tensor::zeros([2 * self.weights.dims()[0]], &self.weights.device()),
            Moments::Apart(state) => {
                let AdamState { momentum } = state.as_ref();
                Tensor::cat(vec![momentum.moment_1.clone(), momentum.moment_2.clone()], 0)
            }
            Moments::Packed(both) => both.as_ref().clone(),
        }
    }

    /// Training steps made.
    pub fn step(&self) -> usize {
        self.step
    }

    /// All that training goes on from beside the number of steps, `[4 · num_parameters]`: the weights, their average, and Adam's
    /// two moments.
    pub fn packed(&self) -> Tensor<1> {
        Tensor::cat(vec![self.weights.clone(), self.average.clone(), self.packed_moments()], 0)
    }

    /// Training after `step` steps that were [`packed`](Self::packed) as these values.
    pub fn resumed(config: OptimizerConfig, packed: &[f32], step: usize, device: &Device) -> Self {
        let len = packed.len() / 4;
        let part = |range: std::ops::Range<usize>| {
            Tensor::from_data(TensorData::new(packed[range.clone()].to_vec(), [range.len()]), device)
        };
        let moments = if step > 0 { Moments::Packed(Box::new(part(2 * len..4 * len))) } else { Moments::None };
        Self { average: part(len..2 * len), moments, step, ..Self::from_tensor(config, part(0..len)) }
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

/// Adam's state after `time` steps, of both moments in one.
fn apart(both: &Tensor<1>, time: usize) -> AdamState<1> {
    let len = both.dims()[0] / 2;
    let moment = |i: usize| both.clone().slice(i * len..(i + 1) * len);
    AdamState::new(AdaptiveMomentumState::new(time, moment(0), moment(1)))
}

/// `gradient` shortened to `bound` if it is longer, without a read-back.
fn clip(gradient: Tensor<1>, bound: f64) -> Tensor<1> {
    let norm = (gradient.clone() * gradient.clone()).sum().sqrt();
    let factor = norm.add_scalar(1e-12).recip().mul_scalar(bound as f32).clamp_max(1.0);
    gradient * factor
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

    #[test]
    fn clipping_bounds_the_norm_and_keeps_short_gradients() {
        let values = |norm_bound| {
            let gradient = Tensor::<1>::from_floats([3.0, 4.0], &Device::flex());
            clip(gradient, norm_bound).into_data().try_into_vec::<f32>().unwrap()
        };
        assert_eq!(values(10.0), [3.0, 4.0]);
        let clipped = values(1.0);
        assert!((clipped[0] - 0.6).abs() < 1e-6 && (clipped[1] - 0.8).abs() < 1e-6);
    }
}
