//! Every fused operation against its plain version, on values that reach both tails, on views and on gradients.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::fused::{self, Elementwise, FusedOps, plain};

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
