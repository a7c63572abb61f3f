//! Scratch.
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
fn main() {
    for arg in std::env::args().skip(1) {
        let json: serde_json::Value = serde_json::from_str(&arg).unwrap();
        let experiment = Experiment::from_json(&json).unwrap();
        let steps = experiment.budget.steps;
        let mut session = block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap();
        let start = std::time::Instant::now();
        let mut last = vec![];
        while session.spent() < 1.0 {
            last = block_on(session.advance(50)).unwrap().losses;
        }
        let train = start.elapsed().as_secs_f64();
        let m = block_on(session.measure(4000, 1)).unwrap();
        println!(
            "{arg}\n  {steps} steps {train:.1} s, {:.1} in all; loss {:.4}",
            start.elapsed().as_secs_f64(),
            last.iter().sum::<f32>() / last.len().max(1) as f32
        );
        println!(
            "  KL {:?} ± {:?} S {:?} SW2 {:?} floor {:?} mmd {:?} rt {:?} doubling {:?} converged {:?}",
            m.kl,
            m.kl_standard_error,
            m.straightness,
            m.sliced_w2,
            m.sliced_w2_floor,
            m.mmd,
            m.round_trip_error,
            m.step_doubling_change,
            m.reason
        );
        for r in block_on(session.rounds(1000, 1)).unwrap() {
            if session.experiment().method.method().rounds() > 1 {
                println!("    {r:?}");
            }
        }
    }
}
