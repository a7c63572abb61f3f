//! NumPy's `.npy` files, and archives (`.npz`) of one.

use super::table::{Refusal, Table, column_names, is_finite, shown};
use npyz::{DType, Endianness, NpyFile, NpyHeader, Order, TypeChar};
use std::io::{Cursor, ErrorKind, Read};
use std::rc::Rc;
use zip::{CompressionMethod, ZipArchive};
use zune_inflate::{DeflateDecoder, DeflateOptions};

/// How an archive names its usual way of packing.
const DEFLATED: u16 = 8;
const CUT_SHORT: &str = "The .npy file is cut short: it has fewer numbers than its header says.";
/// More than anyone chooses two of.
const MOST_COLUMNS: u64 = 10_000;

pub fn is_npy(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x93NUMPY")
}

pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The numbers of a file as they lie in it, the lengths of its dimensions, and whether the last of these runs fastest.
pub fn numbers_from(bytes: &[u8]) -> Result<(Vec<f64>, Vec<u64>, bool), Refusal> {
    let header = |error: std::io::Error| match error.kind() {
        ErrorKind::UnexpectedEof => Refusal::from("The .npy file is cut short: it ends within its header."),
        _ => "The .npy header can't be read: it must name descr, fortran_order and shape.".into(),
    };
    let mut numbers = bytes;
    let file = NpyHeader::from_reader(&mut numbers).map_err(header)?;
    let (shape, is_row_major) = (file.shape().to_vec(), file.order() == Order::C);
    Ok((values(file, numbers)?, shape, is_row_major))
}

pub fn table_from(bytes: &[u8]) -> Result<Table, Refusal> {
    let (flat, shape, is_row_major) = numbers_from(bytes)?;
    let (num_rows, dim) = match shape[..] {
        // A plain list of numbers is one column.
        [num_rows] => (num_rows, 1),
        [num_rows, dim] => (num_rows, dim),
        _ => {
            let shape = shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let needed = "n rows of d numbers are needed, the shape (n, d)";
            return Err(format!("The .npy array has the shape ({shape}); {needed}.").into());
        }
    };
    if dim > MOST_COLUMNS {
        return Err(format!("The .npy array has {dim} columns; up to {MOST_COLUMNS} can be read.").into());
    }
    let (num_rows, dim) = (num_rows as usize, dim as usize);
    let read = move |row: usize, column: usize| {
        let value = flat[if is_row_major { row * dim + column } else { column * num_rows + row }];
        if is_finite(value) {
            return Ok(value);
        }
        let place = format!("Row {}, column {}", row + 1, column + 1);
        Err(format!("{place} is {value}, which is not a finite 32-bit number.").into())
    };
    let read = Rc::new(read);
    let same = read.clone();
    let cell = move |row: usize, column: usize| same(row, column).map(|value: f64| (value + 0.0).to_string());
    let read = move |row: usize, column: usize| read(row, column);
    Ok(Table { names: column_names(dim), num_rows, read: Box::new(read), cell: Box::new(cell), notes: Vec::new() })
}

/// IEEE 754's 16 bits: 1 of sign, 5 of exponent, 10 of fraction.
fn half_from(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        0 => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

fn values(header: NpyHeader, numbers: &[u8]) -> Result<Vec<f64>, Refusal> {
    let DType::Plain(kind) = header.dtype() else {
        return Err(
            "The .npy file holds records; floating-point numbers of 16 to 64 bits and integers can be read.".into()
        );
    };
    // Before anything is made room for: a header may say what it likes.
    let needed = header.shape().iter().try_fold(kind.size_field(), |bytes, &length| bytes.checked_mul(length));
    if needed.is_none_or(|needed| needed > numbers.len() as u64) {
        return Err(CUT_SHORT.into());
    }
    let cut_short = |_| Refusal::from(CUT_SHORT);
    macro_rules! read {
        ($number:ty, $from:expr) => {
            NpyFile::with_header(header, numbers)
                .into_vec::<$number>()
                .map_err(cut_short)?
                .into_iter()
                .map($from)
                .collect()
        };
    }
    Ok(match (kind.type_char(), kind.size_field()) {
        (TypeChar::Float, 2) => {
            let from = if kind.endianness() == Endianness::Big { u16::from_be_bytes } else { u16::from_le_bytes };
            numbers.chunks_exact(2).map(|pair| half_from(from([pair[0], pair[1]]))).collect()
        }
        (TypeChar::Float, 4) => read!(f32, f64::from),
        (TypeChar::Float, 8) => read!(f64, f64::from),
        (TypeChar::Int, 1) => read!(i8, f64::from),
        (TypeChar::Int, 2) => read!(i16, f64::from),
        (TypeChar::Int, 4) => read!(i32, f64::from),
        (TypeChar::Int, 8) => read!(i64, |value| value as f64),
        (TypeChar::Uint, 1) => read!(u8, f64::from),
        (TypeChar::Uint, 2) => read!(u16, f64::from),
        (TypeChar::Uint, 4) => read!(u32, f64::from),
        (TypeChar::Uint, 8) => read!(u64, |value| value as f64),
        _ => {
            let held = format!("The .npy file holds “{kind}”");
            return Err(format!("{held}; floating-point numbers of 16 to 64 bits and integers can be read.").into());
        }
    })
}

/// The bytes of the `.npy` file in an archive, which unpack to `most` at the most.
pub fn npy_from_npz(bytes: &[u8], most: u64) -> Result<Vec<u8>, Refusal> {
    let broken = || Refusal::from("The .npz file is damaged: it can't be unpacked.");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let names: Vec<String> = archive.file_names().map(str::to_string).collect();
    if names.iter().any(|name| name == "xl/workbook.xml") {
        return Err("This is an Excel workbook: save the sheet as CSV, and open that.".into());
    }
    let mut arrays: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".npy")).collect();
    arrays.sort_unstable();
    if arrays.is_empty() {
        return Err("This archive holds no NumPy array: unpack it, and open a file of it.".into());
    }
    if names.len() > 1 {
        let more = if arrays.len() > 4 { ", …" } else { "" };
        let first = arrays.iter().take(4).map(|name| shown(name)).collect::<Vec<_>>().join(", ") + more;
        return Err(format!("The .npz file holds {} arrays ({first}); one can be read.", names.len()).into());
    }
    unpacked(&mut archive, 0, most)
}

/// The bytes of one file of an archive.
pub fn unpacked(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, most: u64) -> Result<Vec<u8>, Refusal> {
    let broken = || Refusal::from("The .npz file is damaged: it can't be unpacked.");
    let mut file = archive.by_index_raw(index).map_err(|_| broken())?;
    if file.size() > most {
        return Err(format!("The .npz file unpacks to more than {} MB.", most >> 20).into());
    }
    let (method, size) = (file.compression(), file.size() as usize);
    let mut packed = Vec::new();
    file.read_to_end(&mut packed).map_err(|_| broken())?;
    match method {
        CompressionMethod::Stored => Ok(packed),
        #[expect(deprecated, reason = "deflate is read without the feature that names it")]
        CompressionMethod::Unsupported(DEFLATED) => {
            let options = DeflateOptions::default().set_limit(size).set_confirm_checksum(false);
            DeflateDecoder::new_with_options(&packed, options).decode_deflate().map_err(|_| broken())
        }
        _ => Err(broken()),
    }
}
