//! Pictures given beside an experiment: taken as they are, and refused in another unit.

use flow_playground::distribution::Labels;
use flow_playground::points::Points;
use flow_playground::{Engine, Experiment, FlowError, Session, Start};
use pollster::block_on;
use serde_json::json;

/// Pictures of one bright pixel each on paper, whose last pixel is paper in all of them.
fn pictures(side: usize, ink: f64) -> Points<f64> {
    let dim = side * side;
    let of = |i: usize| (0..dim).map(move |pixel| if pixel == i % (dim - 1) { ink } else { -1.0 });
    Points::new((0..dim.clamp(200, 800)).flat_map(of).collect(), dim).unwrap()
}

fn open(kind: &str, points: Option<Points<f64>>, labels: Option<Labels>) -> Result<Session, FlowError> {
    let condition = labels.is_some().then(|| json!({ "kind": "class" }));
    let experiment = Experiment::from_json(&json!({
        "data": { "kind": kind }, "network": { "width": 8, "depth": 1 }, "budget": { "steps": 10 },
        "condition": condition,
    }))?;
    block_on(Session::open(experiment, Start { points, labels, ..Start::default() }, Engine::Cpu))
}

#[test]
fn pictures_are_taken_as_they_are() {
    for kind in ["pictures", "digits"] {
        let mut session = open(kind, Some(pictures(28, 0.75)), None).unwrap();
        assert_eq!(session.dim(), 784);
        assert!(session.scaling().scale.iter().all(|&scale| scale == 1.0));
        assert!(session.scaling().center.iter().all(|&center| center == 0.0));
        assert_eq!(session.why_no_density(), Some("Pixel 784 is the same in every picture, so they have no density."));
        assert_eq!(block_on(session.advance(3)).unwrap().losses.len(), 3);
        let measured = block_on(session.measure(30, 1)).unwrap();
        assert!(measured.held_out && !measured.standardized && measured.nll.is_none());
        assert!(measured.nearest_distance_heldout.is_some());
    }
}

#[test]
fn pictures_have_the_classes_that_are_given_with_them() {
    let labels = Labels { names: ["even".into(), "odd".into()].to_vec(), of: (0..200).map(|i| i % 2).collect() };
    let session = open("digits", Some(pictures(8, 1.0)), Some(labels)).unwrap();
    assert_eq!(session.classes(), ["even", "odd"]);
}

#[test]
fn what_are_no_pictures_is_refused_in_one_sentence() {
    let refusal = |kind, points| open(kind, points, None).err().unwrap().to_string();
    assert_eq!(
        refusal("pictures", Some(pictures(8, 255.0))),
        "The points cannot be used: a pixel is 255; allowed: -1, which is paper, to 1, which is ink."
    );
    assert!(refusal("digits", None).starts_with("data.kind is \"digits\" without any points; allowed: "));
    assert!(refusal("pictures", Some(pictures(56, 1.0))).contains("3136 coordinates; allowed: 1 to 3072"));
    assert!(refusal("points", Some(pictures(16, 1.0))).contains("256 coordinates; allowed: 1 to 128"));
    let read = |data, noise| Experiment::from_json(&json!({ "data": { "kind": data }, "noise": { "kind": noise } }));
    let noise = read("moons", "digits").err().unwrap().to_string();
    assert_eq!(noise, "noise.kind is \"digits\"; allowed: a built-in distribution; given points can be the data.");
}
