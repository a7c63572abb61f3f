//! Numbers told to a network, and what simulation-based inference makes of it: a parameter given an observation.

use flow_playground::distribution::{Distribution, DistributionKind, Given};
use flow_playground::estimate::Estimate;
use flow_playground::method::{Asked, ConditionConfig, ConditionKind, Ends, Method, MethodConfig, Problem, Streams};
use flow_playground::ode::SolverKind;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{SamplerConfig, SamplerKind};
use flow_playground::session::Origin;
use flow_playground::velocity::NetworkConfig;
use flow_playground::{Engine, Experiment, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

/// prior θ ~ N(0, 1), x = θ + N(0, ¼): the mean and the variance of θ given x = 1.
const POSTERIOR: [f64; 2] = [0.8, 0.2];

fn open(over: &Value) -> Session {
    let mut experiment = json!({ "data": { "kind": "linear-gaussian" }, "condition": { "kind": "numbers" } });
    over.as_object().unwrap().iter().for_each(|(key, value)| experiment[key] = value.clone());
    block_on(Session::open(Experiment::from_json(&experiment).unwrap(), Start::default(), Engine::Cpu)).unwrap()
}

fn observed(numbers: &[f64], guidance: f64) -> Option<Asked> {
    Some(Asked::numbers(numbers.to_vec(), guidance))
}

fn built(kind: DistributionKind) -> Distribution {
    kind.built_in().unwrap()
}

fn given(data: &Distribution, numbers: &[f64]) -> Distribution {
    data.known(&Given::Numbers(numbers.to_vec())).unwrap().unwrap()
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&x| f64::from(x)).collect()
}

/// Its flow takes z to 0.8 + √0.2 z, and its density is that of N(0.8, 0.2).
#[test]
fn the_exact_field_given_an_observation_ends_at_the_posterior() {
    let mut session = open(&json!({ "method": { "kind": "closed-form" } }));
    session.ask(observed(&[1.0], 1.0)).unwrap();
    let solver = SolverConfig { kind: SolverKind::Rk4, steps: 50, tolerance: None };
    let flown = block_on(session.trajectories(100, solver, 1, Origin::Noise)).unwrap();
    let [mean, variance] = POSTERIOR;
    for (end, start) in flown.positions.last().unwrap().values().iter().zip(flown.positions[0].values()) {
        assert!((end - (mean + variance.sqrt() * start)).abs() < 1e-4, "{start} ends at {end}");
    }
    let points = session.data(50, 1).unwrap();
    for (x, found) in points.values().iter().zip(block_on(session.log_density(&points, 0.0, solver)).unwrap()) {
        let known = -0.5 * ((x - mean).powi(2) / variance + (std::f64::consts::TAU * variance).ln());
        assert!((f64::from(found) - known).abs() < 1e-3, "at {x}: {found}, not {known}");
    }
    session.ask(None).unwrap();
    assert_eq!(session.data(50, 1).unwrap().dim(), 1);
    assert!((block_on(session.measure(100, 1)).unwrap().entropy.unwrap() - 1.418_938_5).abs() < 1e-6, "the prior's");
}

/// A flow whose law is nearer to the posterior than KL 0.01 has a mean within √(2 · 0.2 · 0.01) of its, and a variance of
/// which s - 1 - ln s is within 0.02: both beside the scatter of the draws. Every method that is told classes is told numbers.
#[test]
fn trained_flows_come_to_the_posterior_of_the_oracle() {
    let coupled = json!({ "kind": "flow-matching", "coupling": "minibatch-ot" });
    for method in [
        json!({ "kind": "flow-matching" }),
        coupled,
        json!({ "kind": "diffusion" }),
        json!({ "kind": "stochastic-interpolant" }),
    ] {
        let mut session = open(&json!({
            "method": method, "network": { "width": 48, "depth": 2 }, "budget": { "steps": 1500 },
        }));
        block_on(session.advance(1500)).unwrap();
        session.ask(observed(&[1.0], 1.0)).unwrap();
        let found = block_on(session.measure(4000, 1)).unwrap();
        let nearest = 0.01;
        assert!(found.kl.unwrap() < nearest + 4.0 * found.kl_standard_error.unwrap(), "{method}: {:?}", found.kl);
        assert!((found.entropy.unwrap() - 0.614_219_6).abs() < 1e-6, "{:?}", found.entropy);
        let points = block_on(session.sample(4000, SolverConfig::default(), 2)).unwrap();
        let n = points.len() as f64;
        let mean = points.values().iter().sum::<f64>() / n;
        let variance = points.values().iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        println!("{method}: {mean:.3}, {variance:.3}, KL {:?}", found.kl);
        let [known, of] = POSTERIOR;
        assert!((mean - known).abs() < (2.0 * of * nearest).sqrt() + 4.0 * (of / n).sqrt(), "{method}: mean {mean}");
        assert!((variance / of - 1.0).abs() < 0.2 + 4.0 * (2.0 / n).sqrt(), "{method}: variance {variance}");
    }
}

/// ∫ p(θ | x) dθ, by the middles of small squares, which the ends of the crescents cut: wherever x may be asked for.
#[test]
fn the_two_crescents_have_a_density_that_adds_up_to_one() {
    let data = built(DistributionKind::TwoMoonsSbi);
    for x in [[0.0, 0.0], [0.2, -0.6], [-0.5, 0.6], [-0.5, -0.6], [-0.2, 0.3]] {
        let posterior = given(&data, &x);
        let cells = 2400;
        let middle = |i: usize| 4.0 * ((2 * i + 1) as f64 / cells as f64 - 1.0);
        let column = |i: usize| {
            let at = |j: usize| posterior.log_density(&[middle(i), middle(j)]).unwrap().exp();
            (0..cells).map(at).sum::<f64>()
        };
        let total = (0..cells).map(column).sum::<f64>() * 64.0 / (cells * cells) as f64;
        assert!((total - 1.0).abs() < 4e-3, "given {x:?}: {total}");
    }
}

/// Parameters drawn given an observation take the place of those that made it, and the joint law stays what it is (Talts 2018):
/// every mean over pairs does.
#[test]
fn draws_of_the_posterior_stand_for_the_parameters_that_made_the_observation() {
    for kind in [DistributionKind::LinearGaussian, DistributionKind::TwoMoonsSbi] {
        let data = built(kind);
        let pairs = data.sample_labelled(6000, &mut Rng::new(31, Stream::Data));
        let mut rng = Rng::new(32, Stream::Data);
        let mut differences: Vec<Vec<f64>> = Vec::new();
        for (i, parameter) in pairs.points.rows().enumerate() {
            let known = pairs.given(i).unwrap();
            let Ok(posterior) = data.known(&known) else { continue };
            let posterior = posterior.unwrap();
            let Given::Numbers(x) = known else { panic!("{kind:?} is of numbers") };
            let statistics = |parameter: &[f32]| {
                let parameter = wide(parameter);
                let likely = posterior.log_density(&parameter).unwrap();
                let [first, last] = [parameter[0], parameter[parameter.len() - 1]];
                [likely, first, last, first * last, first * x[0], last * x[x.len() - 1], (first + last).abs()]
            };
            let drawn = posterior.sample(1, &mut rng);
            let pair = statistics(parameter).into_iter().zip(statistics(drawn.row(0)));
            differences.push(pair.map(|(made, drawn)| made - drawn).collect());
        }
        assert!(differences.len() > 2000, "{kind:?}: {}", differences.len());
        for statistic in 0..7 {
            let found = Estimate::of(&differences.iter().map(|all| all[statistic]).collect::<Vec<_>>()).unwrap();
            assert!(found.mean.abs() < 4.5 * found.standard_error, "{kind:?}, {statistic}: {found:?}");
        }
    }
}

/// What a network is told of numbers: their mean and deviation are those of the draws.
#[test]
fn numbers_are_known_with_their_mean_and_deviation() {
    for kind in DistributionKind::BUILT_IN {
        let data = built(kind);
        let drawn = data.sample_labelled(20_000, &mut Rng::new(33, Stream::Data)).numbers;
        assert_eq!(drawn.is_some(), !data.numbers.is_empty(), "{kind:?}");
        let Some(drawn) = drawn else { continue };
        assert_eq!(drawn.dim(), data.numbers.len());
        for (k, known) in data.numbers.iter().enumerate() {
            let z: Vec<f64> = drawn.rows().map(|row| (row[k] - known.mean) / known.deviation).collect();
            let square: Vec<f64> = z.iter().map(|z| z * z).collect();
            let [mean, square] = [z, square].map(|values| Estimate::of(&values).unwrap());
            assert!(mean.mean.abs() < 4.5 * mean.standard_error, "{kind:?} {}: {mean:?}", known.name);
            assert!((square.mean - 1.0).abs() < 4.5 * square.standard_error, "{kind:?} {}: {square:?}", known.name);
        }
    }
}

fn problem<'a>(ends: [&'a Distribution; 2], drop: f64) -> Problem<'a> {
    let condition = ConditionConfig { kind: ConditionKind::Numbers, drop, ..ConditionConfig::default() };
    let network = NetworkConfig { width: 8, depth: 2, ..NetworkConfig::default() };
    let [data, noise] = ends;
    Problem { data, noise, network, condition: Some(condition), asked: None, jump: None, seed: 1 }
}

/// A row a point: the time, each number in its deviations, and 0; or zeros and 1 where they are hidden.
#[test]
fn training_tells_the_numbers_and_hides_them_as_often_as_asked() {
    let (data, noise) = (built(DistributionKind::TwoMoonsSbi), built(DistributionKind::Gaussian));
    let device = Engine::Cpu;
    let device = block_on(device.open()).unwrap();
    let mut streams = Streams::new(3);
    let (batch, drop) = (4000, 0.3);
    let problem = problem([&data, &noise], drop);
    assert_eq!(problem.context(), 4);
    let mut ends = Ends { problem, pool: None, round: 0, batch, device: &device, streams: &mut streams };
    let drawn = ends.draw_labelled();
    let context = ends.context(&vec![0.5; batch], &drawn);
    let mut hidden = 0;
    for (row, numbers) in context.chunks_exact(4).zip(drawn.numbers.unwrap().rows()) {
        assert_eq!(row[0], 0.5);
        if row[3] == 1.0 {
            hidden += 1;
            assert_eq!(row[1..3], [0.0, 0.0]);
        } else {
            let told = |k: usize| data.numbers[k].standardized(numbers[k]);
            assert_eq!(row[1..], [told(0), told(1), 0.0]);
        }
    }
    let bound = 5.0 * (drop * (1.0 - drop) / batch as f64).sqrt();
    assert!((f64::from(hidden) / batch as f64 - drop).abs() < bound, "{hidden}");
}

/// The noise that a point is joined to must not tell its numbers: across all points it does.
#[test]
fn a_coupling_that_sees_the_numbers_leaves_the_noise_as_good_as_independent_of_them() {
    let (data, noise) =
        (built(DistributionKind::LinearGaussian), flow_playground::distribution::Mixture::standard_normal(1).into());
    let method = MethodConfig::FlowMatching(serde_json::from_value(json!({ "coupling": "minibatch-ot" })).unwrap());
    let correlation = |pairs: &str| {
        let mut problem = problem([&data, &noise], 0.0);
        problem.condition = serde_json::from_value(json!({ "kind": "numbers", "pairs": pairs })).unwrap();
        let mut rng = Rng::new(5, Stream::Data);
        let mut products = Vec::new();
        for _ in 0..8 {
            let drawn = data.sample_labelled(256, &mut rng);
            let z = noise.sample(256, &mut rng);
            let z = z.pick(&problem.pair(method.method() as &dyn Method, &drawn, &z, &mut rng));
            let numbers = drawn.numbers.unwrap();
            products.extend(numbers.values().iter().zip(z.values()).map(|(x, z)| x * f64::from(*z) / 1.25_f64.sqrt()));
        }
        Estimate::of(&products).unwrap()
    };
    // θ and its noise are then in the same order: their correlation with x is nearly the same, 1/√1.25.
    let (across, within) = (correlation("across"), correlation("within"));
    assert!((across.mean - 0.894).abs() < 0.1, "{across:?}");
    assert!(within.mean.abs() < 0.1, "{within:?}");
}

/// ∫ Var(z - θ | x(t)) dt is √s π/2 for θ ~ N(·, s): s is 0.2 where x is told, 1 where it is hidden.
#[test]
fn the_loss_floor_is_that_of_the_posterior() {
    let session = open(&json!({ "condition": { "kind": "numbers", "drop": 0.1 } }));
    let floor = session.loss_floor(20_000, 1).unwrap().unwrap();
    let known = std::f64::consts::FRAC_PI_2 * (0.9 * 0.2_f64.sqrt() + 0.1);
    assert!((floor.value - known).abs() < 4.0 * floor.standard_error + 1e-3, "{floor:?}, not {known}");
    let moons = open(&json!({ "data": { "kind": "two-moons-sbi" } }));
    assert_eq!(moons.loss_floor(500, 1).unwrap(), None);
}

/// Distances and their floor are those of the posterior: a perfect model's is at its floor.
#[test]
fn metrics_are_given_the_observation() {
    let mut session =
        open(&json!({ "data": { "kind": "two-moons-sbi" }, "method": { "kind": "closed-form", "points": 4000 } }));
    session.ask(observed(&[-0.1, 0.2], 1.0)).unwrap();
    let heldout = session.data(500, 1).unwrap();
    assert!(heldout.rows().all(|row| (row[0] + row[1]).abs() > 1.2), "on one crescent or the other");
    let found = block_on(session.measure(500, 1)).unwrap();
    let floor = found.sliced_w2_floor.unwrap() + 4.0 * found.sliced_w2_floor_spread.unwrap();
    assert!(found.sliced_w2.unwrap() < floor, "{:?} over {floor}", found.sliced_w2);
    session.ask(observed(&[-0.1, 0.2], 2.0)).unwrap();
    assert!(session.why_no_truth().unwrap().starts_with("Guidance of 2"));
    assert_eq!(session.passes_per_evaluation(), 2);
    let sampler = SamplerConfig { kind: SamplerKind::EulerMaruyama, ..SamplerConfig::default() };
    assert_eq!(block_on(session.sample(20, sampler, 1)).unwrap().len(), 20);
}

#[test]
fn what_cannot_be_observed_is_refused_in_a_sentence() {
    let mut session = open(&json!({}));
    let mut sentence = |numbers: &[f64]| session.ask(observed(numbers, 1.0)).unwrap_err().to_string();
    assert_eq!(sentence(&[f64::NAN]), "observed x is NaN; allowed: -3 to 3.");
    assert_eq!(sentence(&[7.5]), "observed x is 7.5; allowed: -3 to 3.");
    assert_eq!(sentence(&[f64::INFINITY]), "observed x is inf; allowed: -3 to 3.");
    assert_eq!(
        sentence(&[1.0, 2.0]),
        "observed is 2 numbers; allowed: 1, one for each number that is known of a point."
    );
    assert_eq!(sentence(&[]), "observed is 0 numbers; allowed: 1, one for each number that is known of a point.");
    let class = session.ask(Some(Asked::class(0, 1.0))).unwrap_err().to_string();
    assert_eq!(class, "class is 0; allowed: none where condition.kind is \"numbers\".");
    let moons = json!({ "data": { "kind": "moons" }, "condition": { "kind": "class" } });
    let numbers = open(&moons).ask(observed(&[1.0], 1.0)).unwrap_err().to_string();
    assert_eq!(numbers, "observed is [1.0]; allowed: none where condition.kind is \"class\".");
    let refused = |experiment: &Value| Experiment::from_json(experiment).unwrap_err().to_string();
    let kind = "condition.kind is";
    let moons = json!({ "data": { "kind": "moons" }, "condition": { "kind": "numbers" } });
    assert_eq!(refused(&moons), format!("{kind} \"numbers\"; allowed: none for \"moons\", which has no numbers."));
    let class = json!({ "data": { "kind": "two-moons-sbi" }, "condition": {} });
    assert_eq!(
        refused(&class),
        format!("{kind} \"class\"; allowed: none for \"two-moons-sbi\", which has no classes.")
    );
}
