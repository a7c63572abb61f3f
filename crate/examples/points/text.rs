//! Delimited text as a table; every refusal is one sentence with row and column.

use super::delimited::{Row, Sheet, sheet_from};
use super::header::{Body, body_of};
use super::marks::decimal_of;
use super::numbers::{is_not_finite, parse};
use super::table::{Mark, Options, Reading, Refusal, Table, is_finite, shown};
use std::rc::Rc;

const SHOWN_ROWS: usize = 3;

pub fn table_from(text: &str, options: &Options) -> Result<Table, Refusal> {
    let sheet = sheet_from(text, options.decimal);
    if options.decimal.is_none() && is_one_column(&sheet, text)? {
        return table_from(text, &Options { decimal: Some(Mark::Comma), ..options.clone() });
    }
    let with_decimal = |answer: Options| reading(&sheet, options.header, answer.decimal, answer);
    let decimal = options.decimal.map_or_else(|| decimal_of(&sheet, with_decimal), Ok)?;
    let with_header = |answer: Options| reading(&sheet, answer.header, Some(decimal), answer);
    Ok(table_of(body_of(&sheet, options.header, Some(&with_header))?, decimal))
}

/// Commas may be decimal in `1,5` and `0,25`: they are where a second number is 05, and may be under one name.
fn is_one_column(sheet: &Sheet, text: &str) -> Result<bool, Refusal> {
    let Some((head, rest)) = sheet.rows.split_first() else { return Ok(false) };
    let is_named = head.cells.len() == 1;
    let numbers = if is_named { rest } else { &sheet.rows[..] };
    let is_whole = |cell: &String| {
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let is_pair = |row: &Row| row.cells.len() == 2 && row.cells.iter().all(is_whole);
    if sheet.delimiter != ',' || sheet.width != 2 || text.contains('"') || !numbers.iter().all(is_pair) {
        return Ok(false);
    }
    let is_decimal = |row: &Row| row.cells[1].len() > 1 && row.cells[1].starts_with('0');
    if numbers.iter().any(is_decimal) {
        return Ok(true);
    }
    let Some(second) = rest.first().filter(|_| is_named) else { return Ok(false) };
    let question = format!("“{}” (row {}) may be two numbers or one", second.cells.join(","), second.line);
    let read = |mark| {
        let answer = Options { decimal: Some(mark), ..Options::default() };
        reading(&sheet_from(text, Some(mark)), None, Some(mark), answer)
    };
    Err(Refusal::Doubt { question, readings: [Mark::Point, Mark::Comma].map(read).into() })
}

fn reading(sheet: &Sheet, header: Option<bool>, decimal: Option<Mark>, answer: Options) -> Reading {
    let Ok(Body { names, rows, skipped, .. }) = body_of(sheet, header, None) else {
        unreachable!("no doubt is raised where none is asked for")
    };
    let number = |row: &Row, j: usize| parse(row.cells.get(j + skipped)?, decimal.unwrap_or(Mark::Point));
    let shown = rows.iter().take(SHOWN_ROWS).map(|row| (0..names.len()).map(|j| number(row, j)).collect());
    Reading { rows: shown.collect(), columns: names, answer }
}

fn table_of(Body { names, rows, skipped, notes }: Body, decimal: Mark) -> Table {
    let (labels, num_rows, width, rows) = (names.clone(), rows.len(), names.len() + skipped, Rc::new(rows));
    let same = rows.clone();
    let cell = move |row: usize, column: usize| Ok(same[row].cells.get(column + skipped).cloned().unwrap_or_default());
    let read = move |row: usize, column: usize| {
        let Row { cells, line } = &rows[row];
        if cells.len() != width {
            let columns = if cells.len() == 1 { "1 column".into() } else { format!("{} columns", cells.len()) };
            return Err(format!("Row {line} has {columns}; most rows have {width}.").into());
        }
        let cell = &cells[column + skipped];
        let value = parse(cell, decimal);
        match value {
            Some(value) if is_finite(value) => Ok(value),
            _ => {
                let place = format!("Row {line}, column {} ({})", column + skipped + 1, shown(&labels[column]));
                Err(bad_cell(cell, &place, value.is_some() || is_not_finite(cell)).into())
            }
        }
    };
    Table { names, num_rows, read: Box::new(read), cell: Box::new(cell), notes }
}

fn bad_cell(cell: &str, place: &str, is_too_large: bool) -> String {
    match cell {
        "" => format!("{place} is empty; a number is needed there."),
        _ if is_too_large => format!("{place} is “{}”, which is not a finite number.", shown(cell)),
        _ => format!("{place} is “{}”, which is not a number.", shown(cell)),
    }
}
