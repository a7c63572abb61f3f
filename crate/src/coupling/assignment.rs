//! The exact assignment: the permutation of least total cost.
//!
//! An auction with ever smaller increments (Bertsekas, "The auction algorithm", Annals of Operations Research 14, 1988)
//! finds prices close to the best, a last round without increment assigns nearly all rows, and shortest augmenting paths
//! (Jonker and Volgenant, Computing 38, 1987) make it exact. Jonker and Volgenant's own start, by column and row
//! reduction, left half of the rows to the paths on our toy sets, which took three times as long in all. Rows are scanned
//! in whole and free of branches, because that vectorizes. Measured in `benches/assignment.rs`.

use super::costs::Costs;

/// Lanes of a scan: so many that its loop stays one, which every level of optimization makes vectors of. Loops of 8 are
/// unrolled first, and vectors found in what is left at level 3 alone.
const LANES: usize = 16;
/// The auction's increments in units of the mean cost; the last round has none.
const INCREMENTS: [f32; 5] = [0.1, 0.02, 4e-3, 8e-4, 0.0];
/// Bids a row in one round after which the paths take over, so that rounding cannot prolong an auction.
const MOST_BIDS: usize = 100;
/// No column, no row.
const NONE: u32 = u32::MAX;

/// A permutation of least cost, with the prices that prove it: `row_prices[i] + column_prices[j]` is at most the cost
/// of (i, j), and equal to it where i is assigned to j, up to rounding in f32.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The column of each row.
    pub columns: Vec<usize>,
    /// The dual variable of each row.
    pub row_prices: Vec<f64>,
    /// The dual variable of each column.
    pub column_prices: Vec<f64>,
}

/// Above this, sums of costs and prices might leave f32: such costs are assigned in units of 2³².
const LARGEST: f32 = 1e29;
const UNIT: f32 = 4_294_967_296.0;

/// The assignment of least total cost, up to the rounding of f32 beside the largest cost. The costs must be finite.
pub fn assign(costs: &Costs) -> Assignment {
    let len = costs.len();
    if (0..len).any(|i| costs.row(i).iter().any(|cost| cost.abs() > LARGEST)) {
        let Assignment { columns, row_prices, column_prices } = assign(&costs.times(1.0 / UNIT));
        let whole = |prices: Vec<f64>| prices.into_iter().map(|price| price * f64::from(UNIT)).collect();
        return Assignment { columns, row_prices: whole(row_prices), column_prices: whole(column_prices) };
    }
    let mut solver = Solver::new(costs);
    let mean = (0..len).map(|i| costs.row(i).iter().sum::<f32>() / len as f32).sum::<f32>() / len as f32;
    let mut free = Vec::new();
    for increment in INCREMENTS {
        free = solver.auction(mean * increment);
    }
    let mut search = Search::new(len);
    for row in free {
        solver.augment(row, &mut search);
    }
    solver.finish()
}

struct Solver<'a> {
    costs: &'a Costs,
    column_of: Vec<u32>,
    row_of: Vec<u32>,
    /// What each column adds to its costs, with a minus sign: the dual variables, at most 0.
    prices: Vec<f32>,
}

impl<'a> Solver<'a> {
    fn new(costs: &'a Costs) -> Self {
        let none = || vec![NONE; costs.len()];
        Self { costs, column_of: none(), row_of: none(), prices: vec![0.0; costs.len()] }
    }

    /// Frees all, then lets each row bid for its best column up to what the second best is worth to it and `increment`
    /// more; the row that loses the column bids next. Returns the rows that could not outbid an owner.
    fn auction(&mut self, increment: f32) -> Vec<u32> {
        self.column_of.fill(NONE);
        self.row_of.fill(NONE);
        let mut free: Vec<u32> = (0..self.costs.len() as u32).collect();
        let (mut left, mut bids) = (Vec::new(), MOST_BIDS * self.costs.len());
        while let Some(i) = free.pop() {
            let (j, margin) = self.best_column(i as usize);
            let price = self.prices[j] - margin - increment;
            let owner = self.row_of[j];
            if owner != NONE && (price >= self.prices[j] || bids == 0) {
                left.push(i);
                continue;
            }
            bids = bids.saturating_sub(1);
            self.prices[j] = price;
            self.join(i as usize, j);
            if owner != NONE {
                self.column_of[owner as usize] = NONE;
                free.push(owner);
            }
        }
        left
    }

    /// The column of a row's least cost less price, and by how much the second least exceeds it.
    fn best_column(&self, i: usize) -> (usize, f32) {
        let costs = self.costs.row(i);
        let (mut least, mut second) = ([f32::INFINITY; LANES], [f32::INFINITY; LANES]);
        let (blocks, rest) = costs.as_chunks::<LANES>();
        let (prices, prices_rest) = self.prices.as_chunks::<LANES>();
        for (costs, prices) in blocks.iter().zip(prices) {
            for lane in 0..LANES {
                let value = costs[lane] - prices[lane];
                let larger = if value > least[lane] { value } else { least[lane] };
                second[lane] = lesser(larger, second[lane]);
                least[lane] = lesser(value, least[lane]);
            }
        }
        let rest = rest.iter().zip(prices_rest).map(|(cost, price)| cost - price);
        let (mut first, mut next) = (f32::INFINITY, f32::INFINITY);
        for value in least.into_iter().chain(second).chain(rest) {
            next = lesser(if value > first { value } else { first }, next);
            first = lesser(value, first);
        }
        let holds = |(cost, price): (&f32, &f32)| cost - price == first;
        let found = blocks
            .iter()
            .zip(prices)
            .map(|(costs, prices)| costs.iter().zip(prices).map(|pair| u32::from(holds(pair))).sum::<u32>());
        let start = LANES * found.take_while(|found| *found == 0).count();
        let within = costs[start..].iter().zip(&self.prices[start..]).position(holds);
        let margin = if next.is_finite() { next - first } else { 0.0 };
        (start + within.expect("the least is in its row"), margin)
    }

    /// Assigns a free row along the shortest path to a free column (Dijkstra's algorithm on costs less prices).
    fn augment(&mut self, start: u32, search: &mut Search) {
        search.distances.fill(f32::INFINITY);
        search.prices.copy_from_slice(&self.prices);
        search.scanned.clear();
        let mut at = Scanned { row: start as usize, column: usize::MAX, distance: 0.0, offset: 0.0 };
        let (end, length) = loop {
            search.scanned.push(at);
            let (column, least) = search.relax(self.costs.row(at.row), at.offset);
            if self.row_of[column] == NONE {
                break (column, least);
            }
            search.distances[column] = f32::INFINITY;
            search.prices[column] = f32::NEG_INFINITY;
            let row = self.row_of[column] as usize;
            let offset = self.costs.row(row)[column] - self.prices[column] - least;
            at = Scanned { row, column, distance: least, offset };
        };
        self.flip(end, length, &search.scanned);
        for scanned in &search.scanned[1..] {
            self.prices[scanned.column] += scanned.distance - length;
        }
    }

    /// Assigns along the path that ends in column `end`, backwards: each column to the scanned row whose distance to it
    /// is its own, the very number that was the least.
    fn flip(&mut self, end: usize, length: f32, scanned: &[Scanned]) {
        let (mut column, mut distance, mut before) = (end, length, scanned.len());
        while before > 0 {
            let reaches = |s: &Scanned| self.costs.row(s.row)[column] - self.prices[column] - s.offset == distance;
            before = scanned[..before].iter().position(reaches).expect("a row on the path to each closed column");
            let Scanned { row, column: next, distance: its, .. } = scanned[before];
            self.join(row, column);
            (column, distance) = (next, its);
        }
    }

    fn join(&mut self, i: usize, j: usize) {
        (self.column_of[i], self.row_of[j]) = (j as u32, i as u32);
    }

    fn finish(self) -> Assignment {
        let columns: Vec<usize> = self.column_of.iter().map(|&j| j as usize).collect();
        let price = |(i, &j): (usize, &usize)| f64::from(self.costs.row(i)[j]) - f64::from(self.prices[j]);
        let row_prices = columns.iter().enumerate().map(price).collect();
        Assignment { row_prices, column_prices: self.prices.iter().map(|&price| f64::from(price)).collect(), columns }
    }
}

/// What one search for a path needs, allocated once for all of them.
struct Search {
    /// The length of the shortest path to each open column; infinite for a closed one.
    distances: Vec<f32>,
    /// The price of each open column; minus infinity for a closed one, so that no path to it is ever shorter.
    prices: Vec<f32>,
    scanned: Vec<Scanned>,
}

/// A row that a search passed, with the column that led to it and the distance of that column. `offset` is what its
/// costs less prices exceed distances by.
#[derive(Clone, Copy)]
struct Scanned {
    row: usize,
    column: usize,
    distance: f32,
    offset: f32,
}

impl Search {
    fn new(len: usize) -> Self {
        Self { distances: vec![0.0; len], prices: vec![0.0; len], scanned: Vec::with_capacity(len) }
    }

    /// Shortens the paths to the open columns by way of one more row, and returns the nearest with its distance. Which
    /// row a column is reached from is not written down: that doubles the time, and only the final path needs it.
    fn relax(&mut self, costs: &[f32], offset: f32) -> (usize, f32) {
        for ((distance, cost), price) in self.distances.iter_mut().zip(costs).zip(&self.prices) {
            *distance = lesser(cost - price - offset, *distance);
        }
        let mut least = [f32::INFINITY; LANES];
        let (blocks, rest) = self.distances.as_chunks::<LANES>();
        for block in blocks {
            for lane in 0..LANES {
                least[lane] = lesser(block[lane], least[lane]);
            }
        }
        let least = least.iter().chain(rest).copied().fold(f32::INFINITY, lesser);
        let column = self.distances.iter().position(|&distance| distance == least);
        (column.expect("an open column at a finite cost"), least)
    }
}

/// One instruction, where `f32::min` is several because of what it says about NaN.
fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}
