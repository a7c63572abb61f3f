//! Whether a Runge-Kutta method has the order it claims: Butcher's conditions, one for each rooted tree (Hairer,
//! Nørsett and Wanner, *Solving ODEs I*, II.2, theorem 2.13).

use super::tableau::Tableau;

/// A rooted tree t as the conditions see it.
struct Tree {
    /// Φ_i(t) for every stage i: the product over the root's branches of Σ_j a_ij Φ_j(branch).
    weights: Vec<f64>,
    /// γ(t): its number of nodes times the γ of its branches.
    density: f64,
}

/// The largest violation |Σ_i `weights`_i Φ_i(t) - 1 / γ(t)| over all trees of at most `order` nodes, for weights of
/// the stages of `tableau`, which may include the stage at the step's end.
pub(super) fn defect(tableau: &Tableau, weights: &[f64], order: usize) -> f64 {
    trees(tableau, weights.len(), order)
        .iter()
        .flatten()
        .map(|tree| {
            (std::iter::zip(weights, &tree.weights).map(|(b, phi)| b * phi).sum::<f64>() - 1.0 / tree.density).abs()
        })
        .fold(0.0, f64::max)
}

/// The trees of 1, 2, .., `order` nodes. Every larger tree is a smaller one with another hung on its root; a tree that
/// arises in several ways is listed as often.
fn trees(tableau: &Tableau, stages: usize, order: usize) -> Vec<Vec<Tree>> {
    let mut trees = vec![vec![Tree { weights: vec![1.0; stages], density: 1.0 }]];
    for nodes in 2..=order {
        let mut larger = Vec::new();
        for branch_nodes in 1..nodes {
            let stem_nodes = nodes - branch_nodes;
            for stem in &trees[stem_nodes - 1] {
                for branch in &trees[branch_nodes - 1] {
                    let hung = |i| std::iter::zip(tableau.row(i), &branch.weights).map(|(a, phi)| a * phi).sum::<f64>();
                    larger.push(Tree {
                        weights: stem.weights.iter().enumerate().map(|(i, phi)| phi * hung(i)).collect(),
                        density: nodes as f64 * (stem.density / stem_nodes as f64) * branch.density,
                    });
                }
            }
        }
        trees.push(larger);
    }
    trees
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ode::SolverKind;

    #[test]
    fn the_densities_are_those_of_the_textbook() {
        let mut densities: Vec<f64> =
            trees(SolverKind::Rk4.tableau(), 4, 4).iter().flatten().map(|tree| tree.density).collect();
        densities.sort_by(f64::total_cmp);
        densities.dedup();
        assert_eq!(densities, [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0]);
    }
}
