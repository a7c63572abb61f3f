//! A number over few seeds, as text and in ranks.

/// The values that exist, with what they scatter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub mean: f64,
    /// Standard deviation; that of the one measurement, where there is one, or 0.
    deviation: f64,
    count: usize,
}

impl Spread {
    /// Of `values`, each with its own standard error where one is known. None where one of them is missing.
    pub fn of(values: impl IntoIterator<Item = Option<(f64, Option<f64>)>>) -> Option<Self> {
        let values: Vec<(f64, Option<f64>)> = values.into_iter().collect::<Option<_>>()?;
        let count = values.len();
        let mean = values.iter().map(|(value, _)| value).sum::<f64>() / count as f64;
        let deviation = match values.as_slice() {
            [] => return None,
            [(_, error)] => error.unwrap_or(0.0),
            _ => (values.iter().map(|(value, _)| (value - mean).powi(2)).sum::<f64>() / (count as f64 - 1.0)).sqrt(),
        };
        // Where a seed never comes to a line the mean does not either.
        Some(Self { mean, deviation: if mean.is_finite() { deviation } else { 0.0 }, count })
    }

    /// The variance of the mean, and the degrees of freedom it was estimated with.
    fn error(&self) -> (f64, f64) {
        let degrees = if self.count > 1 { self.count as f64 - 1.0 } else { f64::INFINITY };
        (self.deviation * self.deviation / self.count as f64, degrees)
    }

    /// Whether this is less than `other` by more than chance alone makes of it once in twenty times (Welch 1947).
    fn is_clearly_less(&self, other: &Self) -> bool {
        let ((a, m), (b, n)) = (self.error(), other.error());
        let inverse = a * a / m + b * b / n;
        let degrees = if inverse > 0.0 { (a + b).powi(2) / inverse } else { f64::INFINITY };
        other.mean - self.mean > quantile(degrees) * (a + b).sqrt()
    }
}

/// The 97.5 % quantile of Student's t. Fewer degrees are known as whole numbers.
fn quantile(degrees: f64) -> f64 {
    const FEW: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    let whole = degrees.max(1.0).floor();
    let few = FEW.iter().zip(1u8..).find(|(_, degrees)| f64::from(*degrees) == whole);
    // The first terms of the expansion in 1/degrees: right to three digits where the table ends.
    few.map_or(1.96 + 2.372 / whole + 2.823 / whole.powi(2) + 2.556 / whole.powi(3), |(quantile, _)| *quantile)
}

/// Mean and standard deviation of the values that exist; a dash for none.
pub fn text(values: impl Iterator<Item = Option<f64>>, digits: usize) -> String {
    let some = Spread::of(values.flatten().map(|value| Some((value, None))));
    some.map_or("–".into(), |Spread { mean, deviation, count }| match count {
        1 => format!("{mean:.digits$}"),
        // No line breaks within a number.
        _ => format!("{mean:.digits$}\u{a0}±\u{a0}{deviation:.digits$}"),
    })
}

/// Two digits that count.
pub fn short(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| {
        let digits = (1.0 - value.abs().log10().floor()).max(0.0) as usize;
        format!("{value:.digits$}")
    })
}

/// From 1, the least. From the best on, those not told apart from the first of a rank share it; the next rank counts all before
/// it, as in sports.
pub fn ranks(all: &[Option<Spread>]) -> Vec<Option<usize>> {
    let mut known: Vec<(usize, Spread)> = all.iter().enumerate().filter_map(|(i, one)| Some((i, (*one)?))).collect();
    known.sort_by(|(_, a), (_, b)| a.mean.total_cmp(&b.mean).then(b.deviation.total_cmp(&a.deviation)));
    let mut ranks = vec![None; all.len()];
    let Some(&(_, mut first)) = known.first() else { return ranks };
    let mut rank = 1;
    for (before, (i, spread)) in known.into_iter().enumerate() {
        if first.is_clearly_less(&spread) {
            (first, rank) = (spread, before + 1);
        }
        ranks[i] = Some(rank);
    }
    ranks
}
