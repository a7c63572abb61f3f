//! The deck's methods, each with the settings and the budget it is compared at.

use serde_json::{Value, json};

/// One line of the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name in tables and files.
    pub name: &'static str,
    /// An experiment without data and seed.
    pub experiment: Value,
}

/// What a row's settings depend on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Coordinates of a point.
    pub dim: usize,
    /// The network's width in more than two dimensions.
    pub width: usize,
    /// Points a batch in more than two dimensions.
    pub batch: usize,
    /// The factor on every budget of training steps.
    pub effort: f64,
}

/// Every method. In two dimensions the settings of reference runs in NumPy, but for what is noted; above,
/// the divergence is Hutchinson's where a method would need every coordinate's tangent.
pub fn rows(scale: &Scale) -> Vec<Row> {
    let estimated = if scale.dim > 8 { "hutchinson" } else { "exact" };
    let normalizing = |divergence: &str| json!({ "kind": "normalizing-flow", "divergence": divergence });
    let matching = |path: &str, coupling: &str| json!({ "kind": "flow-matching", "path": path, "coupling": coupling, "couplingBatch": 128 });
    let bridge = json!({
        "kind": "stochastic-interpolant", "bridge": 0.25, "couplingBatch": 128,
        "coupling": { "sinkhorn": { "regularization": 0.5 } },
    });
    let diffusion = |prediction: &str, weighting: &str| json!({ "kind": "diffusion", "prediction": prediction, "weighting": weighting });
    let coupled = |maps: &str| json!({ "kind": "coupling-flow", "maps": maps });
    let rows = [
        ("nice", coupled("nice"), "silu", 5000),
        ("real-nvp", coupled("real-nvp"), "silu", 5000),
        ("glow", coupled("glow"), "silu", 5000),
        ("spline", coupled("spline"), "silu", 5000),
        ("neural-ode", normalizing(estimated), "silu", 2500),
        ("ffjord", normalizing(estimated), "tanh", 2500),
        ("ot-flow", json!({ "kind": "ot-flow" }), "silu", 2500),
        ("jko-iflow", json!({ "kind": "jko-flow" }), "silu", 9000),
        ("fm", matching("linear", "independent"), "silu", 10_000),
        // Told the class; beside the tables of all classes together it has one by class.
        ("fm-class", matching("linear", "independent"), "silu", 10_000),
        ("fm-vp", matching("variance-preserving", "independent"), "silu", 10_000),
        ("fm-cosine", matching("cosine", "independent"), "silu", 10_000),
        ("ot-cfm", matching("linear", "minibatch-ot"), "silu", 10_000),
        ("reflow", json!({ "kind": "reflow" }), "silu", 20_000),
        ("distilled", json!({ "kind": "reflow", "distill": 1 }), "silu", 30_000),
        // At the budget of a flow and one round of reflow.
        ("mean-flow", json!({ "kind": "mean-flow" }), "silu", 20_000),
        ("shortcut", json!({ "kind": "shortcut" }), "silu", 20_000),
        ("interpolant", json!({ "kind": "stochastic-interpolant" }), "silu", 10_000),
        ("sb-cfm", bridge, "silu", 10_000),
        ("ddpm", diffusion("noise", "uniform"), "silu", 10_000),
        ("score-sde", diffusion("score", "uniform"), "silu", 10_000),
        ("score-flow", diffusion("score", "likelihood"), "silu", 10_000),
    ];
    rows.into_iter().map(|(name, method, activation, steps)| row(name, method, activation, steps, scale)).collect()
}

/// The methods on pictures, with the U-Net that the page has for them.
pub fn of_pictures(effort: f64) -> Vec<Row> {
    let matching = |path: &str, coupling: &str| json!({ "kind": "flow-matching", "path": path, "coupling": coupling });
    let diffusion = |prediction: &str, weighting: &str| json!({ "kind": "diffusion", "prediction": prediction, "weighting": weighting });
    let rows = [
        ("ddpm", diffusion("noise", "uniform"), 3000),
        ("score-matching", diffusion("score", "uniform"), 3000),
        ("score-flow", diffusion("score", "likelihood"), 3000),
        ("fm-vp", matching("variance-preserving", "independent"), 3000),
        ("fm-ot", matching("linear", "independent"), 3000),
        ("batch-ot", matching("linear", "minibatch-ot"), 3000),
        // A flow, and a round of as many steps on its pairs; then a student of them.
        ("reflow", json!({ "kind": "reflow" }), 6000),
        ("distilled", json!({ "kind": "reflow", "distill": 1 }), 9000),
        // Each step takes a tangent as well: so fewer. Without the paper's weights no digit is legible.
        ("mean-flow", json!({ "kind": "mean-flow", "adaptive": 1 }), 3000),
        // Each step solves the ODE there and back: what can be afforded.
        ("normalizing-flow", json!({ "kind": "normalizing-flow", "divergence": "hutchinson" }), 100),
    ];
    let experiment = |(name, method, steps): (&'static str, Value, usize)| {
        let steps = ((steps as f64 * effort) as usize).max(20);
        let experiment = json!({
            "method": method,
            "network": { "kind": "u-net", "width": 16, "depth": 1, "conditioning": "concat" },
            "optimizer": { "batch": 64, "learningRate": 2e-3, "finalLearningRate": 1e-5 },
            "solver": { "kind": "rk4", "steps": if name == "distilled" { 1 } else { 20 } },
            "divergence": { "kind": "hutchinson", "probes": 2 },
            "budget": { "steps": steps },
        });
        Row { name, experiment }
    };
    rows.into_iter().map(experiment).collect()
}

fn row(name: &'static str, method: Value, activation: &str, steps: usize, scale: &Scale) -> Row {
    let planar = scale.dim == 2;
    let simulated = matches!(name, "neural-ode" | "ffjord");
    let potential = name == "ot-flow";
    let coupled = matches!(name, "nice" | "real-nvp" | "glow" | "spline");
    let conditioning = match name {
        "ffjord" => "concat-squash",
        _ if coupled => "none",
        _ => "concat",
    };
    let (width, depth) = match (planar, potential) {
        (true, true) => (32, 2),
        (true, false) => (64, if coupled { 2 } else { 3 }),
        (false, potential) => (scale.width, if potential || coupled { 2 } else { 3 }),
    };
    let batch = match (planar, simulated) {
        (true, true) => 256,
        (true, false) => 512,
        (false, _) => scale.batch,
    };
    let (rate, last) = match name {
        "ot-flow" => (0.03, 3e-4),
        "jko-iflow" => (3e-3, 1e-4),
        _ if simulated => (3e-3, 1e-5),
        _ => (2e-3, 1e-5),
    };
    let steps = ((steps as f64 * scale.effort) as usize).max(20);
    let mut experiment = json!({
        "method": method,
        "network": { "width": width, "depth": depth, "activation": activation, "conditioning": conditioning },
        "optimizer": { "batch": batch, "learningRate": rate, "finalLearningRate": last },
        "solver": { "kind": "rk4", "steps": if name == "distilled" { 1 } else { 50 } },
        "budget": { "steps": steps },
    });
    if name == "fm-class" {
        experiment["condition"] = json!({ "kind": "class" });
    }
    Row { name, experiment }
}
