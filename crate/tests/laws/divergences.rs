//! The divergence of a velocity field: its trace against the field's own differences, and every estimator of it against its mean and variance.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Mixture, Sampler};
use flow_playground::divergence::{Divergence, DivergenceKind};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{
    Activation, Conditioning, Layout, NetworkConfig, Perceptron, Potential, PotentialConfig, VelocityField,
    tensor_from_points,
};

fn packed(weights: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(weights.to_vec(), [weights.len()]), &Device::flex())
}

fn scalar(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_data().try_into_vec::<f32>().unwrap()[0])
}

/// Central differences of each coordinate's velocity along itself, `[32, 1]`.
fn trace_by_differences(field: &dyn VelocityField, x: &Tensor<2>, t: f64) -> Tensor<2> {
    let (h, dim) = (1e-2_f32, field.dim());
    let mut differences: Tensor<2> = Tensor::zeros([x.dims()[0], 1], &x.device());
    for i in 0..dim {
        let mut step = vec![0.0_f32; dim];
        step[i] = h;
        let step: Tensor<2> = Tensor::from_data(TensorData::new(step, [1, dim]), &x.device());
        let change = field.velocity(x.clone() + step.clone(), t) - field.velocity(x.clone() - step, t);
        differences = differences + change.narrow(1, i, 1).div_scalar(2.0 * h);
    }
    differences
}

#[test]
fn the_exact_divergence_is_the_trace_of_differences() {
    let device = Device::flex();
    let points = Mixture::standard_normal(3).sample(32, &mut Rng::new(4, Stream::Data));
    let x = || tensor_from_points(&points, &device);
    let weights = |layout: &Layout| layout.cut(&packed(&layout.initial_weights(&mut Rng::new(4, Stream::Weights))));
    let mut fields: Vec<Box<dyn VelocityField>> = Vec::new();
    for activation in [Activation::Silu, Activation::Tanh] {
        for conditioning in [Conditioning::Concat, Conditioning::ConcatSquash, Conditioning::None] {
            let config = NetworkConfig { width: 16, depth: 3, activation, conditioning, ..Default::default() };
            fields.push(Box::new(Perceptron::new(config, &weights(&config.layout(3)))));
        }
    }
    for depth in [1, 2, 4] {
        let config = PotentialConfig { dim: 3, width: 16, depth };
        fields.push(Box::new(Potential::new(config, &weights(&config.layout()).pieces)));
    }
    for field in fields {
        let (velocity, trace) = field.velocity_and_trace(x(), 0.3);
        assert!(scalar((velocity - field.velocity(x(), 0.3)).abs().max()) < 1e-5);
        let gap = scalar((trace.clone() - trace_by_differences(field.as_ref(), &x(), 0.3)).abs().max());
        assert!(gap < 5e-4, "{gap}");
        // Hutchinson's estimate with the unit vectors as probes is a part of the trace each.
        let units =
            (0..3).flat_map(|i| (0..32 * 3).map(move |at| f32::from(u8::from(at % 3 == i)))).collect::<Vec<_>>();
        let units = Tensor::from_data(TensorData::new(units, [3, 32, 3]), &device);
        if let Some((_, products)) = field.velocity_and_products(x(), 0.3, units.clone()) {
            let sum: Tensor<2> = (products * units).sum_dim(2).sum_dim(0).reshape([32, 1]);
            assert!(scalar((sum - trace).abs().max()) < 1e-4);
        }
    }
}

/// f = J x with the oracle's Jacobian: mean and variance of each estimator.
struct Linear;

const JACOBIAN: [[f32; 2]; 2] = [[0.5, 1.2], [-0.3, -0.8]];

impl VelocityField for Linear {
    fn dim(&self) -> usize {
        2
    }

    fn velocity(&self, x: Tensor<2>, _t: f64) -> Tensor<2> {
        let device = x.device();
        x.matmul(Tensor::<2>::from_floats(JACOBIAN, &device).transpose())
    }

    fn velocity_and_trace(&self, x: Tensor<2>, t: f64) -> (Tensor<2>, Tensor<2>) {
        let trace = Tensor::full([x.dims()[0], 1], JACOBIAN[0][0] + JACOBIAN[1][1], &x.device());
        (self.velocity(x, t), trace)
    }

    fn velocity_and_products(&self, x: Tensor<2>, t: f64, probes: Tensor<3>) -> Option<(Tensor<2>, Tensor<3>)> {
        let [k, batch, dim] = probes.dims();
        let products = self.velocity(probes.reshape([k * batch, dim]), t).reshape([k, batch, dim]);
        Some((self.velocity(x, t), products))
    }
}

#[test]
fn estimators_have_their_mean_and_variance() {
    let device = Device::flex();
    let estimates = |kind| -> Vec<f32> {
        let divergence = Divergence::draw(kind, [4, 20_000, 2], &mut Rng::new(8, Stream::Probes), &device);
        let x = Tensor::full([20_000, 2], 0.3, &device);
        divergence.of(&Linear, x, 0.5).1.into_data().try_into_vec().unwrap()
    };
    for (kind, variance) in [
        (DivergenceKind::Hutchinson, 0.81),
        (DivergenceKind::HutchinsonGaussian, 2.59),
        (DivergenceKind::FiniteDifference, 2.59),
    ] {
        let values: Vec<f64> = estimates(kind).into_iter().map(f64::from).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        let error = (variance / n).sqrt();
        assert!((mean + 0.3).abs() < 4.0 * error, "{kind:?}: {mean}");
        assert!((spread / variance - 1.0).abs() < 0.04, "{kind:?}: {spread} should be {variance}");
    }
    assert!(estimates(DivergenceKind::Exact).iter().all(|trace| (trace + 0.3).abs() < 1e-6));
}

/// f = (sin 2x, x y²) at one point, by the oracle's probe: the smoothed divergence's one-probe value.
struct Curved;

impl VelocityField for Curved {
    fn dim(&self) -> usize {
        2
    }

    fn velocity(&self, x: Tensor<2>, _t: f64) -> Tensor<2> {
        let (a, b) = (x.clone().narrow(1, 0, 1), x.narrow(1, 1, 1));
        Tensor::cat(vec![a.clone().mul_scalar(2.0).sin(), a * b.clone() * b], 1)
    }

    fn velocity_and_trace(&self, _x: Tensor<2>, _t: f64) -> (Tensor<2>, Tensor<2>) {
        unreachable!("only differences are taken")
    }
}

#[test]
fn the_finite_difference_has_the_reference_value() {
    let device = Device::flex();
    let x = Tensor::from_floats([[0.4, -0.9]], &device);
    let probes = Tensor::from_data(TensorData::new(vec![1.0_f32, -1.0], [1, 1, 2]), &device);
    let step = 0.02 / 2.0_f64.sqrt();
    let one: Vec<f32> =
        Divergence::FiniteDifference { probes, step }.of(&Curved, x, 0.0).1.into_data().try_into_vec().unwrap();
    assert!((f64::from(one[0]) + 0.1883736).abs() < 1e-4, "{one:?}");
    let n = 400_000;
    let divergence =
        Divergence::draw(DivergenceKind::FiniteDifference, [1, n, 2], &mut Rng::new(2, Stream::Probes), &device);
    let x = Tensor::<2>::from_floats([[0.4, -0.9]], &device).repeat_dim(0, n);
    let mean = scalar(divergence.of(&Curved, x, 0.0).1.mean());
    // Stein: the mean is the divergence smoothed by the step; four standard errors of 400,000 probes are 0.015.
    assert!((mean - 0.6728561).abs() < 0.015, "{mean}");
}
