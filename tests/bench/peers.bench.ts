// How fast the CPU engine is beside its peers, in one run on one page: ratios, the share of the processor's peak, and how the
// time grows. Written as JSON and as the table of `tests/peers/README.md`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";

const DIST = fileURLToPath(new URL("../peers/dist/", import.meta.url));
const ROUNDS = { rounds: 7, roundMs: 500 };
/** TensorFlow.js on a software GPU takes a minute for what others do in a second. */
const LONGEST_MS = 1_200_000;

interface Contest {
  ms: Record<string, number>;
  missing: Record<string, string>;
  /** operations in a millisecond, in the same rounds */
  peak: number;
}

interface Result extends Contest {
  /** multiplications and additions */
  operations?: number;
}

interface Growth {
  sizes: number[];
  ms: number[];
  exponent: number;
}

declare global {
  interface Window {
    peers: {
      works: string[];
      webGpuWorks: string[];
      operations: Record<string, number>;
      contest(work: string, rounds: { rounds: number; roundMs: number; on?: string }): Promise<Contest>;
      differences(side: number): Promise<Record<string, number>>;
      growth(): Promise<Record<string, Growth>>;
      peakOperationsPerMs(): Promise<number>;
    };
  }
}

test("the CPU engine beside its peers", async ({ page, baseURL }) => {
  test.setTimeout(LONGEST_MS);
  await openPeers(page, new URL("/peers/", baseURL).href);
  // They are one network, or nothing is compared.
  for (const side of [8, 28]) {
    const differences = await page.evaluate((side) => window.peers.differences(side), side);
    for (const [name, most] of Object.entries(differences)) expect(most, `${name}, ${side} pixels`).toBeLessThan(1e-4);
  }
  // Before each work, and the highest of all: what the machine does besides can only lower it.
  let peak = 0;
  const results: Record<string, Result> = {};
  for (const work of await page.evaluate(() => window.peers.works)) {
    peak = Math.max(peak, await page.evaluate(() => window.peers.peakOperationsPerMs()));
    const contest = await page.evaluate(([work, rounds]) => window.peers.contest(work, rounds), [
      work,
      ROUNDS,
    ] as const);
    const operations = await page.evaluate((work) => window.peers.operations[work], work);
    expect(contest.missing.ours, work).toBeUndefined();
    results[work] = { ...contest, ...(operations !== undefined && { operations }) };
    console.log(lineOf(work, contest));
  }
  const growth = await page.evaluate(() => window.peers.growth());
  for (const [what, { exponent }] of Object.entries(growth)) console.log(`${what}: exponent ${exponent.toFixed(2)}`);
  const found = { peakGigaflops: peak / 1e6, results, growth };
  const folder = test.info().project.outputDir;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "peers.json"), `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync(join(folder, "peers.md"), tableOf(found));
  console.log(`peak ${(peak / 1e6).toFixed(1)} GFLOP/s; ${join(folder, "peers.json")} and peers.md were written.`);
});

/** The adapter's name is in the table, so that a figure says where it is from. */
test("the WebGPU engine beside its peers @webgpu", async ({ page, baseURL }) => {
  test.setTimeout(LONGEST_MS);
  await openPeers(page, new URL("/peers/", baseURL).href);
  const adapter = await page.evaluate(async () => {
    const { gpu } = navigator as unknown as {
      gpu?: { requestAdapter(): Promise<{ info: Record<string, string> } | null> };
    };
    const info = (await gpu?.requestAdapter())?.info;
    return info && [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ");
  });
  test.skip(adapter === undefined, "no WebGPU adapter here");
  const results: Record<string, Result> = {};
  for (const work of await page.evaluate(() => window.peers.webGpuWorks)) {
    const contest = await page.evaluate(([work, rounds]) => window.peers.contest(work, { ...rounds, on: "webgpu" }), [
      work,
      ROUNDS,
    ] as const);
    expect(contest.missing["ours on WebGPU"], work).toBeUndefined();
    results[work] = contest;
    console.log(lineOf(work, contest, "ours on WebGPU"));
  }
  const folder = test.info().project.outputDir;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "peers-webgpu.json"), `${JSON.stringify({ adapter, results }, null, 2)}\n`);
  console.log(`on ${adapter}; ${join(folder, "peers-webgpu.json")} was written.`);
});

/** The page of its own, from its folder, at the address of the tests' server: wasm needs no more. */
async function openPeers(page: Page, url: string): Promise<void> {
  await page.route(`${url}**`, (route) => {
    const path = new URL(route.request().url()).pathname.slice("/peers/".length) || "index.html";
    return route.fulfill({ path: join(DIST, path) });
  });
  page.on("console", (message) => {
    if (message.type() === "error") console.log(message.text());
  });
  page.on("pageerror", (error) => console.log(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => window.peers !== undefined);
}

function lineOf(work: string, { ms, missing }: Contest, us = "ours"): string {
  const ours = ms[us] ?? Number.NaN;
  const each = Object.entries(ms).map(
    ([name, value]) => `${name} ${value.toFixed(2)} ms (x ${(value / ours).toFixed(2)})`,
  );
  return `${work}: ${[...each, ...Object.keys(missing).map((name) => `${name} not here`)].join("; ")}`;
}

function tableOf({
  peakGigaflops,
  results,
  growth,
}: {
  peakGigaflops: number;
  results: Record<string, Result>;
  growth: Record<string, Growth>;
}): string {
  const names = [...new Set(Object.values(results).flatMap(({ ms }) => Object.keys(ms)))];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = (value: number | undefined, ours: number) =>
    value === undefined
      ? ""
      : `${Number(value.toPrecision(3))} ms${value === ours ? "" : ` (× ${(value / ours).toPrecision(2)})`}`;
  const lines = Object.entries(results).map(([work, { ms, operations, peak }]) => {
    const gigaflops = (operations ?? 0) / (ms.ours ?? Number.NaN) / 1e6;
    const share = Math.round((1e8 * gigaflops) / peak);
    const rate = operations === undefined ? "" : `${gigaflops.toFixed(1)} GFLOP/s, ${share} %`;
    return row([work, ...names.map((name) => cell(ms[name], ms.ours ?? Number.NaN)), rate]);
  });
  const exponents = Object.entries(growth).map(([what, { exponent, sizes }]) =>
    row([what, sizes.join(", "), exponent.toFixed(2)]),
  );
  return [
    row(["work", ...names, "of the peak"]),
    row(["---", ...names.map(() => "---"), "---"]),
    ...lines,
    "",
    `Peak, measured on the same page: ${peakGigaflops.toFixed(1)} GFLOP/s in wasm without relaxed SIMD.`,
    "",
    row(["time of", "sizes", "exponent"]),
    row(["---", "---", "---"]),
    ...exponents,
    "",
  ].join("\n");
}
