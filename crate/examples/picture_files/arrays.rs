//! Arrays of numbers in files: MNIST's IDX, and NumPy's, alone or in an archive.

use crate::points::npy::{is_npy, is_zip, numbers_from, unpacked};
use crate::points::table::Refusal;
use std::io::Cursor;
use zip::ZipArchive;
use zune_inflate::{DeflateDecoder, DeflateOptions};

pub const MOST_BYTES: u64 = 4 << 30;
/// IDX's type of unsigned bytes, the only one that pictures and labels come in: <https://yann.lecun.com/exdb/mnist/>.
const UNSIGNED_BYTES: u8 = 8;
const MOST_DIMENSIONS: u8 = 4;

/// Numbers in as many dimensions as the shape has, the last of which runs fastest.
pub struct NumberArray {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// None where a file is something else.
pub fn arrays_in(bytes: &[u8]) -> Result<Vec<NumberArray>, Refusal> {
    match bytes {
        [0, 0, UNSIGNED_BYTES, 1..=MOST_DIMENSIONS, ..] if bytes.len() >= 4 + 4 * usize::from(bytes[3]) => {
            Ok(vec![from_idx(bytes)?])
        }
        _ if is_npy(bytes) => Ok(vec![from_npy(bytes)?]),
        _ if is_zip(bytes) => from_npz(bytes),
        _ => Ok(Vec::new()),
    }
}

/// What gzip has packed; other bytes as they are, and nothing of what can't be unpacked.
pub fn unzipped(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let options = DeflateOptions::default().set_limit(MOST_BYTES as usize);
    DeflateDecoder::new_with_options(&bytes, options).decode_gzip().unwrap_or_default()
}

fn from_idx(bytes: &[u8]) -> Result<NumberArray, Refusal> {
    let (header, values) = bytes[4..].split_at(4 * usize::from(bytes[3]));
    let lengths = header.as_chunks::<4>().0.iter();
    let shape: Vec<usize> = lengths.map(|length| u32::from_be_bytes(*length) as usize).collect();
    let needed = shape.iter().fold(1, |product: usize, &length| product.saturating_mul(length));
    let Some(values) = values.get(..needed) else {
        let found = values.len();
        return Err(
            format!("The IDX file is cut short: its numbers take {needed} bytes, of which {found} are there.").into()
        );
    };
    Ok(NumberArray { shape, values: values.iter().map(|&value| f64::from(value)).collect() })
}

fn from_npy(bytes: &[u8]) -> Result<NumberArray, Refusal> {
    let (values, shape, is_row_major) = numbers_from(bytes)?;
    if shape.len() > 2 && !is_row_major {
        return Err("The .npy array is in Fortran's order: write numpy.ascontiguousarray of it.".into());
    }
    let values = values.into_iter().map(|value| f64::from(value as f32)).collect();
    Ok(NumberArray { shape: shape.into_iter().map(|length| length as usize).collect(), values })
}

/// None where an archive holds something else too.
fn from_npz(bytes: &[u8]) -> Result<Vec<NumberArray>, Refusal> {
    let broken = |_| Refusal::from("The .npz file is damaged: it can't be unpacked.");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.file_names().any(|name| !name.ends_with(".npy")) {
        return Ok(Vec::new());
    }
    (0..archive.len()).map(|index| from_npy(&unpacked(&mut archive, index, MOST_BYTES)?)).collect()
}
