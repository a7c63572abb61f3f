//! Which mark is the decimal one in a whole file, from what its numbers prove.

use super::delimited::Sheet;
use super::numbers::{Evidence, evidence, parse};
use super::table::{Mark, Options, Reading, Refusal};

#[derive(Default)]
struct Tally {
    /// by decimal mark, the point first
    proofs: [usize; 2],
    /// of thousands, by the decimal mark beside
    groups: [usize; 2],
    /// the first number of each mark that may mean two things: itself, its line and its column
    doubtful: [Option<(String, usize, usize)>; 2],
}

/// The decimal mark; a doubt where no number proves it. `read` shows the first rows with one.
pub fn decimal_of(sheet: &Sheet, read: impl Fn(Options) -> Reading) -> Result<Mark, Refusal> {
    let Tally { proofs, groups, doubtful: [point, comma] } = tally(sheet);
    let is_proven = proofs[0] + proofs[1] > 0;
    let decimal = if proofs[1] > proofs[0] { Mark::Comma } else { Mark::Point };
    // Commas that delimit leave no doubt of the point, unless there are others.
    let is_plain = !is_proven && sheet.delimiter == ',' && comma.is_none();
    let unsure = match decimal {
        _ if !is_proven => comma.or(point),
        Mark::Point => comma,
        Mark::Comma => point,
    };
    let is_sure = is_plain || (is_proven && groups[decimal as usize] > 0);
    let Some((cell, line, column)) = unsure.filter(|_| !is_sure) else { return Ok(decimal) };
    let marks = if is_proven { vec![decimal] } else { vec![Mark::Point, Mark::Comma] };
    let value = |mark| parse(&cell, mark).unwrap_or(f64::NAN);
    let (as_point, as_comma) = (value(Mark::Point), value(Mark::Comma));
    let question = format!("“{cell}” (row {line}, column {}) may mean {as_point} or {as_comma}", column + 1);
    let answer = |mark| Options { decimal: Some(mark), ..Options::default() };
    Err(Refusal::Doubt { question, readings: marks.into_iter().map(|mark| read(answer(mark))).collect() })
}

fn tally(sheet: &Sheet) -> Tally {
    let mut tally = Tally::default();
    for row in &sheet.rows {
        for (column, cell) in row.cells.iter().enumerate() {
            match evidence(cell) {
                Evidence::Proof { decimal, groups } => {
                    tally.proofs[decimal as usize] += 1;
                    tally.groups[decimal as usize] += usize::from(groups);
                }
                Evidence::Doubt(mark) => {
                    tally.doubtful[mark as usize].get_or_insert_with(|| (cell.clone(), row.line, column));
                }
                Evidence::Nothing => {}
            }
        }
    }
    tally
}
