//! Runs what is asked for, as the page would, and keeps what its stages draw.

use super::request::PanelRequest;
use flow_playground::method::ConditionKind;
use flow_playground::ode::{SolverKind, Trajectory};
use flow_playground::session::{Measurement, Metric, Origin, Sampling};
use flow_playground::space::SpaceKind;
use flow_playground::{Engine, Experiment, Points, Session, SolverConfig, Start};
use pollster::block_on;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::fs;

const PRETRAINED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/src/experiment/pretrained");
/// As the page's `runs/upkeep.ts` has them.
const NUM_SHOWN_AT_ENDS: usize = 700;
const NUM_PARTICLES: usize = 1000;
const NUM_PATHS: usize = 24;
const NUM_PICTURES: usize = 16;
const NUM_MEASURED: usize = 2000;
const NUM_LIKELIHOODS: usize = 512;
/// Fewer than on the page: what is between them is a straight line.
const NUM_PATH_TIMES: usize = 9;
const MOST_TIMES: usize = 21;
const PICTURE_TIMES: usize = 6;
const DENSITY_SIZE: usize = 40;
/// Half of the page's, `runs/pictures.ts`.
const LATTICE: (usize, usize, f64) = (13, 19, 3.0);
/// Half the side of a view, in the models' units.
pub const HALF_VIEW: f64 = 4.5;
const CHUNK: usize = 100;

/// Points over time; `dim` numbers a point.
pub struct Course {
    pub times: Vec<f64>,
    pub positions: Vec<Vec<f64>>,
}

impl From<Trajectory<f64>> for Course {
    fn from(Trajectory { times, positions, .. }: Trajectory<f64>) -> Self {
        Self { times, positions: positions.into_iter().map(Points::into_values).collect() }
    }
}

impl Course {
    /// No more times than so many, with both ends.
    fn thinned(self, most: usize) -> Self {
        let last = self.times.len() - 1;
        let stride = last.div_ceil(most - 1).max(1);
        let kept: Vec<usize> = (0..last).step_by(stride).chain([last]).collect();
        Self {
            times: kept.iter().map(|&k| self.times[k]).collect(),
            positions: kept.iter().map(|&k| self.positions[k].clone()).collect(),
        }
    }
}

/// What a stage is given.
pub struct Recorded {
    pub dim: usize,
    pub center: Vec<f64>,
    pub scale: Vec<f64>,
    pub data: Vec<f64>,
    pub labels: Vec<u32>,
    /// When each class is seen, from 0 to 1, where classes are snapshots in time; else none.
    pub times: Vec<f64>,
    pub noise: Vec<f64>,
    pub generated: Course,
    pub paths: Option<Course>,
    pub lattice: Option<(usize, Course)>,
    pub density: Option<(usize, Vec<f32>)>,
    pub numbers: [Option<Measurement>; 2],
}

/// Trained ones, for whoever asks for the same again.
#[derive(Default)]
pub struct Sessions(HashMap<String, Session>);

impl Sessions {
    fn trained(&mut self, asked: &PanelRequest) -> Result<&mut Session, Box<dyn Error>> {
        let key = format!("{} {:?} {}", asked.steps, asked.weights, asked.experiment);
        match self.0.entry(key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(train(asked)?)),
        }
    }
}

fn train(asked: &PanelRequest) -> Result<Session, Box<dyn Error>> {
    let file = |name: &String| fs::read(format!("{PRETRAINED}/{name}.safetensors"));
    let weights = asked.weights.as_ref().map(file).transpose()?;
    let start = Start { weights, ..Start::default() };
    let mut session = block_on(Session::open(Experiment::from_json(&asked.experiment)?, start, Engine::Cpu))?;
    let mut step = 0;
    while step < asked.steps {
        let progress = block_on(session.advance(CHUNK.min(asked.steps - step)))?;
        if progress.step == step {
            return Err(format!("{}: the budget ends at {step} of {} steps", asked.title, asked.steps).into());
        }
        step = progress.step;
        eprint!("\r{}: step {step} of {}  ", asked.title, asked.steps);
    }
    eprintln!();
    Ok(session)
}

pub fn recorded(asked: &PanelRequest, sessions: &mut Sessions) -> Result<Recorded, Box<dyn Error>> {
    let session = sessions.trained(asked)?;
    if session.experiment().data.space() != SpaceKind::Plane {
        return Err(format!(
            "{}: a film shows points of the plane, a line or pictures, none of a torus or a sphere",
            asked.title
        )
        .into());
    }
    let (seed, dim) = (session.experiment().seed, session.dim());
    let are_pictures = dim > 2;
    let shown = if are_pictures { NUM_PICTURES } else { NUM_SHOWN_AT_ENDS };
    session.ask(None)?;
    // Of all classes, whichever is asked for.
    let Experiment { condition, snapshots, .. } = session.experiment();
    let is_told_class = condition.is_some_and(|condition| condition.kind == ConditionKind::Class);
    let is_of_classes = is_told_class || snapshots.is_some();
    let labelled = (session.data(shown, seed)?.into_values(), session.labels(shown, seed)?);
    session.ask(asked.asked())?;
    let session = &*session;
    let (data, labels) = if is_of_classes { labelled } else { (session.data(shown, seed)?.into_values(), Vec::new()) };
    let sampling = asked.sampling(session.experiment().solver);
    let scaling = serde_json::to_value(session.scaling())?;
    let of_scaling = |name: &str| serde_json::from_value::<Vec<f64>>(scaling[name].clone());
    let most_times = if are_pictures { PICTURE_TIMES } else { MOST_TIMES };
    Ok(Recorded {
        dim,
        center: of_scaling("center")?,
        scale: of_scaling("scale")?,
        data,
        labels,
        times: times(session),
        noise: session.noise(shown, seed)?.into_values(),
        generated: generated(session, sampling, if are_pictures { shown } else { NUM_PARTICLES })?.thinned(most_times),
        paths: if are_pictures { None } else { Some(paths(session)?) },
        lattice: asked.lattice.then(|| lattice(session)).transpose()?,
        density: asked.density.then(|| density(session)).transpose()?.map(|values| (DENSITY_SIZE, values)),
        numbers: if asked.measured { measured(session, asked.likelihood, sampling)? } else { [None, None] },
    })
}

fn times(session: &Session) -> Vec<f64> {
    if session.experiment().snapshots.is_none() {
        return Vec::new();
    }
    let times: Vec<f64> = session.classes().iter().filter_map(|name| name.trim().parse().ok()).collect();
    let [first, .., last] = times[..] else { return Vec::new() };
    times.iter().map(|time| (time - first) / (last - first)).collect()
}

/// An SDE's paths are those of as many points as the page shows.
fn generated(session: &Session, sampling: Sampling, n: usize) -> Result<Course, Box<dyn Error>> {
    let seed = session.experiment().seed;
    let course = if sampling.sampler().is_some() {
        block_on(session.trajectories(n, sampling, seed, Origin::Noise))?
    } else {
        block_on(session.transport(&session.noise(n, seed)?, sampling, Origin::Noise))?
    };
    Ok(course.into())
}

fn paths(session: &Session) -> Result<Course, Box<dyn Error>> {
    let seed = session.experiment().seed;
    if let Some(conditional) = session.conditional_paths(NUM_PATHS, NUM_PATH_TIMES, seed)? {
        return Ok(conditional.into());
    }
    let solver = session.experiment().solver;
    let own: Course = block_on(session.trajectories(NUM_PATHS, solver, seed, Origin::Data))?.into();
    Ok(own.thinned(NUM_PATH_TIMES))
}

/// A grid over the noise, carried to the data: how many points a line has, and where they go.
fn lattice(session: &Session) -> Result<(usize, Course), Box<dyn Error>> {
    let (lines, per_line, half_side) = LATTICE;
    let along = |i: usize, count: usize| half_side * (2.0 * i as f64 / (count - 1) as f64 - 1.0);
    let mut points = Vec::new();
    for upright in [false, true] {
        for line in 0..lines {
            for k in 0..per_line {
                let (far, aside) = (along(k, per_line), along(line, lines));
                points.extend(if upright { [aside, far] } else { [far, aside] });
            }
        }
    }
    let points = session.scaling().undo(&Points::new(points, 2)?.narrowed());
    let course: Course = block_on(session.transport(&points, session.experiment().solver, Origin::Noise))?.into();
    Ok((per_line, course.thinned(NUM_PATH_TIMES)))
}

/// Row by row from the bottom left; of one coordinate, every time from left to right.
fn density(session: &Session) -> Result<Vec<f32>, Box<dyn Error>> {
    let size = DENSITY_SIZE;
    let solver = session.experiment().solver;
    let middle = |cell: usize| HALF_VIEW * (2.0 * (cell as f64 + 0.5) / size as f64 - 1.0);
    let own = |points: Vec<f64>, dim| -> Result<Points<f64>, Box<dyn Error>> {
        Ok(session.scaling().undo(&Points::new(points, dim)?.narrowed()))
    };
    if session.dim() == 2 {
        let cells = (0..size * size).flat_map(|cell| [middle(cell % size), middle(cell / size)]);
        return Ok(block_on(session.log_density(&own(cells.collect(), 2)?, 0.0, solver))?);
    }
    let column = own((0..size).map(middle).collect(), 1)?;
    let mut values = vec![0.0; size * size];
    for at in 0..size {
        let t = (at as f64 + 0.5) / size as f64;
        for (row, value) in block_on(session.log_density(&column, t, solver))?.into_iter().enumerate() {
            values[row * size + at] = value;
        }
    }
    Ok(values)
}

/// Of samples, and of the likelihood, each by the solver that it wants.
fn measured(
    session: &Session,
    has_likelihood: bool,
    sampling: Sampling,
) -> Result<[Option<Measurement>; 2], Box<dyn Error>> {
    let seed = session.experiment().seed;
    let samples = block_on(session.measure_with(NUM_MEASURED, seed, sampling, &[Metric::SlicedW2]))?;
    let fine = SolverConfig { kind: SolverKind::Rk4, steps: 20, ..SolverConfig::default() };
    let of_density = || block_on(session.measure_with(NUM_LIKELIHOODS, seed, fine, &[Metric::Likelihood]));
    Ok([Some(samples), has_likelihood.then(of_density).transpose()?])
}
