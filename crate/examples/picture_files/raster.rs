//! Pictures of any size as square ones of 8 to 32 pixels a side.

pub const SMALLEST_SIDE: usize = 8;
pub const LARGEST_SIDE: usize = 32;
/// Luma of ITU-R BT.601: what colors are seen as without color.
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// Channels that differ by less are gray, whatever their noise.
const GRAY: f64 = 0.06;

/// One picture: light from 0 to 1, row by row from the top left.
pub struct Raster {
    pub width: usize,
    pub height: usize,
    pub light: Vec<f32>,
    /// Red, green and blue, each in bytes, where they tell more than the light.
    pub colors: Option<[Vec<u8>; 3]>,
}

impl Raster {
    /// One, three or four numbers a pixel, the fourth being opacity above white.
    pub fn new(pixels: &[f32], channels: usize, width: usize, height: usize) -> Self {
        let channel = |k: usize| -> Vec<f32> {
            let seen = pixels.chunks_exact(channels).map(|pixel| {
                let opacity = pixel.get(3).map_or(1.0, |&opacity| f64::from(opacity));
                (opacity * f64::from(pixel[k]) + (1.0 - opacity)) as f32
            });
            seen.collect()
        };
        if channels < 3 {
            return Self { width, height, light: channel(0), colors: None };
        }
        let colors = [channel(0), channel(1), channel(2)];
        let pixel = |i: usize| [0, 1, 2].map(|k| f64::from(colors[k][i]));
        let mut spread = 0.0;
        let light = (0..colors[0].len()).map(|i| {
            let seen = pixel(i);
            spread += seen.into_iter().fold(0.0, f64::max) - seen.into_iter().fold(1.0, f64::min);
            LUMA.iter().zip(seen).map(|(weight, color)| weight * color).sum::<f64>() as f32
        });
        let light: Vec<f32> = light.collect();
        let is_colored = spread > GRAY * light.len() as f64;
        let in_bytes = |light: Vec<f32>| light.iter().map(|&value| (255.0 * value + 0.5).floor() as u8).collect();
        Self { width, height, light, colors: is_colored.then(|| colors.map(in_bytes)) }
    }

    /// Red, green and blue of each pixel, on white.
    pub fn lights(&self, side: usize) -> Vec<f32> {
        let channel = |k: usize| {
            let light = self.colors.as_ref().map_or_else(
                || self.light.clone(),
                |colors| colors[k].iter().map(|&byte| (f64::from(byte) / 255.0) as f32).collect(),
            );
            Self { light, colors: None, ..*self }.squared(side, true)
        };
        let channels = [0, 1, 2].map(channel);
        (0..3 * side * side).map(|i| 1.0 - channels[i % 3][i / 3]).collect()
    }

    /// The side that pictures of so many pixels get: their own, if that can be.
    pub fn side(&self) -> usize {
        self.width.max(self.height).clamp(SMALLEST_SIDE, LARGEST_SIDE)
    }

    /// Whether the rim is bright, as paper is: its ink is dark then.
    pub fn is_on_paper(&self) -> bool {
        let is_inside = |x, y| x > 0 && y > 0 && x + 1 < self.width && y + 1 < self.height;
        let places = (0..self.light.len()).map(|i| (i, i % self.width, i / self.width));
        let rim: Vec<f64> =
            places.filter(|&(_, x, y)| !is_inside(x, y)).map(|(i, ..)| f64::from(self.light[i])).collect();
        rim.iter().sum::<f64>() > rim.len() as f64 / 2.0
    }

    /// In the middle of a square of paper; each pixel is the mean of what it covers.
    pub fn squared(&self, side: usize, on_paper: bool) -> Vec<f32> {
        let whole = self.width.max(self.height);
        let [left, top] = [self.width, self.height].map(|length| (whole - length) / 2);
        let ink = |x: usize, y: usize| {
            let (Some(column), Some(row)) = (x.checked_sub(left), y.checked_sub(top)) else { return 0.0 };
            if column >= self.width || row >= self.height {
                return 0.0;
            }
            let value = f64::from(self.light[row * self.width + column]);
            if on_paper { 1.0 - value } else { value }
        };
        let columns: Vec<_> = (0..side).map(|i| covered(i, whole as f64 / side as f64, whole)).collect();
        let pixel = |i: usize| {
            let mut sum = 0.0;
            for &(y, down) in &columns[i / side] {
                for &(x, across) in &columns[i % side] {
                    sum += down * across * ink(x, y);
                }
            }
            sum as f32
        };
        (0..side * side).map(pixel).collect()
    }
}

/// The pixels that the `i`-th of a coarser grid covers, and the share of it that each takes.
fn covered(i: usize, step: f64, whole: usize) -> Vec<(usize, f64)> {
    let (from, to) = (i as f64 * step, (i + 1) as f64 * step);
    let share = |pixel: usize| (to.min(pixel as f64 + 1.0) - from.max(pixel as f64)) / step;
    let pixels = (from.floor() as usize..to.ceil() as usize).filter(|&pixel| pixel < whole && share(pixel) > 1e-9);
    pixels.map(|pixel| (pixel, share(pixel))).collect()
}
