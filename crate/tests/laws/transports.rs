//! Every transport by the same laws: what it claims to invert it inverts, its density is that of the map it computes, and what
//! it cannot do it says.

use burn::tensor::{Device, Tensor};
use flow_playground::FlowError;
use flow_playground::distribution::{Distribution, Mixture};
use flow_playground::divergence::{DivergenceConfig, DivergenceKind};
use flow_playground::flow_map::FlowMap;
use flow_playground::ode::{SolverConfig, SolverKind};
use flow_playground::path::Schedule;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::transport::{Coupled, FewSteps, Flow, Invertible, Sampled, Transport};
use flow_playground::velocity::{
    Beside, Blocks, CouplingKind, Couplings, CouplingsConfig, ExactMixture, NetworkConfig, OnHost, Perceptron,
    Potential, PotentialConfig, Told, VelocityField, values_from_tensor,
};
use pollster::block_on;

fn values(tensor: Tensor<2>) -> Vec<f32> {
    block_on(values_from_tensor(tensor)).unwrap()
}

fn tensor(values: Vec<f32>) -> Tensor<2> {
    let len = values.len() / 2;
    Tensor::<1>::from_floats(values.as_slice(), &Device::flex()).reshape([len, 2])
}

/// Weights large enough for a field that bends.
fn network(seed: u64) -> Perceptron {
    network_in(1, seed)
}

/// A network that is told how far it jumps.
fn jumping(jump: f32) -> Told<Perceptron> {
    Told { model: network_in(2, 1), beside: Beside::Condition(vec![jump]) }
}

fn network_in(context: usize, seed: u64) -> Perceptron {
    let config = NetworkConfig { width: 16, depth: 2, ..Default::default() };
    let layout = config.layout_in(2, context);
    let mut packed = layout.initial_weights(&mut Rng::new(seed, Stream::Weights));
    packed.iter_mut().for_each(|weight| *weight *= 2.0);
    Perceptron::new(config, &layout.cut(&Tensor::from_floats(packed.as_slice(), &Device::flex())))
}

fn potential() -> Potential {
    let config = PotentialConfig { dim: 2, width: 8, depth: 2 };
    let layout = config.layout();
    let mut packed = layout.initial_weights(&mut Rng::new(3, Stream::Weights));
    // Its gradient stretches: with smaller weights the grid below still holds all of it.
    packed.iter_mut().for_each(|weight| *weight *= 0.3);
    Potential::new(config, &layout.cut(&Tensor::from_floats(packed.as_slice(), &Device::flex())).pieces)
}

/// Small enough that the grid below holds all of it.
fn couplings(kind: CouplingKind) -> Couplings {
    let network = NetworkConfig { width: 12, depth: 2, ..NetworkConfig::default() };
    let config = CouplingsConfig { kind, layers: 3, dim: 2, network };
    let layout = config.layout();
    let mut rng = Rng::new(2, Stream::Weights);
    let mut packed = layout.initial_weights(&mut rng);
    packed.iter_mut().for_each(|weight| *weight += 0.2 * (rng.uniform() as f32 - 0.5));
    Couplings::new(config, &layout.cut(&Tensor::from_floats(packed.as_slice(), &Device::flex())))
}

fn fields() -> Vec<(&'static str, Box<dyn VelocityField>)> {
    let exact = ExactMixture::to_gaussian(Mixture::eight_gaussians(), Schedule::Linear);
    vec![
        ("the exact field", Box::new(OnHost(Box::new(exact)))),
        ("a network", Box::new(network(1))),
        ("a network of jumps", Box::new(jumping(0.0))),
        ("blocks", Box::new(Blocks((0..3).map(network).collect()))),
        ("a potential", Box::new(potential())),
    ]
}

const SOLVERS: [SolverConfig; 2] = [
    SolverConfig { kind: SolverKind::Rk4, steps: 60, tolerance: None },
    SolverConfig { kind: SolverKind::Dopri5, steps: 1, tolerance: Some(1e-5) },
];

fn noise() -> Distribution {
    Mixture::standard_normal(2).into()
}

/// Everything that claims a way back.
fn each_invertible(mut check: impl FnMut(&str, &dyn Invertible)) {
    let noise = noise();
    for (name, field) in &fields() {
        for solver in SOLVERS {
            let map = FlowMap { field: field.as_ref(), solver };
            let flow = Flow { map, noise: &noise, divergence: DivergenceConfig::default(), seed: 1 };
            check(&format!("{name} by {:?}", solver.kind), flow.invertible().unwrap());
        }
    }
    for kind in [CouplingKind::Nice, CouplingKind::RealNvp, CouplingKind::Glow, CouplingKind::Spline] {
        let map = &couplings(kind);
        check(&format!("{kind:?}"), Coupled { map, noise: &noise, states: 1 }.invertible().unwrap());
    }
}

fn start() -> Tensor<2> {
    tensor(noise().sample(64, &mut Rng::new(4, Stream::Samples)).into_values())
}

fn close(a: &[f32], b: &[f32], bound: f32, what: &str) {
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(a.len() == b.len() && apart < bound, "{what}: {apart}");
}

#[test]
fn encoding_inverts_generating() {
    each_invertible(|name, transport| {
        let data = block_on(transport.generate(start(), None)).unwrap().state;
        let back = block_on(transport.encode(data, None)).unwrap().state;
        close(&values(back), &values(start()), 2e-3, name);
    });
}

/// ln p(x) = ln q(z) + ln |det ∂z/∂x|, where z is what the point is encoded as, by differences of the computed map.
#[test]
fn densities_are_the_jacobian_of_the_computed_map() {
    const STEP: f32 = 4e-3;
    each_invertible(|name, transport| {
        let x = values(block_on(transport.generate(start(), None)).unwrap().state);
        let found = block_on(transport.log_density(tensor(x.clone()), 0.0)).unwrap().values.unwrap();
        let encoded = |moved: [f32; 2]| {
            let x = x.chunks(2).flat_map(|x| [x[0] + moved[0], x[1] + moved[1]]).collect();
            values(block_on(transport.encode(tensor(x), None)).unwrap().state)
        };
        let z = encoded([0.0; 2]);
        let [right, left] = [STEP, -STEP].map(|step| encoded([step, 0.0]));
        let [up, down] = [STEP, -STEP].map(|step| encoded([0.0, step]));
        let slope = |a: &[f32], b: &[f32], k: usize| f64::from(a[k] - b[k]) / f64::from(2.0 * STEP);
        let mut worst: Vec<f64> = (0..x.len() / 2)
            .map(|i| {
                let [a, b] = [2 * i, 2 * i + 1];
                let det =
                    slope(&right, &left, a) * slope(&up, &down, b) - slope(&right, &left, b) * slope(&up, &down, a);
                let z = [f64::from(z[a]), f64::from(z[b])];
                (found[i] - noise().log_density(&z).unwrap() - det.abs().ln()).abs()
            })
            .collect();
        worst.sort_by(f64::total_cmp);
        // Between the exact field's modes the map is so steep that differences of f32 say nothing: most, not all.
        assert!(worst[worst.len() * 9 / 10] < 0.02, "{name}: {worst:?}");
    });
}

#[test]
fn densities_integrate_to_one() {
    const NUM: usize = 140;
    const REACH: f32 = 7.0;
    let side = 2.0 * REACH / NUM as f32;
    let at = |i: usize| -REACH + side * (i as f32 + 0.5);
    let grid: Vec<f32> = (0..NUM * NUM).flat_map(|k| [at(k % NUM), at(k / NUM)]).collect();
    each_invertible(|name, transport| {
        let found = block_on(transport.log_density(tensor(grid.clone()), 0.0)).unwrap().values.unwrap();
        let mass = found.iter().map(|p| p.exp()).sum::<f64>() * f64::from(side * side);
        assert!((mass - 1.0).abs() < 5e-3, "{name}: {mass}");
    });
}

#[test]
fn samples_come_with_their_density_in_one_pass() {
    each_invertible(|name, transport| {
        let (points, along) = block_on(transport.generate_with_density(start())).unwrap();
        let alone = block_on(transport.generate(start(), None)).unwrap();
        // An adaptive solver is steered by the density too.
        close(&values(points.clone()), &values(alone.state), 5e-3, name);
        let afterwards = block_on(transport.log_density(points, 0.0)).unwrap().values.unwrap();
        let narrow = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect::<Vec<_>>();
        close(&narrow(along.values.unwrap()), &narrow(afterwards), 2e-2, name);
    });
}

#[test]
fn an_estimated_density_has_its_error() {
    let (noise, field) = (noise(), network(1));
    let divergence = DivergenceConfig { kind: Some(DivergenceKind::Hutchinson), probes: Some(16) };
    let map = FlowMap { field: &field, solver: SOLVERS[0] };
    let [exact, estimated] = [DivergenceConfig::default(), divergence].map(|divergence| {
        let flow = Flow { map, noise: &noise, divergence, seed: 1 };
        block_on(flow.log_density(start(), 0.0)).unwrap()
    });
    let errors = estimated.standard_errors.unwrap();
    assert!(exact.standard_errors.is_none());
    let off = exact.values.unwrap().into_iter().zip(estimated.values.unwrap()).zip(&errors);
    let far = off.filter(|((exact, estimated), error)| (exact - estimated).abs() > 4.0 * *error + 1e-4).count();
    assert!(far <= 3 && errors.iter().all(|error| *error > 0.0), "{far} of 64");
}

#[test]
fn the_finer_one_is_nearer_to_the_flow() {
    let (noise, field) = (noise(), network(1));
    let flow = |steps| {
        let map = FlowMap { field: &field, solver: SolverConfig { kind: SolverKind::Euler, steps, tolerance: None } };
        Flow { map, noise: &noise, divergence: DivergenceConfig::default(), seed: 1 }
    };
    let end = |transport: &dyn Invertible| values(block_on(transport.generate(start(), None)).unwrap().state);
    let truth = end(&flow(1000));
    let far = |found: Vec<f32>| found.iter().zip(&truth).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
    let coarse = flow(4);
    assert!(far(end(coarse.refined().as_ref())) < 0.5 * far(end(&coarse)));
}

/// What goes one way says what it is; all show where they begin, where they end, and no more states than they said.
#[test]
fn what_a_transport_cannot_do_it_says() {
    let (noise, fields) = (noise(), fields());
    let field = fields[0].1.as_ref();
    let map = FlowMap { field, solver: SolverConfig { kind: SolverKind::Euler, steps: 2, tolerance: None } };
    let sampled = |kind| {
        let sampler = SamplerConfig { kind, steps: 20, ..SamplerConfig::default() };
        Sampled { field, path: Some(Schedule::Linear), sampler, seed: 5 }
    };
    let samplers = SamplerKind::OF_PATHS.map(sampled);
    let student = FewSteps { field: Box::new(network(1)), steps: 2, what: "a distilled student" };
    let flow = Flow { map, noise: &noise, divergence: DivergenceConfig::default(), seed: 1 };
    let (couplings, states) = (couplings(CouplingKind::Glow), 20);
    let coupled = Coupled { map: &couplings, noise: &noise, states };
    let jumps = FewSteps { field: Box::new(jumping(0.25)), steps: 4, what: "a map of few steps" };
    let mut all: Vec<(&dyn Transport, Option<&str>)> =
        vec![(&student, Some(student.what)), (&jumps, Some(jumps.what)), (&flow, None), (&coupled, None)];
    all.extend(samplers.iter().map(|sampler| (sampler as &dyn Transport, Some("a sampler"))));
    for (transport, one_way) in all {
        assert_eq!(transport.invertible().err(), one_way);
        let (mut times, mut states) = (Vec::new(), Vec::new());
        let mut observe = |t: f64, state: &Tensor<2>| {
            times.push(t);
            states.push(values(state.clone()));
        };
        let reached = block_on(transport.generate(start(), Some(&mut observe))).unwrap();
        assert!(times.len() <= transport.most_states() && times.windows(2).all(|pair| pair[1] < pair[0]), "{times:?}");
        assert_eq!(states.last().unwrap(), &values(reached.state));
        let alone: Result<_, FlowError> = block_on(transport.generate(start(), None));
        close(states.last().unwrap(), &values(alone.unwrap().state), 1e-4, "unobserved");
    }
}
