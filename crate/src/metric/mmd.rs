//! The maximum mean discrepancy (Gretton et al. 2012) with the kernel k(x, y) = exp(-|x - y|² / 2γ²), squared, and how
//! large it is between two samples of the same distribution.

use crate::points::Points;
use crate::rng::Rng;

/// How the kernel's bandwidth γ follows from the true sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bandwidth {
    /// A tenth of the median distance: JKO-iFlow's and the deck's "MMD-c".
    TenthOfMedian,
    /// The median distance: "MMD-m".
    Median,
    /// A given positive one; 1 is "MMD-1".
    Given(f64),
}

impl Bandwidth {
    /// γ. The median is the lower one of all n² distances, the n zeros of each point to itself included, as
    /// `torch.median` of the full matrix gives. `None` where it is not positive.
    pub fn of(self, truth: &Points) -> Option<f64> {
        let bandwidth = match self {
            Self::TenthOfMedian => 0.1 * median_distance(truth)?,
            Self::Median => median_distance(truth)?,
            Self::Given(bandwidth) => bandwidth,
        };
        (bandwidth.is_finite() && bandwidth > 0.0).then_some(bandwidth)
    }
}

fn median_distance(points: &Points) -> Option<f64> {
    let n = points.len();
    // Each distance off the diagonal is in the matrix twice, after the zeros.
    let middle = (n * n).checked_sub(1)? / 2;
    let pair = middle.checked_sub(n)? / 2;
    let later = |i: usize| (i + 1..n).map(move |j| square_distance(points.row(i), points.row(j)));
    let mut squares: Vec<f64> = (0..n).flat_map(later).collect();
    let (_, median, _) = squares.select_nth_unstable_by(pair, f64::total_cmp);
    Some(median.sqrt())
}

fn square_distance(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (f64::from(*x) - f64::from(*y)) * (f64::from(*x) - f64::from(*y))).sum()
}

/// The squared maximum mean discrepancy of two samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discrepancy {
    /// Over all pairs, those of a point with itself included: never negative, and of order 1/n for equal distributions.
    pub biased: f64,
    /// Without those: zero on average for equal distributions, so it can be negative. `None` for a single point.
    pub unbiased: Option<f64>,
}

/// MMD² between `a` and `b` with bandwidth γ. `None` for samples that do not compare, or an impossible bandwidth.
pub fn mmd(a: &Points, b: &Points, bandwidth: f64) -> Option<Discrepancy> {
    let gamma = Bandwidth::Given(bandwidth).of(a)?;
    if a.dim() != b.dim() || a.is_empty() || b.is_empty() {
        return None;
    }
    let kernel = |x: &[f32], y: &[f32]| libm::exp(-square_distance(x, y) / (2.0 * gamma * gamma));
    let within = |points: &Points| -> f64 {
        let later = |i: usize| (i + 1..points.len()).map(move |j| (i, j));
        2.0 * (0..points.len()).flat_map(later).map(|(i, j)| kernel(points.row(i), points.row(j))).sum::<f64>()
    };
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (within_a, within_b) = (within(a), within(b));
    let across: f64 = a.rows().flat_map(|x| b.rows().map(move |y| (x, y))).map(|(x, y)| kernel(x, y)).sum();
    let across = 2.0 * across / (n * m);
    // Zero but for rounding where the samples are the same.
    let biased = ((within_a + n) / (n * n) + (within_b + m) / (m * m) - across).max(0.0);
    let unbiased = within_a / (n * (n - 1.0)) + within_b / (m * (m - 1.0)) - across;
    Some(Discrepancy { biased, unbiased: (n > 1.0 && m > 1.0).then_some(unbiased) })
}

/// What the biased MMD² of two samples would be if they came from the same distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NullBand {
    /// τ: 95 % of the permutations stay at or below it.
    pub threshold: f64,
    /// The permutations' mean.
    pub mean: f64,
    /// How many permutations were tried.
    pub permutations: usize,
}

/// The share of permutations below the threshold.
const SIGNIFICANT: f64 = 0.95;
/// Rows of the kernel matrix that are computed and used at once.
const TILE: usize = 4;
/// Permutations that are summed at once, in registers.
const LANES: usize = 8;

/// The null band by permutation of the pooled points between two samples of the sizes of `a` and `b`: with weights
/// s = 1/n for one and -1/m for the other sample, the statistic is sᵀKs. `None` where [`mmd`] is, or without any
/// permutation.
pub fn null_band(a: &Points, b: &Points, bandwidth: f64, permutations: usize, rng: &mut Rng) -> Option<NullBand> {
    Bandwidth::Given(bandwidth).of(a)?;
    if a.dim() != b.dim() || a.is_empty() || b.is_empty() || permutations == 0 {
        return None;
    }
    let pooled = Points::new([a.values(), b.values()].concat(), a.dim()).ok()?;
    let signs = Signs::draw(a.len(), b.len(), permutations, rng);
    let mut statistics = signs.quadratic_forms(&pooled, bandwidth);
    let mean = statistics.iter().sum::<f64>() / permutations as f64;
    statistics.sort_unstable_by(f64::total_cmp);
    let rank = (SIGNIFICANT * permutations as f64).ceil() as usize;
    let threshold = statistics[rank.saturating_sub(1)];
    threshold.is_finite().then_some(NullBand { threshold, mean, permutations })
}

/// Kernel values below e^-20 = 2e-9 count as 0, which moves the statistic by less than 1e-8.
const NEGLIGIBLE: f32 = -20.0;

/// The weights of each pooled point in each permutation, times n: `[permutations / lanes][points][lanes]`, so that a
/// block of permutations is read in one stream.
struct Signs {
    n: f64,
    permutations: usize,
    blocks: Vec<Vec<[f32; LANES]>>,
}

impl Signs {
    fn draw(n: usize, m: usize, permutations: usize, rng: &mut Rng) -> Self {
        let mut blocks = vec![vec![[0.0; LANES]; n + m]; permutations.div_ceil(LANES)];
        let mut order: Vec<usize> = (0..n + m).collect();
        let other = -(n as f32) / m as f32;
        for permutation in 0..permutations {
            for chosen in 0..n {
                order.swap(chosen, chosen + rng.below(n + m - chosen));
            }
            for (place, &point) in order.iter().enumerate() {
                blocks[permutation / LANES][point][permutation % LANES] = if place < n { 1.0 } else { other };
            }
        }
        Self { n: n as f64, permutations, blocks }
    }

    /// sᵀKs of each permutation. K is symmetric with a diagonal of ones: its upper triangle is computed once, a few rows
    /// at a time, and never held whole.
    fn quadratic_forms(&self, points: &Points, bandwidth: f64) -> Vec<f64> {
        let len = points.len();
        let scale = (-0.5 / (bandwidth * bandwidth)) as f32;
        let mut totals = vec![0.0; self.blocks.len() * LANES];
        let mut kernel: Vec<(usize, [f32; TILE])> = Vec::with_capacity(len);
        for first in (0..len).step_by(TILE) {
            kernel.clear();
            for j in first..len {
                let entries = std::array::from_fn(|k| {
                    let i = first + k;
                    // The diagonal counts once, what is above it twice, what is below it not at all.
                    let times = if i < j { 2.0 } else { f32::from(i == j) };
                    if times == 0.0 || i >= len { 0.0 } else { times * gaussian(points, i, j, scale) }
                });
                if entries != [0.0; TILE] {
                    kernel.push((j, entries));
                }
            }
            for (block, totals) in self.blocks.iter().zip(totals.chunks_exact_mut(LANES)) {
                let sums = products(&kernel, block);
                for (sums, signs) in sums.iter().zip(&block[first..]) {
                    for (total, (sum, sign)) in totals.iter_mut().zip(sums.iter().zip(signs)) {
                        *total += f64::from(sum * sign);
                    }
                }
            }
        }
        totals.truncate(self.permutations);
        totals.into_iter().map(|total| total / (self.n * self.n)).collect()
    }
}

/// Σ_j K_ij s_j for a tile's rows i and one block of permutations.
fn products(kernel: &[(usize, [f32; TILE])], signs: &[[f32; LANES]]) -> [[f32; LANES]; TILE] {
    let mut sums = [[0.0; LANES]; TILE];
    for (j, kernel) in kernel {
        let signs = &signs[*j];
        for row in 0..TILE {
            for lane in 0..LANES {
                sums[row][lane] += kernel[row] * signs[lane];
            }
        }
    }
    sums
}

fn gaussian(points: &Points, i: usize, j: usize, scale: f32) -> f32 {
    let square: f32 = points.row(i).iter().zip(points.row(j)).map(|(x, y)| (x - y) * (x - y)).sum();
    let exponent = scale * square;
    if exponent < NEGLIGIBLE { 0.0 } else { libm::expf(exponent) }
}
