//! Mixtures of Gaussians, of any dimension.

use super::{Class, Density, Distribution, Exact, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::rc::Rc;

/// A Gaussian with a full covariance, row-major `[dim, dim]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    /// The mean, `[dim]`.
    pub mean: Vec<f64>,
    /// The covariance, `[dim, dim]`.
    pub covariance: Vec<f64>,
    /// The lower Cholesky factor of the covariance. Most are diagonal, and in many dimensions that is as many times less work.
    factor: Factor,
}

#[derive(Debug, Clone, PartialEq)]
enum Factor {
    Diagonal(Vec<f64>),
    /// Row-major `[dim, dim]`.
    Full(Vec<f64>),
}

impl Gaussian {
    /// N(mean, covariance); the covariance must be positive definite.
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Self {
        let factor = Factor::of(&covariance, mean.len());
        Self { mean, covariance, factor }
    }

    /// N(mean, deviation² I).
    pub fn isotropic(mean: Vec<f64>, deviation: f64) -> Self {
        let dim = mean.len();
        let entry = |at: usize| if at / dim == at % dim { deviation * deviation } else { 0.0 };
        let covariance = (0..dim * dim).map(entry).collect();
        Self::new(mean, covariance)
    }

    /// covariance⁻¹ v.
    pub fn solve(&self, v: &[f64]) -> Vec<f64> {
        self.factor.divide_transposed(self.factor.divide(v))
    }

    /// ln N(x; mean, covariance).
    pub fn log_density(&self, x: &[f64]) -> f64 {
        let dim = self.mean.len();
        let residual: Vec<f64> = x.iter().zip(&self.mean).map(|(x, m)| x - m).collect();
        let square: f64 = self.factor.divide(&residual).iter().map(|y| y * y).sum();
        -0.5 * square - 0.5 * self.log_determinant() - 0.5 * dim as f64 * libm::log(2.0 * PI)
    }

    /// ln det covariance.
    pub fn log_determinant(&self) -> f64 {
        (0..self.mean.len()).map(|i| 2.0 * libm::log(self.factor.on_diagonal(i))).sum()
    }

    /// The differential entropy in nats.
    pub(super) fn entropy(&self) -> f64 {
        0.5 * self.log_determinant() + 0.5 * self.mean.len() as f64 * (1.0 + libm::log(2.0 * PI))
    }

    /// Appends a point; `normal` `[dim]` is room for what it is made of.
    fn draw(&self, rng: &mut Rng, normal: &mut [f64], values: &mut Vec<f32>) {
        normal.fill_with(|| rng.normal());
        values.extend(self.mean.iter().enumerate().map(|(i, mean)| (mean + self.factor.times(i, normal)) as f32));
    }
}

impl Factor {
    /// That of a positive definite matrix `[dim, dim]`.
    fn of(matrix: &[f64], dim: usize) -> Self {
        if matrix.iter().enumerate().all(|(at, value)| at / dim == at % dim || *value == 0.0) {
            return Self::Diagonal((0..dim).map(|i| matrix[i * dim + i].sqrt()).collect());
        }
        let mut factor = vec![0.0; dim * dim];
        for i in 0..dim {
            for j in 0..=i {
                let done: f64 = (0..j).map(|k| factor[i * dim + k] * factor[j * dim + k]).sum();
                let rest = matrix[i * dim + j] - done;
                factor[i * dim + j] = if i == j { rest.sqrt() } else { rest / factor[j * dim + j] };
            }
        }
        Self::Full(factor)
    }

    fn on_diagonal(&self, i: usize) -> f64 {
        match self {
            Self::Diagonal(factor) => factor[i],
            Self::Full(factor) => factor[i * (factor.len().isqrt() + 1)],
        }
    }

    /// Number `i` of factor v.
    fn times(&self, i: usize, v: &[f64]) -> f64 {
        match self {
            Self::Diagonal(factor) => factor[i] * v[i],
            Self::Full(factor) => (0..=i).map(|k| factor[i * v.len() + k] * v[k]).sum(),
        }
    }

    /// factor⁻¹ v, by forward substitution.
    fn divide(&self, v: &[f64]) -> Vec<f64> {
        let (dim, mut y) = (v.len(), v.to_vec());
        for i in 0..dim {
            if let Self::Full(factor) = self {
                y[i] -= (0..i).map(|k| factor[i * dim + k] * y[k]).sum::<f64>();
            }
            y[i] /= self.on_diagonal(i);
        }
        y
    }

    /// factor⁻ᵀ y, by backward substitution.
    fn divide_transposed(&self, mut y: Vec<f64>) -> Vec<f64> {
        let dim = y.len();
        for i in (0..dim).rev() {
            if let Self::Full(factor) = self {
                y[i] -= (i + 1..dim).map(|k| factor[k * dim + i] * y[k]).sum::<f64>();
            }
            y[i] /= self.on_diagonal(i);
        }
        y
    }
}

/// Σ weight · Gaussian.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// Positive, adding up to 1.
    pub weights: Vec<f64>,
    /// One a weight.
    pub components: Vec<Gaussian>,
    entropy: Option<f64>,
}

/// Radius and standard deviation of the eight Gaussians before FFJORD divides both by 1.414 (the constant, not √2).
const EIGHT_GAUSSIANS: (f64, f64, f64) = (4.0, 0.5, 1.414);

impl Mixture {
    /// A mixture whose entropy has no closed form.
    pub fn new(weights: Vec<f64>, components: Vec<Gaussian>) -> Self {
        Self { weights, components, entropy: None }
    }

    /// A mixture whose entropy is known.
    pub(super) fn with_entropy(weights: Vec<f64>, components: Vec<Gaussian>, entropy: f64) -> Self {
        Self { weights, components, entropy: Some(entropy) }
    }

    /// One Gaussian alone.
    pub(super) fn of_one(component: Gaussian) -> Self {
        let entropy = component.entropy();
        Self { weights: vec![1.0], components: vec![component], entropy: Some(entropy) }
    }

    /// N(0, I).
    pub fn standard_normal(dim: usize) -> Self {
        let entropy = 0.5 * dim as f64 * (1.0 + libm::log(2.0 * PI));
        let components = vec![Gaussian::isotropic(vec![0.0; dim], 1.0)];
        Self { weights: vec![1.0], components, entropy: Some(entropy) }
    }

    /// Whether this is N(0, I).
    pub fn is_standard_normal(&self) -> bool {
        let [Gaussian { mean, covariance, .. }] = &self.components[..] else { return false };
        let entry = |at: usize| f64::from(u8::from(at / mean.len() == at % mean.len()));
        self.weights == [1.0]
            && mean.iter().all(|&x| x == 0.0)
            && covariance.iter().enumerate().all(|(at, &value)| value == entry(at))
    }

    /// Eight Gaussians on a circle of radius 2.83.
    pub fn eight_gaussians() -> Self {
        let (radius, deviation, divisor) = EIGHT_GAUSSIANS;
        let (r, diagonal) = (radius / divisor, radius * FRAC_1_SQRT_2 / divisor);
        let centers = [
            [r, 0.0],
            [-r, 0.0],
            [0.0, r],
            [0.0, -r],
            [diagonal, diagonal],
            [diagonal, -diagonal],
            [-diagonal, diagonal],
            [-diagonal, -diagonal],
        ];
        let components = centers.iter().map(|center| Gaussian::isotropic(center.to_vec(), deviation / divisor));
        Self { weights: vec![0.125; 8], components: components.collect(), entropy: Some(2.831880) }
    }

    /// ln of weight times density, for each component.
    fn log_terms(&self, x: &[f64]) -> impl Iterator<Item = f64> {
        let terms = self.weights.iter().zip(&self.components);
        terms.map(move |(weight, component)| libm::log(*weight) + component.log_density(x))
    }
}

/// Its classes are its components, unless there is only one.
impl From<Mixture> for Distribution {
    fn from(mixture: Mixture) -> Self {
        let mixture = Rc::new(mixture);
        let class = |(i, (&probability, component)): (usize, (&f64, &Gaussian))| {
            let alone = Rc::new(Mixture::of_one(component.clone()));
            Class {
                name: format!("component {}", i + 1),
                probability,
                density: Some(alone.clone()),
                exact: Some(Exact::Mixture(alone)),
            }
        };
        let components = mixture.weights.iter().zip(&mixture.components).enumerate();
        let classes = components.filter(|_| mixture.weights.len() > 1).map(class).collect();
        Self { classes, exact: Some(Exact::Mixture(mixture.clone())), ..Self::new(mixture) }
    }
}

/// The eight Gaussians, called by where they lie.
pub(super) fn eight_gaussians() -> Distribution {
    let mut distribution = Distribution::from(Mixture::eight_gaussians());
    let names = ["east", "west", "north", "south", "northeast", "southeast", "northwest", "southwest"];
    distribution.classes.iter_mut().zip(names).for_each(|(class, name)| class.name = name.into());
    distribution
}

impl Sampler for Mixture {
    fn dim(&self) -> usize {
        self.components[0].mean.len()
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let (mut values, mut labels) = (Vec::with_capacity(len * self.dim()), Vec::with_capacity(len));
        let mut normal = vec![0.0; self.dim()];
        for _ in 0..len {
            let mut left = rng.uniform();
            let chosen = self.weights.iter().position(|weight| {
                left -= weight;
                left < 0.0
            });
            let chosen = chosen.unwrap_or(self.weights.len() - 1);
            self.components[chosen].draw(rng, &mut normal, &mut values);
            labels.push(chosen as u32);
        }
        let points = Points::new(values, self.dim()).expect("a Gaussian's draws are finite");
        Labelled { labels: (self.weights.len() > 1).then_some(labels), ..points.into() }
    }
}

impl Density for Mixture {
    fn log_density(&self, x: &[f64]) -> f64 {
        log_sum_exp(self.log_terms(x))
    }

    fn score(&self, x: &[f64]) -> Option<Vec<f64>> {
        let total = log_sum_exp(self.log_terms(x));
        let mut score = vec![0.0; x.len()];
        for (term, component) in self.log_terms(x).zip(&self.components) {
            let weight = libm::exp(term - total);
            let residual: Vec<f64> = x.iter().zip(&component.mean).map(|(x, m)| x - m).collect();
            score.iter_mut().zip(component.solve(&residual)).for_each(|(s, solved)| *s -= weight * solved);
        }
        Some(score)
    }

    fn entropy(&self) -> Option<f64> {
        self.entropy
    }
}

/// ln Σ exp(term), without overflow.
pub(crate) fn log_sum_exp(terms: impl Iterator<Item = f64>) -> f64 {
    let terms: Vec<f64> = terms.collect();
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + libm::log(terms.iter().map(|term| libm::exp(term - largest)).sum())
}
