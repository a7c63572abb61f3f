// Trainings that run in turn: some seeds, at some values of one knob.

import { BUDGET_LIMITS } from "../experiment/limits";
import { methodOf } from "../experiment/methods";
import { type NumberOption, optionsOf, takes, typedNumber } from "../experiment/options";
import { DEPTHS, type Own, WIDTHS } from "../experiment/presets";
import { inSentence, msg, num } from "../language";
import type { Change, PanelState, RunSeries, SeriesRun, State } from "./state";

export const MOST_SEEDS = 20;
export const MOST_RUNS = 200;
const MOST_SEED = 2 ** 31;

const SHARED = {
  width: { title: msg("Width"), values: WIDTHS as readonly number[] },
  depth: { title: msg("Depth"), values: DEPTHS as readonly number[] },
} as const;
const STEPS: NumberOption = {
  type: "number",
  place: "budget.steps",
  title: msg("Training steps"),
  meaning: "",
  ...BUDGET_LIMITS.steps,
};

export interface SweptKnob {
  place: string;
  title: string;
}

/** What can be swept of these panels: what they share, and the numbers that any method of them has. */
export function sweptKnobs(panels: readonly PanelState[]): SweptKnob[] {
  const shared = Object.entries(SHARED).map(([place, { title }]) => ({ place, title }));
  return [...shared, STEPS, ...numbersOf(panels)].map(({ place, title }) => ({ place, title }));
}

function numbersOf(panels: readonly PanelState[]): NumberOption[] {
  const all = panels.flatMap(({ method }) => optionsOf(methodOf(method).experiment.method.kind));
  const numbers = all.filter((option): option is NumberOption => option.type === "number");
  return numbers.filter(({ place }, i) => numbers.findIndex((other) => other.place === place) === i);
}

/** The values as typed, by spaces or semicolons apart; or one sentence of why not. */
export function sweptValues(place: string, text: string, panels: readonly PanelState[]): number[] | string {
  const words = text.split(/[\s;]+|,\s+/).filter((word) => word !== "");
  if (words.length === 0) return msg("Type the values to run, such as 16 32 64.");
  if (place in SHARED) {
    const { title, values } = SHARED[place as keyof typeof SHARED];
    const found = words.map(Number);
    return found.every((value) => values.includes(value))
      ? unique(found)
      : msg(`${title} is one of ${values.join(", ")}.`);
  }
  const option = [STEPS, ...numbersOf(panels)].find((one) => one.place === place);
  if (option === undefined) return msg("This knob is not one of these panels'.");
  const found = words.map((word) => typedNumber(option, word));
  if (found.every((value) => takes(option, value))) return unique(found);
  const [least, most] = [option.min, option.max].map((limit) => num(limit.toLocaleString("en-US")));
  return option.whole
    ? msg(`${option.title} is a whole number from ${least} to ${most}.`)
    : msg(`${option.title} is a number from ${least} to ${most}.`);
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}

/** Seed after seed at each value: the first value is known with its spread before the next is begun. */
export function seriesOf(knob: SweptKnob | null, values: readonly number[], seeds: number, first: number): RunSeries {
  const at = knob === null ? [null] : values;
  const runs = at.flatMap((value) =>
    Array.from({ length: seeds }, (_, i) => ({ seed: (first + i) % MOST_SEED, value })),
  );
  return { title: knob?.title ?? "seed", place: knob?.place ?? null, runs, done: 0, phase: "running" };
}

/** What a run trains on: of panels with a value of their own too. */
export function setRun({ place }: Pick<RunSeries, "place">, { seed, value }: SeriesRun): Change {
  return (state) => {
    const seeded = {
      ...state,
      notice: null,
      setup: { ...state.setup, seed },
      panels: state.panels.map(withoutOwn("seed")),
    };
    return place === null || value === null ? seeded : withValue(seeded, place, value);
  };
}

function withValue(state: State, place: string, value: number): State {
  if (place === STEPS.place) {
    const budget = { kind: "steps", limit: value } as const;
    return { ...state, setup: { ...state.setup, budget }, panels: state.panels.map(withoutOwn("budget")) };
  }
  if (place === "width" || place === "depth") {
    return { ...state, setup: { ...state.setup, [place]: value }, panels: state.panels.map(withoutOwn(place)) };
  }
  const has = ({ method }: PanelState) =>
    optionsOf(methodOf(method).experiment.method.kind).some((option) => option.place === place);
  const panels = state.panels.map((panel) =>
    has(panel) ? { ...panel, options: { ...panel.options, [place]: value } } : panel,
  );
  return { ...state, panels };
}

function withoutOwn(key: keyof Own): (panel: PanelState) => PanelState {
  return (panel) => {
    const { [key]: _, ...own } = panel.own;
    return key in panel.own ? { ...panel, own } : panel;
  };
}

/** In words, while it runs and after. */
export function seriesText({ title, place, runs, done, phase }: RunSeries): string {
  const run = runs[Math.min(done, runs.length - 1)];
  const what =
    place === null
      ? msg(`seed ${run?.seed}`)
      : msg(`${inSentence(title)} ${num(String(run?.value))}, seed ${run?.seed}`);
  if (phase === "running") return msg(`Run ${done + 1} of ${runs.length}: ${what}.`);
  if (phase === "stopping") return msg(`Stopping in run ${done + 1} of ${runs.length}.`);
  return phase === "done"
    ? msg(`All ${runs.length} runs are done.`)
    : msg(`Stopped after ${done} of ${runs.length} runs.`);
}

export function isUnderWay(series: RunSeries | null): boolean {
  return series?.phase === "running" || series?.phase === "stopping";
}
