//! A number that was estimated, with its error.

/// A mean with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Estimate {
    /// The mean of independent values; `None` for fewer than two, or where one is not finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let standard_error = (squares / (n - 1.0) / n).sqrt();
        (mean.is_finite() && standard_error.is_finite()).then_some(Self { mean, standard_error })
    }
}
