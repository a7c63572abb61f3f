//! Delimited text: rows of cells, by the character that delimits best. RFC 4180.

use super::numbers::is_number;
use super::table::Mark;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<String>,
    /// the line in the file, from 1
    pub line: usize,
}

/// What the numbers are looked for in.
pub struct Sheet {
    pub rows: Vec<Row>,
    pub delimiter: char,
    /// cells of most rows
    pub width: usize,
    /// the last line that `#` or `%` begins before the first row, as cells
    pub remark: Option<Vec<String>>,
}

/// In the order in which they are taken where several fit as well.
const DELIMITERS: [char; 5] = ['\t', ';', '|', ',', ' '];
const SAMPLE_LINES: usize = 200;

pub fn sheet_from(text: &str, decimal: Option<Mark>) -> Sheet {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    // Old systems end a file with this character.
    let text = text.split('\u{1a}').next().unwrap_or_default();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let sep = separator(lines[0]);
    if sep.is_some() {
        lines[0] = "";
    }
    let remark_of = |line: &str| line.trim_start_matches([' ', '\t']).strip_prefix(['#', '%']).map(str::to_string);
    let head = lines.iter().take_while(|line| line.trim_matches([' ', '\t']).is_empty() || remark_of(line).is_some());
    let remark = head.filter_map(|line| remark_of(line)).last();
    let plain: Vec<&str> = lines.iter().map(|line| if remark_of(line).is_some() { "" } else { line }).collect();
    let delimiter = sep.unwrap_or_else(|| delimiter_of(&plain, decimal));
    let rows = trimmed(rows_of(&plain.join("\n"), delimiter));
    let cells =
        remark.and_then(|remark| trimmed(rows_of(remark.trim(), delimiter)).into_iter().next()).map(|row| row.cells);
    // `# columns: 2` tells of the file.
    let remark = cells.filter(|cells| !cells[0].ends_with(':'));
    Sheet { width: width_of(&rows), rows, delimiter, remark }
}

/// What Excel is told to delimit by, in a line before all others.
fn separator(line: &str) -> Option<char> {
    let line = line.trim_end_matches([' ', '\r']);
    let line = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(line);
    let name = line.get(..4).filter(|name| name.eq_ignore_ascii_case("sep="))?;
    let mut given = line[name.len()..].chars();
    match (given.next(), given.next(), given.next()) {
        (Some('\\'), Some('t'), None) => Some('\t'),
        (Some(one), None, None) => Some(one),
        _ => None,
    }
}

/// The one under which most cells are numbers, of those that make more than one column.
fn delimiter_of(lines: &[&str], decimal: Option<Mark>) -> char {
    let sample = lines[..lines.len().min(SAMPLE_LINES)].join("\n");
    // A decimal comma delimits only around quotes.
    let is_comma = decimal == Some(Mark::Comma) && !lines.iter().any(|line| line.contains('"'));
    let (mut best, mut best_share) = (if is_comma { ';' } else { ',' }, -1.0);
    for delimiter in DELIMITERS {
        if !sample.contains(delimiter) || (is_comma && delimiter == ',') {
            continue;
        }
        let rows = trimmed(rows_of(&sample, delimiter));
        let width = width_of(&rows);
        let is_cell = |cell: &&String| is_number(cell) && !(delimiter == ',' && cell.contains(' '));
        let regular = rows.iter().filter(|row| row.cells.len() == width);
        let numbers: usize = regular.map(|row| row.cells.iter().filter(is_cell).count()).sum();
        let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
        let share = numbers as f64 / cells.max(1) as f64;
        if width > 1 && share > best_share {
            (best, best_share) = (delimiter, share);
        }
    }
    best
}

fn rows_of(text: &str, delimiter: char) -> Vec<Row> {
    let is_space = delimiter == ' ';
    let text = if is_space { text.replace('\t', " ") } else { text.into() } + "\n";
    let Ok(byte) = u8::try_from(delimiter) else { return Vec::new() };
    let builder = &mut csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).delimiter(byte).from_reader(text.as_bytes());
    let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
    while reader.read_record(&mut record).unwrap_or(false) {
        // The reader tells where the record ends; where it begins it does not tell apart from blank lines before.
        let lines = 1 + record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let line = (reader.position().line() as usize).saturating_sub(lines);
        let cells: Vec<String> = record.iter().map(unquoted).filter(|cell| !is_space || !cell.is_empty()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { cells, line });
        }
    }
    rows
}

/// Quotes that stand after a blank are still quotes.
fn unquoted(cell: &str) -> String {
    let text = cell.trim();
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or(text, str::trim).to_string()
}

/// Without the columns before and after the table that are empty in every row.
fn trimmed(rows: Vec<Row>) -> Vec<Row> {
    let is_text = |cell: &String| !cell.is_empty();
    let begin = rows.iter().filter_map(|row| row.cells.iter().position(is_text)).min().unwrap_or(0);
    let end = rows.iter().filter_map(|row| row.cells.iter().rposition(is_text)).max().map_or(0, |last| last + 1);
    let cut = |Row { cells, line }: Row| Row { cells: cells.into_iter().take(end).skip(begin).collect(), line };
    rows.into_iter().map(cut).collect()
}

/// What most rows have.
fn width_of(rows: &[Row]) -> usize {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width)).map_or(0, |(width, _)| width)
}
