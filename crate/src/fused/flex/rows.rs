//! Long runs of rows whose memory is used again: what one training step kept, the next one overwrites.

use super::lanes::{Row, ZEROS};
use std::cell::RefCell;

thread_local! {
    static SPARE: RefCell<Vec<Vec<Row>>> = const { RefCell::new(Vec::new()) };
}

/// So many runs are kept. A training step needs up to three at a time.
const MOST_SPARE: usize = 4;

/// A run of rows, with whatever was in them before.
#[derive(Debug)]
pub struct Rows {
    rows: Vec<Row>,
    len: usize,
}

impl Rows {
    /// `len` rows to be filled.
    pub fn take(len: usize) -> Self {
        let mut rows = SPARE.with_borrow_mut(|spare| take_fitting(spare, len)).unwrap_or_default();
        if rows.len() < len {
            rows.resize(len, ZEROS);
        }
        Self { rows, len }
    }

    pub fn get(&self) -> &[Row] {
        &self.rows[..self.len]
    }

    pub fn get_mut(&mut self) -> &mut [Row] {
        &mut self.rows[..self.len]
    }
}

/// The smallest that is long enough, or else the longest.
fn take_fitting(spare: &mut Vec<Vec<Row>>, len: usize) -> Option<Vec<Row>> {
    let rank = |rows: &Vec<Row>| if rows.len() >= len { (0, rows.len()) } else { (1, usize::MAX - rows.len()) };
    let best = (0..spare.len()).min_by_key(|&i| rank(&spare[i]))?;
    Some(spare.swap_remove(best))
}

impl Drop for Rows {
    fn drop(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        // A thread that ends has no use for them.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < MOST_SPARE {
                spare.push(rows);
            }
        });
    }
}
