// The charts of the evidence: which is to be drawn next.
import { Figure, loadCharts } from "../charts/figure";
import type { Against } from "../evidence/curves";
import { Late } from "../late";
import type { Slot, State } from "../state/state";

const curves = new Late(() => import("../evidence/curves"));

const AGAINST: readonly Against[] = ["seconds", "evaluations", "nfe"];

export class EvidenceCharts {
  readonly #losses = new Map<Slot, Figure>();
  readonly #qualities: Record<Against, Figure> = {
    seconds: new Figure(),
    evaluations: new Figure(),
    nfe: new Figure(),
  };

  loss(slot: Slot): HTMLElement {
    return this.#loss(slot).element;
  }

  readonly quality = (against: Against): HTMLElement => this.#qualities[against].element;

  /** The quality at a height of the chart of quality against NFE, which then follows at once. */
  readonly qualityAt = (clientY: number): number | null => {
    this.#qualities.nfe.hurry();
    return this.#qualities.nfe.valueAt(clientY);
  };

  /** One chart a frame at most, so that two never share a task. True if there was one to draw. */
  drawOne(state: State, nowMs: number): boolean {
    const all = [...this.#losses.values(), ...Object.values(this.#qualities)];
    const code = all.some(({ isOnScreen }) => isOnScreen) ? curves.want() : null;
    if (code === null) return false;
    const { lossChart, lossVersion, qualityChart, qualityVersion } = code;
    const above = state.aboveFloor;
    const drawn = state.panels.some((panel) =>
      this.#loss(panel.slot).draw(() => lossChart(panel, above), lossVersion(panel, above), nowMs),
    );
    if (drawn) return true;
    return AGAINST.some((against) =>
      this.#qualities[against].draw(() => qualityChart(against, state), qualityVersion(against, state), nowMs),
    );
  }

  /** Until then there are no charts to print. */
  async loaded(): Promise<void> {
    await Promise.all([loadCharts(), curves.load().catch(() => undefined)]);
  }

  /** On paper all are looked at. */
  drawAll(state: State): void {
    const code = curves.now;
    if (code === null) return;
    for (const panel of state.panels) this.#loss(panel.slot).drawNow(() => code.lossChart(panel, state.aboveFloor));
    for (const against of AGAINST) this.#qualities[against].drawNow(() => code.qualityChart(against, state));
  }

  #loss(slot: Slot): Figure {
    const figure = this.#losses.get(slot) ?? new Figure();
    this.#losses.set(slot, figure);
    return figure;
  }
}
