//! Every fused operation against its plain version, on values that reach both tails, on views and on gradients.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Mixture, Sampler};
use flow_playground::fused::{self, Elementwise, FusedOps, plain};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{
    Activation, Conditioning, Network, NetworkConfig, VelocityField, Weights, tensor_from_points,
};

/// Each function with the highest order it is differentiated from.
const FUNCTIONS: [(Elementwise, usize); 2] = [(Elementwise::Silu, 1), (Elementwise::LogCosh, 2)];

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn sweep() -> Tensor<2> {
    let values: Vec<f32> = (0..1200).map(|i| (i as f32 - 600.0) / 20.0).collect();
    Tensor::from_data(TensorData::new(values, [40, 30]), &Device::flex())
}

fn primitive(tensor: Tensor<2>) -> FloatTensor<Flex> {
    FloatTensor::<Flex>::from_data(tensor.into_data())
}

fn assert_close(ours: &[f32], reference: &[f32]) {
    assert_eq!(ours.len(), reference.len());
    for (a, b) in ours.iter().zip(reference) {
        assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "{a} should be {b}");
    }
}

#[test]
fn functions_and_their_derivatives_agree_with_the_plain_version() {
    for (function, last) in FUNCTIONS {
        for order in 0..=last + 1 {
            for tensor in [sweep(), sweep().transpose(), sweep().narrow(0, 3, 5)] {
                let plain = plain::elementwise::<Flex>(primitive(tensor.clone()), function, order);
                let ours = <Flex as FusedOps>::elementwise(primitive(tensor), function, order);
                let read = |tensor: FloatTensor<Flex>| tensor.into_data().try_into_vec::<f32>().unwrap();
                assert_close(&read(ours), &read(plain));
            }
        }
    }
}

#[test]
fn an_input_that_is_still_used_is_not_overwritten() {
    let z = sweep();
    let before = values(z.clone());
    let _ = fused::elementwise(z.clone(), Elementwise::Silu, 0);
    assert_eq!(values(z), before);
}

#[test]
fn gradients_are_the_next_derivative() {
    for (function, last) in FUNCTIONS {
        for order in 0..=last {
            let z = sweep().autodiff().require_grad();
            let gradient = z.grad(&fused::elementwise(z.clone(), function, order).sum().backward()).unwrap();
            let next = plain::elementwise::<Flex>(primitive(sweep()), function, order + 1).into_data();
            assert_close(&values(gradient), &values(Tensor::from_data(next, &Device::flex())));
        }
    }
}

fn loss(output: Tensor<2>) -> Tensor<1> {
    // Every output counts, and counts differently.
    let [rows, columns] = output.dims();
    let weights: Vec<f32> = (0..rows * columns).map(|i| ((i * 7 + 3) % 11) as f32 / 11.0 - 0.4).collect();
    let weights = Tensor::from_data(TensorData::new(weights, [rows, columns]), &Device::flex());
    (output.clone() * output * weights).sum()
}

/// The network as one operation against the network layer by layer: output, trace, and the gradients of both, for blocks of
/// every size and what is left over of them.
#[test]
fn the_network_agrees_with_its_layers() {
    for (dim, width, depth, batch) in [(2, 64, 3, 70), (1, 6, 1, 5), (3, 24, 2, 33), (8, 17, 4, 32), (20, 40, 2, 31)] {
        for activation in [Activation::Silu, Activation::Tanh] {
            for conditioning in [Conditioning::Concat, Conditioning::None] {
                let config = NetworkConfig { width, depth, activation, conditioning };
                let layout = config.layout(dim);
                let packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
                let weights = || -> Weights {
                    let len = packed.len();
                    let packed = Tensor::from_data(TensorData::new(packed.clone(), [len]), &Device::flex());
                    layout.cut(&packed).tracked()
                };
                let points = Mixture::standard_normal(dim).sample(batch, &mut Rng::new(6, Stream::Data));
                let x = || tensor_from_points(&points, &Device::flex()).autodiff().require_grad();
                type Output = fn(&Network, Tensor<2>) -> Tensor<2>;
                let times = |len: usize| -> Tensor<2> {
                    let values: Vec<f32> = (0..len).map(|i| i as f32 / len as f32).collect();
                    Tensor::from_data(TensorData::new(values, [len, 1]), &Device::flex())
                };
                let forwards = [network_output(&times(batch), true), network_output(&times(batch), false)];
                let traces: [Output; 2] = [
                    |network, x| {
                        let (v, trace) = network.velocity_and_trace(x, 0.3);
                        Tensor::cat(vec![v, trace], 1)
                    },
                    |network, x| {
                        let (v, trace) = network.trace_by_layers(x, 0.3);
                        Tensor::cat(vec![v, trace], 1)
                    },
                ];
                let run = |output: &dyn Fn(&Network, Tensor<2>) -> Tensor<2>| {
                    // A graph is gone after one backward pass, so there are two.
                    let (tracked, x) = (weights(), x());
                    let value = output(&Network::new(config, &tracked), x.clone());
                    let of_x = x.grad(&loss(value.clone()).backward()).unwrap();
                    let again = output(&Network::new(config, &tracked), x.clone());
                    let of_weights: Tensor<2> = tracked.gradient(&loss(again)).unsqueeze();
                    [values(value.inner()), values(of_x), values(of_weights)]
                };
                for (ours, reference) in [(run(&forwards[0]), run(&forwards[1])), (run(&traces[0]), run(&traces[1]))] {
                    for (ours, reference) in ours.iter().zip(&reference) {
                        let size = reference.iter().fold(0.0f32, |size, x| size.max(x.abs()));
                        for (a, b) in ours.iter().zip(reference) {
                            assert!((a - b).abs() <= 2e-5 * (1.0 + size), "{config:?} in {dim}: {a} should be {b}");
                        }
                        assert_eq!(ours.len(), reference.len());
                    }
                }
            }
        }
    }
}

fn network_output(times: &Tensor<2>, whole: bool) -> impl Fn(&Network, Tensor<2>) -> Tensor<2> + use<> {
    let times = times.clone();
    move |network, x| {
        if whole { network.forward(x, times.clone()) } else { network.forward_by_layers(x, times.clone()) }
    }
}
