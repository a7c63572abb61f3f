//! What draws points, and tells of each which class it is of, or its numbers, where there are any.

use super::Given;
use crate::points::Points;
use crate::rng::Rng;
use std::rc::Rc;

/// Points, and what is known of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// The points.
    pub points: Points,
    /// The number of each point's class; `None` where there are no classes.
    pub labels: Option<Vec<u32>>,
    /// Each point's numbers; `None` where there are none.
    pub numbers: Option<Points<f64>>,
}

impl From<Points> for Labelled {
    fn from(points: Points) -> Self {
        Self { points, labels: None, numbers: None }
    }
}

impl Labelled {
    /// Those of these numbers, in their order.
    pub fn pick(&self, chosen: &[usize]) -> Self {
        let labels = self.labels.as_ref().map(|labels| chosen.iter().map(|&i| labels[i]).collect());
        let numbers = self.numbers.as_ref().map(|numbers| numbers.pick(chosen));
        Self { points: self.points.pick(chosen), labels, numbers }
    }

    /// What is known of one point, where anything is.
    pub fn given(&self, i: usize) -> Option<Given> {
        let class = self.labels.as_ref().map(|labels| Given::Class(labels[i] as usize));
        let numbers = || Some(Given::Numbers(self.numbers.as_ref()?.row(i).to_vec()));
        class.or_else(numbers)
    }

    /// `len` points whose coordinates and numbers are drawn by `draw`, one point after the other.
    pub(super) fn observed<const D: usize, const C: usize>(
        len: usize,
        mut draw: impl FnMut() -> ([f64; D], [f64; C]),
    ) -> Self {
        let mut numbers = Vec::with_capacity(len * C);
        let points = Points::draw(len, |_| {
            let (point, observed) = draw();
            numbers.extend(observed);
            point
        });
        let numbers = Points::new(numbers, C).expect("drawn numbers are finite");
        Self { numbers: Some(numbers), ..points.into() }
    }

    /// `len` points whose coordinates and class are drawn by `draw`, one point after the other.
    pub(super) fn draw<const D: usize>(len: usize, mut draw: impl FnMut() -> ([f64; D], usize)) -> Self {
        let mut labels = Vec::with_capacity(len);
        let points = Points::draw(len, |_| {
            let (point, class) = draw();
            labels.push(class as u32);
            point
        });
        Self { labels: Some(labels), ..points.into() }
    }
}

/// Draws points of R^dim.
pub trait Sampler {
    /// Coordinates of a point.
    fn dim(&self) -> usize;

    /// `len` independent points, each with its class where there are classes.
    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled;

    /// The same points without their classes.
    fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        self.sample_labelled(len, rng).points
    }
}

/// The points of one class: those of the others are drawn as well, and dropped.
pub(super) struct OfClass {
    pub sampler: Rc<dyn Sampler>,
    pub class: usize,
}

impl Sampler for OfClass {
    fn dim(&self) -> usize {
        self.sampler.dim()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let wanted = len * self.dim();
        let mut values = Vec::with_capacity(wanted);
        while values.len() < wanted {
            let Labelled { points, labels, .. } = self.sampler.sample_labelled(len, rng);
            let labels = labels.expect("a distribution of classes labels its points");
            let of_class = points.rows().zip(labels).filter(|(_, label)| *label as usize == self.class);
            values.extend(of_class.flat_map(|(row, _)| row));
        }
        values.truncate(wanted);
        Points::new(values, self.dim()).expect("a part of finite points").into()
    }
}
