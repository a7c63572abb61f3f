//! Numbers as people, spreadsheets and programs write them: which mark is the decimal one, and what groups thousands.

use super::table::Mark;

/// Of a number with marks: what it proves, or which mark might group thousands as well as be the decimal one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    Proof { decimal: Mark, groups: bool },
    Doubt(Mark),
    Nothing,
}

/// In the letters that the grammar knows: marks and digits of other scripts, and minus signs that typesetters use.
fn plainly(cell: &str) -> String {
    let plain = |c| match c {
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff0b}' => '+',
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => ' ',
        '\u{2019}' | '\u{66c}' => '\'',
        '\u{66b}' | '\u{ff0e}' => '.',
        '\u{ff0c}' => ',',
        '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{ff10}'..='\u{ff19}' => {
            (b'0' + (c as u32 & 15) as u8) as char
        }
        _ => c,
    };
    cell.chars().map(plain).collect()
}

/// A number's parts as written: what stands before the decimal mark, after it and in the exponent.
struct Parts<'a> {
    sign: &'a str,
    whole: &'a str,
    fraction: Option<&'a str>,
    exponent: Option<&'a str>,
}

fn parts(text: &str, decimal: char) -> Parts<'_> {
    let (sign, rest) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    let (mantissa, exponent) = match rest.find(['e', 'E', 'd', 'D']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    Parts { sign, whole, fraction, exponent }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits in groups: three in each but the first; two in India, but for the last, where commas group.
fn are_groups(text: &str, mark: char) -> bool {
    let groups: Vec<&str> = text.split(mark).collect();
    let [first, middle @ .., last] = &groups[..] else { return false };
    let is_middle = |group: &&str| group.len() == 3 || (mark == ',' && group.len() == 2);
    let digits = groups.iter().all(|group| are_digits(group));
    digits && first.len() <= 3 && !first.starts_with('0') && middle.iter().all(is_middle) && last.len() == 3
}

fn is_written(text: &str, decimal: Mark) -> bool {
    let Parts { whole, fraction, exponent, .. } = parts(text, decimal.char());
    let is_whole =
        are_digits(whole) || [' ', '\'', decimal.other().char()].into_iter().any(|mark| are_groups(whole, mark));
    let is_mantissa = match fraction {
        None => is_whole,
        Some("") => is_whole && decimal == Mark::Point,
        Some(digits) => are_digits(digits) && (is_whole || whole.is_empty()),
    };
    let is_exponent = |text: &str| are_digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    is_mantissa && exponent.is_none_or(is_exponent)
}

/// Nothing for what is not a number.
pub fn parse(cell: &str, decimal: Mark) -> Option<f64> {
    let text = plainly(cell);
    if !is_written(&text, decimal) {
        return None;
    }
    let Parts { sign, whole, fraction, exponent } = parts(&text, decimal.char());
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{sign}{digits}.{}e{}", fraction.unwrap_or_default(), exponent.unwrap_or("0")).parse().ok()
}

/// With either mark.
pub fn is_number(cell: &str) -> bool {
    let text = plainly(cell);
    is_written(&text, Mark::Point) || is_written(&text, Mark::Comma)
}

/// A number, or something such as `nan` that stands where a number should.
pub fn is_number_like(cell: &str) -> bool {
    is_number(cell) || is_not_finite(cell)
}

pub fn is_not_finite(cell: &str) -> bool {
    let word = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    ["nan", "inf", "infinity"].iter().any(|one| word.eq_ignore_ascii_case(one))
}

pub fn evidence(cell: &str) -> Evidence {
    let text = plainly(cell);
    let marks = text.matches(['.', ',']).count();
    if marks == 0 || !is_number(cell) {
        return Evidence::Nothing;
    }
    let present = if text.contains('.') { Mark::Point } else { Mark::Comma };
    let Parts { whole, exponent, .. } = parts(&text, '\0');
    if marks == 1 && exponent.is_none() && are_groups(whole, present.char()) {
        return Evidence::Doubt(present);
    }
    for decimal in [Mark::Point, Mark::Comma] {
        let Parts { whole, exponent, .. } = parts(&text, decimal.char());
        if exponent.is_none() && is_written(&text, decimal) && are_groups(whole, decimal.other().char()) {
            return Evidence::Proof { decimal, groups: true };
        }
    }
    Evidence::Proof { decimal: present, groups: false }
}
