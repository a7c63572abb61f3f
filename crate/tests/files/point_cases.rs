//! Every file of tests/vectors/point-files.json, which the page's reader reads too.

use crate::cases::{cases, from_base64};
use crate::damaged::damaged;
use crate::points::table::{Mark, Options, Reading, Refusal};
use crate::points::{Found, found};
use flow_playground::distribution::Labels;
use serde_json::{Value, json};

fn bytes(case: &Value) -> Vec<u8> {
    if let Some(text) = case["base64"].as_str() {
        return from_base64(text);
    }
    let part = |name: &str| case[name].as_str().unwrap_or_default();
    let rows = part("rows").repeat(case["times"].as_u64().unwrap() as usize);
    let long = "1".repeat(400_000) + "x";
    [part("text"), &rows, part("tail")].concat().replace("LONG", &long).into_bytes()
}

fn options(given: &Value) -> Options {
    let mark = |text: &str| if text == "," { Mark::Comma } else { Mark::Point };
    Options {
        columns: given["columns"].as_array().map(|all| all.iter().map(|i| i.as_u64().unwrap() as usize).collect()),
        decimal: given["decimal"].as_str().map(mark),
        header: given["header"].as_bool(),
        label: given["label"].as_u64().map(|column| column.to_string()),
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
        (Ok(Found { values, columns, labels, notes }), None, None) => {
            let expected = &case["points"];
            let first: Vec<f64> = expected["first"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|row| row.as_array().unwrap())
                .map(|x| x.as_f64().unwrap())
                .collect();
            let classes = labels.map_or(
                Value::Null,
                |Labels { names, of }| json!({ "classes": names, "first": of[..first.len() / columns.len()] }),
            );
            let is_same = values.iter().zip(&first).all(|(value, expected)| *value as f32 == *expected as f32)
                && json!(columns) == expected["columns"]
                && classes == expected["labels"];
            let note = if notes.is_empty() { Value::Null } else { notes.join(" ").into() };
            let told = format!("{columns:?} {:?} {classes} {note}", &values[..first.len()]);
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
    let failed: Vec<String> = cases("point-files")
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case["name"].as_str()?, check(case).err()?)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn two_thousand_hostile_files_are_read_or_refused_in_a_sentence() {
    // Long ones take their time and hold nothing else.
    let whole: Vec<Vec<u8>> = cases("point-files").iter().map(bytes).filter(|bytes| bytes.len() < 4000).collect();
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

#[test]
fn the_column_of_classes_goes_by_its_number_or_its_name() {
    let text = ["x,y,kind\n", &"0.5,1.25,red\n1.5,-2,blue\n".repeat(8)].concat();
    let labels = |label: &str| {
        let options = Options { label: Some(label.into()), ..Options::default() };
        found(text.as_bytes(), &options).map(|found| found.labels.unwrap())
    };
    let named = labels("kind").ok().unwrap();
    assert_eq!(named.names, ["blue", "red"]);
    assert_eq!(Some(named), labels("2").ok());
    for missing in ["3", "colour", "-1", ""] {
        let sentence = labels(missing).err().unwrap().to_string();
        assert_eq!(sentence, format!("There is no column {missing} to be the label."));
    }
}
