//! Entropy-regularized optimal transport (Cuturi 2013), in the log domain: costs of order 10 with a regularization of
//! order 0.1 underflow otherwise. Little regularization takes thousands of iterations from nothing, so that it is reached by
//! way of more, with over-relaxed steps (Thibault et al. 2017), and what is left of both marginals' error is made up for
//! exactly (Altschuler et al. 2017, algorithm 2).

use super::costs::Costs;
use crate::rng::Rng;

/// When Sinkhorn's iteration stops, at the regularization asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// The most iterations.
    pub iterations: usize,
    /// The sum of the absolute errors of the columns' sums, of a total mass of 1, that is small enough.
    pub tolerance: f64,
}

/// A joint law of rows and columns, row-major `[len, len]`, whose rows and columns all sum to 1/len, up to rounding.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    len: usize,
    values: Vec<f64>,
}

/// Terms of a sum of exponentials this far below the largest are dropped: e^-36 is less than rounding.
const NEGLIGIBLE: f64 = -36.0;

/// On the way to the regularization asked for: it starts at this share of the largest cost and each next one is this share of
/// the last, at so many iterations or so small an error.
const SHARE: f64 = 0.25;
const ON_THE_WAY: Stop = Stop { iterations: 30, tolerance: 1e-2 };
/// What a step is lengthened by while the errors shrink.
const RELAXATION: f64 = 1.5;

/// The plan between two uniform laws that minimizes its cost plus `regularization` times its relative entropy:
/// P_ij = exp((f_i + g_j - C_ij) / ε) / len², with f and g from alternate normalization (Cuturi 2013).
pub fn sinkhorn(costs: &Costs, regularization: f64, stop: Stop) -> Plan {
    let len = costs.len();
    let (mut f, mut g) = (vec![0.0; len], vec![0.0; len]);
    let scaled = |regularization: f64| -> [Vec<f64>; 2] {
        let rows = (0..len).flat_map(|i| costs.row(i).iter());
        let by_row: Vec<f64> = rows.map(|&cost| -f64::from(cost) / regularization).collect();
        let by_column = transposed(&by_row, len);
        [by_row, by_column]
    };
    let largest = (0..len).flat_map(|i| costs.row(i)).fold(0.0, |a: f64, &b| a.max(f64::from(b)));
    let mut now = (SHARE * largest).max(regularization);
    loop {
        let last = now <= regularization;
        let scaled = scaled(now);
        iterate(&scaled, &mut f, &mut g, if last { stop } else { ON_THE_WAY });
        if last {
            f = normalized(&scaled[0], &g);
            return Plan::with_marginals(&scaled[0], &f, &g);
        }
        let next = (SHARE * now).max(regularization);
        // The potentials are in units of the regularization.
        f.iter_mut().chain(&mut g).for_each(|potential| *potential *= now / next);
        now = next;
    }
}

/// Alternate normalization, over-relaxed, from potentials to better ones: exponentials of the potentials at hand once, and
/// factors of rows and columns from there (Schmitzer 2019, section 3.1), as exponentials are all that it costs.
fn iterate([by_row, by_column]: &[Vec<f64>; 2], f: &mut Vec<f64>, g: &mut Vec<f64>, stop: Stop) {
    let mut before = f64::INFINITY;
    let mut left = stop.iterations;
    while left > 0 {
        let rows_of = kernel(by_row, f, g);
        let columns_of = transposed(&rows_of, f.len());
        let (mut rows, mut columns) = (Factors::none(f.len()), Factors::none(g.len()));
        while left > 0 {
            let wanted = needed(&rows_of, &rows);
            // At the current factors column j sums to exp(columns_j - wanted_j) / len, if the rows are right.
            let off = columns.logarithms.iter().zip(&wanted).map(|(now, new)| (libm::exp(now - new) - 1.0).abs());
            let error: f64 = off.sum();
            if error / (f.len() as f64) < stop.tolerance {
                left = 0;
                break;
            }
            // A plain step never adds to the error: one wherever a long one did.
            let relaxation = if error < before { RELAXATION } else { 1.0 };
            before = error;
            let Some(next) = columns.step(&wanted, relaxation) else { break };
            let Some(next_rows) = rows.step(&needed(&columns_of, &next), relaxation) else { break };
            (columns, rows) = (next, next_rows);
            left -= 1;
        }
        columns.join(g);
        rows.join(f);
        if left > 0 {
            // Too far for factors: a step in logarithms, which no distance is too large for.
            *g = normalized(by_column, f);
            *f = normalized(by_row, g);
            left -= 1;
        }
    }
}

/// Beyond e^±100 no factor is trusted; entries of the kernel below e^-300 are none: both together stay numbers, and what is
/// dropped would be nothing beside what is kept.
const FAR: f64 = 100.0;
const NOTHING: f64 = -300.0;

/// What exponentials of potentials have to be multiplied by.
struct Factors {
    logarithms: Vec<f64>,
    factors: Vec<f64>,
}

impl Factors {
    fn none(len: usize) -> Self {
        Self { logarithms: vec![0.0; len], factors: vec![1.0; len] }
    }

    /// Towards the logarithms that are wanted; none if one of them is too far.
    fn step(&self, wanted: &[f64], relaxation: f64) -> Option<Self> {
        let new = self.logarithms.iter().zip(wanted).map(|(old, new)| old + relaxation * (new - old));
        let logarithms: Vec<f64> = new.collect();
        let are_near = logarithms.iter().all(|logarithm| logarithm.abs() < FAR);
        are_near
            .then(|| Self { factors: logarithms.iter().map(|logarithm| libm::exp(*logarithm)).collect(), logarithms })
    }

    fn join(&self, potentials: &mut [f64]) {
        potentials.iter_mut().zip(&self.logarithms).for_each(|(potential, more)| *potential += more);
    }
}

/// exp(f_i + row_ij + g_j), row-major.
fn kernel(rows: &[f64], f: &[f64], g: &[f64]) -> Vec<f64> {
    let of_row = |(row, f): (&[f64], &f64)| -> Vec<f64> {
        let terms = row.iter().zip(g).map(|(c, g)| f + (c + g));
        terms.map(|term| if term > NOTHING { libm::exp(term) } else { 0.0 }).collect()
    };
    rows.chunks(g.len().max(1)).zip(f).flat_map(of_row).collect()
}

fn transposed(square: &[f64], len: usize) -> Vec<f64> {
    (0..len).flat_map(|j| (0..len).map(move |i| square[i * len + j])).collect()
}

/// -ln mean_i factor_i kernel_ij for each j: the logarithms that make these sums 1/len each. Summed row by row, which is the
/// order that vectors of the processor take.
fn needed(kernel: &[f64], Factors { factors, .. }: &Factors) -> Vec<f64> {
    let len = factors.len();
    let mut sums = vec![0.0; len];
    for (row, factor) in kernel.chunks(len.max(1)).zip(factors) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
    }
    sums.into_iter().map(|sum| libm::log(len as f64) - libm::log(sum)).collect()
}

/// -ln mean_j exp(other_j + row_j) of each row: the potential that makes the row sum to 1/len.
fn normalized(rows: &[f64], other: &[f64]) -> Vec<f64> {
    let len = other.len();
    let of_row = |row: &[f64]| {
        let terms = || row.iter().zip(other).map(|(c, g)| c + g);
        let largest = terms().fold(f64::NEG_INFINITY, f64::max);
        let kept = terms().map(|term| term - largest).filter(|term| *term > NEGLIGIBLE);
        libm::log(len as f64) - largest - libm::log(kept.map(libm::exp).sum())
    };
    rows.chunks(len.max(1)).map(of_row).collect()
}

impl Plan {
    /// exp(f_i + (row_ij + g_j)) / len², whose rows are right (in this order the largest term is 0 for costs of any size): columns that are too heavy are scaled down, and what the rows
    /// then lack goes to the columns that lack it, independently.
    fn with_marginals(rows: &[f64], f: &[f64], g: &[f64]) -> Self {
        let len = f.len();
        let weight = libm::log((len * len) as f64);
        let of_row = |(row, f): (&[f64], &f64)| -> Vec<f64> {
            row.iter().zip(g).map(|(c, g)| libm::exp(f + (c + g) - weight)).collect()
        };
        let mut values: Vec<f64> = rows.chunks(len.max(1)).zip(f).flat_map(of_row).collect();
        let share = 1.0 / len as f64;
        let mut sums = vec![0.0; len];
        values.chunks(len.max(1)).for_each(|row| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value));
        let lacking: Vec<f64> = sums.iter().map(|sum| (share - sum).max(0.0)).collect();
        let missing: f64 = lacking.iter().sum();
        for row in values.chunks_mut(len.max(1)) {
            row.iter_mut().zip(&sums).for_each(|(value, sum)| *value *= (share / sum).min(1.0));
            let lacks = (share - row.iter().sum::<f64>()).max(0.0);
            if missing > 0.0 {
                row.iter_mut().zip(&lacking).for_each(|(value, lacking)| *value += lacks * lacking / missing);
            }
        }
        Self { len, values }
    }

    /// The probabilities of row `i` joined to each column, `[len]`, adding up to 1/len.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.len..(i + 1) * self.len]
    }

    /// A column for each row, drawn from the row's conditional law.
    pub fn draw(&self, rng: &mut Rng) -> Vec<usize> {
        let draw = |i: usize| {
            let row = self.row(i);
            let mut left = rng.uniform() * row.iter().sum::<f64>();
            let chosen = row.iter().position(|probability| {
                left -= probability;
                left < 0.0
            });
            chosen.unwrap_or(self.len - 1)
        };
        (0..self.len).map(draw).collect()
    }
}
