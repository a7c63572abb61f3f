//! What P and Q can be: samples, and where there is a closed form the log-density and the entropy.
//!
//! The toy sets are those of FFJORD (Grathwohl 2019, `lib/toy_data.py`) on its scale, about [-4, 4]²; angles are drawn
//! independently instead of evenly spaced, so that a point's density is exactly its sampling law.

mod curve;
mod glyphs;
mod mixture;
mod pinwheel;
mod rings;
mod separated;
mod shapes;
mod toy;
mod user;

pub use glyphs::Glyphs;
pub use mixture::{Gaussian, Mixture};
pub use rings::Rings;
pub use shapes::{FractalTree, Rose};
pub use toy::{SQUARE_SIDE, SQUARES};
pub use user::{FEWEST_POINTS, Resampled};

use crate::error::{FlowError, check_range};
use crate::points::Points;
use crate::rng::Rng;
use serde::{Deserialize, Serialize};

/// A probability distribution on R^dim.
pub trait Distribution {
    /// Coordinates of a point.
    fn dim(&self) -> usize;
    /// `len` independent points.
    fn sample(&self, len: usize, rng: &mut Rng) -> Points;
    /// ln p(x) in nats, where it has a closed form.
    fn log_density(&self, _x: &[f64]) -> Option<f64> {
        None
    }
    /// ∇ ln p(x), `[dim]`, where it has a closed form.
    fn score(&self, _x: &[f64]) -> Option<Vec<f64>> {
        None
    }
    /// The differential entropy in nats, where it is known.
    fn entropy(&self) -> Option<f64> {
        None
    }
    /// Itself, if it is a Gaussian mixture: then its flows have a closed form.
    fn as_mixture(&self) -> Option<&Mixture> {
        None
    }
    /// The points that it draws from, if it is a finite set of them.
    fn as_points(&self) -> Option<&Points> {
        None
    }
    /// Whether it is the checkerboard, whose flow to N(0, I) has a closed form.
    fn is_checkerboard(&self) -> bool {
        false
    }
}

/// Which distribution one end of the flow has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum DistributionKind {
    /// N(0, I), of any dimension.
    Gaussian,
    /// Five separated Gaussians, of any dimension.
    GaussianMixture,
    /// Pictures of 8×8 pixels: strokes, rings and bars.
    Glyphs,
    /// Two interleaved half circles.
    Moons,
    /// Eight Gaussians on a circle.
    #[serde(rename = "8-gaussians")]
    EightGaussians,
    /// Two spirals, one the other turned by half a turn.
    TwoSpirals,
    /// Uniform on eight squares of a board.
    Checkerboard,
    /// Five bent arms.
    Pinwheel,
    /// Two concentric circles.
    Circles,
    /// Four concentric circles.
    Rings,
    /// A rolled-up band.
    SwissRoll,
    /// A rose curve of five petals.
    Rose,
    /// Five linked rings.
    OlympicRings,
    /// A tree of 127 branches.
    FractalTree,
    /// A line segment: degenerate, it has no density.
    Line,
    /// A cosine curve: degenerate, it has no density.
    Cosine,
    /// The user's own points, drawn with replacement.
    Points,
}

/// One end of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DistributionConfig {
    /// The distribution's name.
    pub kind: DistributionKind,
    /// Coordinates of a point, 1 to 128, for a kind of any dimension; 2 if not given. Other kinds have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dim: Option<usize>,
}

/// The dimension where none is given.
const DEFAULT_DIM: usize = 2;

impl From<DistributionKind> for DistributionConfig {
    fn from(kind: DistributionKind) -> Self {
        Self { kind, dim: None }
    }
}

impl DistributionConfig {
    /// Refuses a dimension out of range, or one that the kind does not have; `field` is `data` or `noise`.
    pub fn check(self, field: &str) -> Result<(), FlowError> {
        let (Some(dim), field) = (self.dim, format!("{field}.dim")) else { return Ok(()) };
        let fixed = match self.kind {
            DistributionKind::Gaussian | DistributionKind::GaussianMixture => return check_range(&field, dim, 1..=128),
            DistributionKind::Points => return Err(FlowError::invalid(field, dim, "none: points have their own")),
            DistributionKind::Glyphs => 64,
            _ => DEFAULT_DIM,
        };
        let allowed = format!("{fixed}, or none, for this kind");
        if dim == fixed { Ok(()) } else { Err(FlowError::invalid(field, dim, allowed)) }
    }

    /// The distribution; [`DistributionKind::Points`] takes the user's own, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Box<dyn Distribution>, FlowError> {
        self.check(field)?;
        match (self.kind, self.dim) {
            (DistributionKind::Gaussian, Some(dim)) => Ok(Box::new(Mixture::standard_normal(dim))),
            (DistributionKind::GaussianMixture, Some(dim)) => Ok(Box::new(separated::separated_gaussians(dim))),
            (kind, _) => kind.build(field, points),
        }
    }
}

impl DistributionKind {
    /// Every built-in distribution, in the order they are offered.
    pub const BUILT_IN: [Self; 16] = [
        Self::Moons,
        Self::EightGaussians,
        Self::TwoSpirals,
        Self::Checkerboard,
        Self::Pinwheel,
        Self::Circles,
        Self::Rings,
        Self::SwissRoll,
        Self::Rose,
        Self::OlympicRings,
        Self::FractalTree,
        Self::Gaussian,
        Self::GaussianMixture,
        Self::Glyphs,
        Self::Line,
        Self::Cosine,
    ];

    /// The built-in distribution of this name; `None` for [`Points`](Self::Points), which needs the user's own.
    pub fn built_in(self) -> Option<Box<dyn Distribution>> {
        Some(match self {
            Self::Gaussian => Box::new(Mixture::standard_normal(DEFAULT_DIM)),
            Self::GaussianMixture => Box::new(separated::separated_gaussians(DEFAULT_DIM)),
            Self::Glyphs => Box::new(Glyphs::default()),
            Self::EightGaussians => Box::new(Mixture::eight_gaussians()),
            Self::Moons => Box::new(toy::Moons),
            Self::TwoSpirals => Box::new(toy::TwoSpirals),
            Self::Checkerboard => Box::new(toy::Checkerboard),
            Self::Pinwheel => Box::new(pinwheel::Pinwheel),
            Self::Circles => Box::new(Rings::circles()),
            Self::Rings => Box::new(Rings::four()),
            Self::SwissRoll => Box::new(toy::SwissRoll),
            Self::Rose => Box::new(Rose),
            Self::OlympicRings => Box::new(Rings::olympic()),
            Self::FractalTree => Box::new(FractalTree::default()),
            Self::Line => Box::new(toy::Line),
            Self::Cosine => Box::new(toy::Cosine),
            Self::Points => return None,
        })
    }

    /// The distribution of this name; [`Points`](Self::Points) takes the user's own, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Box<dyn Distribution>, FlowError> {
        match (self.built_in(), points) {
            (Some(distribution), _) => Ok(distribution),
            (None, Some(points)) => Ok(Box::new(Resampled::new(points.clone())?)),
            (None, None) => Err(FlowError::invalid(
                format!("{field}.kind"),
                "\"points\" without any points",
                "a built-in distribution, or points given beside the experiment",
            )),
        }
    }
}
