//! What of a conditional experiment is kept, and what is refused: files of weights, checkpoints, settings, questions.

use flow_playground::method::Asked;
use flow_playground::{Engine, Experiment, Session, Start};
use pollster::block_on;
use serde_json::{Value, json};

fn open(experiment: &Value) -> Session {
    let experiment = Experiment::from_json(experiment).unwrap();
    block_on(Session::open(experiment, Start::default(), Engine::Cpu)).unwrap()
}

fn asked(class: usize, guidance: f64) -> Option<Asked> {
    Some(Asked::class(class, guidance))
}

#[test]
fn a_checkpoint_goes_on_with_the_same_hidden_classes() {
    let experiment = json!({
        "data": { "kind": "rings" }, "condition": { "drop": 0.4 }, "network": { "width": 8, "depth": 2 },
        "method": { "kind": "flow-matching", "coupling": { "sinkhorn": {} } }, "optimizer": { "batch": 32 },
    });
    let (mut first, mut second) = (open(&experiment), open(&experiment));
    block_on(first.advance(5)).unwrap();
    second.restore(&block_on(first.checkpoint()).unwrap()).unwrap();
    let [a, b] = [&mut first, &mut second].map(|session| block_on(session.advance(5)).unwrap().losses);
    assert_eq!(a, b);
}

#[test]
fn weights_for_another_number_of_classes_are_refused() {
    let experiment =
        |data: &str| json!({ "data": { "kind": data }, "condition": {}, "network": { "width": 8, "depth": 2 } });
    let weights = block_on(open(&experiment("8-gaussians")).weights()).unwrap();
    let start = |data: &str| {
        let start = Start { weights: Some(weights.clone()), ..Start::default() };
        block_on(Session::open(Experiment::from_json(&experiment(data)).unwrap(), start, Engine::Cpu)).map(|_| ())
    };
    assert_eq!(start("checkerboard"), Ok(()), "which has as many");
    let sentence = start("moons").unwrap_err().to_string();
    assert!(sentence.contains("context.weight is F32 [9, 8] and should be F32 or BF16 [3, 8]"), "{sentence}");
}

#[test]
fn what_cannot_be_asked_is_refused_in_a_sentence() {
    let refusal = |over: Value| {
        let mut experiment = json!({ "data": { "kind": "moons" }, "condition": { "kind": "class" } });
        over.as_object().unwrap().iter().for_each(|(key, value)| experiment[key] = value.clone());
        Experiment::from_json(&experiment).unwrap_err().to_string()
    };
    let kind = "condition.kind is \"class\"; allowed: none for";
    for (over, sentence) in [
        (json!({ "data": { "kind": "swiss-roll" } }), format!("{kind} \"swiss-roll\", which has no classes.")),
        (
            json!({ "method": { "kind": "reflow" } }),
            format!(
                "{kind} this method; flow matching, MeanFlow, shortcut models, diffusion and stochastic interpolants can be told one."
            ),
        ),
        (
            json!({ "network": { "conditioning": "concat-squash" } }),
            format!("{kind} this network.conditioning; \"concat\" has a place for one."),
        ),
        (json!({ "condition": { "drop": 0.95 } }), "condition.drop is 0.95; allowed: 0 to 0.9.".into()),
    ] {
        assert_eq!(refusal(over), sentence);
    }
    assert!(refusal(json!({ "condition": { "kind": "text" } })).starts_with("condition.kind is \"text\""));
    assert!(refusal(json!({ "condition": { "pairs": "between" } })).contains("`within`"));
    let mut session = open(&json!({ "condition": {} }));
    let mut sentence = |class, guidance| session.ask(asked(class, guidance)).unwrap_err().to_string();
    assert_eq!(sentence(2, 1.0), "class is 2; allowed: 0 to 1.");
    assert_eq!(sentence(1, 10.5), "guidance is 10.5; allowed: 0 to 10.");
    assert_eq!(sentence(1, f64::NAN), "guidance is NaN; allowed: 0 to 10.");
    let refused = open(&json!({})).ask(asked(0, 1.0)).unwrap_err().to_string();
    assert_eq!(refused, "class is 0; allowed: none in an experiment without a condition.");
    assert!(open(&json!({})).ask(None).is_ok());
    let written = serde_json::to_value(Experiment::default()).unwrap();
    assert!(written.get("condition").is_none(), "a condition that nobody asked for is not written");
}
