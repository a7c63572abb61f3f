//! The two ends of a session: data as training sees it and as it is measured on, and noise.

use crate::distribution::{
    Distribution, DistributionConfig, DistributionKind, FEWEST_POINTS, Labelled, Labels, MOST_CLASSES, Mixture,
    Resampled,
};
use crate::error::{FlowError, coordinates};
use crate::experiment::Experiment;
use crate::points::{Points, Scaling};
use crate::rng::{Rng, Stream};

/// The two ends, in the model's units.
pub(super) struct Ends {
    pub data: Distribution,
    pub heldout: Distribution,
    pub held_out: bool,
    pub degenerate: Option<String>,
    pub noise: Distribution,
    pub scaling: Scaling,
}

impl Ends {
    pub fn build(
        experiment: &Experiment,
        points: Option<Points<f64>>,
        labels: Option<Labels>,
        heldout: Option<Points<f64>>,
    ) -> Result<Self, FlowError> {
        let own = experiment.data.kind == DistributionKind::Points;
        let points = points.filter(|_| own);
        let labels = labels.filter(|_| heldout.is_none());
        let labels = points.as_ref().map(|points| told(experiment, labels, points.len())).transpose()?.flatten();
        for given in [&points, &heldout].into_iter().flatten() {
            let dim = points.as_ref().map_or(0, Points::dim);
            if given.dim() != dim || dim > MOST_DIM {
                let reason =
                    format!("they have {}; allowed: 1 to {MOST_DIM}, the same for all", coordinates(given.dim()));
                return Err(FlowError::InvalidPoints { reason });
            }
        }
        let scaling = points.as_ref().map(Scaling::standardizing).transpose()?;
        let scaled = |points: Points<f64>| scaling.as_ref().map(|scaling| scaling.apply(&points));
        let held_out = points.as_ref().is_none_or(|points| heldout.is_some() || points.len() >= FEWEST_SPLIT);
        let points = points.and_then(scaled);
        let degenerate = points.as_ref().and_then(dependence);
        let Labels { names, of } = labels.unwrap_or_default();
        let labelled = |points| Labelled { points, labels: (!names.is_empty()).then(|| of.clone()) };
        let split = match (points, heldout.and_then(scaled)) {
            (Some(points), Some(heldout)) => Some((points.into(), heldout.into())),
            (points, _) => points.map(|points| split(&labelled(points), experiment.seed)),
        };
        let build = |own: Option<&Labelled>| match own.filter(|own| own.labels.is_some()) {
            Some(labelled) => Resampled::of_classes(labelled.clone(), &names),
            None => experiment.data.build("data", own.map(|own| &own.points)),
        };
        let data = build(split.as_ref().map(|(train, _)| train))?;
        let heldout = build(split.as_ref().map(|(_, test)| test))?;
        let scaling = scaling.unwrap_or_else(|| Scaling::identity(data.dim()));
        let noise = match experiment.noise {
            // A Gaussian of no stated dimension has that of the data.
            DistributionConfig { kind: DistributionKind::Gaussian, dim: None } => {
                Mixture::standard_normal(data.dim()).into()
            }
            noise => noise.build("noise", None)?,
        };
        if noise.dim() != data.dim() {
            let allowed = format!("\"gaussian\" for data of {}", coordinates(data.dim()));
            return Err(FlowError::invalid("noise.kind", format!("{:?}", experiment.noise.kind), allowed));
        }
        Ok(Self { data, heldout, held_out, degenerate, noise, scaling })
    }
}

/// The most coordinates of a point.
const MOST_DIM: usize = 128;

/// The share of a user's points that training never sees: every fifth of a shuffled order.
const HELD_OUT: usize = 5;

/// With fewer points than this none can be spared.
pub(super) const FEWEST_SPLIT: usize = HELD_OUT * FEWEST_POINTS;

/// The labels of `len` points, where the network is to be told them.
fn told(experiment: &Experiment, labels: Option<Labels>, len: usize) -> Result<Option<Labels>, FlowError> {
    if experiment.condition.is_none() {
        return Ok(None);
    }
    let allowed = "none for points of your own without labels, nor beside held-out points, which have none";
    let labels = labels.ok_or_else(|| FlowError::invalid("condition.kind", "\"class\"", allowed))?;
    labels.check(len)?;
    Ok(Some(labels))
}

/// Training and held-out points, of each class where there are classes. Too few points to spare any are used for both.
fn split(own: &Labelled, seed: u32) -> (Labelled, Labelled) {
    let len = own.points.len();
    if len < FEWEST_SPLIT {
        return (own.clone(), own.clone());
    }
    let mut order: Vec<usize> = (0..len).collect();
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
