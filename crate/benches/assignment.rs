//! How long the exact assignment of minibatch OT takes: N(0, I) against moons and eight Gaussians, and two samples of
//! N(0, I). The bar: 2 ms for 256 points. For comparison, the crate lapjv 0.3 (Jonker and Volgenant as published) took
//! 20 ms there on the machine where ours took 1.4 ms.

use flow_playground::coupling::{Costs, assign};
use flow_playground::distribution::{DistributionKind, Mixture, Sampler};
use flow_playground::rng::{Rng, Stream};
use std::time::Instant;

fn main() {
    println!("{:<18}{:>6}{:>12}{:>12}", "data", "n", "least ms", "median ms");
    for kind in [DistributionKind::Moons, DistributionKind::EightGaussians, DistributionKind::Gaussian] {
        let data = kind.built_in().expect("a built-in distribution");
        for n in [64, 128, 256, 512, 1024, 2048] {
            let (data_rng, noise_rng) = (&mut Rng::new(1, Stream::Data), &mut Rng::new(1, Stream::Noise));
            let mut times: Vec<f64> = (0..(16_384 / n).max(5))
                .map(|_| {
                    let noise = Mixture::standard_normal(2).sample(n, noise_rng);
                    let costs = Costs::squared(&data.sample(n, data_rng), &noise);
                    let start = Instant::now();
                    std::hint::black_box(assign(&costs));
                    1e3 * start.elapsed().as_secs_f64()
                })
                .collect();
            times.sort_unstable_by(f64::total_cmp);
            println!("{:<18}{n:>6}{:>12.3}{:>12.3}", format!("{kind:?}"), times[0], times[times.len() / 2]);
        }
    }
}
