//! The times that ScoreFlow draws: where g²/σ² of the variance-preserving path is large (Song 2021b).

use crate::path::{BETA_MAX, BETA_MIN};

/// G(t) = ln(exp(B(t)) - 1), whose slope is beta/sigma².
fn primitive(t: f64) -> f64 {
    libm::log(libm::expm1(BETA_MIN * t + 0.5 * (BETA_MAX - BETA_MIN) * t * t))
}

/// ∫ beta/sigma² dt of the variance-preserving schedule over [earliest, 1].
pub fn normalizer(earliest: f64) -> f64 {
    primitive(1.0) - primitive(earliest)
}

/// The time below which the share `share` of that integral lies: uniform shares give times of density beta/sigma², which is
/// how ScoreFlow (Song 2021b) weighs a diffusion's loss by g².
pub fn time(share: f64, earliest: f64) -> f64 {
    let integral = primitive(earliest) + share * normalizer(earliest);
    // B = ln(1 + e^y), without overflow; then the root of the quadratic B(t).
    let b = integral.max(0.0) + libm::log1p(libm::exp(-integral.abs()));
    let slope = BETA_MAX - BETA_MIN;
    // 2B / (β + √(β² + 2 slope B)): no difference of near numbers.
    (2.0 * b / (BETA_MIN + libm::sqrt(BETA_MIN * BETA_MIN + 2.0 * slope * b))).clamp(earliest, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::NEAREST_TO_ENDS;

    #[test]
    fn times_have_the_reference_values() {
        assert!((normalizer(1e-5) - 23.864472).abs() < 1e-6);
        assert!((time(0.3, 1e-5) - 0.00740669).abs() < 1e-8);
        for earliest in [1e-5, NEAREST_TO_ENDS] {
            let ends = [time(0.0, earliest), time(1.0, earliest)];
            assert!((ends[0] - earliest).abs() < 1e-9 && (ends[1] - 1.0).abs() < 1e-9);
        }
    }
}
