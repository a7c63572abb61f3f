// The likelihood of a panel's run where that is measured only when it is asked for. What measures it comes then.
import type { AskedFor } from "../experiment/conditions";
import { type MethodId, whyNoDensity } from "../experiment/methods";
import { isCostly } from "../experiment/networks";
import type { PanelChoice } from "../experiment/presets";
import type { Measurement, Run } from "../library";
import { measured } from "../state/panel";
import type { AskedLikelihood, MeasuringRun } from "./asked-likelihood";
import { likelihoodIn } from "./measured";
import type { Place } from "./place";

export class LikelihoodOf {
  readonly #run: Run;
  readonly #place: Place;
  readonly #method: MethodId;
  /** null before it was asked for */
  #asked: AskedLikelihood | null = null;

  constructor({ method }: Pick<PanelChoice, "method">, run: Run, place: Place) {
    this.#run = run;
    this.#place = place;
    this.#method = method;
  }

  /** Whether there is one, that takes too long to be measured with everything else. */
  get isThere(): boolean {
    const { whyNoDensity: why, experiment } = this.#run;
    return isCostly(experiment) && (why ?? whyNoDensity(this.#method, experiment.data.kind) ?? null) === null;
  }

  /** Of these weights and no others, as they are asked. */
  found(weights: string): Measurement | null {
    return this.#asked?.found(weights) ?? null;
  }

  /** What was found of others is dropped. */
  keepTo(weights: string): void {
    this.#asked?.keepTo(weights);
  }

  stop(): void {
    this.#asked?.stop();
  }

  /** By another run of these weights, of so many probes, which answers what is asked for; `told` of each part. */
  async measure(
    weights: string,
    asked: AskedFor | null,
    open: (probes: number) => Promise<MeasuringRun>,
    told: () => void,
  ): Promise<void> {
    const { AskedLikelihood, PROBES } = await import("./asked-likelihood");
    this.#asked ??= new AskedLikelihood(this.#place);
    const opened = async () => {
      const run = await open(PROBES);
      await run.ask(asked);
      return run;
    };
    await this.#asked.measure(weights, opened, () => {
      this.#tell(weights);
      told();
    });
  }

  /** Beside what was measured of samples of the same weights. */
  #tell(weights: string): void {
    const [found, known] = [this.found(weights), this.#place.panel?.measured];
    if (found === null || !known || known.step !== this.#run.step) return;
    this.#place.change(measured(this.#place.slot, { ...known, ...likelihoodIn(found) }));
  }

  /** What it takes here. */
  async price(): Promise<void> {
    const { secondsFor } = await import("./asked-likelihood");
    const seconds = await secondsFor(this.#run);
    const { likelihood } = this.#place.panel ?? {};
    if (likelihood) this.#place.changePanel({ likelihood: { ...likelihood, seconds } });
  }
}
