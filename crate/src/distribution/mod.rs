//! What P and Q can be: something that draws points, and where they are known a density, classes and closed forms.
//!
//! The toy sets are those of FFJORD (Grathwohl 2019, `lib/toy_data.py`) on its scale, about [-4, 4]²; angles are drawn
//! independently instead of evenly spaced, so that a point's density is exactly its sampling law.

mod bimodal;
mod boltzmann;
mod branching;
mod checkerboard;
mod course;
mod curve;
mod density;
mod drawn_digits;
mod glyphs;
mod kind;
mod landscape;
mod linear_gaussian;
mod mixture;
mod moons;
mod noise_on_space;
mod numbers;
mod pinwheel;
mod rings;
mod rose;
mod sampler;
mod separated;
mod tabulated;
mod toy;
mod transfer;
mod tree;
mod two_moons;
mod two_spirals;
mod user;
mod von_mises;
mod von_mises_fisher;

pub use boltzmann::Boltzmann;
pub use checkerboard::{SQUARE_SIDE, SQUARES};
pub use course::{Course, SnapshotsConfig};
pub use density::Density;
pub use glyphs::Glyphs;
pub use kind::{DistributionConfig, DistributionKind};
pub use landscape::{Landscape, MOST_EXPONENT, Real};
pub use mixture::{Gaussian, Mixture};
pub use numbers::{Given, KnownNumber, MOST_NUMBERS, Numbers};
pub use rings::Rings;
pub use rose::Rose;
pub use sampler::{Labelled, Sampler};
pub use tree::FractalTree;
pub use user::{FEWEST_OF_CLASS, FEWEST_POINTS, Labels, MOST_CLASSES, Resampled};
pub use von_mises::VonMises;
pub use von_mises_fisher::VonMisesFisher;

use crate::error::FlowError;
use crate::points::Points;
use crate::rng::Rng;
use crate::space::SpaceKind;
use sampler::OfClass;
use std::rc::Rc;

/// What one end of the flow is.
#[derive(Clone)]
pub struct Distribution {
    /// Where its points live: on a closed space they are given as models see them.
    pub space: SpaceKind,
    /// What draws its points.
    pub sampler: Rc<dyn Sampler>,
    /// Its density, where it is known.
    pub density: Option<Rc<dyn Density>>,
    /// The classes that it is a mixture of, in the order of their labels; none if its points are all of a kind.
    pub classes: Vec<Class>,
    /// The numbers that are known of every point; none if there are none.
    pub numbers: Vec<KnownNumber>,
    /// What the points are of which such numbers are known, where it is known.
    pub posterior: Option<fn(&[f64]) -> Self>,
    /// What makes closed forms of its flows.
    pub exact: Option<Exact>,
    /// The snapshots that it is the first of, where it is one of several in time.
    pub course: Option<Rc<Course>>,
    /// The energy that it is the law of, where it is one's.
    pub boltzmann: Option<Rc<Boltzmann>>,
}

/// One of the classes that a distribution is a mixture of.
#[derive(Clone)]
pub struct Class {
    /// How it is called, in a word or two.
    pub name: String,
    /// Its share of the points.
    pub probability: f64,
    /// The density of its points alone, where it is known.
    pub density: Option<Rc<dyn Density>>,
    /// What makes closed forms of the flows of its points alone.
    pub exact: Option<Exact>,
}

/// A form of distribution whose flows to some others are known.
#[derive(Clone)]
pub enum Exact {
    /// A mixture of Gaussians.
    Mixture(Rc<Mixture>),
    /// Uniform on squares, given by their lower left corners.
    Squares(&'static [[f64; 2]]),
    /// A finite set of equally likely points.
    Points(Rc<Points>),
}

impl Class {
    /// Equally likely classes, in the order of their labels: the name and the density of each.
    fn equally<D: Density + 'static>(
        named: impl IntoIterator<Item = (impl Into<String>, D), IntoIter: ExactSizeIterator>,
    ) -> Vec<Self> {
        let named = named.into_iter();
        let probability = 1.0 / named.len() as f64;
        let class = |(name, density): (_, D)| Self {
            name: Into::into(name),
            probability,
            density: Some(Rc::new(density)),
            exact: None,
        };
        named.map(class).collect()
    }
}

impl Exact {
    fn points(&self) -> Option<&Points> {
        if let Self::Points(points) = self { Some(points) } else { None }
    }
}

impl Distribution {
    /// What draws points and knows their density.
    pub fn new(both: Rc<impl Sampler + Density + 'static>) -> Self {
        Self { density: Some(both.clone()), ..Self::sampled(both) }
    }

    /// What draws points and knows no more of them.
    pub fn sampled(sampler: Rc<impl Sampler + 'static>) -> Self {
        Self {
            space: SpaceKind::Plane,
            sampler,
            density: None,
            classes: Vec::new(),
            numbers: Vec::new(),
            posterior: None,
            exact: None,
            boltzmann: None,
            course: None,
        }
    }

    /// All snapshots of the course that it begins, each a class; itself where it begins none.
    pub fn together(&self) -> &Self {
        self.course.as_ref().map_or(self, |course| &course.all)
    }

    /// Coordinates of a point, as models see it.
    pub fn dim(&self) -> usize {
        self.sampler.dim()
    }

    /// `len` independent points.
    pub fn sample(&self, len: usize, rng: &mut Rng) -> Points {
        self.sampler.sample(len, rng)
    }

    /// The same points, each with its class where there are classes, and its numbers where there are any.
    pub fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        self.sampler.sample_labelled(len, rng)
    }

    /// ln p(x) in nats, where the density is known.
    pub fn log_density(&self, x: &[f64]) -> Option<f64> {
        Some(self.density.as_ref()?.log_density(x))
    }

    /// ∇ ln p(x), `[dim]`, where it has a closed form.
    pub fn score(&self, x: &[f64]) -> Option<Vec<f64>> {
        self.density.as_ref()?.score(x)
    }

    /// The differential entropy in nats, where it is known.
    pub fn entropy(&self) -> Option<f64> {
        self.density.as_ref()?.entropy()
    }

    /// The distribution of the points of one class; refused where there is none, or none of its points is ever drawn.
    pub fn given(&self, class: usize) -> Result<Self, FlowError> {
        let Some(Class { density, exact, .. }) =
            self.classes.get(class).filter(|class| class.probability > 0.0).cloned()
        else {
            return Err(FlowError::invalid("class", class, "a class that has points"));
        };
        let sampler = Rc::new(OfClass { sampler: self.sampler.clone(), class });
        Ok(Self { density, exact, ..Self::sampled(sampler) })
    }

    /// The distribution of the points of which this is known; `None` for numbers given which no law is known.
    pub fn known(&self, given: &Given) -> Result<Option<Self>, FlowError> {
        given.check(self)?;
        match given {
            Given::Class(class) => self.given(*class).map(Some),
            Given::Numbers(numbers) => Ok(self.posterior.map(|posterior| posterior(numbers))),
        }
    }

    /// The points that it draws from, if it is a finite set of them.
    pub fn points(&self) -> Option<&Points> {
        self.exact.as_ref()?.points()
    }

    /// These points class by class; of one part without classes, and of none if it is no finite set.
    pub fn parts(&self) -> Vec<&Points> {
        if self.classes.is_empty() {
            self.points().into_iter().collect()
        } else {
            self.classes.iter().filter_map(|class| class.exact.as_ref()?.points()).collect()
        }
    }

    /// The mixture of Gaussians that it is, if it is one.
    pub fn mixture(&self) -> Option<&Mixture> {
        let Some(Exact::Mixture(mixture)) = &self.exact else { return None };
        Some(mixture)
    }

    /// Whether it is N(0, I).
    pub fn is_standard_normal(&self) -> bool {
        self.mixture().is_some_and(Mixture::is_standard_normal)
    }
}
