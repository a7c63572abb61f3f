// All that is on the page as one file, which opens there again: the experiment, the reader's points, weights, what training
// goes on from, and the view.
import { npyFrom } from "../experiment/npy";
import type { Run } from "../library";
import { writeLink } from "../link/link";
import { MADE_BY } from "../made-by";
import { type KeptPanel, keptTraining } from "../state/panel";
import { type Shared, sharedOf } from "../state/shared";
import type { PanelState, Slot, State, UserData } from "../state/state";

export const KEPT_NAME = "flow-playground.json";
export const KEPT_FORMAT = "flow-playground";
export const KEPT_VERSION = 1;

export interface KeptPage {
  shared: Shared;
  panels: readonly KeptPanel[];
}

/** What stands in the text of the file. */
export interface KeptText {
  format: typeof KEPT_FORMAT;
  version: number;
  /** what wrote it; nothing depends on it */
  software: string;
  /** all but the points, as a link says it */
  link: string;
  points: KeptPoints | null;
  panels: readonly (Omit<KeptPanel, "checkpoint" | "weights"> & {
    checkpoint: string | null;
    weights: string | null;
    experiment: PanelState["experiment"];
  })[];
}

/** The numbers themselves lie beside the text. */
interface KeptPoints {
  name: string;
  columns: readonly string[];
  labels: { column: string; classes: readonly string[] } | null;
  observed: { column: string } | null;
}

export type Files = Record<string, Uint8Array>;

/** The files of an archive. Asks each panel's run for its weights, whether it trains or rests. */
export async function keptFiles(state: () => State, runOf: (slot: Slot) => Run | undefined): Promise<Files> {
  const files: Files = {};
  const taken = await Promise.all(state().panels.map(({ slot }) => takenFrom(runOf(slot))));
  const now = state();
  const shared = sharedOf(now);
  const steps = taken.map((one, i) => one?.step ?? now.panels[i]?.step ?? 0);
  const panels = now.panels.map((panel, i) => {
    const { slot, origin, experiment } = panel;
    const found = origin === "pretrained" ? null : (taken[i] ?? null);
    if (found !== null) {
      files[`${slot}.safetensors`] = found.weights;
      files[`${slot}.checkpoint`] = found.bytes;
    }
    return {
      ...keptTraining(panel, steps[i] ?? 0),
      origin,
      experiment,
      weights: found && `${slot}.safetensors`,
      checkpoint: found && `${slot}.checkpoint`,
    };
  });
  if (shared.user !== null) Object.assign(files, filesOf(shared.user));
  const link = writeLink({ ...shared, user: null, panels: shared.panels.map((one, i) => asFar(one, steps[i] ?? 0)) });
  const text: KeptText = {
    format: KEPT_FORMAT,
    version: KEPT_VERSION,
    software: MADE_BY,
    link,
    points: shared.user && pointsText(shared.user),
    panels,
  };
  files[KEPT_NAME] = new TextEncoder().encode(`${JSON.stringify(text, null, 1)}\n`);
  return files;
}

/** While it trains, the state is behind what the run has come to. */
function asFar(panel: Shared["panels"][number], step: number): Shared["panels"][number] {
  return panel.step === step || panel.step === 0 ? panel : { ...panel, step, bits: null };
}

async function takenFrom(run: Run | undefined) {
  if (run === undefined || run.numParameters === 0) return null;
  const { bytes, step } = await run.checkpoint();
  return { bytes, step, weights: await run.weights() };
}

function pointsText({ name, columns, labels, observed }: NonNullable<Shared["user"]>): KeptPoints {
  return {
    name,
    columns,
    labels: labels ? { column: labels.column, classes: labels.classes } : null,
    observed: observed ? { column: observed.column } : null,
  };
}

function filesOf({
  points,
  columns,
  labels,
  observed,
}: Pick<UserData, "points" | "columns" | "labels" | "observed">): Files {
  return {
    "points.npy": npyFrom(points, columns.length),
    ...(labels && { "labels.npy": npyFrom(Float64Array.from(labels.of), 1) }),
    ...(observed && { "observed.npy": npyFrom(observed.of, 1) }),
  };
}
