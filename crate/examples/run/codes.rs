//! The codes of the digits on a plane, as the page ships them: rows of two coordinates and the digit.

use flow_playground::Points;
use flow_playground::distribution::Labels;

/// The points and their labels.
pub fn codes(rows: &Points<f64>) -> Result<(Points<f64>, Labels), String> {
    let is_digit = |number: f64| (0.0..10.0).contains(&number) && number.fract() == 0.0;
    if rows.dim() != 3 || !rows.rows().all(|row| is_digit(row[2])) {
        return Err("Codes of digits are rows of 2 coordinates and the digit, as in the page's digit-codes.npy.".into());
    }
    let values = rows.rows().flat_map(|row| &row[..2]).copied().collect();
    let of = rows.rows().map(|row| row[2] as u32).collect();
    let names = (0..10).map(|digit| digit.to_string()).collect();
    Ok((Points::new(values, 2).map_err(|error| error.to_string())?, Labels { names, of }))
}
