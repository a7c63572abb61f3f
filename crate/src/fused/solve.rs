//! A whole solve of an ODE whose field is a velocity network, as one operation: on the CPU engine a tile of points stays in the
//! nearest cache through all solver steps, and what training keeps of them is bounded.

use super::network::NetworkShape;
use crate::ode::Tableau;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind};
use std::fmt::Debug;
use std::sync::Arc;

/// What a right-hand-side evaluation asks of the network g: dx/ds = `of_x` x + `of_network` g(x, `time`), where s is what the steps
/// are equal in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// The time that g sees.
    pub time: f32,
    /// The factor of x.
    pub of_x: f32,
    /// The factor of g.
    pub of_network: f32,
    /// dt/ds, not 0.
    pub speed: f32,
}

/// The steps of a solve.
#[derive(Debug, Clone)]
pub struct Steps {
    /// The Runge-Kutta method.
    pub tableau: &'static Tableau,
    /// The length of each solver step, negative where time runs backward.
    pub lengths: Vec<f32>,
    /// Every stage of each solver step, step after step.
    pub evaluations: Vec<Evaluation>,
    /// Whether the state after every step is wanted, and not the last alone.
    pub recorded: bool,
}

/// A solve with a network. If it is traced, ∫ div dt and ∫ |dx/dt|² dt are integrated along.
#[derive(Debug, Clone)]
pub struct SolvePlan {
    /// The network.
    pub shape: NetworkShape,
    /// What it is told beside x and the time, which alone moves along the solve: `[1, context - 1]` for all points or
    /// `[batch, context - 1]`, row-major. Empty where it is told nothing more.
    pub condition: Vec<f32>,
    /// The steps.
    pub steps: Steps,
}

impl SolvePlan {
    /// Numbers of a point's state: its coordinates, and the two integrals if they are wanted.
    pub fn columns(&self) -> usize {
        self.shape.dim + if self.shape.traced { 2 } else { 0 }
    }

    /// Columns of the condition: the context without its time.
    pub fn conditions(&self) -> usize {
        self.shape.context.saturating_sub(1)
    }

    /// Whether all points share one condition.
    pub fn is_shared(&self) -> bool {
        self.condition.len() == self.conditions()
    }

    /// States that come out.
    pub fn records(&self) -> usize {
        if self.steps.recorded { self.steps.lengths.len() } else { 1 }
    }
}

/// The solve, on either engine.
#[backend_extension(Flex, Cube: cfg(feature = "gpu"), Autodiff)]
pub trait SolveOps: Backend {
    /// The states `[records · batch, columns]` that points `x` `[batch, dim]` reach.
    fn solve_network(x: FloatTensor<Self>, weights: FloatTensor<Self>, plan: Arc<SolvePlan>) -> FloatTensor<Self>;
}

/// The solve's backward pass, for a device that has one: discretise, then optimise. The gradient is exact for what the solver
/// computes.
pub trait SolveGradients: Backend {
    /// What the backward pass needs of the forward pass.
    type Asked: Clone + Send + Debug + 'static;

    /// The last state `[batch, columns]`, and what the backward pass needs.
    fn solve_keeping(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
    ) -> (FloatTensor<Self>, Self::Asked);

    /// The gradients of `x` `[batch, dim]` and of the packed weights for one of the last state.
    fn solve_backward(
        weights: FloatTensor<Self>,
        plan: &SolvePlan,
        asked: Self::Asked,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

#[derive(Debug)]
struct SolveBackward;

impl<B: SolveGradients> Backward<B, 2> for SolveBackward {
    type State = (FloatTensor<B>, Arc<SolvePlan>, B::Asked);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (weights, plan, asked) = ops.state;
        let (of_x, of_weights) = B::solve_backward(weights, &plan, asked, gradient);
        for (node, gradient) in ops.parents.into_iter().zip([of_x, of_weights]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: SolveOps + SolveGradients, C: CheckpointStrategy> SolveOps for Autodiff<B, C> {
    fn solve_network(x: FloatTensor<Self>, weights: FloatTensor<Self>, plan: Arc<SolvePlan>) -> FloatTensor<Self> {
        let nodes = [x.node(), weights.node()];
        let [x, weights] = [x, weights].map(|tensor| tensor.into_primitive());
        match SolveBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                assert!(!plan.steps.recorded, "the states on the way are not differentiated");
                let (state, asked) = B::solve_keeping(x, weights.clone(), &plan);
                prep.finish((weights, plan, asked), state)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::solve_network(x, weights, plan)),
        }
    }
}

/// On the CPU engine every solve of a network that it has; on the WebGPU engine those that fit a workgroup's memory, whose
/// gradients need more of it.
fn has_operation(x: &Tensor<2>, weights: &Tensor<1>, plan: &SolvePlan) -> bool {
    if plan.shape.is_fused(&x.device()) {
        return true;
    }
    #[cfg(feature = "gpu")]
    {
        use super::webgpu::{has_gradients, has_kernel};
        let tracked = x.is_autodiff() || weights.is_autodiff();
        plan.shape.is_known() && has_kernel(plan) && (!tracked || has_gradients(plan))
    }
    #[cfg(not(feature = "gpu"))]
    {
        let _ = weights;
        false
    }
}

/// The states `[records · batch, columns]` that points `x` `[batch, dim]` reach; `None` where there is no such operation: for a
/// network that no kernel is written for.
pub fn solve_network(x: &Tensor<2>, weights: &Tensor<1>, plan: SolvePlan) -> Option<Tensor<2>> {
    if !has_operation(x, weights, &plan) {
        return None;
    }
    assert!(
        plan.is_shared() || plan.condition.len() == plan.conditions() * x.dims()[0],
        "a condition is one for all points or one for each"
    );
    let [x, weights] = [x.clone().into_dispatch(), weights.clone().into_dispatch()];
    Some(Tensor::from_dispatch(<Dispatch as SolveOps>::solve_network(x, weights, Arc::new(plan))))
}
