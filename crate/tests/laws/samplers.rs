//! Stochastic samplers on Gaussians, where every marginal is known.
//!
//! The fields here are linear, so where a sampler ends is a linear combination of its start and its noises. The state
//! of most tests is the coefficients of that combination: its squared length is the variance, exactly, without a draw.

use flow_playground::ode::{Span, State};
use flow_playground::path::Schedule;
use flow_playground::rng::{Rng, Stream};
use flow_playground::sampler::{
    Denoising, Draw, Move, Sample, TimeGrid, denoise, diffusion, dpm_solver, euler_maruyama, generative_drift, heun,
    latest_time, sample,
};

type Numbers = Vec<f64>;

const SCHEDULES: [Schedule; 3] = [Schedule::Linear, Schedule::Cosine, Schedule::VariancePreserving];

/// The path between data N(0, variance) and noise N(0, 1).
#[derive(Clone, Copy)]
struct Path {
    schedule: Schedule,
    variance: f64,
}

const LINEAR: Path = Path { schedule: Schedule::Linear, variance: 4.0 };
const DIFFUSION: Path = Path { schedule: Schedule::VariancePreserving, variance: 4.0 };

fn scaled(x: &[f64], factor: f64) -> Vec<f64> {
    x.iter().map(|x| factor * x).collect()
}

impl Path {
    /// The variance of x(t).
    fn marginal(self, t: f64) -> f64 {
        let at = self.schedule.at(t);
        at.alpha * at.alpha * self.variance + at.sigma * at.sigma
    }

    fn velocity(self, x: &[f64], t: f64) -> Vec<f64> {
        let at = self.schedule.at(t);
        scaled(x, (at.d_alpha * at.alpha * self.variance + at.d_sigma * at.sigma) / self.marginal(t))
    }

    fn score(self, x: &[f64], t: f64) -> Vec<f64> {
        scaled(x, -1.0 / self.marginal(t))
    }

    fn data_prediction(self, x: &[f64], t: f64) -> Vec<f64> {
        scaled(x, self.schedule.at(t).alpha * self.variance / self.marginal(t))
    }

    /// Euler-Maruyama at g(t).
    fn generative(
        self,
        g: impl Fn(f64) -> f64 + Copy,
    ) -> impl FnMut(&Numbers, [f64; 2], Draw<'_, Numbers>) -> Move<Numbers> {
        euler_maruyama(move |x: &Vec<f64>, t| generative_drift(&self.velocity(x, t), &self.score(x, t), g(t)), g)
    }

    /// Runs a step on coefficients: the first is of the start at the path's own deviation, each noise has one more.
    fn run(
        self,
        span: Span,
        step: impl FnMut(&Numbers, [f64; 2], Draw<'_, Numbers>) -> Move<Numbers>,
    ) -> Sample<Vec<f64>> {
        let mut start = vec![0.0; span.steps + 1];
        start[0] = self.marginal(span.from).sqrt();
        sample(&times(span), start, step, directions(span.steps, 1), |_, _| {})
    }
}

/// Standard normal noises as orthogonal directions, the first after the start; `together` of them summed for a longer
/// step.
fn directions(num_noises: usize, together: usize) -> impl FnMut() -> Vec<f64> {
    let mut drawn = 0;
    move || {
        let mut direction = vec![0.0; num_noises + 1];
        direction[1 + drawn..1 + drawn + together].fill(1.0 / (together as f64).sqrt());
        drawn += together;
        direction
    }
}

fn variance(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

fn times(span: Span) -> Vec<f64> {
    (0..=span.steps).map(|i| span.time(i)).collect()
}

fn generating(to: f64, steps: usize) -> Span {
    Span { from: 1.0, to, steps }
}

/// Twice the steps must leave 2^-order of the error, within a tenth.
fn assert_order(order: i32, error: impl Fn(usize) -> f64, what: &str) {
    let (coarse, fine) = (error(400), error(800));
    let ratio = fine / coarse * 2.0_f64.powi(order);
    assert!((ratio - 1.0).abs() < 0.1, "{what}: {coarse} then {fine}");
}

#[test]
fn every_diffusion_keeps_the_marginals_with_weak_order_one() {
    for g in [0.0, 0.5, 1.0, 2.0] {
        // Section 7: N(0, 1) to N(0, 4) along the linear path.
        let error = |steps| (variance(&LINEAR.run(generating(0.0, steps), LINEAR.generative(|_| g)).state) - 4.0).abs();
        assert_order(1, error, "linear path");
        assert!(error(4000) < 0.01, "g = {g}: {}", error(4000));
    }
    // The halfway marginal too, g depending on time.
    let half = LINEAR.run(generating(0.5, 4000), LINEAR.generative(|t| t));
    assert!((variance(&half.state) - LINEAR.marginal(0.5)).abs() < 2e-3);
}

#[test]
fn the_reverse_diffusion_is_that_of_song() {
    for t in [0.01, 0.3, 0.8, 1.0] {
        let beta = 0.1 + 19.9 * t;
        assert!((diffusion(Schedule::VariancePreserving.at(t)) - f64::sqrt(beta)).abs() < 1e-9, "{t}");
    }
    let g = |t| diffusion(Schedule::VariancePreserving.at(t));
    // The start is N(0, 1.00013): what x(1) is, not quite the noise.
    let error = |steps| {
        let end = DIFFUSION.run(generating(1e-3, steps), DIFFUSION.generative(g));
        (variance(&end.state) - DIFFUSION.marginal(1e-3)).abs()
    };
    assert_order(1, error, "reverse SDE");
    assert!(error(1000) < 0.05, "{}", error(1000));
    // The last mean lacks the last noise and nothing else.
    let end = DIFFUSION.run(generating(1e-3, 100), DIFFUSION.generative(g));
    let step = (1.0 - 1e-3) / 100.0;
    let lacking = variance(&end.state) - variance(&end.mean);
    let last = g(1e-3 + step).powi(2) * step;
    assert!((lacking - last).abs() < 1e-12, "{lacking} should be {last}");
}

#[test]
fn ornstein_uhlenbeck_forward_has_its_exact_moments() {
    // dx = -2 x dt + 1.5 dW from 3: mean 3 e^(-2t), variance (1.5² / 4) (1 - e^(-4t)).
    let run = |steps: usize| {
        let mut start = vec![0.0; steps + 1];
        start[0] = 3.0;
        let step = euler_maruyama(|x: &Vec<f64>, _| scaled(x, -2.0), |_| 1.5);
        sample(&times(Span { from: 0.0, to: 1.0, steps }), start, step, directions(steps, 1), |_, _| {}).state
    };
    assert_order(1, |steps| (run(steps)[0] - 3.0 * f64::exp(-2.0)).abs(), "mean");
    let exact = 1.5 * 1.5 / 4.0 * (1.0 - f64::exp(-4.0));
    assert_order(1, |steps| (variance(&run(steps)[1..]) - exact).abs(), "variance");
}

#[test]
fn euler_maruyama_has_strong_order_one_for_additive_noise() {
    // The same Brownian path at several step lengths: a long step's noise is the sum of the short ones'.
    const FINEST: usize = 3200;
    let run = |steps: usize| {
        let mut start = vec![0.0; FINEST + 1];
        start[0] = 1.0;
        let noise = directions(FINEST, FINEST / steps);
        sample(&times(generating(0.0, steps)), start, LINEAR.generative(|_| 1.0), noise, |_, _| {}).state
    };
    let finest = run(FINEST);
    let error = |steps| variance(&finest.add_scaled(&[(-1.0, &run(steps))])).sqrt();
    // Against the finest in place of the exact solution: errors of h - h_min.
    let (coarse, fine) = (error(100), error(200));
    let order = ((coarse / fine) * (1.0 / 200.0 - 1.0 / 3200.0) / (1.0 / 100.0 - 1.0 / 3200.0) * 2.0).log2();
    assert!((order - 1.0).abs() < 0.1, "{order}");
}

#[test]
fn drawn_samples_have_the_data_s_moments() {
    let n = 20_000;
    let mut rng = Rng::new(3, Stream::Samples);
    let mut normals = || (0..n).map(|_| rng.normal()).collect::<Vec<f64>>();
    let end =
        sample(&times(generating(0.0, 200)), normals(), LINEAR.generative(|_| 1.0), &mut normals, |_, _| {}).state;
    let mean = end.iter().sum::<f64>() / n as f64;
    // Four standard errors, and what 200 steps leave (below 0.05).
    assert!(mean.abs() < 4.0 * 2.0 / f64::sqrt(n as f64), "{mean}");
    let exact = variance(&LINEAR.run(generating(0.0, 200), LINEAR.generative(|_| 1.0)).state);
    let drawn = variance(&end) / n as f64;
    assert!((drawn - exact).abs() < 4.0 * exact * f64::sqrt(2.0 / n as f64), "{drawn} should be {exact}");
}

#[test]
fn ddim_follows_the_probability_flow() {
    for schedule in SCHEDULES {
        let path = Path { schedule, variance: 4.0 };
        let end = |steps| {
            let step = denoise(schedule, Denoising::ddim, |x: &Vec<f64>, t| path.data_prediction(x, t));
            sample(&times(generating(1e-3, steps)), vec![1.0], step, || unreachable!("DDIM draws no noise"), |_, _| {})
                .state[0]
        };
        // The flow of a Gaussian scales x by the ratio of the deviations.
        let exact = (path.marginal(1e-3) / path.marginal(1.0)).sqrt();
        assert_order(1, |steps| (end(steps) - exact).abs(), "DDIM");
        assert!((end(1000) - exact).abs() < 0.02, "{schedule:?}: {} should be {exact}", end(1000));
    }
}

#[test]
fn one_ddim_step_is_exact_for_one_data_point() {
    for schedule in SCHEDULES {
        let (point, noise) = (1.7, -0.4);
        let at = |t: f64| schedule.at(t).alpha * point + schedule.at(t).sigma * noise;
        for (t, s) in [(1.0, 0.0), (1.0, 0.3), (0.8, 0.1)] {
            let step = Denoising::ddim(schedule.at(t), schedule.at(s));
            let reached = step.state * at(t) + step.data * point + step.noise;
            assert!((reached - at(s)).abs() < 1e-12, "{schedule:?} from {t} to {s}");
        }
    }
}

#[test]
fn ancestral_steps_are_those_of_ddpm() {
    let schedule = Schedule::VariancePreserving;
    let (x, score) = (0.7, -1.3);
    for (t, s) in [(1.0, 0.999), (0.5, 0.4), (0.02, 0.01)] {
        let (from, to) = (schedule.at(t), schedule.at(s));
        // Section 7: (x + b score) / sqrt(1 - b) and sqrt(b), with Tweedie's D = (x + sigma² score) / alpha.
        let b = 1.0 - (from.alpha / to.alpha).powi(2);
        let data = (x + from.sigma * from.sigma * score) / from.alpha;
        let step = Denoising::ancestral(from, to);
        assert!((step.state * x + step.data * data - (x + b * score) / (1.0 - b).sqrt()).abs() < 1e-9, "{t} to {s}");
        assert!((step.noise - b.sqrt()).abs() < 1e-9, "{t} to {s}");
    }
}

#[test]
fn ancestral_sampling_reaches_the_data() {
    for schedule in SCHEDULES {
        let path = Path { schedule, variance: 4.0 };
        let error = |steps| {
            let step = denoise(schedule, Denoising::ancestral, |x: &Vec<f64>, t| path.data_prediction(x, t));
            (variance(&path.run(generating(1e-3, steps), step).state) - path.marginal(1e-3)).abs()
        };
        assert_order(1, error, "ancestral");
        assert!(error(1600) < 0.05, "{schedule:?}: {}", error(1600));
    }
    // For data N(0, 1) under the diffusion every step keeps N(0, 1) exactly, however long.
    let white = Path { variance: 1.0, ..DIFFUSION };
    let step = denoise(white.schedule, Denoising::ancestral, |x: &Vec<f64>, t| white.data_prediction(x, t));
    assert!((variance(&white.run(generating(0.0, 7), step).state) - 1.0).abs() < 1e-12);
}

#[test]
fn the_observer_sees_every_step_and_noise_is_drawn_only_where_it_is_added() {
    let (mut seen, mut drawn) = (Vec::new(), 0);
    let noise = || {
        drawn += 1;
        vec![0.0]
    };
    let step = euler_maruyama(|x: &Vec<f64>, _| x.clone(), |t| if t > 0.5 { 1.0 } else { 0.0 });
    sample(&times(generating(0.0, 4)), vec![1.0], step, noise, |t, _| seen.push(t));
    assert_eq!(seen, [1.0, 0.75, 0.5, 0.25, 0.0]);
    assert_eq!(drawn, 2);
}

/// N(1, 4) along the linear path: E[x(0) | x(t)].
fn shifted_prediction(x: &[f64], t: f64) -> Vec<f64> {
    let at = Schedule::Linear.at(t);
    let gain = at.alpha * 4.0 / (at.alpha * at.alpha * 4.0 + at.sigma * at.sigma);
    vec![1.0 + gain * (x[0] - at.alpha)]
}

#[test]
fn samplers_that_know_the_path_end_where_the_reference_does() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/vectors/samplers.json")).unwrap();
    let silent = || unreachable!("no noise is asked for");
    for steps in [5, 10, 20, 40, 80, 160] {
        let reference = |name: &str| vectors[name][steps.to_string()].as_f64().unwrap();
        let in_log_snr = TimeGrid::HalfLogSnr.times(Schedule::Linear, [0.999, 0.001], steps);
        let ddim = denoise(Schedule::Linear, Denoising::ddim, |x: &Numbers, t| shifted_prediction(x, t));
        let end = sample(&in_log_snr, vec![0.3], ddim, silent, |_, _| {}).state[0];
        assert!((end - reference("ddim")).abs() < 1e-9, "DDIM × {steps}: {end}");
        let end = sample(
            &in_log_snr,
            vec![0.3],
            dpm_solver(Schedule::Linear, |x: &Numbers, t| shifted_prediction(x, t)),
            silent,
            |_, _| {},
        );
        assert!((end.state[0] - reference("dpmSolver")).abs() < 1e-9, "DPM-Solver++ × {steps}: {end:?}");
        let karras = TimeGrid::Karras.times(Schedule::Linear, [0.999, 0.001], steps);
        assert_eq!((karras.len(), karras[steps]), (steps + 1, 0.0));
        let start = vec![0.3 * Schedule::Linear.at(karras[0]).sigma];
        let end = sample(
            &karras,
            start,
            heun(Schedule::Linear, 0.0, |x: &Numbers, t| shifted_prediction(x, t)),
            silent,
            |_, _| {},
        );
        assert!((end.state[0] - reference("karrasHeun")).abs() < 1e-9, "Heun × {steps}: {end:?}");
    }
}

#[test]
fn second_order_samplers_have_second_order_on_every_path() {
    for schedule in SCHEDULES {
        let path = Path { schedule, variance: 4.0 };
        let ends = [latest_time(schedule), 1e-3];
        let exact = (path.marginal(ends[1]) / path.marginal(ends[0])).sqrt();
        #[allow(clippy::type_complexity)] // A step as the sampler takes it.
        let end = |steps, step: &mut dyn FnMut(&Numbers, [f64; 2], Draw<'_, Numbers>) -> Move<Numbers>| {
            let times = TimeGrid::HalfLogSnr.times(schedule, ends, steps);
            sample(&times, vec![1.0], step, || unreachable!("no noise"), |_, _| {}).state[0]
        };
        let prediction = |x: &Vec<f64>, t| path.data_prediction(x, t);
        assert_order(2, |steps| (end(steps, &mut dpm_solver(schedule, prediction)) - exact).abs(), "DPM-Solver++");
        assert_order(2, |steps| (end(steps, &mut heun(schedule, 0.0, prediction)) - exact).abs(), "Heun");
    }
}

#[test]
fn churn_keeps_the_marginals() {
    for schedule in SCHEDULES {
        let path = Path { schedule, variance: 4.0 };
        let error = |steps: usize, churn: f64| {
            let times = TimeGrid::HalfLogSnr.times(schedule, [latest_time(schedule), 1e-3], steps);
            let mut start = vec![0.0; steps + 1];
            start[0] = path.marginal(times[0]).sqrt();
            let step = heun(schedule, churn, |x: &Vec<f64>, t| path.data_prediction(x, t));
            let end = sample(&times, start, step, directions(steps, 1), |_, _| {}).state;
            (variance(&end) - path.marginal(1e-3)).abs()
        };
        // Shared among the steps, as the sampler does.
        for churn in [1.0, 5.0, 20.0] {
            let errors = [100, 400].map(|steps| error(steps, churn / steps as f64));
            assert!(errors[1] < 0.01 && errors[1] < 0.5 * errors[0], "{schedule:?}, {churn}: {errors:?}");
        }
    }
}

#[test]
fn grids_are_equal_in_what_they_are_named_after() {
    for schedule in SCHEDULES {
        let ends = [latest_time(schedule), 1e-3];
        let level = |t: f64| schedule.at(t).sigma / schedule.at(t).alpha;
        let equal = |grid: TimeGrid, count: usize, of: &dyn Fn(f64) -> f64| {
            let times = grid.times(schedule, ends, 12);
            assert_eq!(times.len(), 13);
            assert!(times.windows(2).all(|pair| pair[1] < pair[0]), "{grid:?}: {times:?}");
            let values: Vec<f64> = times[..count].iter().map(|&t| of(t)).collect();
            let step = (values[count - 1] - values[0]) / (count - 1) as f64;
            let off = values.windows(2).map(|pair| (pair[1] - pair[0] - step).abs()).fold(0.0, f64::max);
            assert!(off < 1e-9 * step.abs().max(1.0), "{schedule:?} {grid:?}: {off}");
        };
        equal(TimeGrid::Uniform, 13, &|t| t);
        equal(TimeGrid::RootTime, 13, &f64::sqrt);
        equal(TimeGrid::HalfLogSnr, 13, &|t| -level(t).ln());
        // The last of Karras' steps is to the data.
        equal(TimeGrid::Karras, 12, &|t| level(t).powf(1.0 / 7.0));
        assert_eq!(TimeGrid::Karras.times(schedule, ends, 1)[1], 0.0);
    }
}
