//! The names of the distributions, and how each is made.

use super::bimodal::bimodal;
use super::branching::branching;
use super::checkerboard::Checkerboard;
use super::drawn_digits::DrawnDigits;
use super::landscape::SITES;
use super::linear_gaussian::linear_gaussian;
use super::mixture::eight_gaussians;
use super::moons::Moons;
use super::noise_on_space::{uniform, wrapped};
use super::pinwheel::Pinwheel;
use super::separated::separated_gaussians;
use super::two_moons::two_moons;
use super::two_spirals::TwoSpirals;
use super::von_mises::von_mises;
use super::von_mises_fisher::von_mises_fisher;
use super::{Boltzmann, Distribution, FractalTree, Glyphs, Landscape, Mixture, Resampled, Rings, Rose, toy};
use crate::error::{FlowError, check_range};
use crate::points::Points;
use crate::space::SpaceKind;
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
    /// Pictures of handwritten-looking digits, of 8×8, 16×16 or 28×28 pixels.
    DrawnDigits,
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
    /// Cells that branch in the plane, at five times: snapshots, or all of them together.
    Branching,
    /// A line segment: degenerate, it has no density.
    Line,
    /// A cosine curve: degenerate, it has no density.
    Cosine,
    /// A parameter on a line, of which a number with Gaussian noise is observed.
    LinearGaussian,
    /// Two parameters, of which two numbers are observed: given these, two crescents.
    TwoMoonsSbi,
    /// The law of an energy with two wells.
    DoubleWell,
    /// The law of Müller and Brown's energy: three wells along a bent valley.
    MuellerBrown,
    /// The law of an energy with four wells.
    FourWells,
    /// The law of an energy that is least on a circle.
    EnergyRing,
    /// The law of a φ⁴ chain of 16 sites.
    PhiFour,
    /// Products of von Mises laws: two angles, points of a torus.
    VonMises,
    /// Von Mises–Fisher laws: points of a sphere.
    VonMisesFisher,
    /// Noise that is equally likely everywhere on the data's torus or sphere.
    Uniform,
    /// Noise on the data's torus or sphere that is a Gaussian wrapped around it: from the angles (0, 0), or from the pole (0, 0, 1).
    WrappedGaussian,
    /// The user's own points, drawn with replacement.
    Points,
    /// The user's own pictures, drawn with replacement: pixels from -1 to 1, as they are.
    Pictures,
    /// The 1,797 handwritten digits of the UCI optical recognition set, of 8×8 pixels: they are given as pictures are.
    Digits,
    /// Their codes by a small autoencoder: points of a plane, of which each decodes to a picture. They are given as points are.
    DigitCodes,
}

/// One end of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DistributionConfig {
    /// The distribution's name.
    pub kind: DistributionKind,
    /// Coordinates of a point, for a kind of any dimension 1 to 128, 2 if not given; for drawn digits 64, 256 or 784, 256 if
    /// not given. Other kinds have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dim: Option<usize>,
    /// Of the law of an energy: its temperature, 0.25 to 2, 1 if not given; for Müller and Brown's in units of 15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Of the law of an energy, as the data: training sees so many points, 100 to 100,000, of a Markov chain that starts in one
    /// well. Exact draws if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<usize>,
    /// Of points of one's own: "torus" where they are two angles in radians, "sphere" where they are three coordinates of length 1; in the
    /// plane, or in as many dimensions as they have, if not given. Other kinds have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceKind>,
    /// Of a wrapped Gaussian: its standard deviation in each direction, in radians, 0.1 to 1, 0.8 if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
}

/// The dimension where none is given.
const DEFAULT_DIM: usize = 2;
/// The width where none is given.
const DEFAULT_WIDTH: f64 = 0.8;

impl From<DistributionKind> for DistributionConfig {
    fn from(kind: DistributionKind) -> Self {
        Self { kind, dim: None, temperature: None, chain: None, space: None, width: None }
    }
}

impl DistributionConfig {
    /// Refuses a dimension out of range, or one that the kind does not have; `field` is `data` or `noise`.
    pub fn check(self, field: &str) -> Result<(), FlowError> {
        self.check_energy(field)?;
        self.check_space(field)?;
        let (Some(dim), field) = (self.dim, format!("{field}.dim")) else { return Ok(()) };
        let fixed = match self.kind {
            DistributionKind::Gaussian | DistributionKind::GaussianMixture => return check_range(&field, dim, 1..=128),
            kind if kind.is_given() => return Err(FlowError::invalid(field, dim, "none: points have their own")),
            kind if kind.is_on_space_of_data() => {
                return Err(FlowError::invalid(field, dim, "none: it has the data's"));
            }
            DistributionKind::Bimodal | DistributionKind::LinearGaussian => 1,
            DistributionKind::VonMisesFisher => 3,
            DistributionKind::Glyphs => 64,
            DistributionKind::PhiFour => SITES,
            DistributionKind::DrawnDigits if DrawnDigits::of_dim(dim).is_some() => dim,
            DistributionKind::DrawnDigits => {
                return Err(FlowError::invalid(field, dim, "64, 256 or 784: pictures of 8, 16 or 28 pixels a side"));
            }
            _ => DEFAULT_DIM,
        };
        let allowed = format!("{fixed}, or none, for this kind");
        if dim == fixed { Ok(()) } else { Err(FlowError::invalid(field, dim, allowed)) }
    }

    /// Refuses a temperature or a chain out of range, or of what has no energy.
    fn check_energy(self, field: &str) -> Result<(), FlowError> {
        let Self { kind, temperature, chain, .. } = self;
        let allowed = "none for this kind, which has no energy";
        let none = |key: &str, value: String| Err(FlowError::invalid(format!("{field}.{key}"), value, allowed));
        match (kind.landscape(), temperature, chain) {
            (None, Some(temperature), _) => none("temperature", temperature.to_string()),
            (None, None, Some(chain)) => none("chain", chain.to_string()),
            (_, _, Some(chain)) if field != "data" => {
                Err(FlowError::invalid(format!("{field}.chain"), chain, "none but for the data"))
            }
            _ => {
                check_range(&format!("{field}.temperature"), temperature.unwrap_or(1.0), 0.25..=2.0)?;
                check_range(&format!("{field}.chain"), chain.unwrap_or(100), 100..=100_000)
            }
        }
    }

    /// Refuses a space of what has its own, and a width out of range or of what has none.
    fn check_space(self, field: &str) -> Result<(), FlowError> {
        let Self { kind, space, width, .. } = self;
        if space.is_some() && (kind != DistributionKind::Points || field != "data") {
            let allowed =
                "none but for points of one's own as the data; other kinds have theirs, and noise has the data's";
            return Err(FlowError::invalid(format!("{field}.space"), "given", allowed));
        }
        match width {
            Some(width) if kind != DistributionKind::WrappedGaussian => {
                Err(FlowError::invalid(format!("{field}.width"), width, "none for this kind, which has no width"))
            }
            width => check_range(&format!("{field}.width"), width.unwrap_or(DEFAULT_WIDTH), 0.1..=1.0),
        }
    }

    /// Where its points live, as far as they have a space of their own.
    pub fn space(self) -> SpaceKind {
        match self.kind {
            DistributionKind::VonMises => SpaceKind::Torus,
            DistributionKind::VonMisesFisher => SpaceKind::Sphere,
            _ => self.space.unwrap_or_default(),
        }
    }

    /// The noise that it is on the data's space, where it is one's; `None` in the plane, and for all else.
    pub fn noise_on(self, space: SpaceKind) -> Option<Distribution> {
        match self.kind {
            DistributionKind::Uniform => uniform(space),
            DistributionKind::WrappedGaussian => wrapped(space, self.width.unwrap_or(DEFAULT_WIDTH)),
            _ => None,
        }
    }

    /// The distribution; one that is given beside the experiment takes its points, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Distribution, FlowError> {
        self.check(field)?;
        if let Some(landscape) = self.kind.landscape() {
            return Ok(Boltzmann::new(landscape, self.temperature.unwrap_or(1.0)).into());
        }
        match (self.kind, self.dim) {
            (DistributionKind::Gaussian, Some(dim)) => Ok(Mixture::standard_normal(dim).into()),
            (DistributionKind::GaussianMixture, Some(dim)) => Ok(separated_gaussians(dim).into()),
            (DistributionKind::DrawnDigits, Some(dim)) => Ok(DrawnDigits::of_dim(dim).unwrap_or_default().into()),
            (kind, _) => Ok(Distribution { space: self.space(), ..kind.build(field, points)? }),
        }
    }
}

impl DistributionKind {
    /// Every built-in distribution in the plane, or of R^d, in the order they are offered.
    pub const BUILT_IN: [Self; 26] = [
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
        Self::DrawnDigits,
        Self::Branching,
        Self::Line,
        Self::Cosine,
        Self::LinearGaussian,
        Self::TwoMoonsSbi,
        Self::DoubleWell,
        Self::MuellerBrown,
        Self::FourWells,
        Self::EnergyRing,
        Self::PhiFour,
    ];

    /// Those on a torus and on a sphere.
    pub const ON_SPACES: [Self; 2] = [Self::VonMises, Self::VonMisesFisher];

    /// Whether it is noise that lives where the data does.
    pub fn is_on_space_of_data(self) -> bool {
        matches!(self, Self::Uniform | Self::WrappedGaussian)
    }

    /// The energy that it is the law of, if it is one's.
    pub fn landscape(self) -> Option<Landscape> {
        Some(match self {
            Self::DoubleWell => Landscape::DoubleWell,
            Self::MuellerBrown => Landscape::MuellerBrown,
            Self::FourWells => Landscape::FourWells,
            Self::EnergyRing => Landscape::Ring,
            Self::PhiFour => Landscape::PhiFour,
            _ => return None,
        })
    }

    /// Whether its points are given beside the experiment.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Points | Self::DigitCodes) || self.is_given_as_pictures()
    }

    /// Whether they are pictures, whose pixels are all of one unit and are taken as they are.
    pub fn is_given_as_pictures(self) -> bool {
        matches!(self, Self::Pictures | Self::Digits)
    }

    /// Whether its points are square pictures.
    pub fn is_of_pictures(self) -> bool {
        self.is_given_as_pictures() || matches!(self, Self::Glyphs | Self::DrawnDigits)
    }

    /// Whether such a point of a set that is always the same is held out, whatever the seed: every fifth of the digits, none of which the
    /// classifier that judges pictures learned either. `None` where the seed says which are.
    pub fn holds_out(self, point: usize) -> Option<bool> {
        (self == Self::Digits).then_some(point % 5 == 4)
    }

    /// The number of grays that its pixels had before each was spread evenly over its share of the range.
    pub fn num_grays(self) -> Option<usize> {
        match self {
            Self::Digits => Some(17),
            Self::Pictures => Some(256),
            _ => None,
        }
    }

    /// The built-in distribution of this name; `None` where its points are given, or the space that it is on.
    pub fn built_in(self) -> Option<Distribution> {
        Some(match self {
            Self::Gaussian => Mixture::standard_normal(DEFAULT_DIM).into(),
            Self::GaussianMixture => separated_gaussians(DEFAULT_DIM).into(),
            Self::Bimodal => bimodal(),
            Self::Glyphs => Glyphs::default().into(),
            Self::DrawnDigits => DrawnDigits::default().into(),
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
            Self::Branching => branching(),
            Self::Line => Distribution::sampled(Rc::new(toy::Line)),
            Self::Cosine => Distribution::sampled(Rc::new(toy::Cosine)),
            Self::LinearGaussian => linear_gaussian(),
            Self::TwoMoonsSbi => two_moons(),
            Self::DoubleWell | Self::MuellerBrown | Self::FourWells | Self::EnergyRing | Self::PhiFour => {
                Boltzmann::new(self.landscape()?, 1.0).into()
            }
            Self::VonMises => von_mises(),
            Self::VonMisesFisher => von_mises_fisher(),
            Self::Points | Self::Pictures | Self::Digits | Self::DigitCodes => return None,
            Self::Uniform | Self::WrappedGaussian => return None,
        })
    }

    /// The distribution of this name; one whose points are given takes them, already scaled.
    pub fn build(self, field: &str, points: Option<&Points>) -> Result<Distribution, FlowError> {
        match (self.built_in(), points) {
            (Some(distribution), _) => Ok(distribution),
            (None, Some(points)) => Ok(Resampled::new(points.clone())?.into()),
            (None, None) => Err(FlowError::invalid(
                format!("{field}.kind"),
                format!("\"{}\" without any points", format!("{self:?}").to_lowercase()),
                "a built-in distribution, or points given beside the experiment",
            )),
        }
    }
}
