//! The names of the distributions, and how each is made.

use super::bimodal::bimodal;
use super::checkerboard::Checkerboard;
use super::mixture::eight_gaussians;
use super::moons::Moons;
use super::pinwheel::Pinwheel;
use super::separated::separated_gaussians;
use super::two_spirals::TwoSpirals;
use super::{Distribution, FractalTree, Glyphs, Mixture, Resampled, Rings, Rose, toy};
use crate::error::{FlowError, check_range};
use crate::points::Points;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Which distribution one end of the flow has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum DistributionKind {
    /// N(0, I), of any dimension.
    Gaussian,
    /// Five separated Gaussians, of any dimension.
    GaussianMixture,
    /// Two Gaussians on a line: one coordinate.
    Bimodal,
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
            DistributionKind::Bimodal => 1,
            DistributionKind::Glyphs => 64,
            _ => DEFAULT_DIM,
        };
        let allowed = format!("{fixed}, or none, for this kind");
        if dim == fixed { Ok(()) } else { Err(FlowError::invalid(field, dim, allowed)) }
    }

    /// The distribution; [`DistributionKind::Points`] takes the user's own, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Distribution, FlowError> {
        self.check(field)?;
        match (self.kind, self.dim) {
            (DistributionKind::Gaussian, Some(dim)) => Ok(Mixture::standard_normal(dim).into()),
            (DistributionKind::GaussianMixture, Some(dim)) => Ok(separated_gaussians(dim).into()),
            (kind, _) => kind.build(field, points),
        }
    }
}

impl DistributionKind {
    /// Every built-in distribution, in the order they are offered.
    pub const BUILT_IN: [Self; 17] = [
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
        Self::Bimodal,
        Self::Glyphs,
        Self::Line,
        Self::Cosine,
    ];

    /// The built-in distribution of this name; `None` for [`Points`](Self::Points), which needs the user's own.
    pub fn built_in(self) -> Option<Distribution> {
        Some(match self {
            Self::Gaussian => Mixture::standard_normal(DEFAULT_DIM).into(),
            Self::GaussianMixture => separated_gaussians(DEFAULT_DIM).into(),
            Self::Bimodal => bimodal(),
            Self::Glyphs => Glyphs::default().into(),
            Self::EightGaussians => eight_gaussians(),
            Self::Moons => Moons.into(),
            Self::TwoSpirals => TwoSpirals.into(),
            Self::Checkerboard => Checkerboard.into(),
            Self::Pinwheel => Pinwheel.into(),
            Self::Circles => Rings::circles().into(),
            Self::Rings => Rings::four().into(),
            Self::SwissRoll => Distribution::new(Rc::new(toy::SwissRoll)),
            Self::Rose => Rose.into(),
            Self::OlympicRings => Rings::olympic().into(),
            Self::FractalTree => Distribution::new(Rc::new(FractalTree::default())),
            Self::Line => Distribution::sampled(Rc::new(toy::Line)),
            Self::Cosine => Distribution::sampled(Rc::new(toy::Cosine)),
            Self::Points => return None,
        })
    }

    /// The distribution of this name; [`Points`](Self::Points) takes the user's own, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Distribution, FlowError> {
        match (self.built_in(), points) {
            (Some(distribution), _) => Ok(distribution),
            (None, Some(points)) => Ok(Resampled::new(points.clone())?.into()),
            (None, None) => Err(FlowError::invalid(
                format!("{field}.kind"),
                "\"points\" without any points",
                "a built-in distribution, or points given beside the experiment",
            )),
        }
    }
}
