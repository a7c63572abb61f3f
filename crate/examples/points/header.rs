//! Which rows of a sheet are points: what stands above them, and what names them.

use super::delimited::{Row, Sheet};
use super::numbers::{is_number, is_number_like};
use super::table::{Options, Reading, Refusal, column_names, shown};
use std::collections::BTreeSet;

pub struct Body {
    pub names: Vec<String>,
    pub rows: Vec<Row>,
    /// columns that stand before those of the names
    pub skipped: usize,
    pub notes: Vec<String>,
}

type Show<'a> = dyn Fn(Options) -> Reading + 'a;

const MOST_NAME_ROWS: usize = 3;
/// Rows that tell which columns are numbers.
const MOST_LOOKED_AT: usize = 1000;
/// Some programs write 3.0 as 3.
const MOST_WHOLE: f64 = 0.1;

/// `read` shows the first rows with a header or without one; without it no doubt is raised.
pub fn body_of(sheet: &Sheet, header: Option<bool>, read: Option<&Show>) -> Result<Body, Refusal> {
    let Sheet { rows, width, remark, .. } = sheet;
    if header == Some(false) {
        let first = rows.iter().position(|row| row.cells.len() == *width).unwrap_or(0);
        return Ok(labelled(&[], sheet, first, first));
    }
    let first = first_point(sheet);
    if let Some(names) = name_row_above(sheet, first) {
        return Ok(labelled(&rows[names].cells, sheet, first, first - 1));
    }
    let Some(point) = rows.get(first) else { return Ok(labelled(&[], sheet, 0, 0)) };
    let below = &rows[first + 1..];
    if header == Some(true) || (remark.is_none() && is_name_row(point, below.first())) {
        return Ok(labelled(&point.cells, sheet, first + 1, first));
    }
    match read {
        Some(read) if remark.is_none() && may_name(point, below) => Err(name_doubt(point, read)),
        _ => Ok(labelled(remark.as_deref().unwrap_or_default(), sheet, first, first)),
    }
}

/// The first row of numbers where most of the first rows have some: names above them, units and what an instrument says of itself have
/// none there, or not the width. One with some numbers is a row of points as well, if names stand right above it.
fn first_point(Sheet { rows, width, .. }: &Sheet) -> usize {
    let wide: Vec<&Row> = rows.iter().take(MOST_LOOKED_AT).filter(|row| row.cells.len() == *width).collect();
    let is_mostly = |&i: &usize| 2 * wide.iter().filter(|row| is_number_like(&row.cells[i])).count() > wide.len();
    let columns: Vec<usize> = (0..*width).filter(is_mostly).collect();
    let numbers = |row: &Row| match row.cells.len() == *width {
        true => columns.iter().filter(|&&i| is_number_like(&row.cells[i])).count(),
        false => 0,
    };
    let first = rows.iter().position(|row| !columns.is_empty() && numbers(row) == columns.len()).unwrap_or(0);
    if first > 0 && numbers(&rows[first - 1]) > 0 { first - 1 } else { first }
}

/// Names, units and a remark at the most, in adjacent lines: of more, only the last belongs to the table.
fn name_row_above(Sheet { rows, width, .. }: &Sheet, first: usize) -> Option<usize> {
    let last = first.checked_sub(1)?;
    let can = |i: usize| can_name(&rows[i], &rows[first..], *width);
    if !can(last) {
        return None;
    }
    let mut top = last;
    while top > 0 && can(top - 1) && rows[top - 1].line + 1 == rows[top].line {
        top -= 1;
    }
    Some(if first - top > MOST_NAME_ROWS { last } else { top })
}

/// Without a number, or with a first cell that only this row leaves empty.
fn is_name_row(row: &Row, below: Option<&Row>) -> bool {
    let is_filled = |row: &Row| row.cells.first().is_some_and(|cell| !cell.is_empty());
    !row.cells.iter().any(|cell| is_number_like(cell)) || (!is_filled(row) && below.is_some_and(is_filled))
}

/// Whether a row in which there are numbers may be names: text above a number, or numbers that count.
fn may_name(row: &Row, below: &[Row]) -> bool {
    let is_number_below = |i: usize| below.first().and_then(|row| row.cells.get(i)).is_some_and(|cell| is_number(cell));
    let mut cells = row.cells.iter().enumerate();
    let is_text = cells.any(|(i, cell)| !cell.is_empty() && !is_number_like(cell) && is_number_below(i));
    is_text || names_numbers(&row.cells, below)
}

/// Without a number; as wide as the table, or without a name for a column of row names.
fn can_name(row: &Row, points: &[Row], width: usize) -> bool {
    let length = row.cells.len();
    let is_wide = length == width || (width > 2 && length == width - 1 && are_row_names(points));
    is_wide && !row.cells.iter().any(|cell| is_number_like(cell))
}

fn is_whole(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit())
}

/// Text, or whole numbers that count.
fn are_row_names(rows: &[Row]) -> bool {
    let all = |is: fn(&str) -> bool| rows.iter().all(|row| is(row.cells.first().map_or("", String::as_str)));
    all(|cell| !is_number_like(cell)) || all(is_whole)
}

/// Whether a row of whole numbers may be names: 0, 1, .. as pandas counts, or above numbers that are not whole.
fn names_numbers(cells: &[String], below: &[Row]) -> bool {
    let is_column = |i: usize| below.first().and_then(|row| row.cells.get(i)).is_some_and(|cell| is_number(cell));
    let numbers: Vec<&String> = (0..cells.len()).filter(|&i| is_column(i)).map(|i| &cells[i]).collect();
    if numbers.len() < 2 || !numbers.iter().all(|cell| is_whole(cell)) {
        return false;
    }
    let is_count = numbers.iter().enumerate().all(|(i, cell)| **cell == i.to_string());
    let are_different = numbers.iter().collect::<BTreeSet<_>>().len() == numbers.len();
    is_count || (are_different && share_of_whole(below) < MOST_WHOLE)
}

fn share_of_whole(rows: &[Row]) -> f64 {
    let is_unsigned_whole = |cell: &&String| is_whole(cell.strip_prefix(['+', '-']).unwrap_or(cell));
    let numbers = || rows.iter().flat_map(|row| &row.cells).filter(|cell| is_number(cell));
    if numbers().next().is_none() {
        return 1.0;
    }
    numbers().filter(is_unsigned_whole).count() as f64 / numbers().count() as f64
}

fn name_doubt(Row { cells, line }: &Row, read: &Show) -> Refusal {
    let more = if cells.len() > 4 { ", …" } else { "" };
    let first = cells.iter().take(4).map(|cell| shown(cell)).collect::<Vec<_>>().join(", ") + more;
    let answer = |header| Options { header: Some(header), ..Options::default() };
    let question = format!("Row {line} ({first}) may name the columns or be a point");
    Refusal::Doubt { question, readings: [true, false].map(|header| read(answer(header))).into() }
}

/// `above` rows, the one with the names not counted, stand above the points.
fn labelled(cells: &[String], Sheet { rows, width, .. }: &Sheet, begin: usize, above: usize) -> Body {
    let rows = rows[begin.min(rows.len())..].to_vec();
    let given =
        if *width > 1 && cells.len() + 1 == *width { [&[String::new()], cells].concat() } else { cells.to_vec() };
    let is_named = given.len() == *width && *width > 0;
    let mut names = if is_named { given } else { column_names(*width) };
    // What pandas, too, calls a column that has no name.
    let has_row_names =
        *width > 1 && is_named && ["", "Unnamed: 0"].contains(&names[0].as_str()) && are_row_names(&rows);
    let mut notes = Vec::new();
    match above {
        0 => {}
        1 => notes.push("1 line above the points was left out.".into()),
        n => notes.push(format!("{n} lines above the points were left out.")),
    }
    if has_row_names {
        notes.push("The first column, which has no name, names or counts the rows and was left out.".into());
        names.remove(0);
    }
    Body { names, rows, skipped: usize::from(has_row_names), notes }
}
