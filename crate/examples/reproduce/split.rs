//! Points to train on, and points to measure on.

use flow_playground::Points;

/// The published split of the tabular sets (Papamakarios 2017): the last tenth is for testing, the last tenth of the rest for
/// validation, which nothing here uses; in units of the mean and deviation of all but the test points. What to train on and
/// what to measure on.
pub fn split(points: &Points<f64>) -> Result<[Points<f64>; 2], String> {
    let tested = points.len() / 10;
    let known = points.len() - tested;
    let validated = known / 10;
    let dim = points.dim();
    let moments: Vec<[f64; 2]> = (0..dim)
        .map(|k| {
            let column = || points.rows().take(known).map(|row| row[k]);
            let mean = column().sum::<f64>() / known as f64;
            [mean, (column().map(|x| (x - mean) * (x - mean)).sum::<f64>() / known as f64).sqrt()]
        })
        .collect();
    let part = |range: std::ops::Range<usize>| {
        let values = points.rows().skip(range.start).take(range.len());
        let scaled =
            values.flat_map(|row| row.iter().zip(&moments).map(|(x, [mean, deviation])| (x - mean) / deviation));
        Points::new(scaled.collect(), dim).map_err(|error| error.to_string())
    };
    Ok([part(0..known - validated)?, part(known..points.len())?])
}
