//! Two batches in, a pairing out: which noise point each data point is joined to.

mod assignment;
mod costs;
mod sinkhorn;

pub use assignment::{Assignment, assign};
pub use costs::Costs;
pub use sinkhorn::{Plan, Stop, sinkhorn};

use crate::error::{FlowError, check_range};
use crate::points::{Points, sort_by_value};
use crate::rng::Rng;
use crate::space::SpaceKind;
use serde::{Deserialize, Serialize};

/// The joint law that pairs of ends are drawn from in training: in JSON `"independent"`, `"minibatch-ot"` or
/// `{"sinkhorn": {"regularization": 0.1}}`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Coupling {
    /// P × Q: each data point meets whichever noise point was drawn beside it.
    #[default]
    Independent,
    /// The permutation of least squared distance within a batch (Pooladian 2023; Tong 2023).
    MinibatchOt,
    /// The entropy-regularized plan within a batch: each data point draws its noise point (Tong 2023, SB-CFM with a
    /// regularization of 2σ²).
    Sinkhorn {
        /// ε, in squared units of the data, 0.001 to 1000.
        #[serde(default = "default_regularization")]
        regularization: f64,
    },
}

fn default_regularization() -> f64 {
    0.1
}

/// Points in a block that is paired by optimal transport: 98 % of the gain of a large block on the toy sets
/// (eight Gaussians, checkerboard, moons, pinwheel).
pub const DEFAULT_BLOCK: usize = 128;
/// A block is never larger: the costs of more points would not fit a browser's memory.
const LARGEST_BLOCK: usize = 4096;
/// Both marginals are exact however few the iterations; the error is the share of pairs that are drawn independently to make
/// them so.
const STOP: Stop = Stop { iterations: 400, tolerance: 1e-3 };

impl Coupling {
    /// For as many data as noise points: the noise index that each data point is paired with. Optimal transport pairs
    /// consecutive blocks of `block` points, which keeps both marginals for any block; a larger block than the batch is
    /// the batch.
    pub fn pair(self, data: &Points, noise: &Points, block: usize, rng: &mut Rng) -> Vec<usize> {
        self.pair_on(SpaceKind::Plane, [data, noise], block, rng)
    }

    /// The same on a space, where a pair costs the squared length of the shortest line between its points.
    pub fn pair_on(self, space: SpaceKind, [data, noise]: [&Points; 2], block: usize, rng: &mut Rng) -> Vec<usize> {
        let dim = data.dim();
        let block = block.clamp(1, LARGEST_BLOCK) * dim;
        let mut pairs = Vec::with_capacity(data.len());
        for (data, noise) in data.values().chunks(block).zip(noise.values().chunks(block)) {
            let first = pairs.len();
            let costs = || Costs::of_rows_on(space, [data, noise], dim);
            let columns = match self {
                Self::Independent => (0..data.len() / dim).collect(),
                Self::MinibatchOt if dim == 1 => in_order(data, noise),
                Self::MinibatchOt => assign(&costs()).columns,
                Self::Sinkhorn { regularization } => sinkhorn(&costs(), regularization, STOP).draw(rng),
            };
            pairs.extend(columns.into_iter().map(|column| first + column));
        }
        pairs
    }

    /// Refuses a coupling that cannot be drawn from, naming `field`, and a block of no points, naming `block_field`.
    pub fn check(self, field: &str, block: usize, block_field: &str) -> Result<(), FlowError> {
        if let Self::Sinkhorn { regularization } = self {
            check_range(&format!("{field}.sinkhorn.regularization"), regularization, 1e-3..=1e3)?;
        }
        check_range(block_field, block, 1..=1_000_000)
    }
}

/// The optimal pairs of points on a line: the smallest with the smallest, and so on.
fn in_order(data: &[f32], noise: &[f32]) -> Vec<usize> {
    let ranked = |values: &[f32]| {
        let mut order: Vec<(f64, usize)> = values.iter().map(|&value| f64::from(value)).zip(0..).collect();
        sort_by_value(&mut order);
        order
    };
    let mut columns = vec![0; data.len()];
    ranked(data).into_iter().zip(ranked(noise)).for_each(|((_, row), (_, column))| columns[row] = column);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{DistributionKind, Mixture, Sampler};
    use crate::rng::{Rng, Stream};
    use proptest::prelude::*;
    use serde_json::{json, to_value};

    fn ends(len: usize) -> (Points, Points) {
        let data = DistributionKind::Moons.built_in().unwrap().sample(len, &mut Rng::new(3, Stream::Data));
        (data, Mixture::standard_normal(2).sample(len, &mut Rng::new(3, Stream::Noise)))
    }

    #[test]
    fn names_in_json() {
        let read = |value| serde_json::from_value::<Coupling>(value);
        for (coupling, name) in [
            (Coupling::Independent, json!("independent")),
            (Coupling::MinibatchOt, json!("minibatch-ot")),
            (Coupling::Sinkhorn { regularization: 0.5 }, json!({"sinkhorn": {"regularization": 0.5}})),
        ] {
            assert_eq!(to_value(coupling).unwrap(), name);
            assert_eq!(read(name).unwrap(), coupling);
        }
        assert_eq!(read(json!({"sinkhorn": {}})).unwrap(), Coupling::Sinkhorn { regularization: 0.1 });
        assert!(read(json!("ot")).unwrap_err().to_string().contains("`minibatch-ot`"));
        assert!(read(json!({"sinkhorn": {"epsilon": 1.0}})).is_err());
    }

    #[test]
    fn pairs_in_order_are_the_optimal_ones_on_a_line() {
        let data = DistributionKind::Bimodal.built_in().unwrap().sample(90, &mut Rng::new(3, Stream::Data));
        let noise = Mixture::standard_normal(1).sample(90, &mut Rng::new(3, Stream::Noise));
        let pairs = Coupling::MinibatchOt.pair(&data, &noise, 90, &mut Rng::new(1, Stream::Coupling));
        assert_eq!(pairs, assign(&Costs::squared(&data, &noise)).columns);
    }

    #[test]
    fn minibatch_ot_uses_each_point_of_a_block_once_and_a_larger_block_is_cheaper() {
        let (data, noise) = ends(300);
        let mean_cost = |block: usize| {
            let pairs = Coupling::MinibatchOt.pair(&data, &noise, block, &mut Rng::new(0, Stream::Coupling));
            for first in (0..300_usize).step_by(block) {
                let last = 300.min(first + block);
                let mut used = pairs[first..last].to_vec();
                used.sort_unstable();
                assert_eq!(used, (first..last).collect::<Vec<_>>());
            }
            Costs::squared(&data, &noise).total(&pairs) / 300.0
        };
        let costs = [1, 16, 128, 1000].map(mean_cost);
        assert!(costs.windows(2).all(|pair| pair[1] < pair[0]), "{costs:?}");
    }

    #[test]
    fn sinkhorn_repeats_with_its_stream_and_nears_the_assignment() {
        let (data, noise) = ends(200);
        let draw = |regularization, seed| {
            let rng = &mut Rng::new(seed, Stream::Coupling);
            Coupling::Sinkhorn { regularization }.pair(&data, &noise, 100, rng)
        };
        assert_eq!(draw(0.1, 1), draw(0.1, 1));
        assert_ne!(draw(0.1, 1), draw(0.1, 2));
        let cost = |pairs: &[usize]| Costs::squared(&data, &noise).total(pairs) / 200.0;
        let exact = cost(&Coupling::MinibatchOt.pair(&data, &noise, 100, &mut Rng::new(0, Stream::Coupling)));
        let (sharp, soft) = (cost(&draw(0.02, 1)), cost(&draw(5.0, 1)));
        assert!((sharp - exact).abs() < 0.25 * exact && soft > sharp, "{exact} {sharp} {soft}");
    }

    /// The noise that pairs are drawn with is the noise: E z² of the pairs is that of the block at every regularization.
    #[test]
    fn sinkhorn_leaves_the_noise_as_it_is_at_any_regularization() {
        let (data, noise) = ends(512);
        let square = |i: usize| noise.row(i).iter().map(|&z| f64::from(z).powi(2)).sum::<f64>() / 2.0;
        let expected = (0..512).map(square).sum::<f64>() / 512.0;
        let exact = Costs::squared(&data, &noise);
        let exact = exact.total(&Coupling::MinibatchOt.pair(&data, &noise, 128, &mut Rng::new(0, Stream::Coupling)));
        for regularization in [0.001, 0.01, 0.1, 0.5, 2.0, 1000.0] {
            let mut found = Vec::new();
            let mut cost = 0.0;
            for seed in 0..8 {
                let rng = &mut Rng::new(seed, Stream::Coupling);
                let pairs = Coupling::Sinkhorn { regularization }.pair(&data, &noise, 128, rng);
                cost += Costs::squared(&data, &noise).total(&pairs) / 8.0;
                found.push(pairs.into_iter().map(square).sum::<f64>() / 512.0);
            }
            let mean = found.iter().sum::<f64>() / 8.0;
            println!("{regularization}: E z² {mean:.4} of {expected:.4}, cost {:.4} of the least", cost / exact);
            // A draw's deviation is at most √(Var z² / 512), here of eight draws and with four standard errors.
            assert!((mean - expected).abs() < 4.0 / (512.0 * 8.0_f64).sqrt(), "{regularization}: {mean} of {expected}");
            assert!(regularization > 0.01 || cost < 1.05 * exact, "{regularization}: {cost} is far from {exact}");
        }
    }

    #[test]
    fn impossible_settings_are_refused_by_name() {
        let sentence = |coupling: Coupling, block| {
            coupling.check("method.coupling", block, "method.couplingBatch").unwrap_err().to_string()
        };
        assert_eq!(sentence(Coupling::MinibatchOt, 0), "method.couplingBatch is 0; allowed: 1 to 1000000.");
        for regularization in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let sentence = sentence(Coupling::Sinkhorn { regularization }, 1);
            assert!(sentence.starts_with("method.coupling.sinkhorn.regularization is"), "{sentence}");
        }
    }

    /// The least cost over all permutations, by Heap's algorithm.
    fn least_cost(costs: &Costs) -> f64 {
        fn visit(k: usize, columns: &mut [usize], costs: &Costs, least: &mut f64) {
            if k <= 1 {
                *least = least.min(costs.total(columns));
                return;
            }
            for i in 0..k {
                visit(k - 1, columns, costs, least);
                columns.swap(if k.is_multiple_of(2) { i } else { 0 }, k - 1);
            }
        }
        let (mut least, mut columns) = (f64::INFINITY, (0..costs.len()).collect::<Vec<_>>());
        visit(costs.len(), &mut columns, costs, &mut least);
        least
    }

    /// What prices in f32 can resolve beside the largest cost.
    fn rounding(costs: &Costs) -> f64 {
        let largest = (0..costs.len()).flat_map(|i| costs.row(i)).fold(0.0, |a: f64, &b| a.max(f64::from(b)));
        1e-6 * largest.max(1.0) * costs.len() as f64
    }

    fn square(sizes: std::ops::Range<usize>) -> impl Strategy<Value = Costs> {
        // Coarse values as well, for ties.
        let value = prop_oneof![(0u8..4).prop_map(f32::from), 0f32..10.0, Just(1e6f32)];
        sizes.prop_flat_map(move |len| {
            proptest::collection::vec(value.clone(), len * len).prop_map(move |values| Costs::new(values, len))
        })
    }

    proptest! {
        #[test]
        fn the_assignment_is_the_cheapest_permutation(costs in square(1..8)) {
            let (ours, least) = (costs.total(&assign(&costs).columns), least_cost(&costs));
            prop_assert!(ours - least <= rounding(&costs), "{ours} {least}");
        }

        #[test]
        fn the_prices_prove_the_assignment(costs in square(1..40)) {
            let Assignment { columns, row_prices, column_prices } = assign(&costs);
            let mut used = columns.clone();
            used.sort_unstable();
            prop_assert_eq!(used, (0..costs.len()).collect::<Vec<_>>());
            let prices = row_prices.iter().chain(&column_prices).sum::<f64>();
            let rounding = rounding(&costs);
            prop_assert!((prices - costs.total(&columns)).abs() <= rounding);
            for (i, u) in row_prices.iter().enumerate() {
                for (v, &cost) in column_prices.iter().zip(costs.row(i)) {
                    prop_assert!(u + v <= f64::from(cost) + rounding);
                }
            }
        }

        #[test]
        fn no_random_permutation_is_cheaper(seed in 0u64..1000) {
            let (data, noise) = ends(60);
            let costs = Costs::squared(&data, &noise);
            let ours = costs.total(&assign(&costs).columns);
            let mut rng = Rng::new(seed, Stream::Coupling);
            let mut columns: Vec<usize> = (0..60).collect();
            (1..60).rev().for_each(|i| columns.swap(i, rng.below(i + 1)));
            prop_assert!(ours <= costs.total(&columns));
        }

        #[test]
        fn a_sinkhorn_plan_keeps_both_marginals(seed in 0u64..1000, len in 1usize..12, exponent in -7f64..4.0) {
            let mut rng = Rng::new(seed, Stream::Coupling);
            let costs = Costs::new((0..len * len).map(|_| 10.0 * rng.uniform() as f32).collect(), len);
            let plan = sinkhorn(&costs, exponent.exp(), STOP);
            let share = 1.0 / costs.len() as f64;
            let columns: f64 = (0..costs.len())
                .map(|j| ((0..costs.len()).map(|i| plan.row(i)[j]).sum::<f64>() - share).abs())
                .sum();
            prop_assert!((0..costs.len()).all(|i| (plan.row(i).iter().sum::<f64>() - share).abs() < 1e-10));
            prop_assert!(columns < 1e-10, "{columns}");
        }
    }

    /// Alternate normalization from nothing, in logarithms: thousands of iterations, and nothing that could overflow.
    fn plain_sinkhorn(costs: &Costs, regularization: f64, iterations: usize) -> Vec<f64> {
        let len = costs.len();
        let c = |i: usize, j: usize| f64::from(costs.row(i)[j]) / regularization;
        let log_mean = |terms: Vec<f64>| {
            let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            largest + libm::log(terms.iter().map(|term| libm::exp(term - largest)).sum::<f64>() / len as f64)
        };
        let (mut f, mut g) = (vec![0.0; len], vec![0.0; len]);
        for _ in 0..iterations {
            f = (0..len).map(|i| -log_mean((0..len).map(|j| g[j] - c(i, j)).collect())).collect();
            g = (0..len).map(|j| -log_mean((0..len).map(|i| f[i] - c(i, j)).collect())).collect();
        }
        (0..len * len)
            .map(|at| libm::exp(f[at / len] + (g[at % len] - c(at / len, at % len))) / (len * len) as f64)
            .collect()
    }

    #[test]
    fn a_sinkhorn_plan_is_that_of_plain_iterations() {
        let (data, noise) = ends(24);
        let mut far = data.values().to_vec();
        far[0] += 300.0;
        far[7] -= 40.0;
        let far = Points::new(far, 2).unwrap();
        for (name, data, regularization) in [
            ("soft", &data, 5.0),
            ("usual", &data, 0.5),
            ("sharp", &data, 0.1),
            ("one far away", &far, 0.5),
            ("one far away, sharp", &far, 0.2),
        ] {
            let costs = Costs::squared(data, &noise);
            let plan = sinkhorn(&costs, regularization, Stop { iterations: 100_000, tolerance: 1e-12 });
            let expected = plain_sinkhorn(&costs, regularization, 20_000);
            let found = (0..24).flat_map(|i| plan.row(i).to_vec());
            let apart: f64 = found.zip(&expected).map(|(a, b)| (a - b).abs()).sum();
            // What the plain iterations are short of themselves, where a point lies far away.
            let sums = (0..24).map(|j| (0..24).map(|i| expected[i * 24 + j]).sum::<f64>());
            let short: f64 = sums.map(|sum| (sum - 1.0 / 24.0).abs()).sum();
            let rows = (0..24).map(|i| expected[i * 24..][..24].iter().sum::<f64>());
            let short = short + rows.map(|sum| (sum - 1.0 / 24.0).abs()).sum::<f64>();
            assert!(apart < 1e-10 + 4.0 * short, "{name}: {apart}, {short}");
            assert!(short < 1e-4, "{name}: {short}");
        }
    }

    #[test]
    fn degenerate_costs_end() {
        for costs in [Costs::new(vec![], 0), Costs::new(vec![2.0], 1), Costs::new(vec![3.0; 90 * 90], 90)] {
            let mut columns = assign(&costs).columns;
            columns.sort_unstable();
            assert_eq!(columns, (0..costs.len()).collect::<Vec<_>>());
        }
        let far = Points::new(vec![3e38, -3e38, 0.0, 1.0, 1e-30, 5.0], 2).unwrap();
        assert_eq!(assign(&Costs::squared(&far, &far)).columns.len(), 3);
        // Five costs at the end of f32 add up to more than f32 holds.
        for largest in [f32::MAX / 4.0, f32::MAX] {
            let same = Costs::new(vec![largest; 25], 5);
            let mut columns = assign(&same).columns;
            columns.sort_unstable();
            assert_eq!(columns, [0, 1, 2, 3, 4]);
            let diagonal = (0..25).map(|at| if at % 6 == 0 { 0.0 } else { largest }).collect();
            assert_eq!(assign(&Costs::new(diagonal, 5)).columns, [0, 1, 2, 3, 4]);
            let plan = sinkhorn(&same, 1e-3, STOP);
            assert!((0..5).all(|i| (plan.row(i).iter().sum::<f64>() - 0.2).abs() < 1e-10));
        }
    }
}
