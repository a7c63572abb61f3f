//! Files of pictures, one a row, and the digits as the page ships them: 64 pixels of 0 (paper) to 16 (ink), then the digit.

use crate::points::table::{Options, Refusal};
use crate::points::{table, values_of};
use flow_playground::Points;
use flow_playground::distribution::Labels;
use std::path::Path;

const PIXELS: usize = 64;
const LEVELS: f64 = 17.0;

/// Every row of a file; its pixels need not differ.
pub fn read(path: &Path, options: &Options) -> Result<Points<f64>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    let of_file = |problem: &dyn std::fmt::Display| format!("{}: {problem}", path.display());
    let rows = || -> Result<(Vec<f64>, usize), Refusal> {
        let table = table(&bytes, options)?;
        let columns: Vec<usize> = (0..table.names.len()).collect();
        Ok((values_of(&table, &columns)?, columns.len()))
    };
    let (values, columns) = rows().map_err(|refusal| of_file(&refusal))?;
    Points::new(values, columns).map_err(|error| of_file(&error))
}

/// The digits' pixels from -1 to 1 and their labels, by the page's rule: each level is spread evenly over its share of the range,
/// by numbers that are always the same.
pub fn digits(levels: &Points<f64>) -> Result<(Points<f64>, Labels), String> {
    let fits = |row: &[f64]| row.iter().all(|&level| (0.0..LEVELS).contains(&level) && level.fract() == 0.0);
    if levels.dim() != PIXELS + 1 || !levels.rows().all(|row| fits(row) && row[PIXELS] < 10.0) {
        return Err("Digits are rows of 64 pixels of 0 to 16 and the digit, as in the page's digits.npz.".into());
    }
    let mut uniform = uniforms();
    let pixels = levels.rows().flat_map(|row| &row[..PIXELS]);
    let pixels = pixels.map(|level| 2.0 * (level + uniform()) / LEVELS - 1.0).collect();
    let of = levels.rows().map(|row| row[PIXELS] as u32).collect();
    let names = (0..10).map(|digit| digit.to_string()).collect();
    Ok((Points::new(pixels, PIXELS).map_err(|error| error.to_string())?, Labels { names, of }))
}

/// Numbers from 0 to 1 that are always the same, and the page's: what whole grays are spread by, so that they have a density.
pub fn uniforms() -> impl FnMut() -> f64 {
    let mut state = 1_u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    }
}
