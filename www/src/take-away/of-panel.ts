// What a panel is taken away as, each a file. Fetched when the first is asked for.
import { inColumns } from "../experiment/angles";
import { type AskedFor, askedOf } from "../experiment/conditions";
import { csvFromPoints } from "../experiment/csv";
import { nameOf } from "../experiment/names";
import { npyFrom } from "../experiment/npy";
import { samplerFor, solverFor } from "../experiment/samplers";
import { timesOfSnapshots } from "../experiment/snapshots";
import { spaceOfRun } from "../experiment/spaces";
import { msg } from "../language";
import type { Experiment, LabelledPoints, Run } from "../library";
import type { Panel } from "../runs/panel";
import { save } from "../save";
import type { Scene } from "../stage/scene";
import { panelAt } from "../state/panel";
import type { PanelState, State, UserData } from "../state/state";
import { pngOf, svgOf, svgOnWhite } from "./picture";
import { lossesTable, metricsTable, trajectoriesTable } from "./tables";

const NUM_SAMPLES = 2000;
const NUM_TAKEN = 100;
/** Of a distribution that is no few lines of Python. */
const NUM_DRAWN = 50_000;
/** And of many coordinates fewer, for a file of some 40 MB. */
const MOST_DRAWN_NUMBERS = 10_000_000;

/** A panel with what is needed of it. */
export interface Taken {
  run: Run;
  name: string;
  columns: readonly string[];
  /** points as the columns have them: on a torus or a sphere angles */
  inColumns(points: Float64Array): Float64Array;
  sampler: ReturnType<typeof samplerFor>;
  asked: AskedFor | null;
  experiment: Experiment;
  panel: PanelState;
  user: UserData | null;
}

/** What a stage shows, and how wide. */
export interface ShownScene {
  scene: Scene;
  width: number;
}

/** Null once the panel is closed. */
export function takenFrom({ slot, run, choice }: Panel, state: State): Taken | null {
  const { setup, user } = state;
  const { method, own } = choice;
  const panel = panelAt(state, slot);
  if (panel === undefined) return null;
  const all = { ...setup, ...own };
  const isOwn = (own.data ?? setup.data) === "points" && user !== null;
  const space = spaceOfRun(run.experiment.data);
  const { angles } = setup;
  const names =
    space === "sphere"
      ? ["longitude", "latitude"]
      : run.dim <= 2
        ? ["x", "y"].slice(0, run.dim)
        : Array.from({ length: run.dim }, (_, j) => `x${j + 1}`);
  const { solver: kind, steps } = solverFor(choice, all);
  return {
    run,
    name: method,
    columns: isOwn ? user.columns : names,
    inColumns: (points) => (space === null ? points : inColumns(points, space, isOwn ? angles : "none")),
    sampler: samplerFor(choice, all),
    asked: askedOf({ options: choice.options, asks: panel.asks }, setup, run),
    experiment: { ...run.experiment, solver: { kind, steps } },
    panel,
    user,
  };
}

export async function saveSamples({ run, name, columns, inColumns, sampler }: Taken): Promise<void> {
  const samples = inColumns(await run.sample(NUM_SAMPLES, sampler));
  save(csvFromPoints(samples, columns), "text/csv", `${name}-samples.csv`);
}

export async function saveTrajectories({ run, name, columns, inColumns, sampler }: Taken): Promise<void> {
  const curves = await run.trajectories(NUM_TAKEN, sampler);
  save(
    trajectoriesTable({ ...curves, positions: inColumns(curves.positions) }, columns),
    "text/csv",
    `${name}-trajectories.csv`,
  );
}

export async function saveMetrics({ name, panel }: Taken): Promise<void> {
  save(metricsTable(panel), "text/csv", `${name}-metrics.csv`);
}

export async function saveLosses({ name, panel }: Taken): Promise<void> {
  save(lossesTable(panel), "text/csv", `${name}-losses.csv`);
}

export async function savePicture(
  { name }: Taken,
  { scene, width }: ShownScene,
  format: "svg" | "white" | number,
  stage: Element,
): Promise<void> {
  if (format === "white") save(svgOnWhite(scene, width, stage), "image/svg+xml", `${name}.svg`);
  else if (format === "svg") save(svgOf(scene, width), "image/svg+xml", `${name}.svg`);
  else save(await pngOf(scene, width, format), "image/png", `${name}@${format}x.png`);
}

export async function saveFilm(
  { name }: Taken,
  { scene, width }: ShownScene,
  format: "gif" | "film",
  tell: (share: number) => void,
): Promise<void> {
  const { filmOf, gifOf } = await import("./film");
  const made = await (format === "gif" ? gifOf : filmOf)(scene, width, tell);
  save(made, made.type, `${name}.${made.type.replace(/^.*\//, "")}`);
}

export async function saveExperiment({ name, experiment }: Taken): Promise<void> {
  save(`${JSON.stringify(experiment, null, 2)}\n`, "application/json", `${name}.json`);
}

export async function saveWeights({ run, name }: Taken): Promise<void> {
  save((await run.weights()) as BlobPart, "application/octet-stream", `${name}.safetensors`);
}

export async function savePython(taken: Taken, link: string | null): Promise<void> {
  if (spaceOfRun(taken.experiment.data) !== null) {
    throw new Error(
      msg(
        "The Python program is written for points of a plane and knows no torus or sphere. Weights, samples and the experiment can be taken.",
      ),
    );
  }
  const [{ zipSync, strToU8 }, { pytorchFile, needsFile }, { distributedFiles }] = await Promise.all([
    import("./zip"),
    import("./pytorch"),
    import("./distributed"),
  ]);
  const { run, name, columns, experiment, asked } = taken;
  const { center, scale } = run.scaling;
  const { sampler } = taken;
  const jumps = sampler.sampler === "few-steps" ? sampler.steps : 0;
  const sampledBy = sampler.sampler === undefined || jumps > 0 ? null : nameOf(sampler);
  const kind = experiment.condition?.kind;
  const known = { classes: kind === "class" ? run.classes : [], numbers: kind === "numbers" ? run.numbers : [] };
  const clock = experiment.snapshots ? timesOfSnapshots(run.classes) : null;
  const page = { link, center, scale, ...known, asked: experiment.condition ? asked : null, clock };
  const python = pytorchFile({ experiment, name, sampledBy, jumps, columns, ...page });
  const files: Record<string, Uint8Array> = {
    [`${name}.py`]: strToU8(python),
    "weights.safetensors": await run.weights(),
    "experiment.json": strToU8(`${JSON.stringify(experiment, null, 2)}\n`),
  };
  for (const [file, text] of Object.entries(distributedFiles(experiment, name))) files[file] = strToU8(text);
  if (experiment.condition || experiment.snapshots) {
    const { points, labels, numbers } = await labelledOf(taken);
    files["data.npy"] = npyFrom(points, run.dim);
    if (kind !== "numbers") files["labels.npy"] = npyFrom(Float64Array.from(labels), 1);
    else files["numbers.npy"] = npyFrom(numbers, run.numbers.length);
  } else if (needsFile(experiment.data.kind)) files["data.npy"] = npyFrom(await dataOf(taken), run.dim);
  if (needsFile(experiment.noise.kind)) files["noise.npy"] = npyFrom(await run.noise(manyOf(run)), run.dim);
  save(zipSync(files) as BlobPart, "application/zip", `${name}-pytorch.zip`);
}

/** One's own points as they are; of a built-in distribution as many as suffice. */
async function dataOf({ run, experiment, user }: Taken): Promise<Float64Array> {
  return isOwn(experiment.data.kind) && user !== null ? user.points : run.data(manyOf(run));
}

/** Of all classes, whatever is asked for. */
async function labelledOf({ run, user }: Taken): Promise<LabelledPoints> {
  const own = isOwn(run.experiment.data.kind) ? user : null;
  if (own === null) return run.labelled(manyOf(run));
  const { points, labels, observed } = own;
  return { points, labels: labels?.of ?? new Uint32Array(), numbers: observed?.of ?? new Float64Array() };
}

/** Whose points are the reader's. */
function isOwn(kind: Experiment["data"]["kind"]): boolean {
  return kind === "points" || kind === "pictures";
}

function manyOf({ dim }: Run): number {
  return Math.min(NUM_DRAWN, Math.floor(MOST_DRAWN_NUMBERS / dim));
}
