//! Densities against what they must add up to, the samples that are drawn, the entropies that are stated and reference values.

use flow_playground::distribution::{Distribution, DistributionKind};
use flow_playground::rng::{Rng, Stream};
use serde_json::Value;

/// The sets in the plane that have a density, with a grid's step that resolves their noise: a sum over the grid is then exact
/// to far more digits than are asked for.
const PLANE: [(DistributionKind, f64); 17] = [
    (DistributionKind::Moons, 0.08),
    (DistributionKind::EightGaussians, 0.1),
    (DistributionKind::TwoSpirals, 0.05),
    (DistributionKind::Checkerboard, 0.1),
    (DistributionKind::Pinwheel, 0.03),
    (DistributionKind::Circles, 0.1),
    (DistributionKind::Rings, 0.06),
    (DistributionKind::SwissRoll, 0.1),
    (DistributionKind::Rose, 0.05),
    (DistributionKind::OlympicRings, 0.04),
    (DistributionKind::FractalTree, 0.025),
    (DistributionKind::Gaussian, 0.2),
    (DistributionKind::GaussianMixture, 0.05),
    (DistributionKind::DoubleWell, 0.05),
    (DistributionKind::MuellerBrown, 0.02),
    (DistributionKind::FourWells, 0.05),
    (DistributionKind::EnergyRing, 0.05),
];
/// The grid is over [-REACH, REACH]², which holds all of them, and the histogram has cells of this side.
const REACH: f64 = 8.0;
const CELL: f64 = 0.8;

fn built(kind: DistributionKind) -> Distribution {
    kind.built_in().unwrap()
}

/// Mass, entropy and the mass of each cell of the histogram, by a sum over the midpoints of a grid.
fn summed(distribution: &Distribution, step: f64) -> (f64, f64, Vec<f64>) {
    let across = (2.0 * REACH / CELL).round() as usize;
    // A whole number of steps a cell.
    let each = (CELL / step).ceil() as usize;
    let step = CELL / each as f64;
    let (mut mass, mut entropy, mut cells) = (0.0, 0.0, vec![0.0; across * across]);
    for i in 0..across * each {
        for j in 0..across * each {
            let x = [i, j].map(|i| (i as f64 + 0.5) * step - REACH);
            let log = distribution.log_density(&x).unwrap();
            let share = log.exp() * step * step;
            cells[i / each * across + j / each] += share;
            mass += share;
            entropy -= if share > 0.0 { share * log } else { 0.0 };
        }
    }
    (mass, entropy, cells)
}

#[test]
fn every_density_adds_up_to_one_gives_its_entropy_and_is_the_law_of_the_samples() {
    for (kind, step) in PLANE {
        let distribution = built(kind);
        let (mass, entropy, cells) = summed(&distribution, step);
        println!("{kind:?}: mass {mass:.9}, entropy {entropy:.7}");
        assert!((mass - 1.0).abs() < 2e-6, "{kind:?}: the density adds up to {mass}");
        let stated = distribution.entropy().unwrap();
        assert!((entropy - stated).abs() < 2e-6, "{kind:?}: the entropy is {entropy}, not {stated}");

        let n = 40_000;
        let across = (2.0 * REACH / CELL).round() as usize;
        let mut counts = vec![0.0; cells.len()];
        for row in distribution.sample(n, &mut Rng::new(11, Stream::Data)).rows() {
            let [i, j] = [row[0], row[1]].map(|x| ((f64::from(x) + REACH) / CELL) as usize);
            counts[i * across + j] += 1.0;
        }
        // χ² over the cells with at least five expected: its deviation is √(2 cells).
        let expected = cells.iter().map(|mass| n as f64 * mass).zip(&counts).filter(|(expected, _)| *expected >= 5.0);
        let terms: Vec<f64> = expected.map(|(expected, count)| (count - expected).powi(2) / expected).collect();
        let (chi, cells) = (terms.iter().sum::<f64>(), terms.len() as f64);
        assert!((chi - cells).abs() < 5.0 * (2.0 * cells).sqrt(), "{kind:?}: χ² is {chi} over {cells} cells");
    }
}

#[test]
fn densities_have_the_reference_values() {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/densities.json")).unwrap();
    let points: Vec<[f64; 2]> = serde_json::from_value(vectors["points"].clone()).unwrap();
    for (name, kind) in [("two_spirals", DistributionKind::TwoSpirals), ("pinwheel", DistributionKind::Pinwheel)] {
        let references: Vec<f64> = serde_json::from_value(vectors[name].clone()).unwrap();
        for (point, reference) in points.iter().zip(references) {
            let found = built(kind).log_density(point).unwrap().exp();
            assert!((found / reference - 1.0).abs() < 1e-6, "{name} at {point:?}: {found}, not {reference}");
        }
    }
}

/// A density that is known is known everywhere: only that of squares is 0, off them.
#[test]
fn log_densities_are_numbers_however_far_out() {
    for kind in DistributionKind::BUILT_IN {
        let distribution = built(kind);
        let dim = distribution.dim();
        for far in [0.0, 1e-30, 3.0, 12.0, 40.0, 1e4, 1e20, 3e38] {
            for sign in [1.0, -1.0] {
                let x: Vec<f64> = (0..dim).map(|i| if i % 2 == 0 { sign * far } else { far }).collect();
                let Some(found) = distribution.log_density(&x) else { continue };
                let bounded = matches!(kind, DistributionKind::Checkerboard | DistributionKind::TwoMoonsSbi);
                let empty = bounded && found == f64::NEG_INFINITY;
                assert!(found.is_finite() || empty, "{kind:?} at {x:?}: {found}");
            }
        }
    }
}

/// KL and the loss's floor need a density: only what has fewer freedoms than coordinates has none.
#[test]
fn every_built_in_set_with_a_width_has_a_density_and_an_entropy() {
    for kind in DistributionKind::BUILT_IN {
        let distribution = built(kind);
        let thin = matches!(kind, DistributionKind::Line | DistributionKind::Cosine | DistributionKind::DrawnDigits);
        let x = vec![0.1; distribution.dim()];
        assert_eq!(distribution.log_density(&x).is_none(), thin, "{kind:?}");
        assert_eq!(distribution.entropy().is_none(), thin, "{kind:?}");
    }
}
