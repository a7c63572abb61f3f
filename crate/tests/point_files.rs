//! Every file of tests/vectors/point-files.json, which the page's reader reads too.

mod damaged;
#[path = "../examples/points/mod.rs"]
#[allow(dead_code, reason = "tests open no path and have no command line")]
mod points;

use damaged::damaged;
use points::table::{Mark, Options, Reading, Refusal};
use points::{Found, found};
use serde_json::{Value, json};

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/point-files.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    table["cases"].as_array().unwrap().clone()
}

fn bytes(case: &Value) -> Vec<u8> {
    if let Some(text) = case["base64"].as_str() {
        return from_base64(text);
    }
    let part = |name: &str| case[name].as_str().unwrap_or_default();
    let rows = part("rows").repeat(case["times"].as_u64().unwrap() as usize);
    let long = "1".repeat(400_000) + "x";
    [part("text"), &rows, part("tail")].concat().replace("LONG", &long).into_bytes()
}

fn from_base64(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0u32, 0, Vec::new());
    for letter in text.chars().filter(|&letter| letter != '=') {
        bits = bits << 6 | LETTERS.find(letter).unwrap() as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

fn options(given: &Value) -> Options {
    let mark = |text: &str| if text == "," { Mark::Comma } else { Mark::Point };
    Options {
        columns: given["columns"].as_array().map(|all| all.iter().map(|i| i.as_u64().unwrap() as usize).collect()),
        decimal: given["decimal"].as_str().map(mark),
        header: given["header"].as_bool(),
    }
}

fn json_of(Reading { answer, columns, rows }: &Reading) -> Value {
    let mut dialect = json!({});
    if let Some(decimal) = answer.decimal {
        dialect["decimal"] = decimal.char().to_string().into();
    }
    if let Some(header) = answer.header {
        dialect["header"] = header.into();
    }
    json!({ "dialect": dialect, "columns": columns, "rows": rows })
}

/// Whole numbers and others alike.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(all) => all.iter().map(numbers).collect(),
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), numbers(value))).collect(),
        other => other.clone(),
    }
}

/// What is wrong with the outcome, if anything.
fn check(case: &Value) -> Result<(), String> {
    let outcome = found(&bytes(case), &options(&case["options"]));
    match (outcome, case["refused"].as_str(), case["doubt"].as_str()) {
        (Ok(Found { values, columns, notes }), None, None) => {
            let expected = &case["points"];
            let first: Vec<f64> = expected["first"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|row| row.as_array().unwrap())
                .map(|x| x.as_f64().unwrap())
                .collect();
            let is_same = values.iter().zip(&first).all(|(value, expected)| *value as f32 == *expected as f32)
                && json!(columns) == expected["columns"];
            let note = if notes.is_empty() { Value::Null } else { notes.join(" ").into() };
            let told = format!("{columns:?} {:?} {note}", &values[..first.len()]);
            if is_same && note == expected["note"] { Ok(()) } else { Err(told) }
        }
        (Err(Refusal::Told(sentence)), Some(expected), _) => {
            if sentence.starts_with(expected) && sentence.ends_with('.') { Ok(()) } else { Err(sentence) }
        }
        (Err(Refusal::Doubt { question, readings }), _, Some(expected)) => {
            let told: Vec<Value> = readings.iter().map(json_of).collect();
            let is_same = question == expected && numbers(&json!(told)) == numbers(&case["readings"]);
            if is_same { Ok(()) } else { Err(format!("{question} {told:?}")) }
        }
        (Ok(Found { values, .. }), ..) => Err(format!("it was read: {:?}", &values[..4])),
        (Err(refusal), ..) => Err(refusal.to_string()),
    }
}

#[test]
fn every_file_gives_what_it_gives_on_the_page() {
    let failed: Vec<String> =
        cases().iter().filter_map(|case| Some(format!("{}: {}", case["name"].as_str()?, check(case).err()?))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn two_thousand_hostile_files_are_read_or_refused_in_a_sentence() {
    // Long ones take their time and hold nothing else.
    let whole: Vec<Vec<u8>> = cases().iter().map(bytes).filter(|bytes| bytes.len() < 4000).collect();
    let mut state = 16;
    for file in 0..2000 {
        let bytes = damaged(&whole[file % whole.len()], &whole, &mut state);
        match found(&bytes, &Options::default()) {
            Ok(Found { values, columns, .. }) => {
                assert!(values.len() >= 16 * columns.len() && values.iter().all(|&x| (x as f32).is_finite()));
            }
            Err(refusal) => {
                let sentence = refusal.to_string();
                assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
            }
        }
    }
}

#[test]
fn a_doubt_names_the_options_that_end_it() {
    let text = "1.900;0,5\n2.500;-3,25\n".repeat(8);
    let refusal = found(text.as_bytes(), &Options::default()).err().unwrap();
    let sentence = "“1.900” (row 1, column 1) may mean 1.9 or 1900: --decimal . or --decimal , says which.";
    assert_eq!(refusal.to_string(), sentence);
}
