//! A user's own points with a class each: what is refused, what is drawn, held out, asked for and measured.

use flow_playground::distribution::{Labels, Numbers};
use flow_playground::method::Asked;
use flow_playground::points::Points;
use flow_playground::{Engine, Experiment, FlowError, Session, SolverConfig, Start};
use pollster::block_on;
use serde_json::{Value, json};

const SIZES: [usize; 3] = [200, 60, 40];
const CENTERS: [[f64; 2]; 3] = [[1000.0, 2.0], [1004.0, 2.0], [1002.0, 5.0]];

/// Three small clouds far from 0, one after the other.
fn points() -> Points<f64> {
    let of = |(class, &size): (usize, &usize)| {
        let [x, y] = CENTERS[class];
        (0..size).flat_map(move |i| [x + 0.3 * (3.0 * i as f64).sin(), y + 0.3 * (5.0 * i as f64).cos()])
    };
    Points::new(SIZES.iter().enumerate().flat_map(of).collect(), 2).unwrap()
}

fn labels() -> Labels {
    let of = SIZES.iter().enumerate().flat_map(|(class, &size)| vec![class as u32; size]).collect();
    Labels { names: ["left", "right", "top"].map(String::from).to_vec(), of }
}

fn open(method: Value, labels: Option<Labels>) -> Result<Session, FlowError> {
    let experiment = Experiment::from_json(&json!({
        "data": { "kind": "points" }, "condition": {}, "method": method, "network": { "width": 48, "depth": 2 },
        "optimizer": { "batch": 128 }, "budget": { "steps": 500 },
    }))?;
    block_on(Session::open(experiment, Start { points: Some(points()), labels, ..Start::default() }, Engine::Cpu))
}

fn nearest(row: &[f64]) -> usize {
    let far = |class: &usize| (row[0] - CENTERS[*class][0]).hypot(row[1] - CENTERS[*class][1]);
    (0..3).min_by(|a, b| f64::total_cmp(&far(a), &far(b))).unwrap()
}

#[test]
fn labels_that_are_not_of_these_points_are_refused() {
    let refusal = |labels| open(json!({ "kind": "flow-matching" }), labels).err().unwrap().to_string();
    assert!(refusal(None).contains("points of your own without labels"), "{}", refusal(None));
    let Labels { names, of } = labels();
    let short = Labels { of: of[1..].to_vec(), names: names.clone() };
    assert!(refusal(Some(short)).contains("there are 300 and 299 labels"));
    let other = Labels { names: names[..2].to_vec(), of: of.clone() };
    assert!(refusal(Some(other)).contains("one is of class 2, and there are 2"));
    let one = Labels { names: names[..1].to_vec(), of: vec![0; 300] };
    assert!(refusal(Some(one)).contains("they are of 1 classes; allowed: 2 to 64"));
    let named = [names, vec!["empty".into()]].concat();
    let empty = Labels { names: named, of };
    assert!(refusal(Some(empty)).contains("class “empty” has 0 and at least 5 are needed"));
}

/// Each point once, with its own label; of a class its own alone, some of them held out.
#[test]
fn points_keep_their_labels_and_each_class_has_points_held_out() {
    let mut session = open(json!({ "kind": "closed-form" }), Some(labels())).unwrap();
    assert_eq!(session.classes(), ["left", "right", "top"]);
    let (all, labels) = (session.data(1000, 1).unwrap(), session.labels(1000, 1).unwrap());
    assert_eq!((all.len(), labels.len()), (300, 300));
    assert!(all.rows().zip(&labels).all(|(row, &label)| nearest(row) == label as usize));
    for (class, size) in SIZES.into_iter().enumerate() {
        assert_eq!(labels.iter().filter(|&&label| label as usize == class).count(), size);
        session.ask(Some(Asked::class(class, 1.0))).unwrap();
        let of_class = session.data(1000, 1).unwrap();
        assert_eq!(of_class.len(), size);
        assert!(of_class.rows().all(|row| nearest(row) == class));
        let found = block_on(session.measure(1000, 1)).unwrap();
        assert_eq!(found.n, size / 5, "held out");
    }
}

#[test]
fn a_short_training_puts_samples_at_the_class_of_the_label() {
    let mut session = open(json!({ "kind": "flow-matching" }), Some(labels())).unwrap();
    block_on(session.advance(500)).unwrap();
    for class in 0..3 {
        session.ask(Some(Asked::class(class, 1.0))).unwrap();
        let points = block_on(session.sample(200, SolverConfig::default(), 1)).unwrap();
        let share = points.rows().filter(|row| nearest(row) == class).count() as f64 / 200.0;
        assert!(share > 0.9, "class {class}: {share}");
    }
}

/// A parameter far from 0 and a number beside it, in units of their own.
fn observed() -> Start {
    let parameter = |i: usize| (i % 20) as f64 + 0.05 * (3.0 * i as f64).sin();
    let points = Points::new((0..400).map(|i| 1000.0 + parameter(i)).collect(), 1).unwrap();
    let of = Points::new((0..400).map(|i| 1.7e9 + 100.0 * parameter(i) + (7.0 * i as f64).cos()).collect(), 1).unwrap();
    Start { points: Some(points), numbers: Some(Numbers { names: vec!["when".into()], of }), ..Start::default() }
}

fn open_observed(method: Value, start: Start) -> Result<Session, FlowError> {
    let experiment = Experiment::from_json(&json!({
        "data": { "kind": "points" }, "condition": { "kind": "numbers" }, "method": method,
        "network": { "width": 48, "depth": 2 }, "optimizer": { "batch": 128 }, "budget": { "steps": 800 },
    }))?;
    block_on(Session::open(experiment, start, Engine::Cpu))
}

#[test]
fn numbers_that_are_not_of_these_points_are_refused() {
    let matching = || json!({ "kind": "flow-matching" });
    let refusal = |start: Start| open_observed(matching(), start).err().unwrap().to_string();
    assert!(refusal(Start { numbers: None, ..observed() }).contains("points of your own without numbers"));
    let changed = |names: &[&str], values: Vec<f64>| {
        let of = Points::new(values, names.len()).unwrap();
        let names = names.iter().map(|&name| name.to_string()).collect();
        refusal(Start { numbers: Some(Numbers { names, of }), ..observed() })
    };
    assert!(changed(&["when"], vec![1.0; 399]).contains("there are 400, and 399 times 1"));
    assert!(changed(&["when"], vec![1.0; 400]).contains("number “when” is the same for all"));
    let five = changed(&["a", "b", "c", "d", "e"], (0..2000).map(f64::from).collect());
    assert_eq!(five, "numbers is 5; allowed: 1 to 4.");
    let exact = open_observed(json!({ "kind": "closed-form" }), observed()).err().unwrap().to_string();
    assert!(
        exact.starts_with("condition.kind is \"numbers\"; allowed: \"class\" or none for an exact field"),
        "{exact}"
    );
}

/// Of such points no posterior is known: samples follow the number all the same, and nothing is compared with them.
#[test]
fn a_short_training_puts_samples_where_the_number_says() {
    let mut session = open_observed(json!({ "kind": "flow-matching" }), observed()).unwrap();
    block_on(session.advance(800)).unwrap();
    let [known] = session.numbers() else { panic!("one number") };
    assert_eq!(known.name, "when");
    for parameter in [3.0, 10.0, 16.0] {
        session.ask(Some(Asked::numbers(vec![1.7e9 + 100.0 * parameter], 1.0))).unwrap();
        let points = block_on(session.sample(200, SolverConfig::default(), 1)).unwrap();
        let mean = points.values().iter().sum::<f64>() / 200.0;
        assert!((mean - 1000.0 - parameter).abs() < 1.0, "{parameter}: {mean}");
        assert!(session.why_no_truth().unwrap().ends_with("so there is nothing to compare with."));
        let found = block_on(session.measure(100, 1)).unwrap();
        assert_eq!((found.nll, found.sliced_w2, found.kl), (None, None, None));
        assert!(found.straightness.is_some() && found.reason.is_some());
    }
    let refused = session.ask(Some(Asked::numbers(vec![1.0], 1.0))).unwrap_err().to_string();
    assert!(refused.starts_with("observed when is 1; allowed: "), "{refused}");
}
