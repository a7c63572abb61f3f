//! JSON as a table: rows of numbers, records, or columns, as programs write them.

use super::table::{Refusal, Table, column_names, is_finite, shown};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::rc::Rc;

const SHAPES: &str = "rows of numbers, records or columns, such as [[0.5, 1.25], ..]";

/// JSON whose objects keep their order, which is that of the columns.
#[derive(Clone, Debug, PartialEq)]
enum Json {
    Null,
    Number(f64),
    /// as it is written
    Other(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Ordered)
    }
}

struct Ordered;

impl<'de> Visitor<'de> for Ordered {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Other(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Other(serde_json::Value::from(value).to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Json::Object(object))
    }
}

/// Whether text begins as such JSON does.
pub fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let after = |open| text.strip_prefix(open).and_then(|rest| rest.trim_start().chars().next());
    after('[').is_some_and(|c| "[{]-\"".contains(c) || c.is_ascii_digit())
        || after('{').is_some_and(|c| "\"}".contains(c))
}

/// Names, and the value under each in every row, if there is one.
struct Found {
    names: Vec<String>,
    rows: Vec<Vec<Option<Json>>>,
}

pub fn table_from(text: &str) -> Result<Table, Refusal> {
    let Found { names, rows } = found(parsed(text.trim_start_matches('\u{feff}'))?)?;
    let labels = names.clone();
    let (num_rows, rows) = (rows.len(), Rc::new(rows));
    let same = rows.clone();
    let cell = move |row: usize, column: usize| {
        Ok(same[row].get(column).and_then(Option::as_ref).map_or_else(String::new, text_of))
    };
    let read = move |row: usize, column: usize| {
        let place = format!("Row {}, column {} ({})", row + 1, column + 1, shown(&labels[column]));
        if rows[row].len() != labels.len() {
            return Err(
                format!("Row {} has {} numbers; the first has {}.", row + 1, rows[row].len(), labels.len()).into()
            );
        }
        match &rows[row][column] {
            Some(Json::Number(value)) if is_finite(*value) => Ok(*value),
            Some(Json::Number(value)) => Err(format!("{place} is {value}, which is not a finite number.").into()),
            None | Some(Json::Null) => Err(format!("{place} is empty; a number is needed there.").into()),
            Some(Json::Other(text)) => Err(format!("{place} is {}, which is not a number.", shown(text)).into()),
            Some(_) => Err(format!("{place} is a list or an object, which is not a number.").into()),
        }
    };
    Ok(Table { names, num_rows, read: Box::new(read), cell: Box::new(cell), notes: Vec::new() })
}

/// As it names a class or a column; a list and an object do not.
fn text_of(value: &Json) -> String {
    match value {
        // Zero has no sign there.
        Json::Number(value) => (value + 0.0).to_string(),
        Json::Other(text) => serde_json::from_str(text).unwrap_or_else(|_| text.clone()),
        _ => String::new(),
    }
}

/// One value, or one a line.
fn parsed(text: &str) -> Result<Json, Refusal> {
    if let Ok(json) = serde_json::from_str(text) {
        return Ok(json);
    }
    let lines = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
    lines
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .map(Json::List)
        .map_err(|_| format!("The text begins as JSON and is none; {SHAPES}, can be read.").into())
}

fn wrong_shape() -> Refusal {
    format!("This JSON holds no points; {SHAPES}, can be read.").into()
}

fn found(json: Json) -> Result<Found, Refusal> {
    match json {
        Json::List(rows) => match rows.first() {
            None | Some(Json::List(_)) => of_rows(rows),
            Some(Json::Number(_)) => {
                Ok(Found { names: column_names(1), rows: rows.into_iter().map(|value| vec![Some(value)]).collect() })
            }
            Some(Json::Object(_)) => of_records(rows),
            _ => Err(wrong_shape()),
        },
        Json::Object(columns) => of_columns(columns),
        _ => Err(wrong_shape()),
    }
}

fn of_rows(rows: Vec<Json>) -> Result<Found, Refusal> {
    let list = |row: Json| match row {
        Json::List(values) => Ok(values.into_iter().map(Some).collect::<Vec<_>>()),
        _ => Err(wrong_shape()),
    };
    let rows: Vec<_> = rows.into_iter().map(list).collect::<Result<_, _>>()?;
    Ok(Found { names: column_names(rows.first().map_or(0, Vec::len)), rows })
}

fn of_records(records: Vec<Json>) -> Result<Found, Refusal> {
    let names: Vec<String> = match records.first() {
        Some(Json::Object(first)) => first.iter().map(|(name, _)| name.clone()).collect(),
        _ => return Err(wrong_shape()),
    };
    let value = |record: &Json, name: &String| match record {
        Json::Object(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()),
        _ => None,
    };
    let rows = records.iter().map(|record| names.iter().map(|name| value(record, name)).collect()).collect();
    Ok(Found { names, rows })
}

/// Lists under names, or, as pandas writes them, records by row or a table split into names and rows.
fn of_columns(columns: Vec<(String, Json)>) -> Result<Found, Refusal> {
    let entry = |name| columns.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if let (Some(Json::List(names)), Some(Json::List(data))) = (entry("columns"), entry("data")) {
        return Ok(Found { names: names.iter().map(text_of).collect(), ..of_rows(data)? });
    }
    let (names, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let list = |value| match value {
        Json::List(values) => Ok(values),
        Json::Object(entries) => Ok(entries.into_iter().map(|(_, value)| value).collect()),
        _ => Err(wrong_shape()),
    };
    let lists: Vec<Vec<Json>> = values.into_iter().map(list).collect::<Result<_, _>>()?;
    let most = lists.iter().map(Vec::len).max().unwrap_or(0);
    let rows = (0..most).map(|i| lists.iter().map(|list| list.get(i).cloned()).collect()).collect();
    Ok(Found { names, rows })
}
