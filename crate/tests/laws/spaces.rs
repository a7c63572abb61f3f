//! Torus and sphere: their lines, distances, laws and fields.

use crate::quadrature::grid;
use burn::tensor::{Device, Tensor};
use flow_playground::Points;
use flow_playground::coupling::{Costs, Coupling};
use flow_playground::distribution::{Distribution, DistributionConfig, DistributionKind, VonMises, VonMisesFisher};
use flow_playground::flow_map::FlowMap;
use flow_playground::metric::wasserstein_on;
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::rng::{Rng, Stream};
use flow_playground::space::{Space, SpaceKind, Torus, geodesics, wide};
use flow_playground::velocity::{NetworkConfig, OnSpace, Perceptron, VelocityField, tensor_from_points};
use serde_json::Value;
use std::f64::consts::TAU;

const CLOSED: [SpaceKind; 2] = [SpaceKind::Torus, SpaceKind::Sphere];

fn oracle(name: &str) -> f64 {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/spaces.json")).unwrap();
    vectors.pointer(name).unwrap().as_f64().unwrap()
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn gap(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

fn noise(space: SpaceKind, kind: DistributionKind) -> Distribution {
    DistributionConfig::from(kind).noise_on(space).unwrap()
}

fn uniform(space: SpaceKind, n: usize, seed: u64) -> Points {
    noise(space, DistributionKind::Uniform).sample(n, &mut Rng::new(seed, Stream::Noise))
}

/// exp_x(log_x(y)) = y, the logarithm is as long as the way, and geodesics are tangent and of one speed: the derivative of their points.
#[test]
fn lines_are_geodesics() {
    for kind in CLOSED {
        let space = kind.space().unwrap();
        let [from, to] = [1, 2].map(|seed| uniform(kind, 500, seed));
        for (i, (a, b)) in from.rows().zip(to.rows()).enumerate() {
            // To all digits: those of f32 tell little of the direction to a point nearly opposite.
            let [x, y] = [a, b].map(|row| space.point(&space.own(&wide(row))));
            let v = space.log(&x, &y);
            assert!((dot(&v, &v) - space.square_distance(a, b)).abs() < 1e-5, "{kind:?} {x:?} {y:?}");
            assert!((space.square_distance(a, b) - space.square_distance(b, a)).abs() < 1e-12);
            assert!(gap(&space.geodesic(&x, &v, 1.0)[0], &y) < 1e-6, "{kind:?} {x:?} {y:?}");
            let (t, h) = (i as f64 / 500.0, 1e-5);
            let [at, velocity] = space.geodesic(&x, &v, t);
            assert!((dot(&velocity, &velocity) - dot(&v, &v)).abs() < 1e-5, "{kind:?}: the speed changes");
            assert!(gap(&space.project(&at, &velocity), &velocity) < 1e-6, "{kind:?}: it leaves the space");
            let [before, after] = [t - h, t + h].map(|t| space.geodesic(&x, &v, t)[0].clone());
            let moved: Vec<f64> = after.iter().zip(before).map(|(b, a)| (b - a) / (2.0 * h)).collect();
            assert!(gap(&moved, &velocity) < 1e-6, "{kind:?}: {moved:?} {velocity:?}");
            let (own, again) = (space.own(&at), space.own(&space.point(&space.own(&at))));
            assert!(gap(&own, &again) < 1e-12, "{kind:?}");
        }
    }
}

#[test]
fn a_line_on_the_torus_goes_over_the_seam() {
    let [from, to] = ["from", "to"].map(|end| Torus.point(&[oracle(&format!("/geodesic_torus/{end}")), 0.5]));
    let v = Torus.log(&from, &to);
    let [middle, velocity] = Torus.geodesic(&from, &v, 0.5);
    let velocity = Torus.own_velocity(&middle, &velocity);
    assert!(gap(&velocity, &[oracle("/geodesic_torus/velocity"), 0.0]) < 1e-12, "{velocity:?}");
    let middle = Torus.own(&middle);
    let apart = (middle[0] - oracle("/geodesic_torus/at_half")).rem_euclid(TAU);
    assert!(apart.min(TAU - apart) < 1e-9 && (middle[1] - 0.5).abs() < 1e-12, "{middle:?}");
    // -π is π.
    let seam = Torus.own(&[-1.0, -0.0, -1.0, 0.0]);
    assert_eq!(seam, [std::f64::consts::PI; 2]);
}

/// Mass and entropy, by a sum over the space.
fn summed(density: &dyn Fn(&[f64]) -> f64, kind: SpaceKind, n: usize) -> [f64; 2] {
    let space = kind.space().unwrap();
    let (points, areas) = grid(kind, n);
    let mut sums = [0.0; 2];
    for (own, area) in points.rows().zip(areas) {
        let log = density(&space.point(own));
        sums[0] += area * log.exp();
        sums[1] -= area * log.exp() * log;
    }
    sums
}

#[test]
fn laws_have_the_entropies_of_the_reference() {
    for concentration in [1.0, 2.0, 4.0] {
        let law = VonMises { mean: 2.0, concentration };
        // Of two independent angles, half.
        let density = |x: &[f64]| Torus.own(x).into_iter().map(|angle| law.log_density(angle)).sum();
        let [mass, entropy] = summed(&density, SpaceKind::Torus, 64);
        let stated = oracle(&format!("/von_mises_kappa{concentration:.1}_entropy"));
        assert!(
            (mass - 1.0).abs() < 1e-12 && (entropy / 2.0 - stated).abs() < 1e-9,
            "{concentration}: {mass} {entropy}"
        );
    }
    for concentration in [1.0, 5.0, 10.0] {
        let law = VonMisesFisher { mean: [0.6, 0.0, -0.8], concentration };
        let [mass, entropy] = summed(&|x| law.log_density(x), SpaceKind::Sphere, 48);
        let stated = oracle(&format!("/vmf_sphere2_kappa{concentration:.1}_entropy"));
        assert!((mass - 1.0).abs() < 1e-12 && (entropy - stated).abs() < 1e-9, "{concentration}: {mass} {entropy}");
    }
    for (kind, name) in [(SpaceKind::Torus, "/uniform_torus2_nll"), (SpaceKind::Sphere, "/uniform_sphere2_nll")] {
        let law = noise(kind, DistributionKind::Uniform);
        let origin = kind.space().unwrap().origin();
        assert!((law.log_density(&origin).unwrap() + oracle(name)).abs() < 1e-12);
    }
}

/// Every law adds up to 1, has the entropy that it states, and is that of its samples: χ² over cells of equal area.
#[test]
fn every_law_adds_up_to_one_and_is_that_of_its_samples() {
    let data = DistributionKind::ON_SPACES.map(|kind| kind.built_in().unwrap());
    let noises = CLOSED.into_iter().flat_map(|space| {
        [DistributionKind::Uniform, DistributionKind::WrappedGaussian].map(|kind| noise(space, kind))
    });
    for law in data.into_iter().chain(noises) {
        let space = law.space.space().unwrap();
        let [mass, entropy] = summed(&|x| law.log_density(x).unwrap(), law.space, 128);
        // Wrapped around a sphere noise has no bound at the far pole, which a sum meets less well.
        let bound = if law.entropy().is_none() { 1e-4 } else { 1e-9 };
        assert!((mass - 1.0).abs() < bound, "{:?}: {mass}", law.space);
        if let Some(stated) = law.entropy() {
            assert!((entropy - stated).abs() < 1e-7, "{:?}: {entropy}, not {stated}", law.space);
        }
        let (n, across) = (20_000, 12);
        let cell = |own: &[f64]| {
            let (x, y) = match law.space {
                SpaceKind::Torus => (own[0] / TAU + 0.5, own[1] / TAU + 0.5),
                _ => (own[1].atan2(own[0]) / TAU + 0.5, 0.5 * own[2] + 0.5),
            };
            let at = |share: f64| ((share * across as f64) as usize).min(across - 1);
            at(x) * across + at(y)
        };
        let (mut expected, mut counts) = (vec![0.0; across * across], vec![0.0; across * across]);
        let rng = &mut Rng::new(5, Stream::Samples);
        for own in law.space.own(&uniform(law.space, 400_000, 3)).rows() {
            expected[cell(own)] +=
                n as f64 * (law.log_density(&space.point(own)).unwrap() + space.log_volume()).exp() / 4e5;
        }
        law.space.own(&law.sample(n, rng)).rows().for_each(|own| counts[cell(own)] += 1.0);
        let known = expected.iter().zip(&counts).filter(|(expected, _)| **expected > 10.0);
        let terms: Vec<f64> =
            known.map(|(expected, count): (&f64, &f64)| (count - expected).powi(2) / expected).collect();
        let (chi, cells) = (terms.iter().sum::<f64>(), terms.len() as f64);
        // The expectation has an error of its own, from 400,000 draws.
        assert!((chi - cells).abs() < 6.0 * (2.0 * cells).sqrt(), "{:?}: χ² is {chi} over {cells}", law.space);
    }
}

fn turned(kind: SpaceKind, points: &Points) -> Points {
    let (sin, cos) = 0.7_f64.sin_cos();
    let turn = |row: &[f32]| {
        let x = wide(row);
        let around = |a: f64, b: f64| [cos * a - sin * b, sin * a + cos * b];
        match kind {
            SpaceKind::Torus => [around(x[0], x[1]), around(x[2], x[3])].concat(),
            _ => {
                let [a, b] = around(x[0], x[1]);
                let [b, c] = around(b, x[2]);
                vec![a, b, c]
            }
        }
    };
    let values = points.rows().flat_map(turn).map(|x| x as f32).collect();
    Points::new(values, points.dim()).unwrap()
}

#[test]
fn couplings_and_distances_are_those_of_the_space_however_it_is_turned() {
    for (kind, data) in CLOSED.into_iter().zip(DistributionKind::ON_SPACES) {
        let data = data.built_in().unwrap().sample(256, &mut Rng::new(1, Stream::Data));
        let noise = uniform(kind, 256, 1);
        let pair = |coupling: Coupling| {
            let pairs = coupling.pair_on(kind, [&data, &noise], 128, &mut Rng::new(1, Stream::Coupling));
            Costs::on(kind, &data, &noise).total(&pairs) / 256.0
        };
        let [best, soft, none] =
            [Coupling::MinibatchOt, Coupling::Sinkhorn { regularization: 0.2 }, Coupling::Independent].map(pair);
        assert!(best < soft && soft < 0.9 * none, "{kind:?}: {best} {soft} {none}");
        let distance = wasserstein_on(kind, &data, &noise).unwrap();
        let again = wasserstein_on(kind, &turned(kind, &data), &turned(kind, &noise)).unwrap();
        assert!((distance - again).abs() < 1e-5 * distance && distance <= best, "{kind:?}: {distance} {again} {best}");
        let [at, _] = geodesics(kind.space().unwrap(), [&data, &noise], |_| 0.25);
        let part = wasserstein_on(kind, &at, &data).unwrap();
        assert!(part <= Costs::on(kind, &data, &noise).total(&(0..256).collect::<Vec<_>>()) / 256.0 / 16.0 + 1e-6);
    }
}

fn field(kind: SpaceKind) -> OnSpace<Perceptron> {
    let space = kind.space().unwrap();
    let config = NetworkConfig { width: 24, depth: 2, ..NetworkConfig::default() };
    let layout = config.layout(space.coordinates());
    // Three times the usual, so that it is no small field.
    let weights: Vec<f32> = layout.initial_weights(&mut Rng::new(3, Stream::Weights)).iter().map(|w| 3.0 * w).collect();
    OnSpace {
        model: Perceptron::new(config, &layout.cut(&Tensor::from_floats(weights.as_slice(), &Device::flex()))),
        space,
    }
}

fn rows(tensor: Tensor<2>) -> Points {
    let dim = tensor.dims()[1];
    Points::new(tensor.into_data().try_into_vec().unwrap(), dim).unwrap()
}

/// Velocities are tangent; the divergence is that of a chart at each point: differences along two geodesics from it.
#[test]
fn fields_are_tangent_and_their_divergence_is_the_space_s() {
    let (device, t, h) = (Device::flex(), 0.4, 5e-3);
    for kind in CLOSED {
        let (space, field, points) = (kind.space().unwrap(), field(kind), uniform(kind, 64, 9));
        let (velocity, trace) = field.velocity_and_trace(tensor_from_points(&points, &device), t);
        let (velocity, trace) = (rows(velocity), rows(trace));
        let plain = rows(field.velocity(tensor_from_points(&points, &device), t));
        let frame = field.space.frame(tensor_from_points(&points, &device));
        let frame: Vec<f32> = frame.into_data().try_into_vec().unwrap();
        let (len, dim) = (points.values().len(), points.dim());
        let mut found = vec![0.0; points.len()];
        for direction in frame.chunks_exact(len) {
            let moved = |by: f64| {
                let each = points.rows().zip(direction.chunks_exact(dim));
                let values = each.flat_map(|(x, e)| space.geodesic(&wide(x), &wide(e), by)[0].clone());
                let points = Points::new(values.map(|x| x as f32).collect(), dim).unwrap();
                rows(field.velocity(tensor_from_points(&points, &device), t))
            };
            let (before, after) = (moved(-h), moved(h));
            for (i, e) in direction.chunks_exact(dim).map(wide).enumerate() {
                assert!(gap(&space.project(&wide(points.row(i)), &e), &e) < 1e-5, "{kind:?}: {e:?} is not tangent");
                found[i] += (dot(&wide(after.row(i)), &e) - dot(&wide(before.row(i)), &e)) / (2.0 * h);
            }
        }
        for (i, found) in found.into_iter().enumerate() {
            let (x, v) = (wide(points.row(i)), wide(velocity.row(i)));
            assert!(gap(&v, &wide(plain.row(i))) < 1e-5 && gap(&space.project(&x, &v), &v) < 1e-5, "{kind:?}");
            let trace = f64::from(trace.row(i)[0]);
            assert!((trace - found).abs() < 2e-3 * (1.0 + found.abs()), "{kind:?} {x:?}: {trace}, not {found}");
        }
        let largest = trace.values().iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!(largest > 0.3, "{kind:?}: a field without a divergence would pass");
    }
}

/// A solver of R³ keeps to the space, and every one of its steps goes as if put back on it.
#[test]
fn solvers_keep_to_the_space() {
    for kind in CLOSED {
        let (space, field) = (kind.space().unwrap(), field(kind));
        let x = tensor_from_points(&uniform(kind, 64, 2), &Device::flex());
        let reached = |kind, steps, x: &Tensor<2>| {
            let map = FlowMap { field: &field, solver: SolverConfig { kind, steps, tolerance: None } };
            rows(pollster::block_on(map.transport(x.clone(), [1.0, 0.0])).unwrap().state)
        };
        let fine = reached(SolverKind::Rk4, 60, &x);
        let [_, size] = space.spheres();
        for x in fine.values().chunks_exact(size).map(wide) {
            assert!((dot(&x, &x).sqrt() - 1.0).abs() < 1e-5, "{kind:?}: {x:?}");
        }
        // Twice as far out it turns as fast.
        let far = reached(SolverKind::Euler, 4, &x.clone().mul_scalar(2.0));
        let near = reached(SolverKind::Euler, 4, &x);
        for (a, b) in near.rows().zip(far.rows()) {
            assert!(gap(&space.own(&wide(a)), &space.own(&wide(b))) < 1e-4, "{kind:?}");
        }
    }
}
