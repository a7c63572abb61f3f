//! A file of points: `.npy`, or text with a number in every column.

use flow_playground::Points;
use std::fs;
use std::path::Path;

/// Reads the points of a file; every refusal is one sentence.
pub fn read(path: &Path) -> Result<Points<f64>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    let numpy = bytes.starts_with(b"\x93NUMPY");
    let (values, dim) = if numpy { from_npy(&bytes) } else { from_csv(&bytes) }
        .map_err(|reason| format!("{} cannot be used: {reason}.", path.display()))?;
    Points::new(values, dim).map_err(|error| format!("{}: {error}", path.display()))
}

fn from_npy(bytes: &[u8]) -> Result<(Vec<f64>, usize), String> {
    let file = npyz::NpyFile::new(bytes).map_err(|error| error.to_string())?;
    let shape = file.shape().to_vec();
    let [_, dim] = shape[..] else {
        return Err(format!("its shape is {shape:?} and should be [points, coordinates]"));
    };
    let row_major = file.order() == npyz::Order::C;
    let flat: Vec<f64> = match file.dtype().descr().as_str() {
        "'<f4'" => file.into_vec::<f32>().map_err(|error| error.to_string())?.into_iter().map(f64::from).collect(),
        "'<f8'" => file.into_vec::<f64>().map_err(|error| error.to_string())?,
        other => return Err(format!("its numbers are {other} and should be '<f4' or '<f8'")),
    };
    let dim = dim as usize;
    let len = flat.len() / dim.max(1);
    let at = |i: usize, k: usize| if row_major { flat[i * dim + k] } else { flat[k * len + i] };
    Ok(((0..len).flat_map(|i| (0..dim).map(move |k| (i, k))).map(|(i, k)| at(i, k)).collect(), dim))
}

fn from_csv(bytes: &[u8]) -> Result<(Vec<f64>, usize), String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(bytes);
    let (mut values, mut dim) = (Vec::new(), 0);
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let numbers: Result<Vec<f64>, usize> =
            record.iter().enumerate().map(|(column, cell)| cell.parse().map_err(|_| column)).collect();
        match numbers {
            Ok(numbers) => {
                dim = numbers.len();
                values.extend(numbers);
            }
            // The first row may name the columns.
            Err(_) if row == 0 => {}
            Err(column) => return Err(format!("row {}, column {} is no number", row + 1, column + 1)),
        }
    }
    if values.is_empty() { Err("it has no row of numbers".into()) } else { Ok((values, dim)) }
}
