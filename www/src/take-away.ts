// Files that a reader takes along.
import { csvFromPoints } from "./experiment/csv";
import type { Run, SampleOptions } from "./library";
import type { UserData } from "./state/state";

const NUM_SAMPLES = 2000;

function text(content: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** In the data's own units and under their own names. */
async function samples(run: Run, sampler: SampleOptions, name: string, user: UserData | null): Promise<void> {
  const points = await run.sample(NUM_SAMPLES, sampler);
  const names = run.dim === 2 ? ["x", "y"] : Array.from({ length: run.dim }, (_, j) => `x${j + 1}`);
  text(csvFromPoints(points, user?.columns ?? names), "text/csv", `${name}-samples.csv`);
}

export const download = { text, samples };
