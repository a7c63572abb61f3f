//! A list of stages run in order: what each took, and which one stopped the rest.

use crate::tally::Tally;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

#[derive(Default)]
pub struct Report {
    stages: Vec<(&'static str, Duration)>,
    tally: Tally,
}

impl Report {
    /// Runs a stage that tests nothing by count.
    pub fn stage(&mut self, name: &'static str, run: impl FnOnce() -> Result<()>) -> Result<()> {
        self.tests(name, || run().map(|()| Tally::default()))
    }

    /// Runs a stage and adds up its tests.
    pub fn tests(&mut self, name: &'static str, run: impl FnOnce() -> Result<Tally>) -> Result<()> {
        println!("\n== {name}");
        let start = Instant::now();
        self.tally += run().with_context(|| format!("stopped at the stage \"{name}\""))?;
        self.stages.push((name, start.elapsed()));
        Ok(())
    }

    /// Every stage's time, then the count of tests as the last line.
    pub fn print(&self) {
        println!("\nEvery stage passed:");
        for (name, duration) in &self.stages {
            println!("{:>8.1} s  {name}", duration.as_secs_f64());
        }
        let total: Duration = self.stages.iter().map(|(_, duration)| *duration).sum();
        println!("{:>8.1} s  in all", total.as_secs_f64());
        if self.tally.skipped > 0 {
            println!("{} skipped: see above for which and why", self.tally.skipped);
        }
        println!("{} passed, 0 failed", self.tally.passed);
    }
}
