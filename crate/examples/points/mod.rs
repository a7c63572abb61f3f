//! A file of points, read by the rules of the page's reader: `.npy`, `.npz`, JSON, or delimited text of any locale.
//! `tests/vectors/point-files.json` holds what each file gives, for both.

mod delimited;
mod encoding;
mod header;
mod json;
pub mod labels;
mod marks;
pub mod npy;
mod numbers;
pub mod table;
mod text;

use flow_playground::Points;
use flow_playground::distribution::Labels;
use std::fs;
use std::path::Path;
use table::{Mark, Options, Refusal, Table, shown};

const FEWEST_POINTS: usize = 16;
/// As many coordinates as the engine models.
const MOST_COLUMNS: usize = 128;
const MOST_UNPACKED_BYTES: u64 = 4 << 30;

/// What the readers of files share of their command lines.
pub const HELP: &str = "\
  --decimal MARK   . or , where the file's numbers leave a doubt
  --header yes|no  whether the first row names the columns, where it leaves a doubt
  --columns LIST   which columns to read, from 0, by commas; all if not given
";

impl Options {
    /// Takes the options above out of a command line.
    pub fn take(given: &mut pico_args::Arguments) -> Result<Self, String> {
        let mut option =
            |name: &'static str| given.opt_value_from_str::<_, String>(name).map_err(|error| error.to_string());
        let decimal = match option("--decimal")?.as_deref() {
            None => None,
            Some(".") => Some(Mark::Point),
            Some(",") => Some(Mark::Comma),
            Some(other) => return Err(format!("--decimal is {other}; it is . or ,.")),
        };
        let header = match option("--header")?.as_deref() {
            None => None,
            Some("yes") => Some(true),
            Some("no") => Some(false),
            Some(other) => return Err(format!("--header is {other}; it is yes or no.")),
        };
        let list =
            |list: String| list.split(',').map(|index| index.trim().parse().ok()).collect::<Option<Vec<usize>>>();
        let columns = match option("--columns")? {
            None => None,
            Some(text) => Some(list(text).ok_or("--columns is a list of whole numbers from 0, such as 0,2.")?),
        };
        Ok(Self { columns, decimal, header, label: None })
    }
}

/// Points, and what a reader of the file should know of them.
pub struct Found {
    /// row after row
    pub values: Vec<f64>,
    pub columns: Vec<String>,
    /// where a column was said to tell the class of each
    pub labels: Option<Labels>,
    pub notes: Vec<String>,
}

/// Reads the points of a file, and their classes where a column tells them; every refusal is one sentence.
pub fn read(path: &Path, options: &Options) -> Result<(Points<f64>, Option<Labels>), String> {
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    let Found { values, columns, labels, notes } =
        found(&bytes, options).map_err(|refusal| format!("{}: {refusal}", path.display()))?;
    for note in notes {
        eprintln!("{}: {note}", path.display());
    }
    let points = Points::new(values, columns.len()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((points, labels))
}

/// What the bytes of a file hold.
pub fn found(bytes: &[u8], options: &Options) -> Result<Found, Refusal> {
    let table = table(bytes, options)?;
    let Table { names, num_rows, .. } = &table;
    let num_rows = *num_rows;
    if num_rows == 0 {
        return Err("The file is empty: at least 16 rows of numbers are needed.".into());
    }
    let label = options.label.as_ref().map(|label| labels::column_of(names, label)).transpose()?;
    let columns = chosen(names.len(), label, options)?;
    let values = values_of(&table, &columns)?;
    if num_rows < FEWEST_POINTS {
        let found = if num_rows == 1 { "1 point".into() } else { format!("{num_rows} points") };
        return Err(format!("The file has {found}; at least {FEWEST_POINTS} are needed.").into());
    }
    for (j, &column) in columns.iter().enumerate() {
        if values.iter().skip(j).step_by(columns.len()).all(|value| *value == values[j]) {
            let place = format!("Column {} ({})", column + 1, shown(&names[column]));
            return Err(format!("{place} is {} in every row: a constant can't be scaled or learned.", values[j]).into());
        }
    }
    let labels = label.map(|label| labels::labels_of(&table, label)).transpose()?;
    let columns = columns.iter().map(|&column| names[column].clone()).collect();
    Ok(Found { values, columns, labels, notes: table.notes })
}

/// The numbers of these columns, row after row.
pub fn values_of(table: &Table, columns: &[usize]) -> Result<Vec<f64>, Refusal> {
    (0..table.num_rows).flat_map(|row| columns.iter().map(move |&column| (table.read)(row, column))).collect()
}

/// The rows and columns of a file, whatever they hold.
pub fn table(bytes: &[u8], options: &Options) -> Result<Table, Refusal> {
    if npy::is_zip(bytes) {
        return npy::table_from(&npy::npy_from_npz(bytes, MOST_UNPACKED_BYTES)?);
    }
    if npy::is_npy(bytes) {
        return npy::table_from(bytes);
    }
    let text = encoding::text_from(bytes)?;
    if json::is_json(&text) { json::table_from(&text) } else { text::table_from(&text, options) }
}

fn chosen(num_columns: usize, label: Option<usize>, options: &Options) -> Result<Vec<usize>, Refusal> {
    let others = || (0..num_columns).filter(|&column| Some(column) != label).collect();
    let columns = options.columns.clone().unwrap_or_else(others);
    if let Some(missing) = columns.iter().find(|&&column| column >= num_columns) {
        let last = num_columns.saturating_sub(1);
        return Err(format!("There is no column {missing}; the file has the columns 0 to {last}.").into());
    }
    if columns.is_empty() || columns.len() > MOST_COLUMNS {
        let found = columns.len();
        return Err(format!("{found} columns are to be read; a point has 1 to {MOST_COLUMNS} coordinates.").into());
    }
    Ok(columns)
}
