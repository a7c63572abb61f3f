//! Monotone rational-quadratic splines (Gregory and Delbourgo 1982; Durkan et al. 2019), each the end of a flow from the identity.

use burn::tensor::{Device, Tensor, TensorData};

/// Bins of a spline.
const BINS: usize = 8;
/// Bins share [-REACH, REACH]; beyond, points stay where they are. The data are standardized, and so is the noise.
const REACH: f32 = 5.0;
/// Widths, heights and derivatives are e^a of |a| < this, the first two normalized: no bin vanishes, none is a jump.
const MOST_EXPONENT: f32 = 3.0;

/// Numbers that a network says of each spline: the widths, the heights, and the derivatives at the knots between bins.
pub const PARAMETERS: usize = 3 * BINS - 1;

/// Numbers that training keeps of each spline, at most.
pub const KEPT: usize = 60 * BINS;

/// What all splines of a layer share.
#[derive(Debug, Clone)]
pub struct Places {
    /// 1 where a coordinate of the rows is the moving one of the columns, `[dim, moving]`.
    picked: Tensor<2>,
    /// Sums what lies before each bin, `[BINS, BINS]`.
    before: Tensor<2>,
}

impl Places {
    /// The places of these coordinates among `dim`.
    pub fn new(moving: &[usize], dim: usize, device: &Device) -> Self {
        let table = |rows: usize, columns: usize, is_one: &dyn Fn(usize, usize) -> bool| {
            let values = (0..rows * columns).map(|i| f32::from(u8::from(is_one(i / columns, i % columns))));
            Tensor::from_data(TensorData::new(values.collect::<Vec<_>>(), [rows, columns]), device)
        };
        let picked = table(dim, moving.len(), &|row, column| moving[column] == row);
        Self { picked, before: table(BINS, BINS, &|earlier, bin| earlier < bin) }
    }
}

/// A spline for each moving coordinate of each point, `[splines, BINS]` of everything.
///
/// With θ from 0 to 1 through a bin of width w from derivative a to b, whose height is S w, the spline there goes up by
/// w S (S θ² + a θ(1-θ)) / (S + (a + b - 2S) θ(1-θ)). What S, a and b are at time s of the block lies on the straight way to them from 1,
/// where the spline is the identity: at every s it is monotone, and that is its flow.
pub struct Spline {
    places: Places,
    widths: Tensor<2>,
    knots: Knots,
}

/// S, a and b: the mean derivative of a bin and those at its ends.
struct Knots([Tensor<2>; 3]);

/// Of every bin, where a point is in it: θ, which is 0 before it and 1 behind it, and θ(1-θ).
struct Inside {
    share: Tensor<2>,
    both: Tensor<2>,
}

/// S θ² + a θ(1-θ), S + (a + b - 2S) θ(1-θ), and b θ² + 2S θ(1-θ) + a (1-θ)², linear in S, a and b.
struct Sums {
    above: Tensor<2>,
    below: Tensor<2>,
    steep: Tensor<2>,
}

impl Inside {
    fn new(share: Tensor<2>) -> Self {
        Self { both: share.clone() - share.clone() * share.clone(), share }
    }
}

impl Knots {
    /// Those at a time.
    fn at(&self, s: f64) -> Self {
        let s = s as f32;
        Self(self.0.clone().map(|end| if s == 1.0 { end } else { end.mul_scalar(s).add_scalar(1.0 - s) }))
    }

    /// How they change with the time.
    fn rates(&self) -> Self {
        Self(self.0.clone().map(|end| end.sub_scalar(1.0)))
    }

    fn sums(&self, Inside { share, both }: &Inside) -> Sums {
        let [slope, first, last] = &self.0;
        let [first_over, last_over] = [first, last].map(|derivative| derivative.clone() - slope.clone());
        let bend = (first_over.clone() + last_over) * both.clone();
        Sums {
            above: slope.clone() * share.clone() + first_over * both.clone(),
            below: slope.clone() + bend.clone(),
            steep: first.clone() + (last.clone() - first.clone()) * share.clone() - bend,
        }
    }
}

/// The greatest number below 1.
const BELOW_ONE: f32 = 1.0 - f32::EPSILON / 2.0;

impl Spline {
    /// The splines of what a network said, `[batch, moving · PARAMETERS]`.
    pub fn new(output: Tensor<2>, places: Places) -> Self {
        let splines = output.dims()[0] * places.picked.dims()[1];
        let exponents =
            output.reshape([splines, PARAMETERS]).div_scalar(MOST_EXPONENT).tanh().mul_scalar(MOST_EXPONENT);
        let positive = exponents.exp();
        let [wide, high] = [0, BINS].map(|first| {
            let part = positive.clone().narrow(1, first, BINS);
            part.clone() / part.sum_dim(1)
        });
        let one = Tensor::ones([splines, 1], &wide.device().inner());
        let between = positive.narrow(1, 2 * BINS, BINS - 1);
        let first = Tensor::cat(vec![one.clone(), between.clone()], 1);
        let last = Tensor::cat(vec![between, one], 1);
        Self { places, knots: Knots([high / wide.clone(), first, last]), widths: wide.mul_scalar(2.0 * REACH) }
    }

    /// The moving coordinates of points, `[splines, 1]`.
    fn pick(&self, x: Tensor<2>) -> Tensor<2> {
        let splines = self.widths.dims()[0];
        x.matmul(self.places.picked.clone()).reshape([splines, 1])
    }

    /// What is said of splines, `[splines, 1]`, as `[batch, moving]`.
    fn by_point(&self, each: Tensor<2>) -> Tensor<2> {
        let moving = self.places.picked.dims()[1];
        each.reshape([self.widths.dims()[0] / moving, moving])
    }

    fn put(&self, each: Tensor<2>) -> Tensor<2> {
        self.by_point(each).matmul(self.places.picked.clone().transpose())
    }

    /// How far through each bin of these widths a number is.
    fn share(&self, number: Tensor<2>, widths: Tensor<2>) -> Tensor<2> {
        let left = widths.clone().matmul(self.places.before.clone());
        ((number.add_scalar(REACH) - left) / widths).clamp(0.0, 1.0)
    }

    /// θ of the points that are at `y` at time s.
    fn inside(&self, y: Tensor<2>, s: f64) -> Inside {
        if s == 0.0 {
            return Inside::new(self.share(y, self.widths.clone()));
        }
        let [slope, first, last] = self.knots.at(s).0;
        let risen = self.share(y, self.widths.clone() * slope.clone());
        // -e θ² + (S + e) θ = S v, for a share v of the height. Either way to write its root cancels where the other doesn't.
        let excess = first.clone() - slope.clone() - (first + last - slope.clone().mul_scalar(2.0)) * risen.clone();
        let middle = slope.clone() + excess.clone();
        let target = slope * risen.clone();
        let square = middle.clone() * middle.clone() - (excess.clone() * target.clone()).mul_scalar(4.0);
        let sum = middle.clone().abs() + square.clamp_min(0.0).sqrt();
        let falling = middle.lower_elem(0.0);
        let root = target.mul_scalar(2.0) / sum.clone();
        // Where it is not chosen it may be infinite, and no gradient comes back through that as 0.
        let divisor = excess.mul_scalar(-2.0).mask_fill(falling.clone().bool_not(), 1.0);
        let theta = root.mask_where(falling, sum / divisor).clamp(0.0, 1.0);
        // At the end of a bin whose slopes are far apart the root has few digits, and the derivative there hangs on each.
        let through = risen.neg().lower_elem(-BELOW_ONE);
        let end = theta.ones_like();
        Inside::new(theta.mask_where(through, end))
    }

    /// Of every bin, how far it has carried the point at time s, in its widths, and ln of the derivative over that at its start: over all
    /// bins these sum up to the spline's, whose first derivative is 1.
    fn reached(&self, inside: &Inside, s: f64) -> [Tensor<2>; 2] {
        if s == 0.0 {
            return [inside.share.clone(), inside.share.zeros_like()];
        }
        let knots = self.knots.at(s);
        let Sums { above, below, steep } = knots.sums(inside);
        let [slope, first, _] = knots.0;
        let ratio = slope / below;
        [ratio.clone() * above, (ratio.clone() * ratio * steep / first).log()]
    }

    /// Where points `x` at one time are at another, and ln |det| of that.
    pub fn carry(&self, x: Tensor<2>, [from, to]: [f64; 2]) -> [Tensor<2>; 2] {
        let inside = self.inside(self.pick(x.clone()), from);
        let [[start, log_start], [end, log_end]] = [from, to].map(|s| self.reached(&inside, s));
        let moved = ((end - start) * self.widths.clone()).sum_dim(1);
        [x + self.put(moved), self.by_point((log_end - log_start).sum_dim(1)).sum_dim(1)]
    }

    /// The velocity at points `x` at a time, and its divergence: how both that [`Self::reached`] says change with s.
    pub fn velocity_and_divergence(&self, x: Tensor<2>, s: f64) -> [Tensor<2>; 2] {
        let inside = self.inside(self.pick(x), s);
        let (knots, rates) = (self.knots.at(s), self.knots.rates());
        let (now, change) = (knots.sums(&inside), rates.sums(&inside));
        let ([slope, first, _], [of_slope, of_first, _]) = (knots.0, rates.0);
        let of_below = change.below / now.below.clone();
        let grown =
            of_slope.clone() * now.above.clone() + slope.clone() * (change.above - now.above * of_below.clone());
        let speed = (grown / now.below * self.widths.clone()).sum_dim(1);
        let of_log = (of_slope / slope - of_below).mul_scalar(2.0) + change.steep / now.steep - of_first / first;
        [self.put(speed), self.by_point(of_log.sum_dim(1)).sum_dim(1)]
    }
}
