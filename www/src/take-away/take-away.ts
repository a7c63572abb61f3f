// What a reader takes along: a link, pictures, films, numbers, the experiment, its weights, and all of it in Python.
import type { TakeAwayActions } from "../controls/actions";
import type { Stages } from "../drawn/stages";
import { messageOf } from "../engine/error";
import { msg } from "../language";
import { Late } from "../late";
import { TOO_MANY_FOR_LINK } from "../link/late-points";
import type { Bench } from "../runs/bench";
import { save } from "../save";
import type { Change, Film, Notice, Slot, State } from "../state/state";
import { say, showDialog } from "../state/talk";
import type { Taken } from "./of-panel";

type OfPanel = typeof import("./of-panel");
const ofPanel = new Late(() => import("./of-panel"));
const ofPage = new Late(() => Promise.all([import("./zip"), import("./kept")]));
const ofResults = new Late(() => import("../evidence/kept-files"));

/** Whose it is. */
interface TakeAwayHost {
  readonly state: State;
  link(): string | null;
  print(): Promise<void>;
}

export class TakeAway implements TakeAwayActions {
  readonly #owner: TakeAwayHost;
  readonly #change: (change: Change) => void;
  readonly #bench: Bench;
  readonly #stages: Stages;

  constructor(owner: TakeAwayHost, change: (change: Change) => void, bench: Bench, stages: Stages) {
    this.#owner = owner;
    this.#change = change;
    this.#bench = bench;
    this.#stages = stages;
  }

  link(): string | null {
    return this.#owner.link();
  }

  print(): void {
    this.#owner.print().catch((error) => this.#tell("error", "link", messageOf(error)));
  }

  async copyLink(): Promise<void> {
    const url = this.link();
    if (url === null) return this.#tell("error", "link", TOO_MANY_FOR_LINK);
    await this.copy(url, msg("Copied: the link opens all of this as it is now."));
  }

  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell("info", "link", done);
    } catch {
      this.#tell("error", "link", msg("This browser lets the page copy nothing: the address bar has the link."));
    }
  }

  /** All of it, as one file that the page opens. */
  async keep(): Promise<void> {
    try {
      const [{ zipSync }, { keptFiles }] = await ofPage.load();
      const files = await keptFiles(
        () => this.#owner.state,
        (slot) => this.#bench.panel(slot)?.run,
      );
      save(zipSync(files) as BlobPart, "application/zip", "flow-playground.zip");
    } catch (error) {
      this.#tell("error", "link", messageOf(error));
    }
  }

  async results(format: "csv" | "json" | "tex" | "md"): Promise<void> {
    try {
      const { resultsCsv, resultsJson, resultsLatex, resultsMarkdown } = await ofResults.load();
      const writers = { csv: resultsCsv, json: resultsJson, tex: resultsLatex, md: resultsMarkdown };
      const types = { csv: "text/csv", json: "application/json", tex: "text/x-tex", md: "text/markdown" };
      save(writers[format](this.#owner.state.results), types[format], `flow-playground-runs.${format}`);
    } catch (error) {
      this.#tell("error", "series", messageOf(error));
    }
  }

  samples(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveSamples(taken));
  }

  trajectories(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveTrajectories(taken));
  }

  metrics(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveMetrics(taken));
  }

  losses(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveLosses(taken));
  }

  picture(slot: Slot, format: "svg" | "white" | number): void {
    void this.#take(slot, (code, taken) =>
      code.savePicture(taken, this.#shown(slot), format, this.#stages.element(slot)),
    );
  }

  film(slot: Slot, format: "gif" | "film"): void {
    void this.#take(slot, async (code, taken) => {
      try {
        await code.saveFilm(taken, this.#shown(slot), format, (share) => this.#tellFilm(slot, { format, share }));
      } finally {
        this.#tellFilm(slot, null);
      }
    });
  }

  experiment(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveExperiment(taken));
  }

  weights(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.saveWeights(taken));
  }

  pytorch(slot: Slot): void {
    void this.#take(slot, (code, taken) => code.savePython(taken, this.link()));
  }

  async #take(slot: Slot, take: (code: OfPanel, taken: Taken) => Promise<void>): Promise<void> {
    try {
      const code = await ofPanel.load();
      const panel = this.#bench.panel(slot);
      const taken = panel && code.takenFrom(panel, this.#owner.state);
      if (taken) await take(code, taken);
    } catch (error) {
      this.#tell("error", "take", messageOf(error));
    }
  }

  #shown(slot: Slot): NonNullable<ReturnType<Stages["shown"]>> {
    const shown = this.#stages.shown(slot);
    if (shown === null) throw new Error(msg("There is no picture yet."));
    return shown;
  }

  #tellFilm(slot: Slot, film: Film | null): void {
    const { dialog } = this.#owner.state;
    if (dialog?.kind === "take" && dialog.slot === slot) this.#change(showDialog({ ...dialog, film }));
  }

  #tell(kind: Notice["kind"], at: string, text: string): void {
    this.#change(say({ kind, at, text }));
  }
}
