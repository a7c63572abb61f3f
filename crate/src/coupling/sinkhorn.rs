//! Entropy-regularized optimal transport (Cuturi 2013), in the log domain: costs of order 10 with a regularization of
//! order 0.1 underflow otherwise.

use super::costs::Costs;
use crate::rng::Rng;

/// When Sinkhorn's iteration stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// The most iterations.
    pub iterations: usize,
    /// The sum of the absolute errors of the columns' sums, of a total mass of 1, that is small enough.
    pub tolerance: f64,
}

/// A joint law of rows and columns, row-major `[len, len]`, whose rows sum to 1/len and whose columns do up to the
/// tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    len: usize,
    values: Vec<f64>,
}

/// Terms of a sum of exponentials this far below the largest are dropped: e^-36 is less than rounding.
const NEGLIGIBLE: f64 = -36.0;

/// The plan between two uniform laws that minimizes its cost plus `regularization` times its relative entropy:
/// P_ij = exp((f_i + g_j - C_ij) / ε) / len², with f and g from alternate normalization (algorithms, section 6.4).
pub fn sinkhorn(costs: &Costs, regularization: f64, stop: Stop) -> Plan {
    let len = costs.len();
    let scaled = |costs: &Costs| -> Vec<f64> {
        let rows = (0..len).flat_map(|i| costs.row(i).iter());
        rows.map(|&cost| -f64::from(cost) / regularization).collect()
    };
    let (by_row, by_column) = (scaled(costs), scaled(&costs.transposed()));
    let (mut f, mut g) = (vec![0.0; len], vec![0.0; len]);
    for _ in 0..stop.iterations {
        let columns = normalized(&by_column, &f);
        // At the current f and g column j sums to exp(g_j - columns_j) / len.
        let error: f64 = g.iter().zip(&columns).map(|(now, new)| (libm::exp(now - new) - 1.0).abs()).sum();
        g = columns;
        f = normalized(&by_row, &g);
        if error / (len as f64) < stop.tolerance {
            break;
        }
    }
    let weight = libm::log((len * len) as f64);
    let values = by_row.chunks(len.max(1)).zip(&f);
    let values = values.flat_map(|(row, f)| row.iter().zip(&g).map(move |(c, g)| libm::exp(f + g + c - weight)));
    Plan { len, values: values.collect() }
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
