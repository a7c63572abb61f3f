//! The deck's table of pictures: bits a pixel, Fréchet distance and evaluations.

use super::report::{by_row, inference, line, needed, table, training};
use super::results::{Record, Samples};
use super::spread::{short, text as spread};

/// A set's tables, in Markdown.
pub fn tables(records: &[Record]) -> String {
    let line = line(records);
    let Some(Samples { n, frechet_floor, frechet_floor_spread, .. }) =
        records.first().and_then(|one| one.samples.clone())
    else {
        return String::new();
    };
    let likelihoods = records[0].measurement.n;
    format!(
        "FD of {n} samples and {n} held-out pictures; of data against data it is {} ± {}. NLL of {likelihoods} held-out pictures, its error \
         in brackets where there is one seed. The line is an FD of {}, one for all.\n\n{}\n### Inference\n\n{}\n### Training\n\n{}",
        short(frechet_floor),
        short(frechet_floor_spread),
        short(line),
        deck(records, line),
        inference(records, line),
        training(records)
    )
}

fn deck(records: &[Record], line: Option<f64>) -> String {
    let header =
        ["method", "NLL, bits/dim", "converged", "FD", "NFE", "NFE to the line", "nearest picture", "of held-out ones"];
    let rows: Vec<Vec<String>> = by_row(records)
        .into_iter()
        .map(|(name, seeds)| {
            let of_samples = |of: &dyn Fn(&Samples) -> Option<f64>, digits| {
                spread(seeds.iter().map(|seed| of(seed.samples.as_ref()?)), digits)
            };
            let converged = seeds.iter().filter(|seed| seed.measurement.converged).count();
            let bits = spread(seeds.iter().map(|seed| seed.measurement.bits_per_dim), 2);
            let error = match seeds.as_slice() {
                [seed] => {
                    seed.measurement.bits_per_dim_standard_error.map_or(String::new(), |error| format!(" ({error:.2})"))
                }
                _ => String::new(),
            };
            vec![
                name.into(),
                bits + &error,
                format!("{converged}/{}", seeds.len()),
                of_samples(&|samples| samples.frechet, 2),
                of_samples(&|samples| Some(samples.nfe as f64), 0),
                needed(&seeds, line),
                of_samples(&|samples| samples.nearest_distance, 2),
                of_samples(&|samples| samples.nearest_distance_heldout, 2),
            ]
        })
        .collect();
    table(&header, &rows)
}
