//! How the native runner's tables read numbers over few seeds: `examples/reproduce/spread.rs`.

#[path = "../../examples/reproduce/spread.rs"]
mod spread;

use spread::{Spread, ranks, short, text};

fn of(values: &[f64]) -> Option<Spread> {
    Spread::of(values.iter().map(|value| Some((*value, None))))
}

#[test]
fn ranks_are_shared_where_three_seeds_do_not_tell_apart() {
    // Twice the standard error apart is not one in twenty of three seeds.
    let near = [of(&[1.0, 1.1, 1.2]), of(&[1.12, 1.22, 1.32]), of(&[3.0, 3.1, 3.2])];
    assert_eq!(ranks(&near), [Some(1), Some(1), Some(3)]);
    assert_eq!(ranks(&[of(&[5.0, 5.0]), None, of(&[4.0, 4.0])]), [Some(2), None, Some(1)]);
    assert_eq!(ranks(&[]), []);
}

#[test]
fn one_seed_has_the_error_of_its_measurement() {
    let one = |value, error| Spread::of([Some((value, Some(error)))]);
    assert_eq!(ranks(&[one(1.0, 0.1), one(1.2, 0.1)]), [Some(1), Some(1)]);
    assert_eq!(ranks(&[one(1.0, 0.1), one(1.4, 0.1)]), [Some(1), Some(2)]);
}

#[test]
fn who_never_comes_to_a_line_is_last_and_shares_that() {
    let never = of(&[f64::INFINITY, 8.0, 8.0]);
    assert_eq!(ranks(&[never, of(&[64.0, 32.0, 64.0]), of(&[f64::INFINITY; 3])]), [Some(2), Some(1), Some(2)]);
}

#[test]
fn text_says_what_there_is() {
    assert_eq!(text([None, None].into_iter(), 2), "–");
    assert_eq!(text([Some(1.0), Some(2.0), None].into_iter(), 1), "1.5\u{a0}±\u{a0}0.7");
    assert_eq!(short(Some(0.0123)), "0.012");
    assert_eq!(short(None), "–");
    assert!(Spread::of([Some((1.0, None)), None]).is_none());
}
