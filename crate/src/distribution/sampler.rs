//! What draws points, and tells of each which class it is of where there are classes.

use crate::points::Points;
use crate::rng::Rng;
use std::rc::Rc;

/// Points, and which class each is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// The points.
    pub points: Points,
    /// The number of each point's class; `None` where there are no classes.
    pub labels: Option<Vec<u32>>,
}

impl From<Points> for Labelled {
    fn from(points: Points) -> Self {
        Self { points, labels: None }
    }
}

impl Labelled {
    /// Those of these numbers, in their order.
    pub fn pick(&self, chosen: &[usize]) -> Self {
        let labels = self.labels.as_ref().map(|labels| chosen.iter().map(|&i| labels[i]).collect());
        Self { points: self.points.pick(chosen), labels }
    }

    /// `len` points whose coordinates and class are drawn by `draw`, one point after the other.
    pub(super) fn draw<const D: usize>(len: usize, mut draw: impl FnMut() -> ([f64; D], usize)) -> Self {
        let mut labels = Vec::with_capacity(len);
        let points = Points::draw(len, |_| {
            let (point, class) = draw();
            labels.push(class as u32);
            point
        });
        Self { points, labels: Some(labels) }
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
            let Labelled { points, labels } = self.sampler.sample_labelled(len, rng);
            let labels = labels.expect("a distribution of classes labels its points");
            let of_class = points.rows().zip(labels).filter(|(_, label)| *label as usize == self.class);
            values.extend(of_class.flat_map(|(row, _)| row));
        }
        values.truncate(wanted);
        Points::new(values, self.dim()).expect("a part of finite points").into()
    }
}
