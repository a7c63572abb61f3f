// What a reader takes along: a link, pictures, films, numbers, the experiment, its weights, and all of it in Python.
import type { TakeAwayActions } from "../controls/actions";
import type { Stages } from "../drawn/stages";
import { messageOf } from "../engine/error";
import { type AskedFor, askedOf } from "../experiment/conditions";
import { csvFromPoints } from "../experiment/csv";
import { npyFrom } from "../experiment/npy";
import { nameOf, samplerFor, solverFor } from "../experiment/samplers";
import type { Experiment, LabelledPoints, Run } from "../library";
import { TOO_MANY_FOR_LINK } from "../link/points";
import type { Bench } from "../runs/bench";
import { save } from "../save";
import { panelAt } from "../state/panel";
import type { Change, Film, Notice, Slot, State } from "../state/state";
import { say, showDialog } from "../state/talk";

const NUM_SAMPLES = 2000;
const NUM_TAKEN = 100;
/** Of a distribution that is no few lines of Python. */
const NUM_DRAWN = 50_000;
/** And of many coordinates fewer, for a file of some 40 MB. */
const MOST_DRAWN_NUMBERS = 10_000_000;

/** Whose points are the reader's. */
function isOwn(kind: Experiment["data"]["kind"]): boolean {
  return kind === "points" || kind === "pictures";
}

function manyOf({ dim }: Run): number {
  return Math.min(NUM_DRAWN, Math.floor(MOST_DRAWN_NUMBERS / dim));
}

/** Whose it is. */
interface TakeAwayHost {
  readonly state: State;
  link(): string | null;
  print(): Promise<void>;
  /** Starts a panel's run anew, from these weights. */
  loadWeights(slot: Slot, weights: Uint8Array): void;
}

/** A panel with what is needed of it. */
interface Taken {
  run: Run;
  name: string;
  columns: readonly string[];
  sampler: ReturnType<typeof samplerFor>;
  asked: AskedFor | null;
  experiment: Experiment;
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
    await this.copy(url, "Copied: the link opens all of this as it is now.");
  }

  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell("info", "link", done);
    } catch {
      this.#tell("error", "link", "This browser lets the page copy nothing: the address bar has the link.");
    }
  }

  /** All of it, as one file that the page opens. */
  async keep(): Promise<void> {
    try {
      const [{ zipSync }, { keptFiles }] = await Promise.all([import("./zip"), import("./kept")]);
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
    const { resultsCsv, resultsJson, resultsLatex, resultsMarkdown } = await import("../evidence/kept-results");
    const writers = { csv: resultsCsv, json: resultsJson, tex: resultsLatex, md: resultsMarkdown };
    const types = { csv: "text/csv", json: "application/json", tex: "text/x-tex", md: "text/markdown" };
    save(writers[format](this.#owner.state.results), types[format], `flow-playground-runs.${format}`);
  }

  samples(slot: Slot): void {
    void this.#take(slot, async ({ run, name, columns, sampler }) => {
      const points = await run.sample(NUM_SAMPLES, sampler);
      save(csvFromPoints(points, columns), "text/csv", `${name}-samples.csv`);
    });
  }

  trajectories(slot: Slot): void {
    void this.#take(slot, async ({ run, name, columns, sampler }) => {
      const curves = await run.trajectories(NUM_TAKEN, sampler);
      const { trajectoriesTable } = await import("./tables");
      save(trajectoriesTable(curves, columns), "text/csv", `${name}-trajectories.csv`);
    });
  }

  metrics(slot: Slot): void {
    void this.#take(slot, async ({ name }) => {
      const { metricsTable } = await import("./tables");
      const panel = panelAt(this.#owner.state, slot);
      if (panel) save(metricsTable(panel), "text/csv", `${name}-metrics.csv`);
    });
  }

  losses(slot: Slot): void {
    void this.#take(slot, async ({ name }) => {
      const { lossesTable } = await import("./tables");
      const panel = panelAt(this.#owner.state, slot);
      if (panel) save(lossesTable(panel), "text/csv", `${name}-losses.csv`);
    });
  }

  picture(slot: Slot, format: "svg" | "white" | number): void {
    void this.#take(slot, async ({ name }) => {
      const { pngOf, svgOf, svgOnWhite } = await import("./picture");
      const { scene, width } = this.#shown(slot);
      if (format === "white")
        save(svgOnWhite(scene, width, this.#stages.element(slot)), "image/svg+xml", `${name}.svg`);
      else if (format === "svg") save(svgOf(scene, width), "image/svg+xml", `${name}.svg`);
      else save(await pngOf(scene, width, format), "image/png", `${name}@${format}x.png`);
    });
  }

  film(slot: Slot, format: "gif" | "film"): void {
    void this.#take(slot, async ({ name }) => {
      const { filmOf, gifOf } = await import("./film");
      const { scene, width } = this.#shown(slot);
      const tell = (share: number) => this.#tellFilm(slot, { format, share });
      try {
        const film = await (format === "gif" ? gifOf : filmOf)(scene, width, tell);
        save(film, film.type, `${name}.${film.type.replace(/^.*\//, "")}`);
      } finally {
        this.#tellFilm(slot, null);
      }
    });
  }

  experiment(slot: Slot): void {
    void this.#take(slot, async ({ name, experiment }) => {
      save(`${JSON.stringify(experiment, null, 2)}\n`, "application/json", `${name}.json`);
    });
  }

  weights(slot: Slot): void {
    void this.#take(slot, async ({ run, name }) => {
      save((await run.weights()) as BlobPart, "application/octet-stream", `${name}.safetensors`);
    });
  }

  loadWeights(slot: Slot, file: Blob): void {
    file.arrayBuffer().then(
      (buffer) => {
        this.#change(showDialog(null));
        this.#owner.loadWeights(slot, new Uint8Array(buffer));
      },
      (error) => this.#tell("error", "take", messageOf(error)),
    );
  }

  pytorch(slot: Slot): void {
    void this.#take(slot, async (taken) => {
      const [{ zipSync, strToU8 }, { pytorchFile, needsFile }, { distributedFiles }] = await Promise.all([
        import("./zip"),
        import("./pytorch"),
        import("./distributed"),
      ]);
      const { run, name, columns, experiment, asked } = taken;
      const { center, scale } = run.scaling;
      const { sampler } = taken;
      const jumps = sampler.sampler === "few-steps" ? sampler.steps : 0;
      const sampledBy = sampler.sampler === undefined || jumps > 0 ? null : nameOf(sampler);
      const kind = experiment.condition?.kind;
      const known = { classes: kind === "class" ? run.classes : [], numbers: kind === "numbers" ? run.numbers : [] };
      const page = { link: this.link(), center, scale, ...known, asked: experiment.condition ? asked : null };
      const python = pytorchFile({ experiment, name, sampledBy, jumps, columns, ...page });
      const files: Record<string, Uint8Array> = {
        [`${name}.py`]: strToU8(python),
        "weights.safetensors": await run.weights(),
        "experiment.json": strToU8(`${JSON.stringify(experiment, null, 2)}\n`),
      };
      for (const [file, text] of Object.entries(distributedFiles(experiment, name))) files[file] = strToU8(text);
      if (experiment.condition) {
        const { points, labels, numbers } = await this.#labelledOf(taken);
        files["data.npy"] = npyFrom(points, run.dim);
        if (kind === "class") files["labels.npy"] = npyFrom(Float64Array.from(labels), 1);
        else files["numbers.npy"] = npyFrom(numbers, run.numbers.length);
      } else if (needsFile(experiment.data.kind)) files["data.npy"] = npyFrom(await this.#dataOf(taken), run.dim);
      if (needsFile(experiment.noise.kind)) files["noise.npy"] = npyFrom(await run.noise(manyOf(run)), run.dim);
      save(zipSync(files) as BlobPart, "application/zip", `${name}-pytorch.zip`);
    });
  }

  /** One's own points as they are; of a built-in distribution as many as suffice. */
  async #dataOf({ run, experiment }: Taken): Promise<Float64Array> {
    const { user } = this.#owner.state;
    return isOwn(experiment.data.kind) && user !== null ? user.points : run.data(manyOf(run));
  }

  /** Of all classes, whatever is asked for. */
  async #labelledOf({ run }: Taken): Promise<LabelledPoints> {
    const { user } = this.#owner.state;
    const own = isOwn(run.experiment.data.kind) ? user : null;
    if (own === null) return run.labelled(manyOf(run));
    const { points, labels, observed } = own;
    return { points, labels: labels?.of ?? new Uint32Array(), numbers: observed?.of ?? new Float64Array() };
  }

  async #take(slot: Slot, take: (taken: Taken) => Promise<void>): Promise<void> {
    const panel = this.#bench.panel(slot);
    if (panel === undefined) return;
    const { run, choice } = panel;
    const { setup, user } = this.#owner.state;
    const { method, own } = choice;
    const all = { ...setup, ...own };
    const isOwn = (own.data ?? setup.data) === "points" && user !== null;
    const names = run.dim <= 2 ? ["x", "y"].slice(0, run.dim) : Array.from({ length: run.dim }, (_, j) => `x${j + 1}`);
    const sampler = samplerFor(choice, all);
    const { solver: kind, steps } = solverFor(choice, all);
    const { asks } = panelAt(this.#owner.state, slot) ?? choice;
    const asked = askedOf({ options: choice.options, ...(asks && { asks }) }, setup, run);
    const experiment = { ...run.experiment, solver: { kind, steps } };
    try {
      await take({ run, name: method, columns: isOwn ? user.columns : names, sampler, experiment, asked });
    } catch (error) {
      this.#tell("error", "take", messageOf(error));
    }
  }

  #shown(slot: Slot): NonNullable<ReturnType<Stages["shown"]>> {
    const shown = this.#stages.shown(slot);
    if (shown === null) throw new Error("There is no picture yet.");
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
