//! A training step that is one operation, against the same step composed of Burn's operations.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::fused::{Examples, has_regression};
use flow_playground::rng::{Rng, Stream};
use flow_playground::training::{OptimizerConfig, Training};
use flow_playground::velocity::{Activation, Conditioning, Model, NetworkConfig, Perceptron};

const STEPS: usize = 4;

fn rows<const D: usize>(values: Vec<f32>, size: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, size), &Device::flex())
}

fn read(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// A network, its batch, and how many of its targets it said itself.
struct Case {
    config: NetworkConfig,
    dim: usize,
    context: usize,
    batch: usize,
    learned: usize,
    scale: f32,
}

impl Case {
    fn examples(&self, step: usize) -> Examples {
        let mut rng = Rng::new(step as u64, Stream::Data);
        let mut normal = |len: usize| (0..len).map(|_| rng.normal() as f32).collect::<Vec<_>>();
        let Self { dim, context, batch, learned, scale, .. } = *self;
        Examples {
            dim,
            positions: normal(batch * dim),
            context: normal(batch * context),
            targets: normal(batch * dim),
            learned: (learned > 0).then(|| rows(normal(learned * dim), [learned, dim])),
            scale,
        }
    }

    fn training(&self, clip_norm: f64) -> Training {
        let layout = self.config.layout_in(self.dim, self.context);
        let packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
        Training::new(OptimizerConfig { clip_norm, ..OptimizerConfig::default() }, packed, &Device::flex())
    }

    /// The losses, and all that training goes on from.
    fn whole(&self, clip_norm: f64) -> [Vec<f32>; 2] {
        let shape = self.config.regression(self.dim, self.context).unwrap();
        assert!(has_regression(shape, &Device::flex()), "{:?}", self.config);
        let mut training = self.training(clip_norm);
        let mut log = rows(vec![0.0; STEPS], [STEPS]);
        for step in 0..STEPS {
            // What is still held must not change under its holder.
            let held = (training.clone(), log.clone());
            let before = [read(held.0.packed()), read(held.1.clone())];
            log = training.regress(shape, self.examples(step), 0.1, (log, step));
            assert_eq!([read(held.0.packed()), read(held.1)], before);
        }
        [read(log), read(training.packed())]
    }

    fn composed(&self, clip_norm: f64) -> [Vec<f32>; 2] {
        let layout = self.config.layout_in(self.dim, self.context);
        let mut training = self.training(clip_norm);
        let losses = (0..STEPS).flat_map(|step| {
            let loss = training.advance(&layout, 0.1, |weights| {
                let Examples { positions, context, targets, learned, scale, .. } = self.examples(step);
                let mut targets = rows(targets, [self.batch, self.dim]);
                if let Some(learned) = learned {
                    targets = targets.slice_assign([0..self.learned, 0..self.dim], learned);
                }
                let network = Perceptron::new(self.config, weights);
                let output =
                    network.forward(rows(positions, [self.batch, self.dim]), rows(context, [self.batch, self.context]));
                let error = output - targets;
                let mean = (error.clone() * error).sum().div_scalar(self.batch as f32);
                if scale == 1.0 { mean } else { mean.mul_scalar(scale) }
            });
            read(loss)
        });
        [losses.collect(), read(training.packed())]
    }
}

fn cases() -> Vec<Case> {
    let case = |dim, [width, depth]: [usize; 2], batch| Case {
        config: NetworkConfig { width, depth, ..NetworkConfig::default() },
        dim,
        context: 1,
        batch,
        learned: 0,
        scale: 1.0,
    };
    let told = |context, conditioning, activation, case: Case| Case {
        config: NetworkConfig { conditioning, activation, ..case.config },
        context,
        ..case
    };
    vec![
        case(2, [64, 3], 256),
        case(1, [6, 1], 45),
        case(3, [17, 2], 1),
        case(784, [8, 2], 33),
        Case { learned: 12, scale: 0.7, ..case(2, [20, 2], 70) },
        told(9, Conditioning::Concat, Activation::Tanh, case(2, [16, 4], 32)),
        told(1, Conditioning::None, Activation::Silu, case(2, [16, 2], 64)),
    ]
}

#[test]
fn one_operation_trains_as_many_do_to_the_bit() {
    for case in cases() {
        assert_eq!(case.whole(1e9), case.composed(1e9), "{:?} of {} points", case.config, case.batch);
    }
}

/// The norm is a sum in another order.
#[test]
fn clipped_gradients_agree_to_rounding() {
    for case in cases() {
        for (ours, reference) in case.whole(0.05).iter().zip(&case.composed(0.05)) {
            for (a, b) in ours.iter().zip(reference) {
                assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{:?}: {a} should be {b}", case.config);
            }
        }
    }
}
