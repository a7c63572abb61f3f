// The widget where nothing may be fetched, as in a notebook of VS Code: all comes over the widget's own channel.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { watch } from "../browser/blank";

const STATIC = new URL("../../notebook/flow_playground/static/", import.meta.url);
/** Of a webview: scripts that are handed over, workers of blobs, and no connection. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; child-src blob: data:; worker-src blob:";

interface Told {
  _results: { a?: { step: number; samples: DataView; losses: DataView; weights: DataView } };
  _handled: number;
  error: string;
}
interface Handed {
  asset(name: string): Promise<string>;
  traits: Told;
}

test.skip(!process.env.NOTEBOOKS, "the wheel was not made");

test("it trains under the policy of a webview", async ({ page }) => {
  const problems = watch(page);
  const widget = readFileSync(new URL("widget.js", STATIC), "utf8");
  const body = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><link rel="icon" href="data:,"><title>Webview</title><body></body></html>`;
  await page.route("http://127.0.0.1:1/webview", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.exposeFunction("asset", (name: string) =>
    readFileSync(new URL(`assets/${name}`, STATIC)).toString("base64"),
  );
  await page.goto("http://127.0.0.1:1/webview");
  await page.evaluate(async (widget) => {
    const handed = globalThis as unknown as Handed;
    const listeners: ((content: object, buffers: DataView[]) => void)[] = [];
    const traits: Record<string, unknown> = {
      _attributes: { method: "flow-matching", width: "16", depth: "1", device: "cpu", data: "rings" },
      _page: new DataView(new ArrayBuffer(0)),
      _orders: [{ id: 1, do: "train", steps: 5 }],
      _handled: 0,
      height: 400,
      num_samples: 7,
      sampling: {},
    };
    Object.assign(handed, { traits });
    const model = {
      get: (name: string) => traits[name],
      set: (name: string, value: unknown) => {
        traits[name] = value;
      },
      save_changes: () => undefined,
      on: (event: string, tell: () => void) => event === "msg:custom" && listeners.push(tell),
      off: (_: string, tell: () => void) => listeners.splice(listeners.indexOf(tell), 1),
      send: async (content: { name: string }) => {
        const bytes = Uint8Array.from(atob(await handed.asset(content.name)), (one) => one.charCodeAt(0));
        for (const tell of [...listeners]) tell({ ...content, found: true }, [new DataView(bytes.buffer)]);
      },
    };
    const url = URL.createObjectURL(new Blob([widget], { type: "text/javascript" }));
    const { default: made } = await import(url);
    made.render({ model, el: document.body });
  }, widget);
  const told = () =>
    page.evaluate(() => {
      const { _results, _handled, error } = (globalThis as unknown as Handed).traits;
      const { a } = _results ?? {};
      return [
        _handled,
        error,
        a?.step,
        a?.samples.byteLength,
        a?.losses.byteLength,
        (a?.weights.byteLength ?? 0) > 100,
      ];
    });
  await expect.poll(told, { timeout: 60_000 }).toEqual([1, "", 5, 7 * 2 * 8, 5 * 2 * 8, true]);
  expect(problems).toEqual([]);
});
