// Of what there are films, and what each is recorded from: every figure of the lessons, every preset, and with them the page's
// first view. Nothing of this is shipped: `cargo xtask films` records, and a test holds the films to it.
import { conditionOf } from "../experiment/conditions";
import { digestOf } from "../experiment/digest";
import type { ExperimentInput } from "../experiment/experiment";
import { methodOf, numRounds, whyNoDensity } from "../experiment/methods";
import { isConvolved } from "../experiment/networks";
import { withOptions } from "../experiment/options";
import {
  type BuiltInKind,
  experimentFor,
  HIGH_DATA,
  LINE_DATA,
  PRESET_IDS,
  presetOf,
  type Setup,
} from "../experiment/presets";
import { ownSolverOf, samplerFor } from "../experiment/samplers";
import { shippedFor } from "../experiment/shipped";
import { FIELDS } from "../link/fields";
import { KEYS } from "../link/keys";
import { readAttributes } from "../link/link";
import { LAYER_NAMES } from "../stage/layers";
import { titleOf } from "../state/panel";
import { embeddedShared, type Shared, type SharedPanel } from "../state/shared";
import { layersFor } from "../state/view";
import type { FilmView } from "./format";
import { FIRST_VIEW, filmKey } from "./key";

/** As `crate/examples/film/request.rs` reads it. */
export interface FilmRequest {
  key: string;
  name: string;
  digest: string;
  /** it may be so long */
  bytes: number;
  view: FilmView;
  panels: readonly PanelRequest[];
}

interface PanelRequest {
  title: string;
  experiment: ExperimentInput;
  steps: number;
  shownStep: number | null;
  weights: string | null;
  solver: object | null;
  sampler: object | null;
  asked: object | null;
  density: boolean;
  likelihood: boolean;
  lattice: boolean;
  measured: boolean;
}

/**
 * Training steps of a round, of those that a figure says (`linked`) and where it says none: fewer than the page's own, so that
 * all films together take minutes. Every film says how many they were.
 */
const MOST_STEPS = { linked: 1500, usual: 800, likelihood: 200, blocks: 100, convolved: 40, heavy: 1 } as const;
/** Of a file. The first view's comes with all else that the page needs. */
export const FILM_BYTES = { usual: 14_500, firstView: 6000 } as const;
/** Their trainings are too long to be recorded with the others: they have the poster that every element has. */
const LONG: readonly string[] = [
  "jko-blocks",
  "few-step-pictures",
  "11-summary figure 1",
  "15-many-dimensions figure 2",
  // A film has two coordinates a point.
  "sphere",
];
const LINKED_OF_UNET = 100;
const OF_LIKELIHOOD: readonly string[] = ["normalizing-flow", "ot-flow", "jko-flow"];
/** Of the weights that are shipped: `crate/examples/pretrain.rs`. */
const SHIPPED_STEPS = (name: string) => (name === "flow-matching" ? 8000 : name === "normalizing-flow" ? 1500 : 4000);

/** Lessons by name, as Markdown. */
export function filmRequests(lessons: ReadonlyMap<string, string>): FilmRequest[] {
  const figures = [...lessons].flatMap(([name, text]) =>
    figuresIn(text).map((settings, i) => requestOf(`${name} figure ${i + 1}`, settings)),
  );
  const presets = PRESET_IDS.map((id) => requestOf(id, settingsOfPreset(id)));
  const recorded = [...presets, ...figures].filter(({ name }) => !LONG.includes(name));
  return [...new Map(recorded.map((request) => [request.key, request])).values()];
}

/** The attributes of its elements that are settings. */
export function figuresIn(markdown: string): Map<string, string>[] {
  return [...markdown.matchAll(/<flow-playground\b([^>]*)>/g)].map(([, tag = ""]) => {
    const attributes = [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(
      ([, key = "", value = ""]) => [key, value] as const,
    );
    return new Map(attributes.filter(([key]) => (KEYS as readonly string[]).includes(key)));
  });
}

/** As *Embed* writes them once a preset is pressed on a fresh page. */
export function settingsOfPreset(id: (typeof PRESET_IDS)[number]): Map<string, string> {
  const usual = embeddedShared();
  const { panels, setup = {}, columns = usual.columns } = presetOf(id) as ReturnType<typeof presetOf>;
  const linked = panels.map((panel) => ({ ...panel, step: 0, bits: null }));
  const shared: Shared = { ...usual, panels: linked, setup: { ...usual.setup, ...setup }, columns };
  return new Map(
    FIELDS.flatMap((field) => {
      const text = field.write(shared);
      return text === field.write(usual) ? [] : [[field.key, text] as const];
    }),
  );
}

export function requestOf(name: string, settings: ReadonlyMap<string, string>): FilmRequest {
  const read = readAttributes(settings, embeddedShared());
  if (read.kind !== "shared") throw new Error(`${name} cannot be shown`);
  const { shared } = read;
  const { options, t, playing, camera } = shared.view;
  // Nothing that is decoded is recorded.
  const layers = layersFor(shared.view, dimOf(shared.setup));
  const shown = LAYER_NAMES.filter((layer) => layers[layer] && layer !== "decoded");
  const view: FilmView = { layers: shown, trajectoryColor: options.trajectoryColor, camera, t: playing ? 0 : t };
  const panels = shared.panels.map((panel) => panelRequest(panel, shared));
  const key = filmKey(settings);
  const request = { key, bytes: key === FIRST_VIEW ? FILM_BYTES.firstView : FILM_BYTES.usual, view, panels };
  return { ...request, name, digest: hexadecimal(JSON.stringify(request)) };
}

/** Coordinates a point, as far as they make layers others. */
function dimOf({ data, side }: Setup): number {
  if (data === "phi-four") return 16;
  if (HIGH_DATA.includes(data as BuiltInKind)) return side ** 2;
  return LINE_DATA.includes(data as BuiltInKind) ? 1 : 2;
}

function hexadecimal(text: string): string {
  return digestOf(new TextEncoder().encode(text)).toString(16).padStart(8, "0");
}

function panelRequest(panel: SharedPanel, { setup: shared, view }: Shared): PanelRequest {
  const setup: Setup = { ...shared, ...panel.own };
  const { layers } = view;
  const weights = panel.step === 0 ? shippedFor(panel, shared) : null;
  const convolves = isConvolved(panel.method, setup);
  const { experiment, steps } = trainedFrom(panel, shared, convolves);
  const isStudent = ownSolverOf(panel) !== null;
  const hasDensity = !convolves && !isStudent && whyNoDensity(panel.method, setup.data) === undefined;
  const isTrained = experiment.method?.kind !== "closed-form";
  return {
    title: titleOf(panel),
    experiment,
    steps: weights === null && isTrained ? steps : 0,
    shownStep: weights !== null ? SHIPPED_STEPS(weights) : isTrained ? steps : null,
    weights,
    ...drawnBy(panel, setup),
    asked: askedBy(panel, setup),
    density: hasDensity && layers.density,
    likelihood: hasDensity,
    lattice: layers.lattice,
    measured: !convolves,
  };
}

function trainedFrom(panel: SharedPanel, shared: Setup, convolves: boolean) {
  const experiment = experimentFor(panel, shared);
  const { method = { kind: "flow-matching" }, budget } = experiment;
  const rounds = numRounds(
    withOptions({ method: methodOf(panel.method).experiment.method }, panel.options).method ?? method,
  );
  if (panel.step > 0) {
    const most = convolves ? LINKED_OF_UNET : MOST_STEPS.linked;
    return { experiment, steps: Math.min(panel.step, most * rounds) };
  }
  const isOfLikelihood = OF_LIKELIHOOD.includes(method.kind);
  const [heavy, least] = [MOST_STEPS.heavy, convolves ? MOST_STEPS.convolved : MOST_STEPS.usual];
  const likelihood = method.kind === "jko-flow" ? MOST_STEPS.blocks : MOST_STEPS.likelihood;
  const most = isOfLikelihood ? (convolves ? heavy : likelihood) : least;
  const steps = Math.min(budget?.steps ?? Number.POSITIVE_INFINITY, most * rounds);
  return { experiment: { ...experiment, budget: { steps } }, steps };
}

function drawnBy(panel: SharedPanel, setup: Setup): Pick<PanelRequest, "solver" | "sampler"> {
  const { sampler: kind, ...rest } = samplerFor(panel, setup);
  if (kind !== undefined) return { solver: null, sampler: { kind, ...rest } };
  const { solver, steps } = rest as { solver: string; steps: number };
  return { solver: { kind: solver, steps }, sampler: null };
}

function askedBy(panel: SharedPanel, setup: Setup): object | null {
  const { asked, observed, guidance } = { ...setup, ...panel.asks };
  const told = conditionOf(panel);
  if (told === "class") return asked === null ? null : { class: asked, guidance };
  return told === "numbers" && observed !== null ? { numbers: observed, guidance } : null;
}
