//! The deck's comparisons as tables: each number with its spread over the seeds.

use super::results::{Cost, OfClass, Record, Round};
use super::spread::{Spread, ranks as ranks_of, text as spread};

/// A table in Markdown, which is read as it is too: columns as wide as their widest cell, the first to the left, the rest to
/// the right.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |column: usize| rows.iter().map(move |row| row[column].as_str());
    let widths: Vec<usize> = (0..header.len())
        .map(|column| cells(column).chain([header[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::from("|");
        for (column, (cell, width)) in cells.zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            line += &if column == 0 { format!(" {cell}{gap} |") } else { format!(" {gap}{cell} |") };
        }
        line
    };
    let mut text = line(&mut header.iter().copied()) + "\n|";
    for (column, width) in widths.iter().enumerate() {
        let rule = "-".repeat(width + 1);
        text += &if column == 0 { format!(":{rule}|") } else { format!("{rule}:|") };
    }
    text.push('\n');
    for row in rows {
        text += &(line(&mut row.iter().map(String::as_str)) + "\n");
    }
    text
}

/// The records of one data set, row by row in their order.
pub fn by_row(records: &[Record]) -> Vec<(&str, Vec<&Record>)> {
    let mut rows: Vec<(&str, Vec<&Record>)> = Vec::new();
    for outcome in records {
        match rows.iter_mut().find(|(name, _)| *name == outcome.row) {
            Some((_, seeds)) => seeds.push(outcome),
            None => rows.push((&outcome.row, vec![outcome])),
        }
    }
    rows
}

/// Quality: NLL, KL and MMD² against its null band.
pub fn quality(records: &[Record]) -> String {
    let header = ["method", "NLL", "KL", "MMD² ·10³", "τ ·10³", "SW₂² ·10³", "bend", "converged"];
    let rows: Vec<Vec<String>> = by_row(records)
        .into_iter()
        .map(|(name, seeds)| {
            let each = |of: &dyn Fn(&Record) -> Option<f64>, digits| spread(seeds.iter().map(|seed| of(seed)), digits);
            let converged = seeds.iter().filter(|seed| seed.measurement.converged).count();
            vec![
                name.into(),
                each(&|seed| seed.measurement.nll, 3),
                each(&|seed| seed.measurement.kl, 3),
                each(&|seed| Some(1e3 * seed.measurement.mmd_biased?), 2),
                each(&|seed| Some(1e3 * seed.measurement.mmd_null_band?), 2),
                each(&|seed| Some(1e3 * seed.measurement.sliced_w2?), 2),
                each(&|seed| seed.measurement.straightness, 4),
                format!("{converged}/{}", seeds.len()),
            ]
        })
        .collect();
    table(&header, &rows)
}

/// Cost: batches, parameters, seconds and network evaluations of training.
pub fn training(records: &[Record]) -> String {
    let header = ["method", "batches", "parameters", "seconds", "network evaluations"];
    let rows: Vec<Vec<String>> = by_row(records)
        .into_iter()
        .map(|(name, seeds)| {
            vec![
                name.into(),
                seeds[0].batches.to_string(),
                seeds[0].num_parameters.to_string(),
                spread(seeds.iter().map(|seed| Some(seed.training_seconds)), 0),
                seeds[0].measurement.training_network_evaluations.to_string(),
            ]
        })
        .collect();
    table(&header, &rows)
}

/// The distance, SW₂² or FD, that all are asked for: twice the best of them, or twice what data come to against data where that is more. The
/// quality line of the page.
pub fn line(records: &[Record]) -> Option<f64> {
    let points = records.iter().flat_map(|record| &record.cost);
    let best = points.filter_map(Cost::distance).reduce(f64::min)?;
    let mut floors: Vec<f64> = records.iter().flat_map(Record::floors).collect();
    floors.sort_by(f64::total_cmp);
    let floor = floors.get(floors.len().saturating_sub(1) / 2).copied().unwrap_or(0.0);
    Some(2.0 * best.max(floor))
}

/// The fewest evaluations, by Euler's method or at a tolerance, whose samples reach the line; infinite if none do.
fn evaluations_needed(record: &Record, line: Option<f64>) -> Option<f64> {
    let line = line?;
    let reaching = record.cost.iter().filter(|point| point.distance().is_some_and(|found| found <= line));
    let fewest = reaching.map(|point| point.nfe as f64).reduce(f64::min);
    let was_measured = record.cost.iter().any(|point| point.distance().is_some());
    fewest.or(was_measured.then_some(f64::INFINITY))
}

/// Numbers of evaluations that quality is shown at.
const SHOWN: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

/// The curve of quality against cost: the distance at no more than so many evaluations in equal steps, and the evaluations that an
/// adaptive solver takes.
pub fn inference(records: &[Record], line: Option<f64>) -> String {
    // Not of the first record alone: a student is measured at its own steps.
    let mut tolerances: Vec<f64> = Vec::new();
    for tolerance in records.iter().flat_map(|record| &record.cost).filter_map(|point| point.solver.tolerance) {
        if !tolerances.contains(&tolerance) {
            tolerances.push(tolerance);
        }
    }
    let distance = records.first().map_or("", Record::distance_name);
    let mut header = vec!["method".to_string()];
    header.extend(SHOWN.iter().map(|nfe| format!("{distance} ≤ {nfe}")));
    header.extend(tolerances.iter().map(|tolerance| format!("NFE at {tolerance:.0e}")));
    header.push("NFE to the line".into());
    let rows: Vec<Vec<String>> = by_row(records)
        .into_iter()
        .map(|(name, seeds)| {
            let each = |of: &dyn Fn(&Record) -> Option<f64>, digits| spread(seeds.iter().map(|seed| of(seed)), digits);
            let mut cells = vec![name.to_string()];
            for most in SHOWN {
                let equal = |point: &&Cost| point.solver.tolerance.is_none() && point.nfe <= most;
                let of = |seed: &Record| seed.cost.iter().filter(equal).max_by_key(|point| point.nfe)?.distance();
                cells.push(each(&of, 4));
            }
            for &tolerance in &tolerances {
                let of = |seed: &Record| {
                    seed.cost
                        .iter()
                        .find(|point| point.solver.tolerance == Some(tolerance))
                        .map(|point| point.nfe as f64)
                };
                cells.push(each(&of, 0));
            }
            cells.push(needed(&seeds, line));
            cells
        })
        .collect();
    table(&header.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}

pub fn needed(seeds: &[&Record], line: Option<f64>) -> String {
    let all: Vec<f64> = seeds.iter().filter_map(|seed| evaluations_needed(seed, line)).collect();
    let never = all.iter().filter(|needed| needed.is_infinite()).count();
    let reached = spread(all.iter().map(|needed| needed.is_finite().then_some(*needed)), 0);
    match never {
        0 => reached,
        _ if never == all.len() => "never".into(),
        _ => format!("{reached}, never {never} of {}", all.len()),
    }
}

/// A number of a run, with its own standard error where it has one.
type Number = Option<(f64, Option<f64>)>;

/// The deck's summary: ranks by what just ran, 1 the best. What the seeds do not tell apart shares a rank.
pub fn ranks(records: &[Record], line: Option<f64>) -> String {
    let rows = by_row(records);
    let training = |record: &Record| Some((record.measurement.training_network_evaluations as f64, None));
    let inference = |record: &Record| Some((evaluations_needed(record, line)?, None));
    // All on the same points: KL where all have one, as it is paired with the data's density.
    let are_paired = records.iter().all(|record| record.measurement.nll.is_none() == record.measurement.kl.is_none());
    let quality = |Record { measurement: found, .. }: &Record| {
        let (value, error) =
            if are_paired { (found.kl, found.kl_standard_error) } else { (found.nll, found.nll_standard_error) };
        Some((value.filter(|_| found.converged)?, error))
    };
    let columns: [&dyn Fn(&Record) -> Number; 3] = [&training, &inference, &quality];
    let ranked = columns.map(|of| {
        let all: Vec<Option<Spread>> =
            rows.iter().map(|(_, seeds)| Spread::of(seeds.iter().map(|seed| of(seed)))).collect();
        ranks_of(&all)
    });
    let cell = |rank: Option<usize>| rank.map_or("–".into(), |rank| rank.to_string());
    let cells = rows.iter().enumerate().map(|(i, (name, _))| {
        [vec![(*name).to_string()], ranked.iter().map(|column| cell(column[i])).collect()].concat()
    });
    table(&["method", "training", "inference", "quality"], &cells.collect::<Vec<_>>())
}

/// By class, where the network was told it: KL to the class's data, and the samples' variance as a share of theirs.
pub fn classes(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for (name, seeds) in by_row(records) {
        for (i, OfClass { class, guidance, .. }) in seeds[0].classes.iter().enumerate() {
            let each = |of: &dyn Fn(&OfClass) -> Option<f64>, digits| {
                spread(seeds.iter().map(|seed| seed.classes.get(i).and_then(of)), digits)
            };
            let cells = [each(&|found| found.kl, 3), each(&|found| found.spread, 2)];
            rows.push([vec![format!("{name}, {class}, w = {guidance}")], cells.into()].concat());
        }
    }
    if rows.is_empty() { String::new() } else { table(&["class", "KL", "variance"], &rows) }
}

/// What each round reached, for methods of several.
pub fn rounds(records: &[Record]) -> String {
    let mut rows = Vec::new();
    for (name, seeds) in by_row(records) {
        for round in 0..seeds[0].rounds.len() {
            let each = |of: &dyn Fn(&Round) -> Option<f64>, digits| {
                spread(seeds.iter().map(|seed| seed.rounds.get(round).and_then(of)), digits)
            };
            rows.push(vec![
                format!("{name} {}", round + 1),
                each(&|report| report.free_energy, 3),
                each(&|report| report.relative_movement, 4),
                each(&|report| report.straightness, 4),
                each(&|report| report.transport_cost, 3),
            ]);
        }
    }
    if rows.is_empty() {
        String::new()
    } else {
        table(&["round", "free energy", "movement", "bend", "transport cost"], &rows)
    }
}
