//! The way of a picture through the network and back as a table that one kernel goes through, layer by layer; and where on the
//! picture's tape everything lies that is computed on the way, in fours of numbers.

use super::parts::{Block, Convolution, Grid, Parts, Window, fours};
use crate::fused::{FREQUENCIES, UNetShape, frequency};
use std::f64::consts::TAU;

/// What is wanted of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pass {
    /// The output.
    Output,
    /// The gradients for one of the output.
    OfGiven,
    /// Those of the loss of examples.
    OfExamples,
}

/// What is done with a layer's sums.
#[derive(Debug, Clone, Copy)]
enum After {
    Nothing,
    /// Their silu over the root mean square goes to a grid as well, and the root's inverse to a place.
    Normalize {
        into: usize,
        inverse: usize,
    },
    /// They are the gradient of what [`Normalize`](Self::Normalize) made of a grid; that of the grid, with one more that is added,
    /// takes its place.
    NormalizeBack {
        of: usize,
        inverse: usize,
        add: Option<usize>,
    },
    /// They become their difference from the target, times a factor.
    Compare,
}

/// What a layer's sums begin with beside the bias: nothing, what the context adds, or a grid of the output's kind.
#[derive(Debug, Clone, Copy)]
enum Plus {
    Nothing,
    Told(usize),
    Grid(usize),
}

/// A convolution on the tape.
#[derive(Debug, Clone, Copy)]
struct Layer {
    from: Grid,
    /// Where the first cell goes.
    to: Grid,
    /// From one of the cells that are computed to the next in a line of `to`, and from line to line.
    apart: [usize; 2],
    window: Window,
    weights: usize,
    /// From one of the window's weights to the next.
    tap: usize,
    bias: usize,
    plus: Plus,
    after: After,
    /// Numbers that are normalized.
    count: usize,
}

/// Numbers of a layer in the table, and of what stands before all layers.
pub const OF_LAYER: usize = 25;
pub const OF_HEAD: usize = 12 + FREQUENCIES;

impl Layer {
    fn forward(of: &Convolution, from: Grid, to: Grid) -> Self {
        Self {
            from,
            to,
            apart: [1, to.side],
            window: of.window,
            weights: of.forward,
            tap: 4 * from.fours * to.fours,
            bias: of.bias_fours,
            plus: Plus::Nothing,
            after: After::Nothing,
            count: to.side * to.side * of.outputs,
        }
    }

    /// From the gradient of the output to that of the input, of a convolution that sees around itself.
    fn back(of: &Convolution, from: Grid, to: Grid) -> Self {
        let count = to.side * to.side * of.inputs;
        Self { weights: of.back, bias: 0, count, ..Self::forward(of, from, to) }
    }

    fn numbers(&self) -> [f32; OF_LAYER] {
        let Self { from, to, apart, window, .. } = *self;
        let (told, [add, each]) = match self.plus {
            Plus::Nothing => (0, [0, 0]),
            Plus::Told(told) => (told, [0, 0]),
            Plus::Grid(grid) => (0, [grid, to.fours]),
        };
        let [kind, grid, inverse, more, of_more] = match self.after {
            After::Nothing => [0; 5],
            After::Normalize { into, inverse } => [1, into, inverse, 0, 0],
            After::NormalizeBack { of, inverse, add } => [2, of, inverse, add.unwrap_or(0), usize::from(add.is_some())],
            After::Compare => [3, 0, 0, 0, 0],
        };
        let computed = if apart[0] == 1 { to.side } else { from.side };
        let places = [from.at, from.side, from.fours, to.at, computed, to.fours, apart[0], apart[1]];
        let sums = [window.taps, window.step, window.before, window.shared, self.weights, self.tap, self.bias];
        let behind = [told, add, each, kind, grid, inverse, more, of_more, 0];
        let mut numbers = [0.0; OF_LAYER];
        let all = places.iter().chain(&sums).chain(&behind);
        numbers.iter_mut().zip(all).for_each(|(number, &value)| *number = value as f32);
        numbers[OF_LAYER - 1] = 1.0 / self.count as f32;
        numbers
    }
}

/// Inputs and outputs' gradients on the tape whose products over all cells are a convolution's gradient.
#[derive(Debug, Clone, Copy)]
struct Contraction {
    from: Grid,
    of: Grid,
    window: Window,
    weights: usize,
    size: [usize; 2],
    bias: Option<usize>,
}

/// Numbers of a contraction in its table, and inputs and outputs a side of what one unit makes.
pub const OF_CONTRACTION: usize = 16;
pub const BLOCK: usize = 8;

/// Where a block's features lie.
#[derive(Debug, Clone, Copy)]
struct OfBlock {
    x: Grid,
    seen: [Grid; 2],
    between: Grid,
    inverses: [usize; 2],
    output: Grid,
}

/// What a grid holds, for those that one place serves where nothing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Features,
    Seen,
    Between,
    Inverse,
}

/// The whole way.
#[derive(Debug)]
pub struct Program {
    pub parts: Parts,
    shape: UNetShape,
    pub pass: Pass,
    layers: Vec<Layer>,
    contractions: Vec<Contraction>,
    /// Fours of a picture's tape.
    pub tape: usize,
    places: Vec<(Role, usize, usize)>,
    picture: Grid,
    output: Grid,
    told: Grid,
    all_told: usize,
    scratch: usize,
}

impl Program {
    pub fn new(shape: UNetShape, pass: Pass) -> Self {
        let parts = Parts::new(shape);
        let [fine, coarse] = shape.grids();
        let [cell, width, wide] = [shape.cell(), shape.width, 2 * shape.width].map(fours);
        let mut tape = parts.zeros;
        let mut take = |side: usize, fours: usize| {
            tape += side * side * fours;
            Grid { at: tape - side * side * fours, side, fours }
        };
        let (picture, output) = (take(fine, cell), take(fine, cell));
        let (told, all_told) = (take(1, fours(shape.told())), take(1, parts.told_fours).at);
        let scratch = take(1, (fine * fine * width.max(cell)).max(coarse * coarse * wide)).at;
        let (layers, contractions, places) = (Vec::new(), Vec::new(), Vec::new());
        let mut program =
            Self { parts, shape, pass, layers, contractions, tape, places, picture, output, told, all_told, scratch };
        program.write();
        program
    }

    /// The place of a grid: of each its own where the way back needs it.
    fn place(&mut self, role: Role, [side, fours]: [usize; 2]) -> Grid {
        let known = self.places.iter().find(|(its, at_side, _)| (*its, *at_side) == (role, side));
        if let (Pass::Output, Some(&(_, _, at))) = (self.pass, known) {
            return Grid { at, side, fours };
        }
        let at = self.tape;
        self.tape += side * side * fours;
        self.places.push((role, side, at));
        Grid { at, side, fours }
    }

    fn write(&mut self) {
        let depth = self.shape.depth;
        let [fine, coarse] = self.shape.grids();
        let [width, wide] = [self.shape.width, 2 * self.shape.width].map(fours);
        let Parts { input, down, up, output, blocks, .. } = self.parts.clone();
        self.tell();
        let start = self.place(Role::Features, [fine, width]);
        self.enter(Layer::forward(&input, self.picture, start));
        let before = self.run(&blocks[..depth], start, 0);
        let skipped = before.last().expect("a block").output;
        let bottom = self.place(Role::Features, [coarse, wide]);
        self.enter(Layer::forward(&down, skipped, bottom));
        let below = self.run(&blocks[depth..3 * depth], bottom, depth);
        let deepest = below.last().expect("a block").output;
        let above = self.place(Role::Features, [fine, width]);
        self.enter(Layer { plus: Plus::Grid(skipped.at), ..Layer::forward(&up, deepest, above) });
        let behind = self.run(&blocks[3 * depth..], above, 3 * depth);
        let last = behind.last().expect("a block").output;
        // The last block's features are not normalized, nor those on their way to the other grid.
        let compared = if self.pass == Pass::OfExamples { After::Compare } else { After::Nothing };
        if self.pass != Pass::OfGiven {
            self.layers.push(Layer { after: compared, ..Layer::forward(&output, last, self.output) });
        }
        if self.pass == Pass::Output {
            return;
        }
        let of_last = self.place(Role::Features, [fine, width]);
        let of_deepest = self.place(Role::Features, [coarse, wide]);
        let of_skipped = self.place(Role::Features, [fine, width]);
        self.contract(&output, last, self.output);
        self.layers.push(Layer::back(&output, self.output, of_last));
        self.back(&blocks[3 * depth..], &behind, of_last);
        self.contract(&up, deepest, above);
        self.layers.push(Layer { window: Window::SQUARE, tap: 0, ..Layer::back(&up, above, of_deepest) });
        self.back(&blocks[depth..3 * depth], &below, of_deepest);
        self.contract(&down, skipped, bottom);
        self.spread_back(&down, bottom, [above, of_skipped]);
        self.back(&blocks[..depth], &before, of_skipped);
        self.contract(&input, self.picture, start);
        if self.pass == Pass::OfGiven {
            let of_picture = Grid { at: self.scratch, ..self.picture };
            self.layers.push(Layer::back(&input, start, of_picture));
        }
    }

    /// What the context adds to the features of all blocks, at once.
    fn tell(&mut self) {
        let [weights, bias] = self.parts.told;
        let to = Grid { at: self.all_told, side: 1, fours: self.parts.told_fours };
        self.layers.push(Layer {
            from: self.told,
            to,
            apart: [1, 1],
            window: Window::ALONE,
            weights,
            tap: 0,
            bias,
            plus: Plus::Nothing,
            after: After::Nothing,
            count: 1,
        });
    }

    /// A layer before a block, whose features are normalized for it.
    fn enter(&mut self, layer: Layer) {
        let seen = self.place(Role::Seen, [layer.to.side, layer.to.fours]);
        let inverse = self.place(Role::Inverse, [1, 1]).at;
        self.layers.push(Layer { after: After::Normalize { into: seen.at, inverse }, ..layer });
    }

    /// Blocks behind each other from the features `x` on, which have just been normalized.
    fn run(&mut self, blocks: &[Block], mut x: Grid, first: usize) -> Vec<OfBlock> {
        let size = [x.side, x.fours];
        let mut told = self.all_told + self.shape.blocks().take(first).map(fours).sum::<usize>();
        let normalized = |layer: &Layer| match layer.after {
            After::Normalize { into, inverse } => (into, inverse),
            _ => unreachable!("a layer that a block begins behind"),
        };
        let mut all = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let (seen, before) = normalized(self.layers.last().expect("the layer before"));
            let seen = Grid { at: seen, ..x };
            let between = self.place(Role::Between, size);
            self.enter(Layer { bias: 0, plus: Plus::Told(told), ..Layer::forward(&block.first, seen, between) });
            let (again, behind) = normalized(self.layers.last().expect("the layer just written"));
            let again = Grid { at: again, ..x };
            let output = self.place(Role::Features, size);
            let second = Layer { plus: Plus::Grid(x.at), ..Layer::forward(&block.second, again, output) };
            if number + 1 < blocks.len() {
                self.enter(second);
            } else {
                self.layers.push(second);
            }
            all.push(OfBlock { x, seen: [seen, again], between, inverses: [before, behind], output });
            (x, told) = (output, told + x.fours);
        }
        all
    }

    /// From the gradient of the last block's output to that of the first one's input, which takes the place of the input.
    fn back(&mut self, blocks: &[Block], places: &[OfBlock], mut gradient: Grid) {
        for (block, &OfBlock { x, seen, between, inverses, .. }) in blocks.iter().zip(places).rev() {
            let scratch = Grid { at: self.scratch, ..x };
            self.contract(&block.second, seen[1], gradient);
            let normalized = |of: Grid, inverse, add| After::NormalizeBack { of: of.at, inverse, add };
            let after = normalized(between, inverses[1], None);
            self.layers.push(Layer { after, ..Layer::back(&block.second, gradient, scratch) });
            self.contract(&block.first, seen[0], between);
            let window = Window { shared: x.side, ..Window::ALONE };
            let size = [self.shape.told(), block.first.outputs];
            let told = Contraction { from: self.told, of: between, window, weights: block.told, size, bias: None };
            self.contractions.push(told);
            let after = normalized(x, inverses[0], Some(gradient.at));
            self.layers.push(Layer { after, ..Layer::back(&block.first, between, scratch) });
            gradient = x;
        }
    }

    /// The gradient of a convolution that halves, added to what skips the coarse grid: each of the four cells has its own weights.
    fn spread_back(&mut self, down: &Convolution, from: Grid, [skips, to]: [Grid; 2]) {
        for tap in 0..down.window.cells() {
            let first = (tap / 2 * to.side + tap % 2) * to.fours;
            let layer = Layer::back(down, from, Grid { at: to.at + first, ..to });
            self.layers.push(Layer {
                apart: [2, 2 * to.side],
                window: Window::ALONE,
                weights: layer.weights + tap * layer.tap,
                plus: Plus::Grid(skips.at + first),
                ..layer
            });
        }
    }

    fn contract(&mut self, of: &Convolution, from: Grid, gradient: Grid) {
        let &Convolution { window, weights, inputs, outputs, bias, .. } = of;
        let size = [inputs, outputs];
        self.contractions.push(Contraction { from, of: gradient, window, weights, size, bias: Some(bias) });
    }

    /// Layers of the table.
    pub fn num_layers(&self) -> usize {
        self.layers.len()
    }

    /// What the kernel goes through: the picture's shape and places, the times' frequencies in turns, the layers.
    pub fn table(&self) -> Vec<f32> {
        let UNetShape { side, colors, patch, context, .. } = self.shape;
        let of_x = Grid { at: self.scratch, ..self.picture };
        let leaving = if self.pass == Pass::OfGiven { of_x } else { self.output };
        let head = [
            self.parts.zeros,
            self.tape,
            self.picture.at,
            self.picture.side,
            self.picture.fours,
            self.output.at,
            leaving.at,
            self.told.at,
            side,
            colors,
            patch,
            context,
        ];
        let frequencies = (0..FREQUENCIES).map(|k| (frequency(k) / TAU) as f32);
        let mut table: Vec<f32> = head.iter().map(|&number| number as f32).chain(frequencies).collect();
        table.extend(self.layers.iter().flat_map(Layer::numbers));
        table
    }

    /// The contractions as a table, and the blocks of weights that they have together.
    pub fn contractions(&self) -> (Vec<f32>, usize) {
        let (mut table, mut first) = (Vec::new(), 0);
        for &Contraction { from, of, window, weights, size: [inputs, outputs], bias } in &self.contractions {
            let head = [first, from.at, from.side, from.fours, of.at, of.side, of.fours];
            let tail = [window.taps, window.step, window.before, window.shared, weights, inputs, outputs];
            let of_bias = [bias.unwrap_or(0), usize::from(bias.is_some())];
            table.extend(head.iter().chain(&tail).chain(&of_bias).map(|&number| number as f32));
            first += window.cells() * inputs.div_ceil(BLOCK) * outputs.div_ceil(BLOCK);
        }
        (table, first)
    }

    /// Multiplications and additions of a picture in the pass.
    pub fn operations(&self) -> u64 {
        let of_layer = |layer: &Layer| (32 * layer.window.cells() * layer.from.fours * layer.to.len()) as u64;
        self.layers.iter().map(of_layer).sum()
    }
}
