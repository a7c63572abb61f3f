//! The deck's comparisons as tables: each number with its spread over the seeds.

use super::run::Outcome;
use flow_playground::session::CostPoint;
use std::fmt::Write as _;

/// Mean and standard deviation of the values that exist, as text; a dash for none.
fn spread(values: impl Iterator<Item = Option<f64>>, digits: usize) -> String {
    let values: Vec<f64> = values.flatten().collect();
    let n = values.len() as f64;
    if values.is_empty() {
        return "–".into();
    }
    let mean = values.iter().sum::<f64>() / n;
    if values.len() == 1 {
        return format!("{mean:.digits$}");
    }
    let deviation = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt();
    format!("{mean:.digits$} ± {deviation:.digits$}")
}

/// Columns as wide as their widest cell; the first to the left, the rest to the right.
fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |column: usize| rows.iter().map(move |row| row[column].as_str());
    let widths: Vec<usize> = (0..header.len())
        .map(|column| cells(column).chain([header[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            line += &if column == 0 { format!("{cell}{gap}") } else { format!("  {gap}{cell}") };
        }
        line.trim_end().to_string()
    };
    let mut text = line(&mut header.iter().copied()) + "\n";
    let _ = writeln!(text, "{}", "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1)));
    for row in rows {
        text += &(line(&mut row.iter().map(String::as_str)) + "\n");
    }
    text
}

/// The outcomes of one data set, row by row in their order.
fn by_row(outcomes: &[Outcome]) -> Vec<(&str, Vec<&Outcome>)> {
    let mut rows: Vec<(&str, Vec<&Outcome>)> = Vec::new();
    for outcome in outcomes {
        match rows.iter_mut().find(|(name, _)| *name == outcome.row) {
            Some((_, seeds)) => seeds.push(outcome),
            None => rows.push((&outcome.row, vec![outcome])),
        }
    }
    rows
}

/// Quality: NLL, KL and MMD² against its null band.
pub fn quality(outcomes: &[Outcome]) -> String {
    let header = ["method", "NLL", "KL", "MMD² ·10³", "τ ·10³", "SW₂² ·10³", "straightness", "converged"];
    let rows: Vec<Vec<String>> = by_row(outcomes)
        .into_iter()
        .map(|(name, seeds)| {
            let each = |of: &dyn Fn(&Outcome) -> Option<f64>, digits| spread(seeds.iter().map(|seed| of(seed)), digits);
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
pub fn training(outcomes: &[Outcome]) -> String {
    let header = ["method", "batches", "parameters", "seconds", "network evaluations"];
    let rows: Vec<Vec<String>> = by_row(outcomes)
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

/// Evaluations that an adaptive solver takes, and SW₂² by Euler's method at few: the curve of quality against cost.
pub fn inference(outcomes: &[Outcome]) -> String {
    let steps: Vec<usize> =
        outcomes[0].cost.iter().filter(|at| at.solver.tolerance.is_none()).map(|at| at.nfe).collect();
    let tolerances: Vec<f64> = outcomes[0].cost.iter().filter_map(|at| at.solver.tolerance).collect();
    let mut header = vec!["method".to_string()];
    header.extend(steps.iter().map(|nfe| format!("SW₂² at {nfe}")));
    header.extend(tolerances.iter().map(|tolerance| format!("NFE at {tolerance:.0e}")));
    header.push("NFE to the floor".into());
    let rows: Vec<Vec<String>> = by_row(outcomes)
        .into_iter()
        .map(|(name, seeds)| {
            let at = |find: &dyn Fn(&CostPoint) -> bool, of: &dyn Fn(&CostPoint) -> Option<f64>, digits| {
                spread(seeds.iter().map(|seed| seed.cost.iter().find(|point| find(point)).and_then(of)), digits)
            };
            let mut cells = vec![name.to_string()];
            for &nfe in &steps {
                cells.push(at(
                    &|point| point.solver.tolerance.is_none() && point.nfe == nfe,
                    &|point| point.sliced_w2,
                    4,
                ));
            }
            for &tolerance in &tolerances {
                cells.push(at(&|point| point.solver.tolerance == Some(tolerance), &|point| Some(point.nfe as f64), 0));
            }
            cells.push(spread(seeds.iter().map(|seed| evaluations_needed(seed)), 0));
            cells
        })
        .collect();
    table(&header.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}

/// The fewest Euler evaluations whose samples are within twice the distance of a fresh sample, or of the method's own best
/// where that is farther.
fn evaluations_needed(outcome: &Outcome) -> Option<f64> {
    let equal = || outcome.cost.iter().filter(|point| point.solver.tolerance.is_none());
    let best = equal().filter_map(|point| point.sliced_w2).fold(f64::INFINITY, f64::min);
    let near = |point: &&CostPoint| {
        point.sliced_w2.is_some_and(|found| found <= 2.0 * best.max(point.sliced_w2_floor.unwrap_or(0.0)))
    };
    equal().find(near).map(|point| point.nfe as f64)
}

/// The deck's summary: ranks by what just ran, 1 the best. Ties share a rank.
pub fn ranks(outcomes: &[Outcome]) -> String {
    let rows = by_row(outcomes);
    let mean = |seeds: &[&Outcome], of: &dyn Fn(&Outcome) -> Option<f64>| -> Option<f64> {
        let values: Option<Vec<f64>> = seeds.iter().map(|seed| of(seed)).collect();
        values.map(|values| values.iter().sum::<f64>() / values.len() as f64)
    };
    let training: fn(&Outcome) -> _ = |outcome| Some(outcome.measurement.training_network_evaluations as f64);
    let quality: fn(&Outcome) -> _ = |outcome| outcome.measurement.nll;
    let columns: [fn(&Outcome) -> Option<f64>; 3] = [training, evaluations_needed, quality];
    let ranked: Vec<Vec<Option<usize>>> = columns
        .iter()
        .map(|of| {
            let values: Vec<Option<f64>> = rows.iter().map(|(_, seeds)| mean(seeds, of)).collect();
            let rank = |value: &Option<f64>| {
                let value = (*value)?;
                Some(1 + values.iter().flatten().filter(|other| **other < value).count())
            };
            values.iter().map(rank).collect()
        })
        .collect();
    let cell = |rank: Option<usize>| rank.map_or("–".into(), |rank| rank.to_string());
    let cells = rows.iter().enumerate().map(|(i, (name, _))| {
        [vec![(*name).to_string()], ranked.iter().map(|column| cell(column[i])).collect()].concat()
    });
    table(&["method", "training", "inference", "quality"], &cells.collect::<Vec<_>>())
}

/// What each round reached, for methods of several.
pub fn rounds(outcomes: &[Outcome]) -> String {
    let mut rows = Vec::new();
    for (name, seeds) in by_row(outcomes) {
        for round in 0..seeds[0].rounds.len() {
            let each = |of: &dyn Fn(&flow_playground::session::RoundReport) -> Option<f64>, digits| {
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
        table(&["round", "free energy", "movement", "straightness", "transport cost"], &rows)
    }
}
