// Files that the page saved, opened: beside those that hold points.
import { messageOf } from "./engine/error";
import type { FileSource } from "./experiment/answer";
import type { Experiment, ExperimentInput } from "./experiment/experiment";
import { Late } from "./late";
import { POINTS } from "./link/late-points";
import type { Change } from "./state/state";
import { say } from "./state/talk";
import type { KeptPage } from "./take-away/kept";

/** Larger files are none of ours. */
const MOST_BYTES = 512 * 2 ** 20;
const TEXT_BYTES = 2 ** 20;
const savedPages = new Late(() => import("./take-away/opened"));
const experiments = new Late(() => import("./take-away/experiment-file"));

interface Opener {
  touch(change: Change): void;
  /** this in the place of all there is */
  open(kept: KeptPage): void;
  /** what an engine makes of an experiment, every default filled in */
  check(experiment: ExperimentInput): Promise<Experiment>;
}

/** Whether it was one, opened or refused with a sentence. */
export async function openedAsKept(source: FileSource, host: Opener): Promise<boolean> {
  const bytes = await bytesOf(source);
  if (bytes === null) return false;
  try {
    const [{ keptIn }] = await Promise.all([savedPages.load(), POINTS.load()]);
    const kept = keptIn(bytes);
    if (kept === null) return await isOpenedAsExperiment(bytes, host);
    host.open(kept);
  } catch (error) {
    host.touch(say({ kind: "error", at: "data", text: messageOf(error) }));
  }
  return true;
}

async function isOpenedAsExperiment(bytes: Uint8Array, host: Opener): Promise<boolean> {
  const { experimentIn, openedExperiment } = await experiments.load();
  const experiment = experimentIn(bytes);
  if (experiment === null) return false;
  const { shared, note } = await openedExperiment(experiment, host.check);
  host.open({ shared, panels: [] });
  if (note !== null) host.touch(say({ kind: "info", at: "data", text: note }));
  return true;
}

/** Of what begins as an archive or an object does, and may be one by its size. */
async function bytesOf(source: FileSource): Promise<Uint8Array | null> {
  const blob = typeof source === "string" ? new Blob([source]) : source;
  if (!(blob instanceof Blob) || blob.size > MOST_BYTES) return null;
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isArchive = first === 0x50 && second === 0x4b;
  if (!isArchive && (first !== 0x7b || blob.size > TEXT_BYTES)) return null;
  return new Uint8Array(await blob.arrayBuffer());
}
