//! Flow matching (Lipman 2023; Liu 2023): regress the velocity of a conditional path. No ODE is solved in training.

use super::ends::{examples_of, mix};
use super::{ConditionalPath, Ends, Method, Problem, Regression, Weighting};
use crate::coupling::{Coupling, DEFAULT_BLOCK};
use crate::distribution::Course;
use crate::error::FlowError;
use crate::fused::Examples;
use crate::path::{Prediction, Schedule};
use crate::points::Points;
use crate::space::geodesics;
use crate::velocity::{OnSpace, Predicted, VelocityField, Weights};
use serde::{Deserialize, Serialize};

/// Which conditional paths are regressed on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct FlowMatchingConfig {
    /// The schedule of the conditional path.
    pub path: Schedule,
    /// How data and noise points are paired (Pooladian 2023; Tong 2023).
    pub coupling: Coupling,
    /// Points in a block that is paired by optimal transport, 1 to 1 million; the whole batch where that is smaller.
    pub coupling_batch: usize,
    /// Which times are drawn: "uniform", or "logit-normal" for more of them in the middle.
    pub weighting: Weighting,
}

impl Default for FlowMatchingConfig {
    fn default() -> Self {
        Self {
            path: Schedule::default(),
            coupling: Coupling::default(),
            coupling_batch: DEFAULT_BLOCK,
            weighting: Weighting::Uniform,
        }
    }
}

impl FlowMatchingConfig {
    fn on_velocity(&self) -> Regression {
        Regression { weighting: self.weighting, ..Regression::of_velocity(self.path) }
    }

    /// The same between neighbouring snapshots, each piece in its own part of the time (Tong 2023, on single cells).
    fn along(&self, course: &Course, ends: &mut Ends<'_>) -> Examples {
        let times: Vec<f64> = ends.draw_shares().into_iter().map(|share| self.on_velocity().time(share)).collect();
        let (mut positions, mut targets) = (Vec::new(), Vec::new());
        let mut begun = 0;
        for [from, to] in course.pieces() {
            let [start, end] = [from, to].map(|number| course.clock(number));
            // Times ascend: those of a piece stand together.
            let ended = if end < 1.0 { times.partition_point(|&t| t < end) } else { times.len() };
            let shares: Vec<f64> = times[begun..ended].iter().map(|t| (t - start) / (end - start)).collect();
            begun = ended;
            let earlier = ends.streams.draw_data(&course.at[from], shares.len());
            let later = ends.streams.draw_noise(&course.at[to], shares.len());
            let pairs = self.coupling.pair(&earlier, &later, self.coupling_batch, &mut ends.streams.coupling);
            let piece = examples(self.path, [&earlier, &later.pick(&pairs)], &shares);
            positions.extend(piece.positions);
            targets.extend(piece.targets.iter().map(|&step| step / (end - start) as f32));
        }
        let [positions, targets] =
            [positions, targets].map(|values| Points::new(values, ends.dim()).expect("finite points"));
        examples_of(positions, &times, targets, 1.0)
    }
}

impl Method for FlowMatchingConfig {
    /// E |v(x_t, t) - (α' x(0) + σ' x(1))|² with x_t = α x(0) + σ x(1) (Lipman 2023, equation (9)); on a closed space with the geodesic
    /// from x(0) to x(1) and its velocity (Chen and Lipman 2024, equation (13)). There the network learns that velocities are tangent: the
    /// part of its answer that is not adds its square to the loss, and is dropped when it is asked.
    fn examples(&self, ends: &mut Ends<'_>, _weights: &dyn Fn() -> Weights) -> Option<Examples> {
        if let Some(course) = &ends.problem.data.course {
            return Some(self.along(course, ends));
        }
        let data = ends.draw_labelled();
        let noise = ends.draw_noise();
        let noise = noise.pick(&ends.problem.pair(self, &data, &noise, &mut ends.streams.coupling));
        let noise = ends.never_opposite(&data.points, noise);
        let times: Vec<f64> = ends.draw_shares().into_iter().map(|share| self.on_velocity().time(share)).collect();
        let context = ends.context(&times, &data);
        let pair = [&data.points, &noise];
        let found = match ends.problem.data.space.space() {
            None => examples(self.path, pair, &times),
            Some(space) => {
                let [positions, velocities] = geodesics(space, pair, |i| times[i]);
                examples_of(positions, &times, velocities, 1.0)
            }
        };
        Some(Examples { context, ..found })
    }

    fn field(&self, problem: &Problem<'_>, rounds: &[Weights]) -> Box<dyn VelocityField> {
        let model = problem.network(rounds.last().expect("the round in training"));
        if let Some(space) = problem.data.space.space() {
            return Box::new(OnSpace { model, space });
        }
        // As a diffusion's is: no earlier than it was trained, and in steps of √t.
        match self.path.smooth_in_root() {
            true => Box::new(Predicted { model, prediction: Prediction::Velocity, schedule: self.path }),
            false => Box::new(model),
        }
    }

    fn passes_per_step(&self, _dim: usize) -> usize {
        2
    }

    fn takes_condition(&self) -> bool {
        true
    }

    fn conditional_path(&self) -> Option<ConditionalPath> {
        let Self { path, coupling, coupling_batch: block, .. } = *self;
        Some(ConditionalPath { coupling, block, ..ConditionalPath::of(path) })
    }

    fn regression(&self, _round: usize) -> Option<Regression> {
        (self.coupling == Coupling::Independent).then(|| self.on_velocity())
    }

    fn check(&self) -> Result<(), FlowError> {
        if self.weighting == Weighting::Likelihood {
            let allowed = "\"uniform\" or \"logit-normal\" for flow matching";
            return Err(FlowError::invalid("method.weighting", "\"likelihood\"", allowed));
        }
        self.coupling.check("method.coupling", self.coupling_batch, "method.couplingBatch")
    }
}

/// The velocity d x_t/dt at x_t, for pairs of `[data, noise]` at their `times`.
pub(super) fn examples(path: Schedule, pair: [&Points; 2], times: &[f64]) -> Examples {
    // On the host: two numbers a point, where a tensor operation would cost more in overhead than in arithmetic.
    let position = mix(pair, |i| [path.at(times[i]).alpha, path.at(times[i]).sigma]);
    let velocity = mix(pair, |i| [path.at(times[i]).d_alpha, path.at(times[i]).d_sigma]);
    examples_of(position, times, velocity, 1.0)
}
