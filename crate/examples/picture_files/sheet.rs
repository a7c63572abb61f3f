//! Sheets: one picture in which many equal ones stand in a lattice.

use super::raster::Raster;

/// Smaller tiles are no pictures.
const SMALLEST_TILE: usize = 5;
/// In bytes: what is left of one color beside others.
const SAME: u8 = 10;

/// How the tiles lie along one side of a sheet, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Along {
    pub tiles: usize,
    /// of each tile; as many as there is room for, if not given
    pub pixels: Option<usize>,
    /// before the first
    pub margin: usize,
    /// between two
    pub gap: usize,
}

/// A lattice of equal tiles: across, and down.
pub type Tiling = [Along; 2];

/// Red, green and blue of each pixel in bytes, row by row from the top left.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub bytes: Vec<[u8; 3]>,
}

/// The pictures of a sheet, row by row, without those that are blank, and how many these are.
pub fn tiles_of(sheet: &Pixels, [across, down]: &Tiling) -> Result<(Vec<Raster>, usize), String> {
    let [(width, lefts), (height, tops)] =
        [across.laid_out(sheet.width, "across")?, down.laid_out(sheet.height, "down")?];
    let places = tops.iter().flat_map(|&top| lefts.iter().map(move |&left| (left, top)));
    let cut = |(left, top): (usize, usize)| -> Vec<[u8; 3]> {
        (top..top + height).flat_map(|y| &sheet.bytes[y * sheet.width + left..][..width]).copied().collect()
    };
    let (blank, filled): (Vec<_>, Vec<_>) = places.map(cut).partition(|pixels| is_blank(pixels));
    let light = |pixels: &Vec<[u8; 3]>| -> Vec<f32> {
        pixels.as_flattened().iter().map(|&byte| (f64::from(byte) / 255.0) as f32).collect()
    };
    Ok((filled.iter().map(|pixels| Raster::new(&light(pixels), 3, width, height)).collect(), blank.len()))
}

fn is_blank(pixels: &[[u8; 3]]) -> bool {
    (0..3).all(|channel| {
        let values = || pixels.iter().map(|pixel| pixel[channel]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0) <= SAME
    })
}

impl Along {
    /// The pixels of each tile, and where the tiles begin; refused where they do not fit.
    fn laid_out(&self, length: usize, direction: &str) -> Result<(usize, Vec<usize>), String> {
        let &Self { tiles, pixels, margin, gap } = self;
        if tiles == 0 {
            return Err(format!(
                "A sheet's tiles, pixels, margin and gap {direction} are whole numbers, and there is a tile."
            ));
        }
        let between = (tiles - 1).saturating_mul(gap);
        let room = length.saturating_sub(margin.saturating_mul(2)).saturating_sub(between) / tiles;
        let pixels = pixels.unwrap_or(room);
        let needed = tiles.saturating_mul(pixels).saturating_add(between).saturating_add(margin);
        if pixels < SMALLEST_TILE || needed > length {
            let size = match pixels {
                ..SMALLEST_TILE => format!("fewer than {SMALLEST_TILE}"),
                _ => pixels.to_string(),
            };
            return Err(format!(
                "{tiles} tiles of {size} pixels {direction} do not fit the sheet, which has {length}."
            ));
        }
        Ok((pixels, (0..tiles).map(|i| margin + i * (pixels + gap)).collect()))
    }
}

/// As a command line says it: how many tiles, and of the rest what is given; each as "20x10", across and down, or "20" for both.
pub fn tiling(tiles: &str, [pixels, margin, gap]: [Option<&str>; 3]) -> Result<Tiling, String> {
    let both = |option: &str, text: &str| {
        let number = |part: &str| part.trim().parse::<usize>().ok();
        let (across, down) = text.split_once(['x', '×']).unwrap_or((text, text));
        number(across).zip(number(down)).map(<[usize; 2]>::from).ok_or_else(|| {
            format!("{option} is \"{text}\"; allowed: whole numbers across and down, such as 20x10, or one for both.")
        })
    };
    let tiles = both("--sheet", tiles)?;
    let pixels = pixels.map(|text| both("--tile", text)).transpose()?;
    let [margin, gap] = [("--margin", margin), ("--gap", gap)].map(|(option, text)| both(option, text.unwrap_or("0")));
    let (margin, gap) = (margin?, gap?);
    let along = |k: usize| Along { tiles: tiles[k], pixels: pixels.map(|all| all[k]), margin: margin[k], gap: gap[k] };
    Ok([along(0), along(1)])
}
