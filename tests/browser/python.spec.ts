// The exported Python, run by PyTorch: the same velocities as the engine's. Slow, so only where a Python with torch, numpy,
// scipy and safetensors is named: `cargo xtask test --slow` makes one.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { unzipSync } from "fflate";
import { METHOD_IDS, methodOf } from "../../www/src/experiment/methods";
import type { AskedClass, AskedNumbers } from "../../www/src/library";
import { points } from "../../www/src/link/points";
import { firstView, type Page, taken, test } from "./opened";

const PYTHON = process.env.PYTHON ?? "";
const TIMES = [0.01, 0.3, 0.77, 1];
const POINTS = [0.5, -1.2, 2.1, 0.3, -0.7, 0.1, 0, 0];

const METHODS = METHOD_IDS.filter((id) => methodOf(id).experiment.method.kind !== "closed-form");
/** In units of their own, far from the model's. */
const OWN = Float64Array.from({ length: 200 }, (_, i) =>
  i % 2 === 0 ? 1_700_000_001 + 40 * Math.sin(i) : -3 + 0.1 * Math.cos(2 * i),
);
const OWN_POINTS = encodeURIComponent(points.write({ name: "own", points: OWN, columns: ["east", "north"] }));

const OF_PICTURES = "data=glyphs&network=u-net";
const PICTURES = Array.from({ length: 2 * 64 }, (_, i) => Math.sin(i * i));

/** Both ends from files as well, and what no method shows by itself. */
const SETTINGS: readonly (readonly [string, string])[] = [
  // Moons are no snapshots in time.
  ...METHODS.map((id) => [id, id === "snapshots" ? "snapshots;snapshots.leaveOut:2&data=branching" : id] as const),
  ["flow-matching between two toy sets", "flow-matching;data:rings;noise:8-gaussians"],
  ["own points, with noise from a file", `flow-matching;noise:8-gaussians&data=points&points=${OWN_POINTS}`],
  ["one dimension", "flow-matching;data:bimodal;method.coupling:minibatch-ot"],
  ["ddpm predicting data", "ddpm;method.prediction:data"],
  ["nice", "coupling-flow;method.maps:nice;method.layers:3"],
  ["glow", "coupling-flow;method.maps:glow;method.layers:3"],
  ["neural splines", "coupling-flow;method.maps:spline;method.layers:3"],
  ["dopri5", "flow-matching&solver=dopri5&steps=8"],
  ["a class, guided", "flow-matching;condition.kind:class&asked=1&guidance=2.5"],
  ["a class of pairs within it", "ot-coupling;condition.kind:class&asked=0&data=8-gaussians"],
  ["a class of ddpm", "ddpm;condition.kind:class&asked=1"],
  ["a class of MeanFlow, guided", "mean-flow;condition.kind:class&asked=1&guidance=2"],
  ["a class by jumps", "shortcut;condition.kind:class&asked=0&sampler=few-steps&solverSteps=2"],
  ["numbers that are observed", "ot-coupling;condition.kind:numbers&observed=0.1/-0.2&guidance=1.5&data=two-moons-sbi"],
  ["one number of an interpolant", "interpolant;condition.kind:numbers&observed=1&data=linear-gaussian"],
  ["no class of an interpolant", "interpolant;condition.kind:class"],
  ["a U-Net", `flow-matching&${OF_PICTURES}`],
  ["a U-Net told the class", `ddpm;condition.kind:class&asked=1&guidance=2&${OF_PICTURES}`],
  ["a U-Net that jumps", `mean-flow&${OF_PICTURES}`],
  ["two U-Nets", `interpolant&${OF_PICTURES}`],
];

/** Where velocities are compared: in the data's own units. */
function pointsFor(files: Record<string, Uint8Array>): number[] {
  const experiment = JSON.parse(Buffer.from(files["experiment.json"] as Uint8Array).toString());
  if (experiment.data.kind === "points") return [...OWN.subarray(0, 8)];
  return experiment.data.kind === "glyphs" ? PICTURES : POINTS;
}

/** What a link asks for. */
function askedIn(panels: string): AskedClass | AskedNumbers | null {
  const keys = ["asked", "observed", "guidance"];
  const [asked, observed, guidance] = keys.map((key) => new URLSearchParams(panels).get(key));
  if (observed) return { numbers: observed.split("/").map(Number), ...(guidance && { guidance: Number(guidance) }) };
  return asked ? { class: Number(asked), ...(guidance && { guidance: Number(guidance) }) } : null;
}

async function velocities(page: Page, library: string, files: Record<string, Uint8Array>, panels: string) {
  const input = {
    library,
    experiment: JSON.parse(Buffer.from(files["experiment.json"] as Uint8Array).toString()),
    weights: [...(files["weights.safetensors"] as Uint8Array)],
    times: TIMES,
    points: pointsFor(files),
    data: [...OWN],
    asked: askedIn(panels),
  };
  return page.evaluate(async ({ library, experiment, weights, times, points, data, asked }) => {
    const { createEngine } = await import(library);
    const engine = await createEngine({ device: "cpu" });
    const own = experiment.data.kind === "points" ? { points: new Float64Array(data) } : {};
    const run = await engine.run(experiment, { weights: new Uint8Array(weights), ...own });
    if (asked !== null) await run.ask(asked);
    const found: number[][] = [];
    for (const t of times) found.push([...(await run.velocity(new Float64Array(points), t))]);
    engine.dispose();
    return found;
  }, input);
}

const CHECK = `
import json, runpy, sys
import numpy as np, safetensors, torch
flow = runpy.run_path(sys.argv[1])
weights = flow["load"]()
x = (np.array(json.loads(sys.argv[2])).reshape(-1, flow["DIM"]) - flow["CENTER"]) / flow["SCALE"]
x = torch.tensor(x, dtype=torch.float32)
with torch.no_grad():
    found = [(flow["velocity"](weights, x, t).numpy() * flow["SCALE"]).flatten().tolist() for t in json.loads(sys.argv[3])]
single = not any(name.startswith("block.") for name in weights)
losses = [flow["loss"](weights, lambda: flow["draw"](None), 0).item() for _ in range(20)] if single else []
print(json.dumps({"velocities": found, "losses": losses}))
`;

function momentsOf(values: number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, variance, count: values.length };
}

test.skip(PYTHON === "", "no Python with PyTorch is named");

for (const [id, panels] of SETTINGS) {
  test(`${id} in PyTorch has the engine's velocities, samples and trains`, async ({ page, baseURL }, info) => {
    test.slow();
    await page.goto("about:blank");
    await page.goto(`./#panels=${panels}&width=16&depth=2&budget=steps/60&v=1`);
    await firstView(page);
    await page.locator("button.train").click();
    await expect(page.getByText("The budgets are spent.")).toBeVisible({ timeout: 240_000 });
    const { bytes } = await taken(page, "", "Python and weights (zip)");
    const files = unzipSync(bytes);
    const folder = info.outputPath("exported");
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const script = Object.keys(files).find((name) => name.endsWith(".py")) ?? "";
    const python = (...given: string[]) => execFileSync(PYTHON, given, { cwd: folder, encoding: "utf8" });

    const ours = await velocities(page, `${baseURL}flow-playground.js`, files, panels);
    const theirs: { velocities: number[][]; losses: number[] } = JSON.parse(
      python("-c", CHECK, join(folder, script), JSON.stringify(pointsFor(files)), JSON.stringify(TIMES)),
    );
    for (const [k, row] of ours.entries()) {
      const size = Math.max(1, ...row.map(Math.abs));
      for (const [i, value] of row.entries()) {
        expect(Math.abs(value - (theirs.velocities[k]?.[i] ?? Number.NaN)) / size, `${id} at ${TIMES[k]}`).toBeLessThan(
          1e-5,
        );
      }
    }
    // At the end the rate is near zero, and the averaged weights are the trained ones. Rounds after the first have losses of
    // their own.
    const table = (await taken(page, "", "Losses")).bytes.toString().trim().split("\n").slice(1);
    const [mine, other] = [
      momentsOf(table.slice(-10).map((line) => Number(line.split(",")[1]))),
      momentsOf(theirs.losses),
    ];
    if (other.count > 0 && !script.startsWith("reflow") && !script.startsWith("distilled")) {
      const error = Math.sqrt(mine.variance / mine.count + other.variance / other.count);
      expect(Math.abs(mine.mean - other.mean), `${mine.mean} ${other.mean}`).toBeLessThan(5 * error + 0.03);
    }
    expect(python(script, "--samples", "50")).toContain("wrote samples.csv: 50 points");
    expect(python(script, "--train", "--samples", "50")).toContain("wrote weights.safetensors");
  });
}
