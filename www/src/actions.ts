// What the controls can ask for, and who does it.
import type { Actions, Around, TakeAwayActions } from "./controls/actions";
import { messageOf } from "./engine/error";
import type { ExperimentInput } from "./experiment/experiment";
import { restartsTraining } from "./experiment/presets";
import type { Engine } from "./library";
import { openedAsKept } from "./opening";
import type { OwnPoints, Told } from "./own-points";
import type { Bench } from "./runs/bench";
import type { Commands } from "./runs/commands";
import type { Engines } from "./runs/engines";
import type { Past } from "./runs/pasts";
import type { SeriesRunner } from "./runs/series";
import { compare } from "./state/comparison";
import { addPanel, removePanel } from "./state/panel";
import { changeSetup, chooseSetup } from "./state/setup";
import { say, showDialog } from "./state/talk";
import type { KeptPage } from "./take-away/kept";

interface Doers extends Told {
  bench: Bench;
  commands: Commands;
  engines: Engines;
  points: OwnPoints;
  take: TakeAwayActions;
  series: SeriesRunner;
  openKept: (kept: KeptPage) => void;
  openPast: (past: Past) => void;
  ask: ((what: Around) => void) | null;
}

export function actionsOf({
  state,
  touch,
  bench,
  openings,
  commands,
  engines,
  points,
  take,
  series,
  openKept,
  openPast,
  pasts,
  ask,
}: Doers): Actions {
  /** Whatever takes the place of what was trained: what is so now is told first, and kept. */
  const anew = (change: () => unknown): void => void pasts.leave(change);
  /** Not waited for within the turn: what is being opened goes with them, and a pause waits for none. */
  const moveAll = async (engine: Engine): Promise<unknown[]> => {
    let moved: Promise<unknown[]> = Promise.resolve([]);
    await openings.inTurn(async () => {
      moved = bench.moveAll(engine);
    });
    return moved;
  };
  return {
    change: touch,
    toggleTraining: () => commands.toggle(),
    trainOneStep: () => commands.trainOneStep(),
    reset: () => anew(() => commands.reset()),
    undo: () => {
      const past = pasts.takeNewest();
      if (past !== undefined) anew(() => openPast(past));
    },
    rewind: (share) => commands.rewind(share),
    set: (part) =>
      restartsTraining(part) ? anew(() => openings.restart(chooseSetup(part))) : touch(changeSetup(part)),
    extend: (asked) => void openings.extend(asked),
    choose: (slot, change) => anew(() => openings.inTurn(() => openings.choose(slot, change))),
    addPanel: (choose) => anew(() => openings.arrange((now) => addPanel(choose(now))(now))),
    removePanel: (slot) => anew(() => openings.arrange(removePanel(slot))),
    compare: (id) =>
      anew(() => {
        for (const { slot } of state().panels) bench.close(slot);
        openings.arrange(compare(id));
      }),
    repeat: () => anew(() => commands.repeat()),
    runSeries: (asked) => void series.start(asked),
    stopSeries: () => series.stop(),
    addRound: (slot) => commands.addRound(slot),
    measureLikelihood: (slot) => void bench.panel(slot)?.measureLikelihood(),
    stopLikelihood: (slot) => bench.panel(slot)?.stopLikelihood(),
    compute: (device) => void engines.choose(device, moveAll),
    read: async (source, name, options) => {
      const check = async (experiment: ExperimentInput) => (await engines.cpu).checkExperiment(experiment);
      const open = (kept: KeptPage) => anew(() => openKept(kept));
      const isKept = options === undefined && (await openedAsKept(source, { touch, open, check }));
      if (!isKept) await points.read(source, name, options);
    },
    usePoints: (drawn, name, globe) => void points.usePlanar(drawn, name, globe),
    loadWeights: async (slot, file) => {
      try {
        const weights = new Uint8Array(await file.arrayBuffer());
        touch(showDialog(null));
        anew(() => openings.inTurn(() => openings.load(slot, weights)));
      } catch (error) {
        touch(say({ kind: "error", at: "take", text: messageOf(error) }));
      }
    },
    ask,
    take,
  };
}
