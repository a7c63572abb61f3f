//! The two ends of a session: data as training sees it and as it is measured on, and noise.

use super::Start;
use super::units::Units;
use crate::distribution::{
    Boltzmann, Distribution, DistributionConfig, DistributionKind, FEWEST_POINTS, KnownNumber, Labelled, Labels,
    MOST_CLASSES, Mixture, Resampled,
};
use crate::error::{FlowError, coordinates};
use crate::experiment::Experiment;
use crate::method::ConditionKind;
use crate::points::{Points, Scaling};
use crate::rng::{Rng, Stream};
use crate::space::{Space, SpaceKind};

/// The two ends, in the model's units.
pub(super) struct Ends {
    pub data: Distribution,
    pub heldout: Distribution,
    pub held_out: bool,
    pub degenerate: Option<String>,
    pub noise: Distribution,
    pub units: Units,
}

impl Ends {
    pub fn build(experiment: &Experiment, start: &Start) -> Result<Self, FlowError> {
        let kind = experiment.data.kind;
        let (points, heldout) = (start.points.clone().filter(|_| kind.is_given()), start.heldout.clone());
        let told = points.as_ref().map(|points| Told::of(experiment, start, points.len())).transpose()?;
        let Told { labels: Labels { names, of }, numbers, known } = told.unwrap_or_default();
        for given in [&points, &heldout].into_iter().flatten() {
            check_given(experiment.data, given, points.as_ref().map_or(0, Points::dim))?;
        }
        let units = points.as_ref().map(|points| units_of(experiment.data, points)).transpose()?;
        let scaled = |points: Points<f64>| units.as_ref().map(|units| units.apply(&points));
        let held_out = points.as_ref().is_none_or(|points| heldout.is_some() || points.len() >= FEWEST_SPLIT);
        let points = points.and_then(scaled);
        let degenerate = match kind {
            DistributionKind::DrawnDigits => Some(OF_FEWER_FREEDOMS.into()),
            kind if kind.is_given_as_pictures() => points.as_ref().and_then(unchanging),
            // On a torus or a sphere coordinates depend on each other, and a density is one of area.
            _ => points.as_ref().filter(|_| experiment.data.space() == SpaceKind::Plane).and_then(dependence),
        };
        let labelled = |points| {
            let labels = (!names.is_empty()).then(|| of.clone());
            Labelled { points, labels, numbers: numbers.clone() }
        };
        let split = match (points, heldout.and_then(scaled)) {
            (Some(points), Some(heldout)) => Some((points.into(), heldout.into())),
            (points, _) => points.map(|points| split(&labelled(points), kind, experiment.seed)),
        };
        let build = |own: Option<&Labelled>| match own.cloned() {
            Some(labelled) if labelled.labels.is_some() => Resampled::of_classes(labelled, &names),
            Some(labelled) if labelled.numbers.is_some() => Resampled::observed(labelled, &known),
            own => experiment.data.build("data", own.as_ref().map(|own| &own.points)),
        };
        let data = build(split.as_ref().map(|(train, _)| train))?;
        // What is split has two ends; a law is made once, which takes some milliseconds of an energy's.
        let heldout = split.as_ref().map_or_else(|| Ok(data.clone()), |(_, test)| build(Some(test)))?;
        let data = match experiment.data.chain {
            Some(len) => Boltzmann::by_chain(data, len, experiment.seed),
            None => data,
        };
        let first =
            |end: Distribution| experiment.snapshots.map_or(Ok(end.clone()), |snapshots| snapshots.first_of(end));
        let (data, heldout) = (first(data)?, first(heldout)?);
        let dim = data.space.space().map_or_else(|| data.dim(), |space| space.dim());
        let units = units.unwrap_or_else(|| Units { scaling: Scaling::identity(dim), space: data.space });
        let noise = noise_of(experiment.noise, &data)?;
        let degenerate =
            degenerate.or_else(|| (data.course.is_some() && noise.density.is_none()).then(|| LAST_OF_POINTS.into()));
        Ok(Self { data, heldout, held_out, degenerate, noise, units })
    }
}

/// The units of given points: pixels and points of a closed space are as they are.
fn units_of(data: DistributionConfig, points: &Points<f64>) -> Result<Units, FlowError> {
    let space = data.space();
    let as_they_are = data.kind.is_given_as_pictures() || space != SpaceKind::Plane;
    let scaling = if as_they_are { Scaling::identity(points.dim()) } else { Scaling::standardizing(points)? };
    Ok(Units { scaling, space })
}

/// Q for this data: of snapshots the last.
fn noise_of(config: DistributionConfig, data: &Distribution) -> Result<Distribution, FlowError> {
    if let Some(course) = &data.course {
        return Ok(course.last());
    }
    if let Some(noise) = config.noise_on(data.space) {
        return Ok(noise);
    }
    let noise = match config {
        // A Gaussian of no stated dimension has that of the data.
        DistributionConfig { kind: DistributionKind::Gaussian, dim: None, .. } => {
            Mixture::standard_normal(data.dim()).into()
        }
        noise => noise.build("noise", None)?,
    };
    if noise.dim() != data.dim() {
        let allowed = format!("\"gaussian\" for data of {}", coordinates(data.dim()));
        return Err(FlowError::invalid("noise.kind", format!("{:?}", config.kind), allowed));
    }
    Ok(noise)
}

/// The most coordinates of a point, and of a picture: 32×32 pixels of three colors.
const MOST_DIM: usize = 128;
const MOST_PIXELS: usize = 3072;

/// Refuses points of another dimension or of too many, pictures whose pixels are in another unit, and points off their space.
fn check_given(data: DistributionConfig, given: &Points<f64>, dim: usize) -> Result<(), FlowError> {
    if let Some(space) = data.space().space() {
        return check_on(space, given);
    }
    let (kind, refused) = (data.kind, |reason| Err(FlowError::InvalidPoints { reason }));
    let most = if kind.is_given_as_pictures() { MOST_PIXELS } else { MOST_DIM };
    if given.dim() != dim || dim > most {
        return refused(format!("they have {}; allowed: 1 to {most}, the same for all", coordinates(given.dim())));
    }
    match given.values().iter().find(|pixel| pixel.abs() > 1.0) {
        Some(pixel) if kind.is_given_as_pictures() => {
            refused(format!("a pixel is {pixel}; allowed: -1, which is paper, to 1, which is ink"))
        }
        _ => Ok(()),
    }
}

/// Refuses given points that are none of a closed space.
fn check_on(space: &dyn Space, given: &Points<f64>) -> Result<(), FlowError> {
    let [on, what] = space.words();
    let refused =
        |found| Err(FlowError::InvalidPoints { reason: format!("{found}; allowed for points on {on}: {what}") });
    if given.dim() != space.dim() {
        return refused(format!("they have {}", coordinates(given.dim())));
    }
    match given.rows().enumerate().find(|(_, row)| !space.is_point(row)) {
        Some((i, row)) => refused(format!("point {i} is {row:?}")),
        None => Ok(()),
    }
}

/// Why a flow that ends at given points has no density.
const LAST_OF_POINTS: &str =
    "The last snapshot is known by its points alone, so no formula gives a density of the flow that starts from it.";

/// Why drawn digits have no density.
const OF_FEWER_FREEDOMS: &str = "Drawn digits differ in fewer ways than they have pixels, so they have no density.";

/// The share of a user's points that training never sees: every fifth of a shuffled order, unless their kind says which.
const HELD_OUT: usize = 5;

/// With fewer points than this none can be spared.
pub(super) const FEWEST_SPLIT: usize = HELD_OUT * FEWEST_POINTS;

/// What the network is told of a user's points.
#[derive(Default)]
struct Told {
    labels: Labels,
    numbers: Option<Points<f64>>,
    known: Vec<KnownNumber>,
}

impl Told {
    /// Of `len` points, where the experiment has a condition, or is of snapshots.
    fn of(experiment: &Experiment, start: &Start, len: usize) -> Result<Self, FlowError> {
        let field = if experiment.snapshots.is_some() { "snapshots" } else { "condition.kind" };
        let by_snapshot = experiment.snapshots.map(|_| ConditionKind::Class);
        let Some(kind) = experiment.condition.map(|condition| condition.kind).or(by_snapshot) else {
            return Ok(Self::default());
        };
        let refused = |kind: &str, what: &str| {
            let allowed =
                format!("none for points of your own without {what}, nor beside held-out points, which have none");
            FlowError::invalid(field, kind, allowed)
        };
        let is_split = start.heldout.is_none();
        match kind {
            ConditionKind::Class => {
                let labels = start.labels.clone().filter(|_| is_split);
                let labels = labels.ok_or_else(|| refused("\"class\"", "labels"))?;
                labels.check(len)?;
                Ok(Self { labels, ..Self::default() })
            }
            ConditionKind::Numbers => {
                let numbers = start.numbers.as_ref().filter(|_| is_split);
                let numbers = numbers.ok_or_else(|| refused("\"numbers\"", "numbers"))?;
                let known = numbers.known(len)?;
                Ok(Self { numbers: Some(numbers.of.clone()), known, ..Self::default() })
            }
        }
    }
}

/// Training and held-out points, of each class where there are classes. Too few points to spare any are used for both.
fn split(own: &Labelled, kind: DistributionKind, seed: u32) -> (Labelled, Labelled) {
    let len = own.points.len();
    if len < FEWEST_SPLIT {
        return (own.clone(), own.clone());
    }
    let mut order: Vec<usize> = (0..len).collect();
    if kind.holds_out(0).is_some() {
        let (test, train): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&i| kind.holds_out(i) == Some(true));
        return (own.pick(&train), own.pick(&test));
    }
    let mut rng = Rng::new(u64::from(seed), Stream::Heldout);
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    let Some(labels) = &own.labels else {
        let (test, train) = order.split_at(len / HELD_OUT);
        return (own.pick(train), own.pick(test));
    };
    let mut seen = [0; MOST_CLASSES];
    let (test, train): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&i| {
        let of_class = &mut seen[labels[i] as usize];
        *of_class += 1;
        *of_class % HELD_OUT == 0
    });
    (own.pick(&train), own.pick(&test))
}

/// Why the points, in the model's units, have no density.
fn dependence(points: &Points) -> Option<String> {
    let column = points.dependent_column()? + 1;
    Some(format!(
        "The columns are linearly dependent (column {column} is a sum of multiples of those before it), so they have no density."
    ))
}

/// Why pictures have no density.
fn unchanging(pictures: &Points) -> Option<String> {
    let is_same = |pixel: &usize| pictures.rows().all(|row| row[*pixel] == pictures.row(0)[*pixel]);
    let pixel = (0..pictures.dim()).find(is_same)? + 1;
    Some(format!("Pixel {pixel} is the same in every picture, so they have no density."))
}
