// Which panels need a new run, and how they get it: one request after the other, all panels or none, and what is on
// screen stays where the new is refused.
import { messageOf } from "../engine/error";
import { drawingOf, isSameButSampler, type PanelChoice, type Setup } from "../experiment/presets";
import { areThere, isShippedPicture } from "../experiment/shipped";
import { type Engine, FlowError } from "../library";
import { type AskedBudget, budgetChoiceOf, budgetOf, goesOn, meantBy, setBudget } from "../state/extending";
import { type TrainedOn, trainedOn } from "../state/keys";
import { changePanel, choiceOf, choosePanel, type KeptPanel, needsNewRun, panelAt, takenUp } from "../state/panel";
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
  /** it was chosen, not trained: weights that were trained before may be looked at */
  looks?: boolean;
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
   * The first panels; those with weights or training that were kept go on from there, and those that a link says were trained are trained as far once more. On `cpu` what is only looked at,
   * because it is there first, and what has bits to be compared.
   */
  async open(cpu: Engine, linked: readonly Linked[], kept: readonly KeptPanel[] = []): Promise<void> {
    const { panels, ...shared } = trainedOn(this.#now());
    const { engine } = this.#now();
    this.#due = new Map();
    this.#accepted = shared;
    const isOnCpu = (i: number, { origin }: PanelState) =>
      origin === "pretrained" || (engine.asked === "auto" && (linked[i]?.step ?? 0) > 0 && !kept[i]?.hasMoved);
    const asked = panels.map(async (one, i) => {
      const [first] = linked[i]?.extended ?? [];
      const engine = isOnCpu(i, one) ? cpu : await this.#engine();
      const { checkpoint, weights, origin } = kept[i] ?? {};
      if (checkpoint) return { ...one, engine, origin: origin ?? one.origin, checkpoint };
      if (weights) return { ...one, engine, origin: "loaded" as const, weights };
      return { ...one, engine, ...(first && { firstBudget: first.budget }) };
    });
    const refusal = await this.#bench.begin({ ...shared, panels: await Promise.all(asked) });
    if (refusal !== null) return this.#failAll(refusal.reason);
    for (const [i, { slot }] of panels.entries()) {
      const said = linked[i];
      const found = kept[i];
      if (found?.checkpoint) this.#change(takenUp(slot, found, said?.extended));
      if (said === undefined || said.step === 0 || found?.checkpoint || found?.weights) continue;
      const { step, bits, extended } = said;
      this.#change(changePanel(slot, { linked: { step, bits, ...(extended && { extended }) } }));
      void this.#again(slot, said);
    }
  }

  /** Trained as a link says, with each of its budgets as far as it went. */
  async #again(slot: Slot, { step, extended = [] }: Linked): Promise<void> {
    const { run } = this.#bench.panel(slot) ?? {};
    const isThere = () => run !== undefined && this.#bench.panel(slot)?.run === run;
    for (const [i, { step: end, budget }] of extended.entries()) {
      await this.#bench.train([slot], end - (extended[i - 1]?.step ?? 0));
      const panel = panelAt(this.#now(), slot);
      // Paused on the way, it is another training from there.
      if (!isThere() || panel?.step !== end) return;
      const next = extended[i + 1]?.budget;
      const choice = next === undefined ? panel : { ...panel, own: { ...panel.own, budget: next } };
      if (!(await this.#bench.panel(slot)?.extend(budgetOf(choice, this.#now()), budget))) return;
    }
    const left = step - (extended.at(-1)?.step ?? 0);
    if (isThere() && left > 0) await this.#bench.train([slot], left);
  }

  /** Every panel anew, with other things to share. */
  restart(change: Change): Promise<boolean> {
    this.#changePanels(change);
    for (const { slot } of this.#now().panels) this.makeDue(slot, true);
    return this.inTurn(() => this.begin());
  }

  makeDue(slot: Slot, looks = false): void {
    this.#due.set(slot, { before: undefined, train: false, ...this.#due.get(slot), looks });
  }

  /** One panel anew; until its run is there, it says that it is opening. */
  async choose(slot: Slot, change: (now: PanelChoice) => PanelChoice): Promise<void> {
    const train = panelAt(this.#now(), slot)?.phase === "training";
    // What is shown again if the new run is refused must be all that the old one has come to.
    await this.#bench.pause([slot]);
    const before = panelAt(this.#now(), slot);
    // Closed by the reader meanwhile.
    if (before === undefined) return;
    this.#due.set(slot, { before, train, looks: !train });
    this.#change(choosePanel(slot, change(choiceOf(before))));
    await this.begin();
  }

  /** Trainings that have begun go on with another budget; the panels that have none begin anew. */
  extend(asked: AskedBudget): Promise<void> {
    return this.inTurn(async () => {
      const before = this.#now();
      this.#change(setBudget(asked));
      for (const panel of meantBy(asked, before)) {
        const { slot } = panel;
        const now = panelAt(this.#now(), slot);
        if (now === undefined || !goesOn(now)) this.makeDue(slot, true);
        else if (!(await this.#bench.panel(slot)?.extend(budgetOf(now, this.#now()), budgetChoiceOf(panel, before)))) {
          // Refused, what was asked for is taken back; the panel says why.
          this.#change(
            setBudget({ ...asked, budget: asked.slot === null ? before.setup.budget : (panel.own.budget ?? null) }),
          );
        }
      }
      const { panels: _, ...accepted } = trainedOn(this.#now());
      if (await this.begin()) this.#accepted = accepted;
    });
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
    this.#changePanels(change);
    for (const panel of this.#now().panels) {
      if (!had.includes(panel)) this.#due.set(panel.slot, { before: undefined, train: false, looks: true });
    }
    void this.inTurn(() => this.begin());
  }

  /** Those that are no more are closed. */
  #changePanels(change: Change): void {
    const had = this.#now().panels;
    this.#change(change);
    for (const { slot } of had) if (panelAt(this.#now(), slot) === undefined) this.#bench.close(slot);
  }

  /** What is due, with what was asked for last: of several asked for meanwhile only the last is begun. */
  async begin(): Promise<boolean> {
    const due = this.#due;
    this.#due = new Map();
    const { panels: all, ...shared } = trainedOn(this.#now());
    const panels = all.filter(({ slot }) => due.has(slot));
    if (panels.length === 0) return true;
    const wasTraining = trainingLabel(this.#now()) === "pause";
    const engine = await this.#engine();
    const isAllThere = areThere(panels.map(choiceOf), shared.setup);
    const asked = panels.map((panel) => {
      const { weights, looks = false } = due.get(panel.slot) ?? {};
      if (weights !== undefined) return { ...panel, engine, origin: "loaded" as const, weights };
      const isLookedAt = looks && isAllThere && !wasTraining && isShippedPicture(choiceOf(panel), shared.setup);
      return { ...panel, engine, origin: isLookedAt ? ("pretrained" as const) : ("seed" as const) };
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
