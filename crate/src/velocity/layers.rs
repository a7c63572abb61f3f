//! A network's layers in one context, composed of Burn's operations.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// One layer in a given context: y = (x W) gate + offset.
pub struct Layer {
    pub weight: Tensor<2>,
    gate: Option<Tensor<2>>,
    offset: Tensor<2>,
}

/// How a layer itself changes along a tangent of its context.
#[derive(Default)]
pub struct Change {
    gate: Option<Tensor<2>>,
    offset: Option<Tensor<2>>,
}

/// The time of a context, its first column.
fn time_of(context: &Tensor<2>) -> Tensor<2> {
    if context.dims()[1] == 1 { context.clone() } else { context.clone().narrow(1, 0, 1) }
}

/// A context times its weights: the time's, and the other columns' behind them.
fn told(context: &Tensor<2>, weights: &[Tensor<2>]) -> Tensor<2> {
    let timed = time_of(context) * weights[0].clone();
    match weights.get(1) {
        Some(others) => timed + context.clone().narrow(1, 1, others.dims()[0]).matmul(others.clone()),
        None => timed,
    }
}

impl Layer {
    /// The layer of these pieces: its weights, the context's where it sees one, and its bias; or its weights and bias with a gate
    /// and a shift behind them. `context` is `[batch, _]` or `[1, _]`, its time first.
    pub fn new(pieces: &[Tensor<2>], context: &Tensor<2>) -> Self {
        let piece = |i: usize| pieces[i].clone();
        match pieces.len() {
            2 => Self { weight: piece(0), gate: None, offset: piece(1) },
            bias @ 3..5 => {
                let bias = bias - 1;
                Self { weight: piece(0), gate: None, offset: told(context, &pieces[1..bias]) + piece(bias) }
            }
            _ => {
                let time = time_of(context);
                let gate = sigmoid(time.clone() * piece(2) + piece(3));
                Self { weight: piece(0), offset: piece(1) * gate.clone() + time * piece(4), gate: Some(gate) }
            }
        }
    }

    /// How the layer of these pieces changes along a tangent of its context.
    pub fn change(&self, pieces: &[Tensor<2>], tangent: &Tensor<2>) -> Change {
        let piece = |i: usize| pieces[i].clone();
        match (&self.gate, pieces.len()) {
            (Some(gate), _) => {
                let time = time_of(tangent);
                let slope = gate.clone() * gate.clone().neg().add_scalar(1.0);
                let of_gate = slope * (time.clone() * piece(2));
                Change { offset: Some(piece(1) * of_gate.clone() + time * piece(4)), gate: Some(of_gate) }
            }
            (None, 2) => Change::default(),
            (None, count) => Change { gate: None, offset: Some(told(tangent, &pieces[1..count - 1])) },
        }
    }

    /// y `[batch, outputs]` of x `[batch, inputs]`.
    pub fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        self.scale(x.matmul(self.weight.clone())) + self.offset.clone()
    }

    /// y, and how it changes along a tangent `[batch, inputs]` of x, where the layer itself changes too.
    pub fn apply_along(&self, x: Tensor<2>, tangent: Tensor<2>, change: Change) -> (Tensor<2>, Tensor<2>) {
        let y = x.matmul(self.weight.clone());
        let pushed = self.scale(tangent.matmul(self.weight.clone()));
        let gated = change.gate.map(|gate| y.clone() * gate);
        let along = [gated, change.offset].into_iter().flatten().fold(pushed, |sum, term| sum + term);
        (self.scale(y) + self.offset.clone(), along)
    }

    /// y times the gate, where there is one.
    pub fn scale(&self, y: Tensor<2>) -> Tensor<2> {
        match &self.gate {
            Some(gate) => y * gate.clone(),
            None => y,
        }
    }

    /// J v for tangents `[k, batch, inputs]`.
    pub fn push(&self, tangents: Tensor<3>) -> Tensor<3> {
        let [count, batch, inputs] = tangents.dims();
        let outputs = self.weight.dims()[1];
        let pushed = tangents.reshape([count * batch, inputs]).matmul(self.weight.clone());
        self.scale(pushed).reshape([count, batch, outputs])
    }
}
