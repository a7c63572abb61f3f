//! Every fused operation against its plain version, on values that reach both tails, on views and on gradients.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Mixture, Sampler};
use flow_playground::fused::{self, Elementwise, FusedOps, plain};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{
    Activation, Conditioning, Layout, Model, NetworkConfig, Perceptron, Weights, tensor_from_points,
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

/// A context of `rows` rows, its time first.
fn context(rows: usize, columns: usize) -> Tensor<2> {
    let values: Vec<f32> =
        (0..rows * columns).map(|i| (i * 5 % 13) as f32 / 13.0 - (i % columns) as f32 / 3.0).collect();
    Tensor::from_data(TensorData::new(values, [rows, columns]), &Device::flex())
}

type Output = fn(&Perceptron, Tensor<2>, Tensor<2>) -> Tensor<2>;

/// The output and the trace, each as one operation and layer by layer.
const OUTPUTS: [[Output; 2]; 2] = [
    [Model::forward, Perceptron::forward_by_layers],
    [
        |network, x, context| Tensor::cat(<[_; 2]>::from(network.forward_and_trace(x, context)).to_vec(), 1),
        |network, x, context| Tensor::cat(<[_; 2]>::from(network.trace_by_layers(x, context)).to_vec(), 1),
    ],
];

/// The network as one operation against the network layer by layer: output, trace, and the gradients of both, for blocks of
/// every size and what is left over of them, in every context: none, the time, and more.
#[test]
fn the_network_agrees_with_its_layers() {
    for (dim, width, depth, batch) in [(2, 64, 3, 70), (1, 6, 1, 5), (3, 24, 2, 33), (8, 17, 4, 32), (20, 40, 2, 31)] {
        for activation in [Activation::Silu, Activation::Tanh] {
            for (conditioning, columns) in
                [(Conditioning::None, 1), (Conditioning::Concat, 1), (Conditioning::Concat, 3)]
            {
                let config = NetworkConfig { width, depth, activation, conditioning, ..Default::default() };
                let layout = config.layout_in(dim, columns);
                let packed = layout.initial_weights(&mut Rng::new(5, Stream::Weights));
                let weights = || -> Weights {
                    let len = packed.len();
                    let packed = Tensor::from_data(TensorData::new(packed.clone(), [len]), &Device::flex());
                    layout.cut(&packed).tracked()
                };
                let points = Mixture::standard_normal(dim).sample(batch, &mut Rng::new(6, Stream::Data));
                let x = || tensor_from_points(&points, &Device::flex()).autodiff().require_grad();
                let run = |output: Output, rows: usize| {
                    // A graph is gone after one backward pass, so there are two.
                    let (tracked, x, context) = (weights(), x(), context(rows, columns));
                    let value = output(&Perceptron::new(config, &tracked), x.clone(), context.clone());
                    let of_x = x.grad(&loss(value.clone()).backward()).unwrap();
                    let again = output(&Perceptron::new(config, &tracked), x.clone(), context);
                    let of_weights: Tensor<2> = tracked.gradient(&loss(again)).unsqueeze();
                    [values(value.inner()), values(of_x), values(of_weights)]
                };
                for ([ours, reference], rows) in OUTPUTS.into_iter().flat_map(|pair| [(pair, batch), (pair, 1)]) {
                    for (ours, reference) in run(ours, rows).iter().zip(&run(reference, rows)) {
                        let size = reference.iter().fold(0.0f32, |size, x| size.max(x.abs()));
                        for (a, b) in ours.iter().zip(reference) {
                            let close = (a - b).abs() <= 2e-5 * (1.0 + size);
                            assert!(close, "{config:?} in {dim}, {columns} columns: {a} should be {b}");
                        }
                        assert_eq!(ours.len(), reference.len());
                    }
                }
            }
        }
    }
}

/// A network of the time alone is that of a context of one column, piece by piece and number by number; another column's weights
/// lie right behind the time's.
#[test]
fn more_context_only_adds_a_piece_behind_the_time() {
    let config = NetworkConfig { width: 6, depth: 2, ..NetworkConfig::default() };
    assert_eq!(config.layout(2), config.layout_in(2, 1));
    let names = |layout: &Layout| layout.0.iter().map(|piece| piece.name.clone()).collect::<Vec<_>>();
    let mut three = config.layout_in(2, 3);
    assert_eq!((three.0[2].name.as_str(), three.0[2].size), ("context.weight", [2, 6]));
    three.0.remove(2);
    assert_eq!(names(&three), names(&config.layout(2)));
    for conditioning in [Conditioning::None, Conditioning::ConcatSquash] {
        let config = NetworkConfig { conditioning, ..config };
        assert!(std::panic::catch_unwind(|| config.layout_in(2, 2)).is_err(), "{conditioning:?} has no place for it");
    }
}
