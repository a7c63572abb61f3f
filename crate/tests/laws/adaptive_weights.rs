//! The loss of MeanFlow where points weigh by their errors, and its gradient against differences.

use burn::tensor::{Device, Tensor, TensorData};
use flow_playground::distribution::{Distribution, Mixture};
use flow_playground::method::{Ends, MethodConfig, Problem, Streams};
use flow_playground::rng::{Rng, Stream};
use flow_playground::velocity::{Model, Network, NetworkConfig};
use serde_json::json;

fn packed(weights: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(weights.to_vec(), [weights.len()]), &Device::flex())
}

fn scalar(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_data().try_into_vec::<f32>().unwrap()[0])
}

/// A weight is of one point's error, and has no gradient: the loss's is that of the same errors with the weights that they have here.
#[test]
fn adaptive_weights_are_of_each_point_and_held() {
    let network = NetworkConfig { width: 6, depth: 2, ..NetworkConfig::default() };
    let [data, noise] = [Mixture::eight_gaussians(), Mixture::standard_normal(2)].map(Distribution::from);
    let problem =
        Problem { data: &data, noise: &noise, network, condition: None, asked: None, jump: Some(0.0), seed: 1 };
    let of =
        |power: f64| serde_json::from_value::<MethodConfig>(json!({ "kind": "mean-flow", "adaptive": power })).unwrap();
    let layout = of(0.0).method().layout(&problem);
    let initial = layout.initial_weights(&mut Rng::new(3, Stream::Weights));
    let device = Device::flex();
    let mut streams = Streams::new(11);
    let mut ends = Ends { problem, pool: None, round: 0, batch: 8, device: &device, streams: &mut streams };
    let examples = of(0.0).method().examples(&mut ends, &|| layout.cut(&packed(&initial)));
    let examples = examples.unwrap();
    let rows = |values: &[f32]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), [8, 2]), &device);
    let learned = examples.learned.clone().unwrap();
    let targets = rows(&examples.targets).slice_assign([0..learned.dims()[0], 0..2], learned);
    let errors = |weights: &[f32]| -> Vec<f64> {
        let output = Network::new(network, 2, &layout.cut(&packed(weights)))
            .forward(rows(&examples.positions), rows(&examples.context));
        let squares = (output - targets.clone()).powi_scalar(2).sum_dim(1).into_data().try_into_vec::<f32>().unwrap();
        squares.into_iter().map(f64::from).collect()
    };
    for power in [0.5, 1.0] {
        let held: Vec<f64> = errors(&initial).into_iter().map(|size| (size + 1e-3).powf(-power)).collect();
        let expected =
            |weights: &[f32]| errors(weights).iter().zip(&held).map(|(size, weight)| size * weight).sum::<f64>() / 8.0;
        let tracked = layout.cut(&packed(&initial)).tracked();
        let mut streams = Streams::new(11);
        let mut ends = Ends { problem, pool: None, round: 0, batch: 8, device: &device, streams: &mut streams };
        let loss = of(power).method().loss(&tracked, &mut ends);
        let gradient: Vec<f32> = tracked.gradient(&loss).into_data().try_into_vec().unwrap();
        assert!((scalar(loss.inner()) - expected(&initial)).abs() < 1e-5);
        for (i, found) in gradient.iter().enumerate() {
            let moved = |by: f32| {
                let mut weights = initial.clone();
                weights[i] += by;
                expected(&weights)
            };
            let difference = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!((difference - f64::from(*found)).abs() < 1e-2 * (1.0 + difference.abs()), "{power}: {i}");
        }
    }
}
