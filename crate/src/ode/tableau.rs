//! Runge-Kutta methods as data that checks itself (Butcher 1963; Hairer, Nørsett and Wanner, *Solving ODEs I*, II.1).

use super::order_conditions;
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
    /// The weights of a solution one order lower, whose distance from x' estimates the error. One longer than `b`: the
    /// last weighs f(x', t + h), which is the first stage of the next step (first same as last), so that equal steps
    /// leave it out and adaptive ones pay for it once.
    pub embedded: Option<&'static [f64]>,
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
    /// Heun's method of order 3: three evaluations a step.
    Heun3,
    /// The classic method of Kutta: order 4, four evaluations a step.
    #[default]
    Rk4,
    /// Kutta's 3/8 rule, which torchdiffeq calls `rk4`: order 4, four evaluations a step.
    #[serde(rename = "rk4-38")]
    Rk4ThreeEighths,
    /// Bogacki and Shampine 1989: order 3 with an error estimate, three evaluations a step.
    Bosh3,
    /// Dormand and Prince 1980: order 5 with an error estimate, six evaluations a step.
    Dopri5,
    /// Tsitouras 2011: order 5 with an error estimate, six evaluations a step.
    Tsit5,
}

const EULER: Tableau = Tableau { name: "Euler", order: 1, a: &[], b: &[1.0], embedded: None };
const MIDPOINT: Tableau = Tableau { name: "midpoint", order: 2, a: &[&[0.5]], b: &[0.0, 1.0], embedded: None };
const HEUN: Tableau = Tableau { name: "Heun", order: 2, a: &[&[1.0]], b: &[0.5, 0.5], embedded: None };
const HEUN3: Tableau = Tableau {
    name: "Heun 3",
    order: 3,
    a: &[&[1.0 / 3.0], &[0.0, 2.0 / 3.0]],
    b: &[1.0 / 4.0, 0.0, 3.0 / 4.0],
    embedded: None,
};
const RK4: Tableau = Tableau {
    name: "RK4",
    order: 4,
    a: &[&[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]],
    b: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0],
    embedded: None,
};
const RK4_THREE_EIGHTHS: Tableau = Tableau {
    name: "RK4 (3/8)",
    order: 4,
    a: &[&[1.0 / 3.0], &[-1.0 / 3.0, 1.0], &[1.0, -1.0, 1.0]],
    b: &[1.0 / 8.0, 3.0 / 8.0, 3.0 / 8.0, 1.0 / 8.0],
    embedded: None,
};
const BOSH3: Tableau = Tableau {
    name: "Bosh3",
    order: 3,
    a: &[&[1.0 / 2.0], &[0.0, 3.0 / 4.0]],
    b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
    embedded: Some(&[7.0 / 24.0, 1.0 / 4.0, 1.0 / 3.0, 1.0 / 8.0]),
};
/// With Shampine's embedded weights (1986), which torchdiffeq and diffrax use; those of the original paper give
/// slightly other step counts.
const DOPRI5: Tableau = Tableau {
    name: "Dopri5",
    order: 5,
    a: &[
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
        &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
        &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    ],
    b: &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
    embedded: Some(&[
        1951.0 / 21600.0,
        0.0,
        22642.0 / 50085.0,
        451.0 / 720.0,
        -12231.0 / 42400.0,
        649.0 / 6300.0,
        1.0 / 60.0,
    ]),
};
/// The digits are those of diffrax. (torchdiffeq's `tsit5` goes on from what is the embedded solution here.)
const TSIT5: Tableau = Tableau {
    name: "Tsit5",
    order: 5,
    a: &[
        &[0.161],
        &[-0.008480655492356989, 0.335480655492357],
        &[2.8971530571054935, -6.359448489975075, 4.3622954328695815],
        &[5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
        &[5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    ],
    b: &[0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
    embedded: Some(&[
        0.09468075576583945,
        0.009183565540343254,
        0.4877705284247616,
        1.234297566930479,
        -2.7077123499835256,
        1.866628418170587,
        1.0 / 66.0,
    ]),
};

impl SolverKind {
    /// Every solver, in the order they are offered.
    pub const ALL: [Self; 9] = [
        Self::Euler,
        Self::Midpoint,
        Self::Heun,
        Self::Heun3,
        Self::Rk4,
        Self::Rk4ThreeEighths,
        Self::Bosh3,
        Self::Dopri5,
        Self::Tsit5,
    ];

    /// The method's coefficients.
    pub fn tableau(self) -> &'static Tableau {
        match self {
            Self::Euler => &EULER,
            Self::Midpoint => &MIDPOINT,
            Self::Heun => &HEUN,
            Self::Heun3 => &HEUN3,
            Self::Rk4 => &RK4,
            Self::Rk4ThreeEighths => &RK4_THREE_EIGHTHS,
            Self::Bosh3 => &BOSH3,
            Self::Dopri5 => &DOPRI5,
            Self::Tsit5 => &TSIT5,
        }
    }
}

impl Tableau {
    /// Evaluations of the right-hand side in one solver step.
    pub fn stages(&self) -> usize {
        self.b.len()
    }

    /// The row of coefficients that stage `i` starts from: empty for the first, `b` for the one at the step's end.
    pub fn row(&self, i: usize) -> &'static [f64] {
        match i {
            0 => &[],
            _ if i == self.stages() => self.b,
            _ => self.a[i - 1],
        }
    }

    /// The time of stage `i` as a share of the step: the row sum, by consistency.
    pub fn node(&self, i: usize) -> f64 {
        self.row(i).iter().sum()
    }

    /// The largest violation of the order conditions, of the embedded weights' too: zero, up to the digits given, for a
    /// method that is what it says.
    pub fn defect(&self) -> f64 {
        let order = self.order as usize;
        let embedded = self.embedded.map_or(0.0, |weights| order_conditions::defect(self, weights, order - 1));
        order_conditions::defect(self, self.b, order).max(embedded)
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
            for i in 0..=tableau.stages() {
                assert_eq!(tableau.row(i).len(), i);
            }
            if let Some(embedded) = tableau.embedded {
                assert_eq!(embedded.len(), tableau.stages() + 1);
            }
            assert!(tableau.defect() < 2e-14, "{}: {}", tableau.name, tableau.defect());
        }
    }

    /// Neither solution is of a higher order than it says, or the error estimate would be of something else.
    #[test]
    fn the_next_order_is_not_met() {
        for tableau in SolverKind::ALL.map(SolverKind::tableau) {
            let order = tableau.order as usize;
            assert!(order_conditions::defect(tableau, tableau.b, order + 1) > 1e-4, "{}", tableau.name);
            let embedded = tableau.embedded.map(|weights| order_conditions::defect(tableau, weights, order));
            assert!(embedded.is_none_or(|defect| defect > 1e-4), "{}: {embedded:?}", tableau.name);
        }
    }

    #[test]
    fn a_wrong_coefficient_is_noticed() {
        assert!(Tableau { b: &[0.2, 0.3, 0.3, 0.2], ..RK4 }.defect() > 1e-2);
        // The embedded weights of the 1980 paper with the last two exchanged.
        let exchanged =
            &[5179.0 / 57600.0, 0.0, 7571.0 / 16695.0, 393.0 / 640.0, -92097.0 / 339200.0, 0.025, 187.0 / 2100.0];
        assert!(Tableau { embedded: Some(exchanged), ..DOPRI5 }.defect() > 1e-3);
    }

    /// Changing any one coefficient of a method of order 5 in the ninth digit violates a condition.
    #[test]
    fn every_coefficient_is_covered_by_a_condition() {
        for tableau in [DOPRI5, TSIT5] {
            for changed in 0..tableau.stages() {
                let mut b = tableau.b.to_vec();
                b[changed] += 1e-9;
                assert!(Tableau { b: b.leak(), embedded: None, ..tableau }.defect() > 1e-10);
                for column in 0..changed {
                    let mut a: Vec<Vec<f64>> = tableau.a.iter().map(|row| row.to_vec()).collect();
                    a[changed - 1][column] += 1e-9;
                    let rows: Vec<&'static [f64]> = a.into_iter().map(|row| &*row.leak()).collect();
                    assert!(Tableau { a: rows.leak(), embedded: None, ..tableau }.defect() > 1e-12);
                }
            }
        }
    }

    #[test]
    fn kinds_are_kebab_case() {
        let names = SolverKind::ALL.map(|kind| serde_json::to_value(kind).unwrap());
        let expected = ["euler", "midpoint", "heun", "heun3", "rk4", "rk4-38", "bosh3", "dopri5", "tsit5"];
        assert_eq!(names, expected.map(serde_json::Value::from));
    }
}
