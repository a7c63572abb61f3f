//! A column of a file as the class of each point. Which column, if any, is said by whoever reads.

use super::table::{Refusal, Table, shown};
use flow_playground::distribution::{FEWEST_OF_CLASS, Labels, MOST_CLASSES};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// The index of a column by its number from 0 or its name.
pub fn column_of(names: &[String], label: &str) -> Result<usize, Refusal> {
    let found = label.parse().ok().or_else(|| names.iter().position(|name| name == label));
    let missing = || format!("There is no column {} to be the label.", shown(label)).into();
    found.filter(|&column| column < names.len()).ok_or_else(missing)
}

/// The classes are numbered in the order of their names: numbers by size.
pub fn labels_of(table: &Table, column: usize) -> Result<Labels, Refusal> {
    let place = format!("Column {} ({})", column + 1, shown(&table.names[column]));
    let mut counts = HashMap::new();
    let mut cells = Vec::with_capacity(table.num_rows);
    for row in 0..table.num_rows {
        let cell = (table.cell)(row, column)?.trim().to_string();
        // What is not known is a class of its own.
        let cell = if cell.is_empty() { "(empty)".into() } else { cell };
        *counts.entry(cell.clone()).or_insert(0) += 1;
        cells.push(cell);
        if counts.len() > MOST_CLASSES {
            return Err(format!("{place} has more than {MOST_CLASSES} values, too many for a label.").into());
        }
    }
    if counts.len() < 2 {
        return Err(format!("{place} is the same in every row: a label has 2 to {MOST_CLASSES} values.").into());
    }
    if let Some(rare) = in_order(&cells).into_iter().find(|class| counts[*class] < FEWEST_OF_CLASS) {
        let found = format!("“{}” in {} rows", shown(rare), counts[rare]);
        return Err(format!("{place} has {found}; at least {FEWEST_OF_CLASS} of every class are needed.").into());
    }
    Ok(numbered(&cells))
}

/// Each name as the number of its class.
pub fn numbered(names: &[String]) -> Labels {
    let classes = in_order(names);
    let numbers: HashMap<&String, u32> = classes.iter().copied().zip(0..).collect();
    let of = names.iter().map(|name| numbers[name]).collect();
    Labels { names: classes.into_iter().map(|class| shown(class)).collect(), of }
}

/// Every name once.
fn in_order(names: &[String]) -> Vec<&String> {
    let mut classes: Vec<&String> = names.iter().collect::<HashSet<_>>().into_iter().collect();
    classes.sort_by(|a, b| by_name(a, b));
    classes
}

/// As a browser's `localeCompare` orders names in ASCII: runs of digits by size, letters by the alphabet, small ones first.
fn by_name(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(one), Some(other)) = (left.chars().next(), right.chars().next()) {
        let is_digit = |c: &char| c.is_ascii_digit();
        let (order, taken) = if is_digit(&one) && is_digit(&other) {
            let taken = [left, right].map(|text| text.chars().take_while(is_digit).count());
            let [one, other] = [&left[..taken[0]], &right[..taken[1]]].map(|run| run.trim_start_matches('0'));
            (one.len().cmp(&other.len()).then(one.cmp(other)), taken)
        } else {
            (rank(one).cmp(&rank(other)), [one.len_utf8(), other.len_utf8()])
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (&left[taken[0]..], &right[taken[1]..]);
    }
    left.len().cmp(&right.len()).then_with(|| b.cmp(a))
}

/// Marks, in their order, before digits before letters.
fn rank(c: char) -> (bool, bool, Option<usize>, char) {
    const MARKS: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    (c.is_alphabetic(), c.is_numeric(), MARKS.find(c), c.to_ascii_lowercase())
}
