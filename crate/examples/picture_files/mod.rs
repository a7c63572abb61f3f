//! Files of pictures as points, by the rules of the page's reader: MNIST's IDX files, NumPy's arrays of n pictures, and PNG, a
//! file each, whose folders are the classes, or many on a sheet. `tests/vectors/picture-files.json` holds what files give, for both.

mod arrays;
mod raster;
pub mod sheet;

use crate::points::labels::numbered;
use crate::points::table::shown;
use arrays::{NumberArray, arrays_in, unzipped};
use flow_playground::distribution::{FEWEST_OF_CLASS, FEWEST_POINTS, Labels, MOST_CLASSES};
use raster::Raster;
use sheet::{Pixels, Tiling, tiles_of};
use std::path::Path;

/// Smaller arrays of three dimensions are no pictures.
const FEWEST_PIXELS: usize = 5;
const MOST_NAMED: usize = 3;

pub struct File {
    pub name: String,
    /// that it lay in, which tells its class
    pub folder: String,
    pub bytes: Vec<u8>,
}

pub struct Found {
    /// pixels from -1, paper, to 1, ink, picture after picture; of color red, green and blue, from dark to bright
    pub points: Vec<f64>,
    /// numbers of a picture
    pub dim: usize,
    pub labels: Option<Labels>,
    pub notes: Vec<String>,
}

/// A file, or all files of a folder and the folders in it.
pub fn files_at(path: &Path) -> Result<Vec<File>, String> {
    let unread = |error| format!("{} cannot be read: {error}.", path.display());
    if path.is_dir() {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unread)? {
            paths.push(entry.map_err(unread)?.path());
        }
        paths.sort();
        return Ok(paths
            .iter()
            .map(|path| files_at(path))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect());
    }
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let folder = text(path.parent().and_then(Path::file_name));
    Ok(vec![File { name: text(path.file_name()), folder, bytes: std::fs::read(path).map_err(unread)? }])
}

#[derive(Default)]
struct Gathered {
    pictures: Vec<Raster>,
    /// the folders of those that were a file each
    folders: Vec<String>,
    /// some came in an array
    arrays: bool,
    labels: Option<NumberArray>,
    skipped: Vec<String>,
}

/// `None` where one file is a table, or anything else that others read.
pub fn pictures_in(files: Vec<File>) -> Result<Option<Found>, String> {
    let (mut gathered, count) = (Gathered::default(), files.len());
    for file in files {
        read_into(&mut gathered, file)?;
    }
    let found = gathered.pictures.len();
    if found == 0 && count == 1 {
        return Ok(None);
    }
    if found < FEWEST_POINTS {
        let is_one = found == 1 && count == 1 && !gathered.arrays;
        let found = if found == 1 { "is 1 picture".into() } else { format!("are {found} pictures") };
        let without = skipped_note(&gathered.skipped).map(|note| format!(" {note}")).unwrap_or_default();
        let hint = if is_one { " The option --sheet says how many lie in it." } else { "" };
        return Err(format!("There {found}; at least {FEWEST_POINTS} are needed.{without}{hint}"));
    }
    Ok(Some(points_from(&gathered)))
}

/// The pictures of a file that is a sheet of them.
pub fn pictures_in_sheet(File { name, bytes, .. }: &File, sheet: &Tiling) -> Result<Found, String> {
    let pixels = png_of(bytes).ok_or_else(|| format!("{name} is no PNG, which a sheet is."))?.on_white();
    let (pictures, blank) = tiles_of(&pixels, sheet)?;
    let blank = match blank {
        0 => None,
        1 => Some("1 blank tile of the sheet".to_string()),
        blank => Some(format!("{blank} blank tiles of the sheet")),
    };
    if pictures.len() < FEWEST_POINTS {
        let without = blank.map(|blank| format!(" without {blank}")).unwrap_or_default();
        return Err(format!("There are {} pictures{without}; at least {FEWEST_POINTS} are needed.", pictures.len()));
    }
    let mut found = points_from(&Gathered { pictures, arrays: true, ..Gathered::default() });
    found.notes.extend(blank.map(|blank| format!("Left out: {blank}.")));
    Ok(found)
}

fn read_into(gathered: &mut Gathered, File { name, folder, bytes }: File) -> Result<(), String> {
    let bytes = unzipped(bytes);
    let arrays = arrays_in(&bytes).map_err(|refusal| format!("{name}: {refusal}"))?;
    let is_array = !arrays.is_empty();
    let (pictures, others): (Vec<_>, Vec<_>) = arrays.into_iter().partition(|array| are_pictures(&array.shape));
    let labels = others.into_iter().find(|array| array.shape.len() == 1);
    if !pictures.is_empty() || labels.is_some() {
        for array in &pictures {
            gathered.pictures.extend(pictures_of(array)?);
        }
        gathered.arrays |= !pictures.is_empty();
        gathered.labels = gathered.labels.take().or(labels);
        return Ok(());
    }
    match (!is_array).then(|| decoded(&bytes)).flatten() {
        Some(raster) => {
            gathered.pictures.push(raster);
            gathered.folders.push(folder);
        }
        None => gathered.skipped.push(name),
    }
    Ok(())
}

fn decoded(bytes: &[u8]) -> Option<Raster> {
    let Png { bytes, channels, width, height } = png_of(bytes)?;
    let light: Vec<f32> = bytes.iter().map(|&value| f32::from(value) / 255.0).collect();
    Some(Raster::new(&light, channels, width, height))
}

/// One, three or four bytes a pixel, the fourth being opacity.
struct Png {
    bytes: Vec<u8>,
    channels: usize,
    width: usize,
    height: usize,
}

impl Png {
    fn on_white(&self) -> Pixels {
        let &Self { ref bytes, channels, width, height } = self;
        let seen = |pixel: &[u8]| {
            let opacity = pixel.get(3).map_or(1.0, |&opacity| f64::from(opacity) / 255.0);
            [0, 1, 2].map(|k| {
                let value = f64::from(pixel[k.min(channels - 1)]);
                (opacity * value + (1.0 - opacity) * 255.0).round() as u8
            })
        };
        Pixels { width, height, bytes: bytes.chunks_exact(channels).map(seen).collect() }
    }
}

/// A PNG of any kind of pixels.
fn png_of(bytes: &[u8]) -> Option<Png> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(info.buffer_size());
    let [width, height] = [info.width, info.height].map(|length| length as usize);
    Some(match info.color_type.samples() {
        2 => {
            let bytes = pixels.as_chunks().0.iter().flat_map(|&[gray, opacity]| [gray, gray, gray, opacity]).collect();
            Png { bytes, channels: 4, width, height }
        }
        channels => Png { bytes: pixels, channels, width, height },
    })
}

/// `[n, h, w]`, or `[n, h, w, 1 or 3 or 4]`.
fn are_pictures(shape: &[usize]) -> bool {
    let is_large = |height: usize, width: usize| height >= FEWEST_PIXELS && width >= FEWEST_PIXELS;
    matches!(*shape, [_, height, width] | [_, height, width, 1 | 3 | 4] if is_large(height, width))
}

fn pictures_of(NumberArray { shape, values }: &NumberArray) -> Result<Vec<Raster>, String> {
    let (height, width, channels) = (shape[1], shape[2], shape.get(3).copied().unwrap_or(1));
    let (zero, white) = range_of(values)?;
    let light: Vec<f32> = values.iter().map(|value| ((value - zero) / (white - zero)) as f32).collect();
    let each = light.chunks_exact(height * width * channels);
    Ok(each.map(|pixels| Raster::new(pixels, channels, width, height)).collect())
}

/// Whole grays as far as they go, to 1, 16 or 255, and fractions from 0 or -1 to 1.
fn range_of(values: &[f64]) -> Result<(f64, f64), String> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if least < -1.0 || most > 255.0 || (least < 0.0 && most > 1.0) || values.iter().any(|value| value.is_nan()) {
        return Err(format!(
            "The pictures' pixels go from {least} to {most}; from 0 or -1 to 1, 0 to 16 or 0 to 255 can be read."
        ));
    }
    let top = [1.0, 16.0, 255.0].into_iter().find(|white| most <= *white).unwrap_or(255.0);
    Ok(if least < 0.0 { (-1.0, 1.0) } else { (0.0, top) })
}

/// Each gray is spread evenly over its 256th, by the page's numbers, which are always the same: so pictures have a density.
fn points_from(gathered: &Gathered) -> Found {
    let pictures = &gathered.pictures;
    let side = pictures.iter().map(Raster::side).max().unwrap_or(raster::SMALLEST_SIDE);
    let most = |is: fn(&Raster) -> bool| 2 * pictures.iter().filter(|raster| is(raster)).count() > pictures.len();
    let in_color = most(|raster| raster.colors.is_some());
    let on_paper = !in_color && most(Raster::is_on_paper);
    let mut uniform = crate::pictures::uniforms();
    let pixels =
        pictures.iter().flat_map(|raster| if in_color { raster.lights(side) } else { raster.squared(side, on_paper) });
    let points =
        pixels.map(|pixel| f64::from((2.0 * (255.0 * f64::from(pixel) + uniform()) / 256.0 - 1.0) as f32)).collect();
    let resized = pictures.iter().any(|raster| raster.width != side || raster.height != side);
    let made = if resized { "were made" } else { "of" };
    let kind = if in_color { "in color, each of red, green and blue" } else { "of gray, each gray" };
    let mut notes =
        vec![format!("{} pictures {made} {side} × {side} pixels {kind} spread evenly over its 256th.", pictures.len())];
    notes.extend(on_paper.then(|| "They are dark on bright: dark is ink.".into()));
    let (labels, note) = labels_of(gathered);
    notes.extend(note);
    notes.extend(skipped_note(&gathered.skipped));
    Found { points, dim: side * side * if in_color { 3 } else { 1 }, labels, notes }
}

/// From the labels' file, or the folders that pictures lay in.
fn labels_of(Gathered { pictures, folders, arrays, labels, .. }: &Gathered) -> (Option<Labels>, Option<String>) {
    let names: Vec<String> = match labels {
        Some(given) if given.values.len() != pictures.len() => {
            let (found, needed) = (given.values.len(), pictures.len());
            return (None, Some(format!("The {found} labels are left out: there are {needed} pictures.")));
        }
        Some(given) => given.values.iter().map(f64::to_string).collect(),
        None if *arrays || folders.iter().all(|folder| *folder == folders[0]) => return (None, None),
        None => folders.clone(),
    };
    let labels = numbered(&names);
    let counts = labels.of.iter().fold(vec![0; labels.names.len()], |mut counts, &class| {
        counts[class as usize] += 1;
        counts
    });
    if counts.len() < 2 || counts.len() > MOST_CLASSES || counts.iter().any(|&count| count < FEWEST_OF_CLASS) {
        let needed = format!("2 to {MOST_CLASSES} classes of {FEWEST_OF_CLASS} pictures each are needed");
        return (None, Some(format!("Their labels are left out: {needed}.")));
    }
    (Some(labels), None)
}

fn skipped_note(names: &[String]) -> Option<String> {
    let first = names.iter().take(MOST_NAMED).map(|name| shown(name)).collect::<Vec<_>>().join(", ");
    let more = names.len().checked_sub(MOST_NAMED + 1).map(|more| format!(" and {} more", more + 1));
    let more = more.unwrap_or_default();
    (!names.is_empty()).then(|| format!("Left out, since they can't be read as pictures: {first}{more}."))
}
