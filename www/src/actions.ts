// What the controls can ask for, and who does it.
import type { Actions, TakeAwayActions } from "./controls/actions";
import { presetOf, restartsTraining } from "./experiment/presets";
import type { Engine } from "./library";
import type { OwnPoints, Told } from "./own-points";
import type { Bench } from "./runs/bench";
import type { Commands } from "./runs/commands";
import type { Engines } from "./runs/engines";
import { addPanel, removePanel } from "./state/panel";
import { changeSetup, placePanels } from "./state/setup";
import { showColumns } from "./state/talk";

interface Doers extends Told {
  bench: Bench;
  commands: Commands;
  engines: Engines;
  points: OwnPoints;
  take: TakeAwayActions;
}

export function actionsOf({ state, touch, bench, openings, commands, engines, points, sharing, take }: Doers): Actions {
  /** Whatever makes another comparison: what is so now is told first. */
  const anew = (change: () => unknown): void => {
    sharing.now(state());
    void change();
  };
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
    reset: () => void commands.reset(),
    rewind: (share) => commands.rewind(share),
    set: (part) =>
      restartsTraining(part) ? anew(() => openings.restart(changeSetup(part))) : touch(changeSetup(part)),
    choose: (slot, change) => anew(() => openings.inTurn(() => openings.choose(slot, change))),
    addPanel: (choose) => anew(() => openings.arrange((now) => addPanel(choose(now))(now))),
    removePanel: (slot) => anew(() => openings.arrange(removePanel(slot))),
    compare: (id) =>
      anew(() => {
        const { panels, setup, columns } = presetOf(id);
        for (const { slot } of state().panels) bench.close(slot);
        openings.arrange((now) =>
          showColumns(columns)(changeSetup({ noise: "gaussian", ...setup })(placePanels(panels)(now))),
        );
      }),
    repeat: () => commands.repeat(),
    addRound: (slot) => commands.addRound(slot),
    compute: (device) => void engines.choose(device, moveAll),
    read: (source, name, options) => points.read(source, name, options),
    usePoints: (drawn, name) => void points.usePlanar(drawn, name),
    take,
  };
}
