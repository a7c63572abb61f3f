import { expect, test } from "vitest";
import { actionsOf } from "./actions";
import type { Actions } from "./controls/actions";
import { initialState } from "./state/initial";
import { seriesOf } from "./state/series";

/** Every action, as a control asks for it. */
const ASKED: { [K in keyof Required<Actions>]: (actions: Actions) => unknown } = {
  change: ({ change }) => change((state) => state),
  toggleTraining: ({ toggleTraining }) => toggleTraining(),
  trainOneStep: ({ trainOneStep }) => trainOneStep(),
  undo: ({ undo }) => undo(),
  reset: ({ reset }) => reset(),
  rewind: ({ rewind }) => rewind(0.5),
  set: ({ set }) => [set({ width: 16 }), set({ seed: 8 }), set({ solver: "euler" })],
  extend: ({ extend }) => extend({ slot: null, budget: { kind: "steps", limit: 10 } }),
  choose: ({ choose }) => choose("a", (now) => now),
  addPanel: ({ addPanel }) => addPanel(() => ({ method: "ddpm", own: {}, options: {} })),
  removePanel: ({ removePanel }) => removePanel("a"),
  compare: ({ compare }) => compare("couplings"),
  compute: ({ compute }) => compute("cpu"),
  repeat: ({ repeat }) => repeat(),
  runSeries: ({ runSeries }) => runSeries(seriesOf(null, [], 2, 1)),
  stopSeries: ({ stopSeries }) => stopSeries(),
  addRound: ({ addRound }) => addRound("a"),
  measureLikelihood: ({ measureLikelihood }) => measureLikelihood("a"),
  stopLikelihood: ({ stopLikelihood }) => stopLikelihood("a"),
  read: ({ read }) => read("1,2", "pasted"),
  usePoints: ({ usePoints }) => usePoints(new Float64Array(2), "drawn"),
  loadWeights: ({ loadWeights }) => loadWeights("a", new Blob(["weights"])),
  ask: ({ ask }) => ask,
  take: ({ take }) => take,
};

/** What loses no training: it goes on, it is looked at, or who is asked keeps what is lost. */
const KEEPS: readonly string[] = [
  "bench.panel",
  "commands.addRound",
  "commands.rewind",
  "commands.toggle",
  "commands.trainOneStep",
  "engines.choose",
  // What the budget has no room for is asked about, and started over by `set` or `choose`.
  "openings.extend",
  "pasts.takeNewest",
  "points.read",
  "points.usePlanar",
  "series.start",
  "series.stop",
];

test("whatever takes the place of a training keeps it, by whichever control it is asked for", async () => {
  let isKept = false;
  const [within, without] = [new Set<string>(), new Set<string>()];
  const tell = (name: string) => void (isKept ? within : without).add(name);
  const told = (of: string, answers: object = {}): never =>
    new Proxy(answers, {
      get:
        (all, name) =>
        (...args: unknown[]) => {
          tell(`${of}.${String(name)}`);
          return (all as Record<PropertyKey, (...args: unknown[]) => unknown>)[name]?.(...args);
        },
    }) as never;
  const keeping = (change: () => unknown) => {
    isKept = true;
    change();
    isKept = false;
  };
  const actions = actionsOf({
    state: () => initialState(false),
    touch: () => undefined,
    bench: told("bench"),
    openings: told("openings", { inTurn: (work: () => unknown) => work() }),
    commands: told("commands"),
    engines: told("engines"),
    points: told("points"),
    series: told("series"),
    pasts: told("pasts", { leave: keeping, takeNewest: () => ({}) }),
    take: told("take"),
    openKept: () => tell("openKept"),
    openPast: () => tell("openPast"),
    ask: null,
  });
  for (const ask of Object.values(ASKED)) {
    ask(actions);
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect([...without].filter((name) => !/\.(inTurn|leave)$/.test(name)).sort()).toEqual(KEEPS);
  expect([...within].filter((name) => !/\.inTurn$/.test(name)).sort()).toEqual([
    "bench.close",
    "commands.repeat",
    "commands.reset",
    "openPast",
    "openings.arrange",
    "openings.choose",
    "openings.load",
    "openings.restart",
  ]);
});
