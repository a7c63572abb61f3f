//! Drawn digits: each can be told from the others, at every side, and is what its seed says.

use flow_playground::Experiment;
use flow_playground::distribution::{Distribution, DistributionConfig, DistributionKind, Labelled};
use flow_playground::rng::{Rng, Stream};
use serde_json::json;

fn digits(side: usize) -> Distribution {
    let dim = Some(side * side);
    DistributionConfig { dim, ..DistributionKind::DrawnDigits.into() }.build("data", None).unwrap()
}

fn drawn(side: usize, len: usize, seed: u64) -> (Labelled, Vec<u32>) {
    let drawn = digits(side).sample_labelled(len, &mut Rng::new(seed, Stream::Data));
    let labels = drawn.labels.clone().unwrap();
    (drawn, labels)
}

fn square_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The share of 1,000 fresh digits whose nearest of `known` is of their class.
fn told(side: usize, known: usize) -> f64 {
    let (known, labels) = drawn(side, known, 1);
    let (fresh, truth) = drawn(side, 1000, 2);
    let nearest = |row: &[f32]| {
        let distances = known.points.rows().map(|other| square_distance(row, other));
        distances.zip(&labels).min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, &label)| label)
    };
    let right = fresh.points.rows().zip(&truth).filter(|(row, truth)| nearest(row) == Some(**truth)).count();
    right as f64 / 1000.0
}

#[test]
fn a_digit_is_told_by_the_digits_nearest_to_it() {
    for (side, least) in [(8, 0.97), (16, 0.97), (28, 0.96)] {
        let share = told(side, 2000);
        println!("{side} pixels a side: {share}");
        assert!(share >= least, "{side} pixels a side: {share}");
    }
}

#[test]
fn the_mean_pictures_of_the_digits_differ() {
    let (drawn, labels) = drawn(16, 4000, 3);
    let mean = |digit: u32| -> Vec<f32> {
        let of_digit: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == digit).collect();
        let mut mean = vec![0.0; drawn.points.dim()];
        for row in drawn.points.pick(&of_digit).rows() {
            mean.iter_mut().zip(row).for_each(|(mean, pixel)| *mean += pixel / of_digit.len() as f32);
        }
        mean
    };
    let means: Vec<_> = (0..10).map(mean).collect();
    for (a, b) in (0..10).flat_map(|a| (0..a).map(move |b| (a, b))) {
        let distance = square_distance(&means[a], &means[b]).sqrt();
        assert!(distance > 2.0, "{a} and {b} are {distance} apart");
    }
}

#[test]
fn pixels_run_from_paper_to_ink_and_every_digit_has_both() {
    for side in [8, 16, 28] {
        for row in drawn(side, 2000, 4).0.points.rows() {
            assert!(row.iter().all(|pixel| (-1.0..=1.0).contains(pixel)));
            let ink = row.iter().map(|pixel| 0.5 * (1.0 + pixel)).sum::<f32>();
            let whole = (side * side) as f32;
            assert!(ink >= 0.5 * side as f32 && ink <= 0.5 * whole, "{ink} of {side} a side");
        }
    }
}

/// No two are the same, and the same seed draws the same.
#[test]
fn a_seed_decides_the_digits() {
    let [one, again, other] = [5, 5, 6].map(|seed| drawn(16, 200, seed).0);
    assert_eq!(one, again);
    let same = |row: &[f32]| other.points.rows().chain(one.points.rows()).filter(|other| *other == row).count();
    assert!(one.points.rows().all(|row| same(row) == 1));
}

#[test]
fn other_sides_are_refused_in_one_sentence() {
    let read = |data| Experiment::from_json(&json!({ "data": data })).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(read(json!({ "kind": "drawn-digits" })), Ok(()));
    assert_eq!(read(json!({ "kind": "drawn-digits", "dim": 784 })), Ok(()));
    assert_eq!(
        read(json!({ "kind": "drawn-digits", "dim": 100 })),
        Err("data.dim is 100; allowed: 64, 256 or 784: pictures of 8, 16 or 28 pixels a side.".into())
    );
    assert_eq!(digits(28).dim(), 784);
}

/// A sheet of 100 to look at: `SHEET=folder cargo test --test drawn_digits -- --ignored`.
#[test]
#[ignore = "writes pictures for the eye"]
fn sheet() {
    let folder = std::env::var("SHEET").unwrap();
    for side in [8, 16, 28] {
        let (drawn, labels) = drawn(side, 1500, 3);
        let (cell, width) = (side + 2, 10 * (side + 2));
        let mut sheet = vec![255; width * width];
        for digit in 0..10 {
            for (k, i) in (0..1500).filter(|&i| labels[i] == digit as u32).take(10).enumerate() {
                for (at, pixel) in drawn.points.row(i).iter().enumerate() {
                    let (x, y) = (k * cell + at % side, digit * cell + at / side);
                    sheet[y * width + x] = (127.5 * (1.0 - pixel)) as u8;
                }
            }
        }
        let header = format!("P5 {width} {width} 255\n");
        std::fs::write(format!("{folder}/sheet{side}.pgm"), [header.as_bytes(), &sheet].concat()).unwrap();
    }
}
