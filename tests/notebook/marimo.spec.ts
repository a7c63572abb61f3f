// The wheel in marimo, whose cells follow what comes back.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { started } from "./server";

/** Set by `cargo xtask test --slow`: an interpreter with the wheel and marimo. */
const PYTHON = process.env.MARIMO ?? "";

const APP = `
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from flow_playground import Playground

    angle = np.random.default_rng(1).uniform(0, 2 * np.pi, 400)
    ring = 3 * np.c_[np.cos(angle), np.sin(angle)]
    raw = Playground(ring, method="flow-matching", width=16, depth=2, budget="steps/200", device="cpu", num_samples=50)
    raw.train(60)
    play = mo.ui.anywidget(raw)
    play
    return mo, play, raw


@app.cell
def _(mo, play, raw):
    play.value
    mo.md("nothing yet" if raw.samples is None else f"step {raw.step}, samples {raw.samples.shape}, {raw.error}")
    return


if __name__ == "__main__":
    app.run()
`;

test.skip(PYTHON === "", "no Python with marimo is named");

test("a cell has the samples once they are there", async ({ page }, info) => {
  const folder = info.outputPath("marimo");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "play.py"), APP);
  const port = String(4900 + (process.pid % 90));
  const marimo = await started(
    PYTHON,
    ["-m", "marimo", "run", "play.py", "--headless", "--no-token", "--host", "127.0.0.1", "--port", port],
    folder,
  );
  try {
    await page.goto(marimo.url);
    await expect(page.locator("flow-playground article")).toHaveCount(1, { timeout: 90_000 });
    await expect(page.getByText("step 60, samples (50, 2)")).toBeVisible({ timeout: 90_000 });
  } finally {
    await marimo.close();
  }
});
