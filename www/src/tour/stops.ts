// The five stops of the tour: what each shows and says, for someone who has just met the words "velocity field".
import { msg, num } from "../language";
import { LAYER_NAMES, type LayerName } from "../stage/layers";
import { titleOf } from "../state/panel";
import type { Change, PanelState, State } from "../state/state";
import { costOf } from "../state/training";
import { changeView } from "../state/view";

export interface Stop {
  title: string;
  says(state: State): readonly string[];
  /** what is switched on; all other layers are off */
  layers: readonly LayerName[];
  /** where time stands where nothing moves */
  still: number;
  motion: "generate" | "both";
  /** what is spoken of, as a selector: ringed, and scrolled to */
  shows: string;
}

const DOTS = ["data", "noise", "samples"] as const;

export const STOPS: readonly Stop[] = [
  {
    title: msg("Where the dots go"),
    says: () => [
      msg(
        "Grey is noise: a crowd without a shape. Blue is data: here, two moons. The orange dots start as noise and end among the data. Each of them ends as a new point that nobody had measured.",
      ),
      msg(
        "What carries them is a velocity field: at every place, at every time, an arrow that says which way to go and how fast. Two methods have learned one each. You see both at work on the same noise.",
      ),
    ],
    layers: [...DOTS, "tails"],
    still: 0.5,
    motion: "generate",
    shows: ".panels",
  },
  {
    title: msg("What the paths are"),
    says: () => [
      msg(
        "Each thin line is the whole way of one dot: follow the arrows from anywhere on it, and you stay on it. Two dots that start apart never merge, so every way can be gone back again: from data to noise, from noise to data.",
      ),
      msg(
        "Look where the lines bend. Nearly straight ones can be followed in a few large steps; bent ones need many small ones.",
      ),
      msg(
        "Dashed under “Flow matching”: what it learned from, straight lines between a point of noise and a point of data. Many of them pass the same place in different directions, and its field takes their average there.",
      ),
    ],
    layers: [...DOTS, "trajectories", "paths"],
    still: 0.5,
    motion: "both",
    shows: ".panels",
  },
  {
    title: msg("Press Train and watch"),
    says: (state) => [
      msg(
        "What you saw was trained before. Press Train: both methods begin again with networks that know nothing, and learn here, in this tab, from the same data.",
      ),
      msg("At first the dots go astray; then they find the moons. Pause whenever you like, or go on while it trains."),
      ...(hasBegun(state) ? [msg(`So far: ${state.panels.map(stepsOf).join(", ")}.`)] : []),
    ],
    layers: [...DOTS, "tails"],
    still: 0,
    motion: "generate",
    shows: ".train",
  },
  {
    title: msg("What each of them pays"),
    says: (state) => [
      msg(
        "Both end with a field of the same kind, and following it costs the same, step for step. They differ in what it costs to learn.",
      ),
      msg(
        "A normalizing flow asks how likely the data are. To know, it carries points all the way from data to noise in every training step. Flow matching carries nothing: it takes a place on one of those straight lines and learns the direction there.",
      ),
      costs(state),
      msg(
        "But steps are not worth the same: measured on these moons, 400 of the normalizing flow’s came to about the same as 4,000 of flow matching’s. So the table compares what each takes to come to equal quality.",
      ),
    ],
    layers: [...DOTS, "trajectories"],
    still: 0,
    motion: "both",
    shows: ".evidence .scroll",
  },
  {
    title: msg("How to doubt it"),
    says: () => [
      msg("A picture that looks right proves little. Doubt it with the numbers below it."),
      msg(
        "By luck? “Another seed” trains again with other random numbers. The table then says how far the results lie apart, and gives one rank to what it can’t tell apart.",
      ),
      msg(
        "How good is good? Fresh data, too, differ from data by chance. That much is the floor: a method that has come to it can’t be told from the data, which is not the same as perfect.",
      ),
      msg(
        "Only here? Choose other data in the settings, and train once more. What was true of moons need not be true of rings.",
      ),
    ],
    layers: ["data", "samples", "density"],
    still: 0,
    motion: "both",
    shows: ".evidence .another",
  },
];

/** This stop's look, and nothing else; `moves` is false where the reader asks for as little motion as can be. */
export function look({ layers, still, motion }: Stop, moves: boolean): Change {
  const switches = Object.fromEntries(LAYER_NAMES.map((name) => [name, layers.includes(name)]));
  return changeView({
    layers: switches as State["view"]["layers"],
    motion,
    playing: moves,
    direction: -1,
    rest: 0,
    ...(moves ? { t: 1 } : { t: still }),
  });
}

/** As it was seen before. */
export function seenAsIn({ view }: State): Change {
  return changeView(view);
}

export function hasBegun({ panels }: State): boolean {
  return panels.some(({ origin, step }) => origin === "seed" && step > 0);
}

function stepsOf(panel: PanelState): string {
  const { step } = panel;
  return step === 1
    ? msg(`1 training step of ${nameOf(panel)}`)
    : msg(`${num(step.toLocaleString("en-US"))} training steps of ${nameOf(panel)}`);
}

/** A reader may have chosen another on the way. */
function nameOf(panel: Pick<PanelState, "method" | "options">): string {
  if (panel.method === "normalizing-flow") return msg("the normalizing flow");
  return panel.method === "flow-matching" ? msg("flow matching") : titleOf(panel);
}

/** What a training step has cost here. */
function costs(state: State): string {
  const known = hasBegun(state) ? state.panels.flatMap((panel) => costOfOne(panel) ?? []) : [];
  if (known.length === 0)
    return msg("Train at the stop before this one, and what a step costs on this machine will stand here.");
  const said = known.map(({ name, ms, passes }, i) =>
    i === 0
      ? msg(`a training step of ${name} takes ${ms} ms and ${passes} passes through its network`)
      : msg(`one of ${name} ${ms} ms and ${passes}`),
  );
  return msg(`On this machine, so far: ${said.join("; ")}.`);
}

function costOfOne(panel: PanelState): { name: string; ms: string; passes: string } | null {
  const cost = costOf(panel);
  if (cost === null) return null;
  return {
    name: nameOf(panel),
    ms: num((1000 * cost.perStep).toLocaleString("en-US", { maximumSignificantDigits: 2 })),
    passes: num(Math.round(cost.evaluations).toLocaleString("en-US")),
  };
}
