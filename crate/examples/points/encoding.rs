//! Bytes as text: the encodings that spreadsheets and instruments write, with their byte order mark or without.

use super::table::Refusal;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much is looked at to tell text from what is none.
const SAMPLE: usize = 4096;

pub fn text_from(bytes: &[u8]) -> Result<String, Refusal> {
    let text = decoded(bytes);
    let sample = || text.chars().take(SAMPLE);
    // Text has no control characters but tab, line ends and an old end of file; an image or an archive has.
    let strange = sample().filter(|&c| c == '\u{fffd}' || (c < ' ' && !"\t\n\r\u{c}\u{1a}".contains(c))).count();
    if strange as f64 > 0.01 * sample().count() as f64 {
        return Err(
            "This is not a text file (it looks like an image or an archive): a CSV, TSV, JSON or .npy file is needed."
                .into(),
        );
    }
    Ok(text)
}

fn decoded(bytes: &[u8]) -> String {
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(|| utf_16_without_mark(bytes));
    if let Some(encoding) = encoding {
        return encoding.decode(bytes).0.into_owned();
    }
    // The "ANSI" of Windows: every byte is some character, and a table's numbers are the same in all of its kind.
    let text = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    text.unwrap_or_else(|| WINDOWS_1252.decode(bytes).0).into_owned()
}

/// Numbers in 16 bits have a zero in every other byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let length = bytes.len().min(SAMPLE) & !1;
    let zeros = |odd| (0..length / 2).filter(|i| bytes[2 * i + odd] == 0).count();
    let most = 0.9 * (length / 2) as f64;
    match [zeros(0), zeros(1)] {
        _ if length < 4 => None,
        [0, odd] if odd as f64 > most => Some(UTF_16LE),
        [even, 0] if even as f64 > most => Some(UTF_16BE),
        _ => None,
    }
}
