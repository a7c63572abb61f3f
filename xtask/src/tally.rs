//! How many tests ran, read from what the three test runners print.

use std::ops::AddAssign;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub skipped: usize,
}

impl Tally {
    /// Adds what one line of output says, if it is a summary:
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; ..` of cargo, `Tests  3 passed (3)` of Vitest,
    /// `  5 passed (4.1s)` or `  2 skipped` of Playwright.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        let summary = line.strip_prefix("test result:").or_else(|| line.strip_prefix("Tests "));
        let is_summary = summary.is_some() || line.starts_with(|c: char| c.is_ascii_digit());
        if !is_summary {
            return;
        }
        // A summary line opens with its counts; a test's own output seldom looks like "5 passed".
        let words: Vec<&str> =
            summary.unwrap_or(line).split([' ', ';', '|', '.']).filter(|word| !word.is_empty()).collect();
        let words = if summary.is_some() { &words[..] } else { &words[..words.len().min(2)] };
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<usize>() else { continue };
            match pair[1] {
                "passed" => self.passed += number,
                "skipped" | "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn read(lines: &[&str]) -> (usize, usize) {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        (tally.passed, tally.skipped)
    }

    #[test]
    fn every_runner_s_summary_is_counted() {
        let cargo = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(read(&[cargo]), (12, 3));
        assert_eq!(read(&[" Test Files  4 passed (4)", "      Tests  17 passed | 2 skipped (19)"]), (17, 2));
        assert_eq!(read(&["  2 skipped", "  5 passed (4.1s)"]), (5, 2));
    }

    #[test]
    fn other_output_is_not() {
        assert_eq!(read(&["test ode::order ... ok", "12 of 40 passed by", "the 3 passed earlier"]), (0, 0));
    }
}
