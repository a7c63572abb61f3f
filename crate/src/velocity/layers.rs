//! A network's layers in one context, composed of Burn's operations.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// One layer in a given context: y = (x W) gate + offset.
pub struct Layer {
    pub weight: Tensor<2>,
    gate: Option<Tensor<2>>,
    offset: Tensor<2>,
}

impl Layer {
    /// The layer of these pieces: its weights and bias, with the time's weights between them, and the other columns' after the
    /// time's; or with a gate and a shift behind them. `context` is `[batch, _]` or `[1, _]`, its time first.
    pub fn new(pieces: &[Tensor<2>], context: &Tensor<2>) -> Self {
        let piece = |i: usize| pieces[i].clone();
        let columns = context.dims()[1];
        let timed = |i: usize| if columns == 1 { context.clone() } else { context.clone().narrow(1, 0, 1) } * piece(i);
        match pieces.len() {
            2 => Self { weight: piece(0), gate: None, offset: piece(1) },
            3 => Self { weight: piece(0), gate: None, offset: timed(1) + piece(2) },
            4 => {
                let condition = context.clone().narrow(1, 1, columns - 1);
                Self { weight: piece(0), gate: None, offset: timed(1) + condition.matmul(piece(2)) + piece(3) }
            }
            _ => {
                let gate = sigmoid(timed(2) + piece(3));
                Self { weight: piece(0), offset: piece(1) * gate.clone() + timed(4), gate: Some(gate) }
            }
        }
    }

    /// y `[batch, outputs]` of x `[batch, inputs]`.
    pub fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        self.scale(x.matmul(self.weight.clone())) + self.offset.clone()
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
