// Which panels need a new run, and how they get it: one request after the other, all panels or none, and what is on
// screen stays where the new is refused.
import { messageOf } from "../engine/error";
import { drawingOf, isSameButSampler, type PanelChoice, type Setup } from "../experiment/presets";
import { type Engine, FlowError } from "../library";
import { type TrainedOn, trainedOn } from "../state/keys";
import { changePanel, choiceOf, choosePanel, needsNewRun, panelAt } from "../state/panel";
import type { Change, Linked, PanelState, Slot, State } from "../state/state";
import { say } from "../state/talk";
import { trainingLabel } from "../state/training";
import type { Bench, RefusedRun } from "./bench";

/** A panel that needs a new run: whether it is to be trained at once, and what to show again if it is refused. */
interface Due {
  train: boolean;
  before: PanelState | undefined;
  /** what it starts from instead of the seed's initial weights */
  weights?: Uint8Array;
  /** the run before was training, and goes on if the new one is refused */
  resume?: boolean;
}

export class Openings {
  readonly #now: () => State;
  readonly #change: (change: Change) => void;
  readonly #bench: Bench;
  readonly #engine: () => Promise<Engine>;
  /** what the panels share that runs were last started from, to be returned to when something else is refused */
  #accepted: Omit<TrainedOn, "panels">;
  #due = new Map<Slot, Due>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(state: () => State, change: (change: Change) => void, bench: Bench, engine: () => Promise<Engine>) {
    this.#now = state;
    this.#change = change;
    this.#bench = bench;
    this.#engine = engine;
    const { panels: _, ...accepted } = trainedOn(state());
    this.#accepted = accepted;
  }

  /** One after the other: a click on Train right after one on other data trains on that data. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastTurn.then(work);
    this.#lastTurn = done.catch(() => undefined);
    return done;
  }

  /**
   * The first panels; those that a link says were trained are trained as far once more. On `cpu` what is only looked at,
   * because it is there first, and what has bits to be compared.
   */
  async open(cpu: Engine, linked: readonly Linked[]): Promise<void> {
    const { panels, ...shared } = trainedOn(this.#now());
    const { engine } = this.#now();
    this.#due = new Map();
    this.#accepted = shared;
    const isOnCpu = (i: number, { origin }: PanelState) =>
      origin === "pretrained" || (engine.asked === "auto" && (linked[i]?.step ?? 0) > 0);
    const asked = panels.map(async (one, i) => ({ ...one, engine: isOnCpu(i, one) ? cpu : await this.#engine() }));
    const refusal = await this.#bench.begin({ ...shared, panels: await Promise.all(asked) });
    if (refusal !== null) return this.#failAll(refusal.reason);
    for (const [i, { slot }] of panels.entries()) {
      const said = linked[i];
      if (said === undefined || said.step === 0) continue;
      this.#change(changePanel(slot, { linked: { step: said.step, bits: said.bits } }));
      void this.#bench.train([slot], said.step);
    }
  }

  /** Every panel anew, with other things to share. */
  restart(change: Change): Promise<boolean> {
    this.#change(change);
    for (const { slot } of this.#now().panels) this.makeDue(slot);
    return this.inTurn(() => this.begin());
  }

  makeDue(slot: Slot): void {
    this.#due.set(slot, this.#due.get(slot) ?? { before: undefined, train: false });
  }

  /** One panel anew; until its run is there, it says that it is opening. */
  async choose(slot: Slot, change: (now: PanelChoice) => PanelChoice): Promise<void> {
    const train = panelAt(this.#now(), slot)?.phase === "training";
    // What is shown again if the new run is refused must be all that the old one has come to.
    await this.#bench.pause([slot]);
    const before = panelAt(this.#now(), slot);
    // Closed by the reader meanwhile.
    if (before === undefined) return;
    this.#due.set(slot, { before, train });
    this.#change(choosePanel(slot, change(choiceOf(before))));
    await this.begin();
  }

  /** The same run from other weights. */
  async load(slot: Slot, weights: Uint8Array): Promise<void> {
    const resume = panelAt(this.#now(), slot)?.phase === "training";
    await this.#bench.pause([slot]);
    this.#due.set(slot, { before: panelAt(this.#now(), slot), train: false, resume, weights });
    await this.begin();
  }

  arrange(change: Change): void {
    const had = this.#now().panels;
    this.#change(change);
    for (const { slot } of had) if (panelAt(this.#now(), slot) === undefined) this.#bench.close(slot);
    for (const panel of this.#now().panels) {
      if (!had.includes(panel)) this.#due.set(panel.slot, { before: undefined, train: false });
    }
    void this.inTurn(() => this.begin());
  }

  /** What is due, with what was asked for last: of several asked for meanwhile only the last is begun. */
  async begin(): Promise<boolean> {
    const due = this.#due;
    this.#due = new Map();
    const { panels: all, ...shared } = trainedOn(this.#now());
    const panels = all.filter(({ slot }) => due.has(slot));
    if (panels.length === 0) return true;
    const wasTraining = trainingLabel(this.#now()) === "Pause";
    const engine = await this.#engine();
    // Only the page's first panels ever start from weights that were trained before.
    const asked = panels.map((panel) => {
      const weights = due.get(panel.slot)?.weights;
      return { ...panel, engine, ...(weights ? { origin: "loaded" as const, weights } : { origin: "seed" as const }) };
    });
    const refusal = await this.#bench.begin({ ...shared, panels: asked });
    if (refusal !== null) {
      this.#refuse(refusal, due, shared.setup);
      return false;
    }
    this.#accepted = shared;
    // Loaded weights are there to be looked at first.
    const isToTrain = ({ train, weights }: Due) => train || (wasTraining && weights === undefined);
    void this.#bench.train([...due].filter(([, one]) => isToTrain(one)).map(([slot]) => slot));
    return true;
  }

  /** Nothing on screen is lost: what was accepted last is shown again, with one sentence of why. */
  #refuse({ slot, reason }: NonNullable<RefusedRun>, due: ReadonlyMap<Slot, Due>, asked: Setup): void {
    const at = reason instanceof FlowError ? (reason.field ?? "") : "";
    const before = due.get(slot)?.before;
    // The sampler only draws: it is nothing that a run is refused for.
    const drawing = drawingOf(this.#now().setup);
    const { setup, ...accepted } = this.#accepted;
    if (isSameButSampler(this.#now().setup, asked)) {
      this.#change((state) => ({ ...state, ...accepted, setup: { ...setup, ...drawing } }));
    }
    this.#change((state) => ({
      ...state,
      panels: state.panels.map((panel) => due.get(panel.slot)?.before ?? panel),
    }));
    const isShared =
      before === undefined && this.#bench.panel(slot) !== undefined && /^(noise\.kind$|data|network)/.test(at);
    this.#change(say({ kind: "error", at: isShared ? at : `${slot} ${at}`, text: messageOf(reason) }));
    for (const panel of this.#now().panels) {
      // Where nothing runs yet, the panels must not say that they are starting.
      if (this.#bench.panel(panel.slot) === undefined) this.#fail(panel.slot, reason);
    }
    // Paused for the new run that there is not, the old one goes on.
    void this.#bench.train(
      [...due].filter(([, { train, resume, before }]) => (train || resume) && before).map(([slot]) => slot),
    );
  }

  #failAll(reason: unknown): void {
    for (const { slot } of this.#now().panels) this.#fail(slot, reason);
  }

  #fail(slot: Slot, reason: unknown): void {
    this.#change(changePanel(slot, { phase: "failed", error: messageOf(reason) }));
  }

  /** Training starts from the seed's initial weights, never from the shipped ones. */
  async prepareTraining(): Promise<boolean> {
    for (const panel of this.#now().panels) if (needsNewRun(panel)) this.makeDue(panel.slot);
    return this.begin();
  }
}
