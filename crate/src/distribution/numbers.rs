//! What may be known of a point: its class, or numbers, as an observation is in simulation-based inference.

use super::Distribution;
use crate::error::{FlowError, check_range};
use crate::points::{Points, Scaling};
use serde::Serialize;

/// What is known of a point, in the data's own units.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// The number of its class.
    Class(usize),
    /// Its numbers, as many as there are.
    Numbers(Vec<f64>),
}

/// A number that is known of every point.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct KnownNumber {
    /// How it is called.
    pub name: String,
    /// Its mean over all points.
    pub mean: f64,
    /// Its standard deviation, by which a network is told it.
    pub deviation: f64,
    /// The least that can be asked for.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

/// More numbers than this are no few.
pub const MOST_NUMBERS: usize = 4;

/// Numbers that are known of a user's points.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// How each is called.
    pub names: Vec<String>,
    /// Those of each point, as many.
    pub of: Points<f64>,
}

impl KnownNumber {
    /// As a network is told it.
    pub fn standardized(&self, number: f64) -> f32 {
        ((number - self.mean) / self.deviation) as f32
    }
}

impl Numbers {
    /// What there is to know of each; refused for other points, too many numbers, and one that is always the same.
    pub fn known(&self, points: usize) -> Result<Vec<KnownNumber>, FlowError> {
        let refused = |reason| Err(FlowError::InvalidPoints { reason });
        let Self { names, of } = self;
        if of.len() != points || of.dim() != names.len() {
            let (len, dim) = (of.len(), of.dim());
            return refused(format!("there are {points}, and {len} times {dim} of the {} numbers", names.len()));
        }
        check_range("numbers", of.dim(), 1..=MOST_NUMBERS)?;
        let same = |k: usize| of.rows().all(|row| row[k] == of.row(0)[k]);
        if let Some(k) = (0..names.len()).find(|&k| same(k)) {
            return refused(format!("number “{}” is the same for all", names[k]));
        }
        let Scaling { center, scale } = Scaling::standardizing(of)?;
        let known = |k: usize| {
            let all = || of.rows().map(|row| row[k]);
            let [least, greatest] = [all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max)];
            KnownNumber { name: names[k].clone(), mean: center[k], deviation: scale[k], least, greatest }
        };
        Ok((0..names.len()).map(known).collect())
    }
}

impl Given {
    /// Refuses a class that there is none of, and numbers that are not those of `data`.
    pub fn check(&self, data: &Distribution) -> Result<(), FlowError> {
        let numbers = match self {
            Self::Class(class) => return check_range("class", *class, 0..=data.classes.len().saturating_sub(1)),
            Self::Numbers(numbers) => numbers,
        };
        if numbers.len() != data.numbers.len() {
            let allowed = format!("{}, one for each number that is known of a point", data.numbers.len());
            return Err(FlowError::invalid("observed", format!("{} numbers", numbers.len()), allowed));
        }
        let mut all = data.numbers.iter().zip(numbers);
        all.try_for_each(|(known, &number)| {
            check_range(&format!("observed {}", known.name), number, known.least..=known.greatest)
        })
    }
}
