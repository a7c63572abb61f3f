// The wheel in JupyterLab, with a real kernel: points go in, training, samples, losses and weights come back.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { started } from "./server";

/** Set by `cargo xtask test --slow`: an interpreter with the wheel and JupyterLab. */
const PYTHON = process.env.NOTEBOOKS ?? "";

const CELLS = [
  `import numpy as np, pandas as pd
from flow_playground import Playground
angle = np.random.default_rng(1).uniform(0, 2 * np.pi, 400)
frame = pd.DataFrame({"u": 3 * np.cos(angle), "v": 3 * np.sin(angle), "half": np.where(angle < np.pi, "upper", "lower")})
settings = dict(width=16, depth=2, budget="steps/200", device="cpu", play=False, height=400)
play = Playground(frame, label="half", panels="flow-matching;condition.kind:class", num_samples=50, **settings)
play`,
  `again = Playground(frame, label="half", panels="flow-matching;condition.kind:class", num_samples=10, weights=play.weights, **settings)
again`,
  `points = frame[["u", "v"]]\n${shown()}`,
];

/** What the guide shows. */
function shown(): string {
  const guide = readFileSync(new URL("../../www/docs/uses.md", import.meta.url), "utf8");
  return /```python\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
}

interface Lab {
  serviceManager: {
    sessions: { running(): Iterable<{ kernel: object }> };
    kernels: { connectTo(options: object): Kernel };
  };
  commands: { execute(name: string): Promise<unknown> };
}
interface Kernel {
  requestExecute(what: { code: string }): { done: Promise<unknown>; onIOPub: (message: Message) => void };
  dispose(): void;
}
interface Message {
  content: { text?: string; evalue?: string };
}

test.skip(PYTHON === "", "no Python with JupyterLab is named");

function writeNotebook(path: string): void {
  const cells = CELLS.map((source, i) => ({
    id: `cell-${i}`,
    cell_type: "code",
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}

/** What the notebook's own kernel prints. */
function printed(page: Page, code: string): Promise<string> {
  return page.evaluate(async (code) => {
    const { serviceManager } = (globalThis as unknown as { jupyterapp: Lab }).jupyterapp;
    const [session] = serviceManager.sessions.running();
    const kernel = serviceManager.kernels.connectTo({ model: session?.kernel, handleComms: false });
    const future = kernel.requestExecute({ code });
    let said = "";
    future.onIOPub = ({ content }) => {
      said += content.text ?? content.evalue ?? "";
    };
    await future.done;
    kernel.dispose();
    return said.trim();
  }, code);
}

test("points in, training, samples and weights back, and on from them", async ({ page }, info) => {
  const folder = info.outputPath("notebooks");
  mkdirSync(folder, { recursive: true });
  writeNotebook(join(folder, "play.ipynb"));
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => problems.push(message));
  const lab = await started(
    PYTHON,
    [
      "-m",
      "jupyterlab",
      "--allow-root",
      "--no-browser",
      "--ip=127.0.0.1",
      "--port=0",
      "--expose-app-in-browser",
    ].concat(["--IdentityProvider.token=", `--ServerApp.root_dir=${folder}`]),
    folder,
  );
  try {
    await page.goto(`${lab.url}/lab/tree/play.ipynb`);
    await expect(page.getByText("(ipykernel) | Idle")).toBeVisible({ timeout: 120_000 });
    const runCell = () =>
      page.evaluate(() =>
        (globalThis as unknown as { jupyterapp: Lab }).jupyterapp.commands.execute("notebook:run-cell-and-select-next"),
      );
    await page.locator(".jp-CodeCell").first().click();
    await runCell();
    const figure = page.locator("flow-playground").first();
    await expect(figure.locator("article")).toHaveCount(1, { timeout: 60_000 });
    await expect(figure.locator(".stage")).toBeVisible();

    expect(await printed(page, "print(play.samples, play.error)")).toBe("None");
    await printed(page, "play.train(60)");
    await expect.poll(() => printed(page, "print(play.samples is not None)"), { timeout: 60_000 }).toBe("True");
    const told = "print(play.step, list(play.samples.columns), play.samples.shape, len(play.losses), play.error == '')";
    expect(await printed(page, told)).toBe("60 ['u', 'v'] (50, 2) 60 True");
    expect(await printed(page, "print(play.losses[-10:].mean() < play.losses[:10].mean())")).toBe("True");
    await expect(figure.locator(".status .step dd")).toHaveText(/^60 /);

    // The weights that came back, loaded into another, draw the same samples.
    await runCell();
    await expect(page.locator("flow-playground").nth(1).locator("article")).toHaveCount(1, { timeout: 60_000 });
    await printed(page, "again.num_samples = 50");
    await expect.poll(() => printed(page, "print(again.samples is not None)"), { timeout: 60_000 }).toBe("True");
    expect(await printed(page, "print(again.samples.equals(play.samples))")).toBe("True");
    expect(await printed(page, "play.train(-1); print()")).toBe("");
    await expect.poll(() => printed(page, "print(play.error)"), { timeout: 30_000 }).toContain("numSteps");

    await runCell();
    await expect(page.locator("flow-playground").nth(2).locator("article")).toHaveCount(1, { timeout: 60_000 });
    expect(problems).toEqual([]);
  } finally {
    await lab.close();
  }
});
