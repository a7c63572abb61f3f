//! What every kind of file is read as: rows of numbers under names.

/// A decimal mark; the other one then groups thousands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    Point,
    Comma,
}

impl Mark {
    pub fn char(self) -> char {
        if self == Self::Point { '.' } else { ',' }
    }

    pub fn other(self) -> Self {
        if self == Self::Point { Self::Comma } else { Self::Point }
    }
}

/// What a file does not say of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// columns to read, from 0; all if not given
    pub columns: Option<Vec<usize>>,
    pub decimal: Option<Mark>,
    /// whether the first row names the columns
    pub header: Option<bool>,
    /// the column that tells the class of each point, by its number from 0 or its name; without it none does
    pub label: Option<String>,
}

/// A file as it would be understood with one more option.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub answer: Options,
    pub columns: Vec<String>,
    /// the first rows; none where there is no number
    pub rows: Vec<Vec<Option<f64>>>,
}

/// Why a file can't be used, in one sentence; or what has to be known of it first.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    Told(String),
    Doubt { question: String, readings: Vec<Reading> },
}

impl From<String> for Refusal {
    fn from(sentence: String) -> Self {
        Self::Told(sentence)
    }
}

impl From<&str> for Refusal {
    fn from(sentence: &str) -> Self {
        Self::Told(sentence.into())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Told(sentence) => f.write_str(sentence),
            Self::Doubt { question, readings } => {
                let is_decimal = readings.iter().all(|reading| reading.answer.decimal.is_some());
                let which = if is_decimal { "--decimal . or --decimal ," } else { "--header yes or --header no" };
                write!(f, "{question}: {which} says which.")
            }
        }
    }
}

/// What stands at a row and a column.
type At<T> = Box<dyn Fn(usize, usize) -> Result<T, Refusal>>;

pub struct Table {
    /// one a column
    pub names: Vec<String>,
    pub num_rows: usize,
    /// a finite number at a row and a column, or what stands there instead
    pub read: At<f64>,
    /// what stands there, as text; empty where nothing does
    pub cell: At<String>,
    /// what was left out, in sentences
    pub notes: Vec<String>,
}

/// Names where a file has none.
pub fn column_names(num_columns: usize) -> Vec<String> {
    (1..=num_columns).map(|i| format!("column {i}")).collect()
}

pub fn is_finite(value: f64) -> bool {
    (value as f32).is_finite()
}

/// A cell or a name as a sentence shows it: on one line, and not all of a long one.
pub fn shown(cell: &str) -> String {
    let begin: String = cell.chars().take(24).collect();
    let line = begin.replace(char::is_whitespace, " ");
    let more = if begin.len() < cell.len() { "…" } else { "" };
    line + more
}
