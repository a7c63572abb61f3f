// A file that the page saved, read: any file may say that it is one, so all of it is checked.
import { unzipSync } from "fflate";
import { MOST_CLASSES } from "../experiment/labels";
import { FEWEST_POINTS, MOST_PIXELS, MOST_POINTS } from "../experiment/limits";
import type { Losses } from "../experiment/losses";
import { tableFromNpy } from "../experiment/npy";
import { FileError } from "../experiment/table";
import { msg } from "../language";
import { readLink } from "../link/link";
import type { KeptPanel } from "../state/panel";
import { defaultShared, type Shared } from "../state/shared";
import type { Measured } from "../state/state";
import { type Files, KEPT_FORMAT, KEPT_NAME, KEPT_VERSION, type KeptPage } from "./kept";

type Json = Readonly<Record<string, unknown>>;

const MOST_BYTES = 512 * 2 ** 20;
/** A picture's pixels are many, and then there are fewer of them. */
const MOST_VALUES = 20_000_000;
const MOST_LOSSES = 100_000;
const MOST_MEASURED = 1000;

/** Null where it is no file of the page's: others read it then. Throws a `FileError` where it is one that can't be opened. */
export function keptIn(bytes: Uint8Array): KeptPage | null {
  const files = filesIn(bytes);
  const text = files?.[KEPT_NAME];
  if (files === null || text === undefined) return null;
  const json = parsed(text);
  if (json?.format !== KEPT_FORMAT) return null;
  if (json.version !== KEPT_VERSION) {
    throw new FileError(
      msg(`This save is of version ${String(json.version).slice(0, 12)}; this page opens version ${KEPT_VERSION}.`),
    );
  }
  const user = json.points === null || json.points === undefined ? null : userFrom(json.points, files);
  const shared = sharedFrom(String(json.link ?? ""), user);
  const told: readonly unknown[] = Array.isArray(json.panels) ? json.panels : [];
  return { shared, panels: shared.panels.map(({ step }, i) => panelFrom(told[i], files, step)) };
}

/** Of an archive those that a save has; of its text alone that one. */
function filesIn(bytes: Uint8Array): Files | null {
  // Tables may be JSON too, and long.
  const isText = bytes[0] === 0x7b && new TextDecoder().decode(bytes.subarray(0, 200)).includes(`"${KEPT_FORMAT}"`);
  if (isText) return { [KEPT_NAME]: bytes };
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return null;
  let [isKept, left] = [false, MOST_BYTES];
  try {
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        isKept ||= name === KEPT_NAME;
        left -= originalSize;
        return false;
      },
    });
    if (!isKept) return null;
    if (left < 0) throw damaged(msg("it unpacks to more than 512 MB"));
    return unzipSync(bytes, { filter: ({ name }) => /^[\w-]+\.(npy|safetensors|checkpoint|json)$/.test(name) });
  } catch (error) {
    if (error instanceof FileError) throw error;
    return null;
  }
}

function parsed(bytes: Uint8Array): Json | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function sharedFrom(link: string, user: Shared["user"]): Shared {
  const usual = { ...defaultShared(), user };
  const read = readLink(link, usual);
  if (read.kind === "refused") throw damaged(read.reason.replace(/\.$/, ""));
  return read.kind === "none" ? usual : read.shared;
}

function userFrom(told: unknown, files: Files): NonNullable<Shared["user"]> {
  const { name, columns, labels, observed } = isObject(told) ? told : {};
  if (!isNames(columns) || columns.length > MOST_PIXELS) throw damaged(msg("its points have no columns"));
  const points = numbersIn(files, "points.npy", columns.length);
  const count = points.length / columns.length;
  if (count < FEWEST_POINTS || count > MOST_POINTS) throw damaged(msg(`it has ${count} points`));
  return {
    name: typeof name === "string" ? name.slice(0, 200) : msg("saved points"),
    points,
    columns,
    ...(isObject(labels) && { labels: labelsFrom(labels, numbersIn(files, "labels.npy", 1), count) }),
    ...(isObject(observed) && { observed: observedFrom(observed, numbersIn(files, "observed.npy", 1), count) }),
  };
}

function labelsFrom({ column, classes }: Json, of: Float64Array, count: number) {
  const isNumber = (one: number) => Number.isInteger(one) && one >= 0 && isNames(classes) && one < classes.length;
  if (!isNames(classes) || classes.length > MOST_CLASSES || of.length !== count || !of.every(isNumber)) {
    throw damaged(msg("its points' classes do not fit"));
  }
  return { column: String(column), classes, of: Uint32Array.from(of) };
}

function observedFrom({ column }: Json, of: Float64Array, count: number) {
  if (of.length !== count) throw damaged(msg("its points' numbers do not fit"));
  return { column: String(column), of };
}

function numbersIn(files: Files, name: string, columns: number): Float64Array {
  const bytes = files[name];
  if (bytes === undefined) throw damaged(msg(`${name} is missing`));
  const { names, numRows, read } = tableFromNpy(bytes);
  if (names.length !== columns || numRows * columns > MOST_VALUES)
    throw damaged(msg(`${name} has ${names.length} columns`));
  return Float64Array.from({ length: numRows * columns }, (_, i) => read(Math.floor(i / columns), i % columns));
}

function panelFrom(told: unknown, files: Files, step: number): KeptPanel {
  const panel = isObject(told) ? told : {};
  const file = (key: "weights" | "checkpoint") => (typeof panel[key] === "string" ? (files[panel[key]] ?? null) : null);
  const origin = panel.origin === "loaded" || panel.origin === "pretrained" ? panel.origin : "seed";
  const losses = lossesFrom(panel.losses);
  const firstStep = typeof panel.firstStep === "number" && losses !== null ? panel.firstStep : step;
  return {
    origin,
    checkpoint: file("checkpoint"),
    weights: file("weights"),
    firstStep,
    losses: losses ?? { count: 0, first: [], stride: 1, means: [], newest: [] },
    history: Array.isArray(panel.history) ? panel.history.filter(isMeasured).slice(0, MOST_MEASURED) : [],
    loss: typeof panel.loss === "number" ? panel.loss : null,
    hasMoved: panel.hasMoved === true,
  };
}

function lossesFrom(told: unknown): Losses | null {
  if (!isObject(told)) return null;
  const { count, first, stride, means, newest } = told;
  if (!isNumbers(first) || !isNumbers(means) || !isNumbers(newest)) return null;
  if (!Number.isInteger(count) || !Number.isInteger(stride) || (stride as number) < 1) return null;
  const isWhole = means.length * (stride as number) + newest.length === count;
  return isWhole ? { count: count as number, first, stride: stride as number, means, newest } : null;
}

const NUMBERS = ["step", "seconds", "networkEvaluations", "n", "likelihoodN", "nfe"] as const;

function isMeasured(told: unknown): told is Measured {
  return isObject(told) && typeof told.solver === "string" && NUMBERS.every((key) => Number.isFinite(told[key]));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MOST_LOSSES && value.every((one) => typeof one === "number");
}

function damaged(what: string): FileError {
  return new FileError(msg(`This save can't be opened: ${what}.`));
}
