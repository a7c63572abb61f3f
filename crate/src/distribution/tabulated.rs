//! A law of the plane by its energy on a grid: the sum over the cells' middles is the integral to far more digits than are asked for,
//! since what is summed is smooth and vanishes at the border, and a cell's probability is that of drawing from it.

use crate::rng::Rng;

/// Cells a side, and of the searches for where the law lives.
const CELLS: usize = 256;
const SEARCHED: usize = 128;
/// Half the side of the square that is searched.
const REACH: f64 = 20.0;
/// Where E/T is so far above its least there is nothing: e^-34 is 2·10⁻¹⁵.
const MOST_ABOVE: f64 = 34.0;

/// A law of the plane on a grid.
pub struct Tabulated {
    /// ln of the integral of e^-U.
    pub log_z: f64,
    /// The probability of x > 0.
    pub right: f64,
    /// In nats.
    pub entropy: f64,
    grid: Grid,
    /// The probability of each cell and all before it.
    cumulative: Vec<f64>,
}

/// A rectangle in as many cells each way.
#[derive(Clone, Copy)]
struct Grid {
    low: [f64; 2],
    step: [f64; 2],
    cells: usize,
}

impl Grid {
    fn middle(&self, at: usize) -> [f64; 2] {
        let place = [at / self.cells, at % self.cells];
        [0, 1].map(|k| self.low[k] + (place[k] as f64 + 0.5) * self.step[k])
    }

    fn of(low: [f64; 2], high: [f64; 2], cells: usize) -> Self {
        Self { low, step: [0, 1].map(|k| (high[k] - low[k]) / cells as f64), cells }
    }

    /// The rectangle around the cells where the law is, and one more on every side, cut into so many.
    fn around(&self, u: &[f64], cells: usize) -> Self {
        let least = u.iter().copied().fold(f64::INFINITY, f64::min);
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for at in (0..u.len()).filter(|&at| u[at] - least < MOST_ABOVE) {
            let middle = self.middle(at);
            for k in 0..2 {
                low[k] = low[k].min(middle[k] - 1.5 * self.step[k]);
                high[k] = high[k].max(middle[k] + 1.5 * self.step[k]);
            }
        }
        Self::of(low, high, cells)
    }

    fn values(&self, energy: &dyn Fn([f64; 2]) -> f64) -> Vec<f64> {
        (0..self.cells * self.cells).map(|at| energy(self.middle(at))).collect()
    }
}

impl Tabulated {
    /// Of U = E/T, which must grow in every direction.
    pub fn new(energy: &dyn Fn([f64; 2]) -> f64) -> Self {
        let wide = Grid::of([-REACH; 2], [REACH; 2], SEARCHED);
        let near = wide.around(&wide.values(energy), SEARCHED);
        let grid = near.around(&near.values(energy), CELLS);
        let u = grid.values(energy);
        let least = u.iter().copied().fold(f64::INFINITY, f64::min);
        let weights: Vec<f64> = u.iter().map(|u| libm::exp(least - u)).collect();
        let total: f64 = weights.iter().sum();
        let log_z = libm::log(total * grid.step[0] * grid.step[1]) - least;
        let mean = weights.iter().zip(&u).map(|(weight, u)| weight * u).sum::<f64>() / total;
        let right = Self::right_of(&grid, &weights) / total;
        let mut sum = 0.0;
        let add = |weight: &f64| {
            sum += weight / total;
            sum
        };
        let cumulative = weights.iter().map(add).collect();
        Self { log_z, right, entropy: mean + log_z, grid, cumulative }
    }

    /// The weight of x > 0, as points are drawn: of the column that 0 is in the share above it.
    fn right_of(grid: &Grid, weights: &[f64]) -> f64 {
        let zero = -grid.low[0] / grid.step[0];
        let share = |i: usize| ((i + 1) as f64 - zero).clamp(0.0, 1.0);
        let columns = weights.chunks_exact(grid.cells).enumerate();
        columns.map(|(i, column)| share(i) * column.iter().sum::<f64>()).sum()
    }

    /// A point, anywhere in its cell.
    pub fn draw(&self, rng: &mut Rng) -> [f64; 2] {
        let share = rng.uniform();
        let at = self.cumulative.partition_point(|&sum| sum <= share).min(self.cumulative.len() - 1);
        let middle = self.grid.middle(at);
        [0, 1].map(|k| middle[k] + (rng.uniform() - 0.5) * self.grid.step[k])
    }
}
