//! Every case of tests/vectors/picture-files.json, which the page's reader reads too.

use crate::cases::{cases, from_base64};
use crate::picture_files::sheet::{Along, Tiling, tiling};
use crate::picture_files::{File, files_at, pictures_in, pictures_in_sheet};
use flow_playground::distribution::DistributionKind;
use flow_playground::export::weights;
use flow_playground::metric::Classifier;
use serde_json::{Value, json};
use std::path::Path;

fn files(case: &Value) -> Vec<File> {
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_string();
    let file = |file| File {
        name: text(file, "name"),
        folder: text(file, "folder"),
        bytes: from_base64(&text(file, "base64")),
    };
    case["files"].as_array().unwrap().iter().map(file).collect()
}

/// How pictures lie on the case's one file, where it is a sheet of them.
fn sheet(case: &Value) -> Option<Tiling> {
    let along = |side: &Value| {
        let number = |key: &str| side[key].as_u64().map(|number| number as usize);
        Along {
            tiles: number("tiles").unwrap(),
            pixels: number("pixels"),
            margin: number("margin").unwrap_or(0),
            gap: number("gap").unwrap_or(0),
        }
    };
    case.get("sheet").map(|sheet| [along(&sheet["across"]), along(&sheet["down"])])
}

#[test]
fn files_of_pictures_are_read_as_the_page_reads_them() {
    for case in cases("picture-files") {
        let (name, wanted) = (&case["name"], &case["found"]);
        let read = match sheet(&case) {
            Some(sheet) => pictures_in_sheet(&files(&case)[0], &sheet).map(Some),
            None => pictures_in(files(&case)),
        };
        let found = match read {
            Err(reason) => {
                // What is wrong with a file says with which one.
                assert!(reason.ends_with(wanted["refused"].as_str().unwrap()), "{name}: {reason}");
                continue;
            }
            Ok(None) => {
                assert!(wanted.is_null(), "{name}");
                continue;
            }
            Ok(Some(found)) => found,
        };
        let sum: f64 = found.points.iter().sum();
        assert!((sum - wanted["sum"].as_f64().unwrap()).abs() < 1e-9, "{name}: {sum}");
        let singles = |numbers: &Value| -> Vec<f32> {
            numbers.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
        };
        assert_eq!(singles(&json!(found.points[..12])), singles(&wanted["first"]), "{name}");
        let mut read = json!({ "dim": found.dim, "note": found.notes.join(" ") });
        (read["first"], read["sum"]) = (wanted["first"].clone(), wanted["sum"].clone());
        if let Some(labels) = found.labels {
            read["classes"] = labels.names.into();
            read["of"] = labels.of.into();
        }
        assert_eq!(read, *wanted, "{name}");
    }
}

#[test]
fn a_sheet_is_asked_for_in_numbers_and_one_picture_alone_says_how() {
    let side = |tiles, pixels, margin, gap| Along { tiles, pixels, margin, gap };
    assert_eq!(tiling("20x10", [None; 3]), Ok([side(20, None, 0, 0), side(10, None, 0, 0)]));
    let lies = [Some("28"), Some("2"), Some("1x3")];
    assert_eq!(tiling("20×10", lies), Ok([side(20, Some(28), 2, 1), side(10, Some(28), 2, 3)]));
    for (tiles, lies, at_fault) in
        [("20x", [None; 3], "--sheet is \"20x\""), ("2", [None, Some("-1"), None], "--margin is \"-1\"")]
    {
        assert!(
            tiling(tiles, lies).is_err_and(|reason| reason.starts_with(at_fault) && reason.contains("whole numbers"))
        );
    }
    let case = cases("picture-files").into_iter().find(|case| sheet(case).is_some()).unwrap();
    let refused = pictures_in(files(&case)).err().unwrap();
    assert_eq!(refused, "There is 1 picture; at least 16 are needed. The option --sheet says how many lie in it.");
    let table = File { name: "a.csv".into(), folder: String::new(), bytes: b"1,2".to_vec() };
    let reason = pictures_in_sheet(&table, &sheet(&case).unwrap()).err().unwrap();
    assert_eq!(reason, "a.csv is no PNG, which a sheet is.");
}

#[test]
fn a_folder_is_all_of_its_files_and_those_of_its_folders() {
    let root = std::env::temp_dir().join(format!("flow-playground-pictures-{}", std::process::id()));
    let case =
        cases("picture-files").into_iter().find(|case| case["name"].as_str().unwrap().contains("by class")).unwrap();
    for File { name, folder, bytes } in files(&case) {
        std::fs::create_dir_all(root.join(&folder)).unwrap();
        std::fs::write(root.join(folder).join(name), bytes).unwrap();
    }
    let found = pictures_in(files_at(&root).unwrap()).unwrap().unwrap();
    std::fs::remove_dir_all(&root).unwrap();
    assert_eq!(found.labels.unwrap().names, ["class 1", "class 10"]);
    assert_eq!((found.points.len(), found.dim), (16 * 300, 300));
    assert!(files_at(&root).is_err_and(|reason| reason.contains("cannot be read")));
}

#[test]
fn the_shipped_classifier_knows_real_digits_that_nothing_learned() {
    let shipped = |file: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/src").join(file);
    let levels =
        crate::pictures::read(&shipped("experiment/digits.npz"), &crate::points::table::Options::default()).unwrap();
    let (digits, labels) = crate::pictures::digits(&levels).unwrap();
    let tested: Vec<usize> =
        (0..digits.len()).filter(|&i| DistributionKind::Digits.holds_out(i) == Some(true)).collect();
    assert_eq!(tested.len(), 359);
    let file = std::fs::read(shipped("engine/classifier.safetensors")).unwrap();
    let classifier = Classifier::new(weights::read(&Classifier::layout(), &file).unwrap().concat());
    let [_, scores] = classifier.see(&digits.narrowed().pick(&tested), 1);
    let known = Classifier::digits(&scores).zip(&tested).filter(|&(found, &i)| found == labels.of[i] as usize).count();
    assert!(known * 100 >= tested.len() * 97, "{known} of {}", tested.len());
}
