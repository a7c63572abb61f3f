// Exercises as a notebook: the Python of one experiment, with its loss, its solver's step and a log-density left open, each
// followed by checks that pass when it is right.
import type { Experiment } from "../experiment/experiment";
import { MADE_BY } from "../made-by";
import checks from "./python/checks.py?raw";
import gaps from "./python/gaps.py?raw";
import losses from "./python/losses.py?raw";
import { pick, pytorchFile } from "./pytorch";

/** Small enough to be trained in a lesson, on one core. */
const EXERCISES = {
  version: 1,
  seed: 7,
  data: { kind: "moons", dim: 2 },
  noise: { kind: "gaussian" },
  method: {
    kind: "flow-matching",
    path: "linear",
    coupling: "independent",
    couplingBatch: 128,
    weighting: "uniform",
  },
  network: { kind: "perceptron", width: 64, depth: 2, activation: "silu", conditioning: "concat" },
  optimizer: { batch: 256, learningRate: 2e-3, finalLearningRate: 1e-5, clipNorm: 10, emaDecay: 0.99 },
  solver: { kind: "rk4", steps: 10 },
  divergence: {},
  budget: { steps: 2000 },
} as unknown as Experiment;

/** What the reader writes, in the order in which it is asked for: the text before each, and its name. */
const OPEN = [
  [
    "loss",
    `## 1. The loss

\`draw()\` gives a batch of data and one of noise, \`[n, 2]\` each, and \`loss_times(n)\` gives \`n\` times as \`[n, 1]\`. Put each pair's point
at its time on the straight line from data (t = 0) to noise (t = 1), and regress the network on the line's velocity: squares, summed
over coordinates, averaged over the batch. *Lesson 6.*`,
  ],
  [
    "generate",
    `## 2. The sampler

Carry noise from t = 1 back to t = 0 along dx/dt = f(x, t), in equal steps of Heun's method: a step of Euler's method, then the same
step again with the mean of the velocities at its two ends. \`velocity(weights, x, t)\` is f. *Lesson 8.*`,
  ],
  [
    "log_density",
    `## 3. The log-density

ln p(x) of data points is ln q of where they end among the noise, plus the integral of the divergence on the way there.
\`velocity_and_trace(weights, x, t, "exact", None)\` gives f and its divergence, and \`solve\` integrates several things at once. *Lesson 2.*`,
  ],
] as const;

const TITLE = `# Flow matching, filled in

Three functions are left open: a loss, a sampler, a log-density. Below each stand checks that pass when it is right. Time runs from
data at t = 0 to noise at t = 1. Everything else is what the playground exports as Python.

It needs PyTorch, NumPy and safetensors (\`pip install torch numpy safetensors\`), and about half a minute of one processor.`;

/** Of what is exported, what takes no part, or would give an answer away. */
const LEFT_OUT = ["main", "load", "own_units", "carry", "carry_within", "stretches", ...OPEN.map(([name]) => name)];

/** The notebook to fill in; with what a test fills in, that. */
export function exercises(filled = gaps): string {
  const code = pytorchFile({
    experiment: EXERCISES,
    name: "exercises",
    sampledBy: null,
    jumps: 0,
    link: null,
    columns: ["x", "y"],
    center: [0, 0],
    scale: [1, 1],
    asked: null,
    classes: [],
    numbers: [],
  });
  // The first part tells of the file that this would be.
  const parts = code.replace(/^"""[\s\S]*?"""\n\n/, "").split("\n\n\n");
  const given = parts.filter((part) => !LEFT_OUT.some((name) => part.startsWith(`def ${name}(`)));
  const [first, ...rest] = OPEN.map(([name, text]) => [
    cellOf("markdown", text),
    cellOf("code", pick(filled, name)),
    cellOf("code", `${pick(checks, `check_${name}`)}\n\n\ncheck_${name}()`),
  ]);
  const cells = [
    cellOf("markdown", TITLE),
    cellOf(
      "code",
      [
        ...given.filter((part) => !part.startsWith("if __name__")),
        pick(losses, "velocity_and_trace"),
        pick(checks, "with_function"),
      ].join("\n\n\n"),
    ),
    ...(first ?? []),
    cellOf("markdown", "With a loss the network can be trained."),
    cellOf("code", "weights = train()"),
    ...rest.flat(),
  ];
  const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" }, software: MADE_BY };
  const numbered = cells.map((cell, i) => ({ id: `cell-${i}`, ...cell }));
  return `${JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: numbered }, null, 1)}\n`;
}

function cellOf(kind: "markdown" | "code", text: string) {
  const source = text.trim().split(/(?<=\n)/);
  const metadata = {};
  return kind === "markdown"
    ? { cell_type: kind, metadata, source }
    : { cell_type: kind, metadata, source, execution_count: null, outputs: [] };
}
