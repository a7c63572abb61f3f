//! Digits drawn as by many hands: pictures without end whose classes are known, and whose law is how they are drawn.

use super::{Class, Distribution, Labelled, Sampler};
use crate::points::Points;
use crate::rng::Rng;
use std::rc::Rc;

/// A line of the pen through these points, in hundredths of the digit's box, x to the right and y down: smooth, or with
/// corners.
enum Stroke {
    Smooth(&'static [[i8; 2]]),
    Straight(&'static [[i8; 2]]),
}
use Stroke::{Smooth, Straight};

/// The ways in which each digit is written, equally likely.
const STYLES: [&[&[Stroke]]; 10] = [
    &[
        &[Smooth(&[[50, 0], [28, 14], [20, 50], [28, 86], [50, 100], [72, 86], [80, 50], [72, 14], [50, 0]])],
        &[Smooth(&[[60, 2], [30, 12], [14, 48], [26, 88], [52, 100], [80, 80], [86, 44], [70, 10], [48, 2]])],
    ],
    &[
        &[Straight(&[[50, 0], [50, 100]])],
        &[Straight(&[[26, 26], [52, 0], [52, 100]])],
        &[Straight(&[[28, 24], [50, 0], [50, 100]]), Straight(&[[26, 100], [74, 100]])],
    ],
    &[
        &[
            Smooth(&[[18, 24], [28, 5], [52, 0], [76, 12], [76, 36], [52, 66], [18, 100]]),
            Straight(&[[18, 100], [84, 100]]),
        ],
        &[Smooth(&[
            [18, 20],
            [36, 2],
            [62, 2],
            [76, 20],
            [70, 44],
            [46, 74],
            [26, 96],
            [16, 86],
            [30, 80],
            [52, 94],
            [84, 96],
        ])],
    ],
    &[
        &[
            Smooth(&[[20, 12], [46, 0], [70, 10], [70, 34], [42, 46]]),
            Smooth(&[[42, 46], [72, 54], [80, 76], [62, 96], [38, 100], [16, 88]]),
        ],
        &[
            Straight(&[[20, 0], [76, 0], [46, 40]]),
            Smooth(&[[46, 40], [74, 50], [80, 76], [60, 97], [36, 100], [16, 88]]),
        ],
    ],
    &[
        &[Straight(&[[30, 0], [16, 60], [86, 60]]), Straight(&[[68, 28], [66, 100]])],
        &[Straight(&[[64, 100], [64, 0], [14, 66], [88, 66]])],
    ],
    &[
        &[
            Straight(&[[78, 0], [28, 0], [24, 44]]),
            Smooth(&[[24, 44], [48, 36], [76, 48], [82, 72], [64, 96], [38, 100], [16, 90]]),
        ],
        &[
            Smooth(&[[30, 4], [24, 42], [50, 38], [78, 52], [80, 76], [58, 98], [34, 100], [16, 90]]),
            Straight(&[[30, 2], [82, 0]]),
        ],
    ],
    &[
        &[Smooth(&[[70, 0], [42, 20], [24, 50], [20, 76], [38, 98], [64, 98], [80, 78], [66, 56], [42, 56], [24, 72]])],
        &[Smooth(&[[38, 0], [24, 34], [20, 72], [36, 98], [64, 98], [78, 78], [64, 60], [40, 60], [22, 76]])],
    ],
    &[
        &[Straight(&[[16, 0], [82, 0]]), Smooth(&[[82, 0], [58, 44], [42, 100]])],
        &[Straight(&[[16, 2], [84, 0], [40, 100]]), Straight(&[[34, 52], [78, 50]])],
        &[Straight(&[[16, 18], [18, 0], [82, 0], [46, 100]])],
    ],
    &[
        &[
            Smooth(&[[50, 46], [28, 34], [28, 10], [50, 0], [72, 10], [72, 34], [50, 46]]),
            Smooth(&[[50, 46], [24, 58], [20, 86], [50, 100], [80, 86], [76, 58], [50, 46]]),
        ],
        &[Smooth(&[
            [74, 12],
            [50, 0],
            [28, 12],
            [34, 36],
            [64, 56],
            [80, 80],
            [52, 100],
            [22, 84],
            [36, 56],
            [64, 38],
            [74, 14],
        ])],
    ],
    &[
        &[
            Smooth(&[[76, 22], [58, 2], [34, 4], [20, 26], [34, 46], [58, 44], [76, 22]]),
            Straight(&[[76, 18], [70, 100]]),
        ],
        &[Smooth(&[
            [76, 20],
            [56, 0],
            [32, 4],
            [20, 24],
            [34, 44],
            [60, 42],
            [76, 20],
            [80, 56],
            [68, 90],
            [44, 100],
            [24, 92],
        ])],
    ],
];

/// Straight pieces between two points of a smooth line.
const PIECES: usize = 6;
/// What one hand does otherwise than another. Of each point, of the slant and of the turn (in radians) the standard deviation.
const TREMOR: f64 = 0.025;
const SLANT: f64 = 0.16;
const TURN: f64 = 0.06;
/// And how much wider or narrower a digit is at most.
const WIDTH: f64 = 0.2;
/// The share of the free height that a digit has at least.
const LOWEST: f64 = 0.78;
/// Pixels that are free on two sides together, for each pixel of the side more than the least.
const RIM: f64 = 0.2;
/// How far from the middle it is moved at most, as a share of the free room.
const WANDER: f64 = 0.5;

/// Pictures of the digits 0 to 9, equally likely, in pixels from -1 (paper) to 1 (ink), row by row from the top left. A hand
/// has fewer freedoms than a picture has pixels, so there is no density.
pub(super) struct DrawnDigits {
    side: usize,
}

/// The sides that there are.
const SIDES: [usize; 3] = [8, 16, 28];

impl Default for DrawnDigits {
    fn default() -> Self {
        Self { side: 16 }
    }
}

impl DrawnDigits {
    /// Pictures of so many pixels, if they can be drawn of as many.
    pub fn of_dim(dim: usize) -> Option<Self> {
        SIDES.into_iter().find(|side| side * side == dim).map(|side| Self { side })
    }
}

/// Its classes are the digits.
impl From<DrawnDigits> for Distribution {
    fn from(digits: DrawnDigits) -> Self {
        let probability = 1.0 / STYLES.len() as f64;
        let class = |digit: usize| Class { name: digit.to_string(), probability, density: None, exact: None };
        Self { classes: (0..STYLES.len()).map(class).collect(), ..Self::sampled(Rc::new(digits)) }
    }
}

impl Sampler for DrawnDigits {
    fn dim(&self) -> usize {
        self.side * self.side
    }

    fn sample_labelled(&self, len: usize, rng: &mut Rng) -> Labelled {
        let (mut values, mut labels) = (Vec::with_capacity(len * self.dim()), Vec::with_capacity(len));
        for _ in 0..len {
            let digit = rng.below(STYLES.len());
            let pen = Pen::draw(self.side, rng);
            values.extend(pen.ink(self.side, &pen.placed(self.side, written(digit, rng), rng)));
            labels.push(digit as u32);
        }
        let points = Points::new(values, self.dim()).expect("ink is finite");
        Labelled { labels: Some(labels), ..points.into() }
    }
}

type Line = Vec<[f64; 2]>;

/// The lines of a digit by one hand, in the digit's own box.
fn written(digit: usize, rng: &mut Rng) -> Vec<Line> {
    let styles = STYLES[digit];
    let style = styles[rng.below(styles.len())];
    let (slant, turn) = (SLANT * rng.normal().clamp(-2.0, 2.0), TURN * rng.normal().clamp(-2.0, 2.0));
    let width = 1.0 + WIDTH * (2.0 * rng.uniform() - 1.0);
    let (sin, cos) = libm::sincos(turn);
    let mut by_hand = |points: &[[i8; 2]]| -> Line {
        let at = |point: &[i8; 2]| {
            let [x, y] = point.map(|at| f64::from(at) / 100.0 - 0.5 + TREMOR * rng.normal());
            let x = width * x - slant * y;
            [x * cos - y * sin, x * sin + y * cos]
        };
        points.iter().map(at).collect()
    };
    let mut line = |stroke: &Stroke| match stroke {
        Smooth(points) => smooth(&by_hand(points)),
        Straight(points) => by_hand(points),
    };
    style.iter().map(&mut line).collect()
}

/// The curve of Catmull and Rom through these points, in straight pieces.
fn smooth(points: &[[f64; 2]]) -> Line {
    let last = points.len() - 1;
    let mut line = vec![points[0]];
    for i in 0..last {
        let [a, b, c, d] = [i.saturating_sub(1), i, i + 1, (i + 2).min(last)].map(|i| points[i]);
        for piece in 1..=PIECES {
            let s = piece as f64 / PIECES as f64;
            line.push(std::array::from_fn(|k| {
                let bend = s * (2.0 * a[k] - 5.0 * b[k] + 4.0 * c[k] - d[k]);
                let twist = s * s * (3.0 * (b[k] - c[k]) + d[k] - a[k]);
                b[k] + 0.5 * s * (c[k] - a[k] + bend + twist)
            }));
        }
    }
    line
}

/// How far from its line a pen leaves ink, in pixels.
struct Pen {
    half_width: f64,
}

impl Pen {
    fn draw(side: usize, rng: &mut Rng) -> Self {
        Self { half_width: 0.5 * (0.45 + side as f64 * (0.05 + 0.05 * rng.uniform())) }
    }

    /// The lines in pixels, as large as fits and somewhat smaller, near the middle. All the ink is in the frame, and of large
    /// pictures in a smaller one.
    fn placed(&self, side: usize, lines: Vec<Line>, rng: &mut Rng) -> Vec<Line> {
        let all = || lines.iter().flatten();
        let [low, high] =
            [f64::min, f64::max].map(|of| [0, 1].map(|k| all().map(|point| point[k]).fold(-of(-9.0, 9.0), of)));
        let free = side as f64 - RIM * (side - SIDES[0]) as f64 - 2.0 * self.half_width;
        let extent = f64::max(high[0] - low[0], high[1] - low[1]);
        let scale = free * (LOWEST + (1.0 - LOWEST) * rng.uniform()) / extent;
        let moved: [f64; 2] = std::array::from_fn(|k| {
            let room = free - scale * (high[k] - low[k]);
            0.5 * side as f64 + WANDER * room * (rng.uniform() - 0.5) - 0.5 * scale * (low[k] + high[k])
        });
        let place = |point: [f64; 2]| [0, 1].map(|k| moved[k] + scale * point[k]);
        lines.into_iter().map(|line| line.into_iter().map(place).collect()).collect()
    }

    /// The picture of these lines: ink ends over the width of a pixel.
    fn ink(&self, side: usize, lines: &[Line]) -> impl Iterator<Item = f32> {
        let reach = self.half_width + 0.5;
        let mut squares = vec![reach * reach; side * side];
        for [a, b] in lines.iter().flat_map(|line| line.windows(2)).map(|pair| [pair[0], pair[1]]) {
            // Pixels whose middle may be within reach.
            let [columns, rows] = [0, 1].map(|k| {
                let (from, to) = (f64::min(a[k], b[k]) - reach, f64::max(a[k], b[k]) + reach);
                from.max(0.0) as usize..(to.max(0.0) as usize + 1).min(side)
            });
            let along = [b[0] - a[0], b[1] - a[1]];
            let length = (along[0] * along[0] + along[1] * along[1]).max(1e-9);
            for row in rows {
                for column in columns.clone() {
                    let from = [column as f64 + 0.5 - a[0], row as f64 + 0.5 - a[1]];
                    let share = ((from[0] * along[0] + from[1] * along[1]) / length).clamp(0.0, 1.0);
                    let off = [from[0] - share * along[0], from[1] - share * along[1]];
                    let square = &mut squares[row * side + column];
                    *square = square.min(off[0] * off[0] + off[1] * off[1]);
                }
            }
        }
        squares.into_iter().map(move |square| (2.0 * (reach - square.sqrt()).min(1.0) - 1.0) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn no_ink_runs_out_of_the_frame() {
        let mut rng = Rng::new(1, Stream::Data);
        for side in SIDES {
            for digit in (0..STYLES.len()).cycle().take(2000) {
                let pen = Pen::draw(side, &mut rng);
                for [x, y] in pen.placed(side, written(digit, &mut rng), &mut rng).concat() {
                    let frame = pen.half_width - 1e-9..=side as f64 - pen.half_width + 1e-9;
                    assert!(frame.contains(&x) && frame.contains(&y), "{digit} at {x}, {y} of {side}");
                }
            }
        }
    }
}
