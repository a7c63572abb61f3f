//! Gradients of both losses against central differences, and the divergence against the field's own differences.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, Mixture};
use flow_playground::method::{Ends, FlowMatchingConfig, Method, NormalizingFlowConfig, Streams};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{Activation, Network, NetworkConfig, NetworkShape, VelocityField, tensor_from_points};

fn shape(activation: Activation) -> NetworkShape {
    NetworkShape { dim: 2, config: NetworkConfig { width: 6, depth: 2, activation } }
}

fn network(shape: NetworkShape, weights: &[f32]) -> Network {
    let data = TensorData::new(weights.to_vec(), [weights.len()]);
    Network::new(shape, Tensor::from_data(data, &Device::flex()))
}

/// The loss of one and the same batch, however often it is asked for.
fn loss(method: &dyn Method, network: &Network) -> Tensor<1> {
    let mixture = Mixture::eight_gaussians();
    let noise = Mixture::standard_normal(2);
    let mut streams = Streams::new(11);
    let mut ends = Ends { data: &mixture, noise: &noise, batch: 8, device: &Device::flex(), streams: &mut streams };
    method.loss(network, &mut ends)
}

fn scalar(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_data().try_into_vec::<f32>().unwrap()[0])
}

/// Every weight's derivative against (L(w + h) - L(w - h)) / 2h. In f32 the difference of losses of size 10 carries an error
/// of about 1e-6 · 10 / 2h, so h = 1e-2 leaves 1e-3, relative to gradients of size 1.
fn check(method: &dyn Method, activation: Activation) {
    let shape = shape(activation);
    let weights = shape.initial_weights(&mut Rng::new(3, Stream::Weights));
    let tracked = network(shape, &weights).tracked();
    let gradient: Vec<f32> = tracked.gradient(&loss(method, &tracked)).into_data().try_into_vec().unwrap();
    assert_eq!(gradient.len(), weights.len());
    let h = 1e-2;
    let mut largest: f64 = 0.0;
    for i in 0..weights.len() {
        let moved = |by: f32| {
            let mut weights = weights.clone();
            weights[i] += by;
            scalar(loss(method, &network(shape, &weights)))
        };
        let difference = (moved(h) - moved(-h)) / (2.0 * f64::from(h));
        let error = (difference - f64::from(gradient[i])).abs();
        assert!(error < 3e-3 * (1.0 + difference.abs()), "weight {i}: {} should be {difference}", gradient[i]);
        largest = largest.max(f64::from(gradient[i].abs()));
    }
    assert!(largest > 0.1, "a gradient of zero would pass any comparison");
}

#[test]
fn flow_matching() {
    for activation in [Activation::Silu, Activation::Tanh] {
        check(&FlowMatchingConfig::default(), activation);
    }
}

#[test]
fn normalizing_flow() {
    for activation in [Activation::Silu, Activation::Tanh] {
        check(&NormalizingFlowConfig { training_steps: 3, kinetic_penalty: 0.05 }, activation);
    }
}

#[test]
fn the_exact_divergence_is_the_trace_of_differences() {
    let device = Device::flex();
    for activation in [Activation::Silu, Activation::Tanh] {
        let shape = NetworkShape { dim: 3, config: NetworkConfig { width: 16, depth: 3, activation } };
        let weights = shape.initial_weights(&mut Rng::new(4, Stream::Weights));
        let network = network(shape, &weights);
        let points = Mixture::standard_normal(3).sample(32, &mut Rng::new(4, Stream::Data));
        let x = || tensor_from_points(&points, &device);
        let (velocity, trace) = network.velocity_and_trace(x(), 0.3);
        let plain = network.velocity(x(), 0.3);
        let gap = (velocity - plain).abs().max();
        assert!(scalar(gap) < 1e-6);
        let h = 1e-2_f32;
        let mut differences: Tensor<2> = Tensor::zeros([32, 1], &device);
        for i in 0..3 {
            let mut step = [[0.0_f32; 3]];
            step[0][i] = h;
            let step: Tensor<2> = Tensor::from_data(TensorData::from(step), &device);
            let change = network.velocity(x() + step.clone(), 0.3) - network.velocity(x() - step, 0.3);
            differences = differences + change.narrow(1, i, 1).div_scalar(2.0 * h);
        }
        assert!(scalar((trace - differences).abs().max()) < 1e-4);
    }
}
