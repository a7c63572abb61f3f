//! Samples that are pictures, on one sheet.

use flow_playground::Points;
use flow_playground::distribution::DistributionKind;
use std::error::Error;
use std::fs::File;
use std::path::Path;

/// As many are told apart at a look.
const MOST: usize = 256;
const GAP: usize = 2;

/// Pixels a side and colors of points that are square pictures; `None` where they are none.
pub fn shape_of(kind: DistributionKind, dim: usize) -> Option<[usize; 2]> {
    let side = |pixels: usize| (pixels.isqrt().pow(2) == pixels).then(|| pixels.isqrt());
    let shape = || side(dim).map(|side| [side, 1]).or_else(|| Some([side(dim / 3)?, 3]));
    kind.is_of_pictures().then(shape).flatten()
}

/// The first of them in a square, as a PNG: gray from -1, paper, to 1, ink, and colors from -1, none, to 1.
pub fn write(path: &Path, pictures: &Points<f64>, [side, colors]: [usize; 2]) -> Result<(), Box<dyn Error>> {
    let count = pictures.len().min(MOST);
    let across = count.isqrt().max(1);
    let down = count / across;
    let [width, height] = [across, down].map(|pictures| pictures * (side + GAP) + GAP);
    let mut pixels = vec![128; width * height * colors];
    for (k, picture) in pictures.rows().take(across * down).enumerate() {
        let [x, y] = [k % across, k / across].map(|place| GAP + place * (side + GAP));
        for (i, line) in picture.chunks_exact(side * colors).enumerate() {
            let start = ((y + i) * width + x) * colors;
            for (pixel, value) in pixels[start..].iter_mut().zip(line) {
                let bright = if colors == 1 { -value } else { *value };
                *pixel = (127.5 * (bright + 1.0)).round() as u8;
            }
        }
    }
    let mut png = png::Encoder::new(File::create(path)?, width as u32, height as u32);
    png.set_color(if colors == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    png.write_header()?.write_image_data(&pixels)?;
    Ok(())
}
