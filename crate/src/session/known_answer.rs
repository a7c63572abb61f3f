//! A problem whose answer is known. A WebGPU device that refuses a kernel, or computes it wrongly, says nothing: it hands out
//! what was in memory. So each is asked this first.

use super::{Session, Start};
use crate::engine::Engine;
use crate::error::FlowError;
use crate::experiment::Experiment;
use crate::ode::{SolverConfig, SolverKind};
use crate::points::Points;
use serde_json::json;

/// The loss of the first training steps, then two generated points and their log-densities. Of the CPU engine, whose arithmetic
/// is tested against finite differences and closed forms.
const ANSWER: [f32; 9] =
    [6.737497, 8.168807, 6.1946206, 1.3691051, -0.48449093, -0.56416255, 0.22948144, -2.0590289, -2.5671105];

/// Rounding, and the order in which sums are made.
const TOLERANCE: f32 = 1e-3;

/// Refuses an engine that cannot be opened, or computes other numbers.
pub async fn check_engine(engine: Engine) -> Result<(), FlowError> {
    compare(engine, &answer(engine).await?)
}

fn compare(engine: Engine, answer: &[f32]) -> Result<(), FlowError> {
    let right = |&(&got, &known): &(&f32, &f32)| (got - known).abs() <= TOLERANCE * known.abs().max(1.0);
    match answer.iter().zip(&ANSWER).find(|pair| !right(pair)) {
        None => Ok(()),
        Some((got, known)) => {
            let reason = format!("it computes {got} where {known} is right");
            Err(FlowError::EngineFailed { engine: engine.name(), reason })
        }
    }
}

/// What the engine computes: two training steps of flow matching, a solve, and a density.
async fn answer(engine: Engine) -> Result<Vec<f32>, FlowError> {
    let experiment = json!({
        "seed": 1, "network": { "width": 12, "depth": 2 }, "optimizer": { "batch": 24 }, "budget": { "steps": 10 },
    });
    let mut session = Session::open(Experiment::from_json(&experiment)?, Start::default(), engine).await?;
    let mut numbers = session.advance(3).await?.losses;
    let two_steps = SolverConfig { kind: SolverKind::Rk4, steps: 2, tolerance: None };
    let points = session.sample(2, two_steps, 1).await?;
    numbers.extend(points.narrowed().values());
    let fixed = Points::new(vec![0.5, -0.25, -1.0, 0.75], 2)?;
    numbers.extend(session.log_density(&fixed, 0.0, two_steps).await?);
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn the_cpu_engine_knows_the_answer_and_every_number_counts() {
        let answer = block_on(answer(Engine::Cpu)).unwrap();
        assert_eq!(answer.len(), ANSWER.len());
        compare(Engine::Cpu, &answer).unwrap_or_else(|error| panic!("{error} {answer:?}"));
        for i in 0..answer.len() {
            for wrong in [answer[i] + 0.01, f32::NAN] {
                let mut other = answer.clone();
                other[i] = wrong;
                assert!(compare(Engine::WebGpu, &other).unwrap_err().to_string().contains("where"));
            }
        }
    }
}
