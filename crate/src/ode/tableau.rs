//! Runge-Kutta methods as data that checks itself (Butcher 1963; Hairer, Nørsett and Wanner, *Solving ODEs I*, II.1).

use serde::{Deserialize, Serialize};

/// An explicit Runge-Kutta method: k_i = f(x + h Σ_j a_ij k_j, t + c_i h), x' = x + h Σ_i b_i k_i.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tableau {
    /// The name shown to people.
    pub name: &'static str,
    /// The order of convergence.
    pub order: u32,
    /// The rows of the strictly lower triangle, from the second stage on.
    pub a: &'static [&'static [f64]],
    /// The weights of the stages.
    pub b: &'static [f64],
}

/// The solvers that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SolverKind {
    /// Euler's method: order 1, one evaluation a step.
    Euler,
    /// The explicit midpoint rule: order 2, two evaluations a step.
    Midpoint,
    /// Heun's method of order 2, the explicit trapezoidal rule: two evaluations a step.
    Heun,
    /// The classic method of Kutta: order 4, four evaluations a step.
    #[default]
    Rk4,
}

const EULER: Tableau = Tableau { name: "Euler", order: 1, a: &[], b: &[1.0] };
const MIDPOINT: Tableau = Tableau { name: "midpoint", order: 2, a: &[&[0.5]], b: &[0.0, 1.0] };
const HEUN: Tableau = Tableau { name: "Heun", order: 2, a: &[&[1.0]], b: &[0.5, 0.5] };
const RK4: Tableau = Tableau {
    name: "RK4",
    order: 4,
    a: &[&[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]],
    b: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0],
};

impl SolverKind {
    /// Every solver, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Euler, Self::Midpoint, Self::Heun, Self::Rk4];

    /// The method's coefficients.
    pub fn tableau(self) -> &'static Tableau {
        match self {
            Self::Euler => &EULER,
            Self::Midpoint => &MIDPOINT,
            Self::Heun => &HEUN,
            Self::Rk4 => &RK4,
        }
    }
}

impl Tableau {
    /// Evaluations of the right-hand side in one solver step.
    pub fn stages(&self) -> usize {
        self.b.len()
    }

    /// The row of coefficients that stage `i` starts from; empty for the first.
    pub fn row(&self, i: usize) -> &'static [f64] {
        if i == 0 { &[] } else { self.a[i - 1] }
    }

    /// The time of stage `i` as a share of the step: the row sum, by consistency.
    pub fn node(&self, i: usize) -> f64 {
        self.row(i).iter().sum()
    }

    /// The largest violation of the order conditions up to `order` (at most 4): zero for a method that is what it says.
    pub fn defect(&self) -> f64 {
        let stages = 0..self.stages();
        let c: Vec<f64> = stages.clone().map(|i| self.node(i)).collect();
        let weighted = |values: &dyn Fn(usize) -> f64| -> f64 { stages.clone().map(|i| self.b[i] * values(i)).sum() };
        let inner = |i: usize, values: &dyn Fn(usize) -> f64| -> f64 {
            self.row(i).iter().enumerate().map(|(j, a)| a * values(j)).sum()
        };
        let conditions = [
            (1, weighted(&|_| 1.0), 1.0),
            (2, weighted(&|i| c[i]), 1.0 / 2.0),
            (3, weighted(&|i| c[i] * c[i]), 1.0 / 3.0),
            (3, weighted(&|i| inner(i, &|j| c[j])), 1.0 / 6.0),
            (4, weighted(&|i| c[i].powi(3)), 1.0 / 4.0),
            (4, weighted(&|i| c[i] * inner(i, &|j| c[j])), 1.0 / 8.0),
            (4, weighted(&|i| inner(i, &|j| c[j] * c[j])), 1.0 / 12.0),
            (4, weighted(&|i| inner(i, &|j| inner(j, &|k| c[k]))), 1.0 / 24.0),
        ];
        conditions
            .iter()
            .filter(|(order, ..)| *order <= self.order)
            .map(|(_, value, exact)| (value - exact).abs())
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tableau_is_explicit_and_meets_its_order_conditions() {
        for kind in SolverKind::ALL {
            let tableau = kind.tableau();
            assert_eq!(tableau.a.len() + 1, tableau.stages());
            for i in 0..tableau.stages() {
                assert_eq!(tableau.row(i).len(), i);
            }
            assert!(tableau.defect() < 1e-15, "{}", tableau.name);
        }
    }

    #[test]
    fn a_wrong_coefficient_is_noticed() {
        let wrong = Tableau { b: &[0.2, 0.3, 0.3, 0.2], ..RK4 };
        assert!(wrong.defect() > 1e-2);
    }
}
