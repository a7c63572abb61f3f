//! What a tile's forward pass leaves for its backward pass.

use super::super::lanes::Row;
use super::super::product::padded;
use crate::fused::NetworkShape;

/// How far back a forward pass must be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not at all: each layer overwrites the one before the last.
    Nothing,
    /// All of it.
    Everything,
}

/// Where everything of one tile lies in a flat run of rows: of each layer the activations h, their slopes and curvatures, and the
/// pushed tangents U, `padded(width)` rows each and only where they will be read. A tangent itself is slope · U; at the first
/// layer U is the input's weights.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    rows: usize,
    layers: usize,
    slopes: bool,
    curves: bool,
    tangents: usize,
}

impl Place {
    pub fn new(shape: NetworkShape, keep: Keep) -> Self {
        let everything = keep == Keep::Everything;
        let curves = shape.traced && everything;
        Self {
            rows: padded(shape.width),
            layers: if everything { shape.depth } else { shape.depth.min(2) },
            slopes: shape.traced || everything,
            curves,
            tangents: if curves { shape.dim } else { 0 },
        }
    }

    /// Rows in all.
    pub fn len(&self) -> usize {
        self.layers * self.layer_rows()
    }

    fn layer_rows(&self) -> usize {
        self.rows * (1 + usize::from(self.slopes) + usize::from(self.curves) + self.tangents)
    }

    fn lengths(&self) -> [usize; 3] {
        [self.rows, if self.slopes { self.rows } else { 0 }, if self.curves { self.rows } else { 0 }]
    }

    /// One layer of a tape.
    pub fn layer<'a>(&self, tape: &'a [Row], layer: usize) -> LayerTape<'a> {
        let tape = &tape[layer % self.layers * self.layer_rows()..][..self.layer_rows()];
        let [of_h, of_slope, of_curve] = self.lengths();
        let (h, rest) = tape.split_at(of_h);
        let (slope, rest) = rest.split_at(of_slope);
        let (curve, pushed) = rest.split_at(of_curve);
        LayerTape { h, slope, curve, pushed }
    }

    /// A layer to be filled, and the one before it, `None` at the first.
    pub fn layer_mut<'a>(&self, tape: &'a mut [Row], layer: usize) -> (Option<LayerTape<'a>>, LayerTapeMut<'a>) {
        let size = self.layer_rows();
        let here = layer % self.layers;
        let (below, here) = match layer.checked_sub(1).map(|below| below % self.layers) {
            None => (None, &mut tape[here * size..][..size]),
            Some(below) if below < here => {
                let (low, high) = tape.split_at_mut(here * size);
                (Some(&low[below * size..][..size]), &mut high[..size])
            }
            Some(below) => {
                let (low, high) = tape.split_at_mut(below * size);
                (Some(&high[..size]), &mut low[here * size..][..size])
            }
        };
        let one = Self { layers: 1, ..*self };
        let below = below.map(|below| one.layer(below, 0));
        let [of_h, of_slope, of_curve] = self.lengths();
        let (h, rest) = here.split_at_mut(of_h);
        let (slope, rest) = rest.split_at_mut(of_slope);
        let (curve, pushed) = rest.split_at_mut(of_curve);
        (below, LayerTapeMut { h, slope, curve, pushed })
    }
}

/// One layer of one tile; what is not kept is empty.
#[derive(Debug, Clone, Copy)]
pub struct LayerTape<'a> {
    pub h: &'a [Row],
    pub slope: &'a [Row],
    pub curve: &'a [Row],
    /// U of each tangent, one behind the other.
    pub pushed: &'a [Row],
}

/// The same, to be filled.
#[derive(Debug)]
pub struct LayerTapeMut<'a> {
    pub h: &'a mut [Row],
    pub slope: &'a mut [Row],
    pub curve: &'a mut [Row],
    pub pushed: &'a mut [Row],
}
