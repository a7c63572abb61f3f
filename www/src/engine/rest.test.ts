// The CPU engine as it is shipped, in its two parts: xtask/src/split.rs makes them.
import { readFile } from "node:fs/promises";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as glue from "../../generated/cpu/flow_playground.js";
import { Rest } from "./rest";

const URL_OF_REST = "https://example.org/rest.wasm";
const at = (name: string) => new URL(`../../generated/cpu/${name}`, import.meta.url);
let bytes: ArrayBuffer;
let first: object;
let status = 200;
let asked: string[] = [];

class Request {
  responseType = "";
  status = status;
  response = bytes;
  open = (_method: string, url: string, isAsync: boolean) => {
    expect(isAsync).toBe(false);
    asked.push(url);
  };
  send = () => {
    if (status === 0) throw new Error("no network");
  };
}

beforeAll(async () => {
  vi.stubGlobal("XMLHttpRequest", Request);
  const rest = await readFile(at("flow_playground_rest.wasm"));
  bytes = rest.buffer.slice(rest.byteOffset, rest.byteOffset + rest.length) as ArrayBuffer;
  first = await glue.default({
    module_or_path: await WebAssembly.compile(await readFile(at("flow_playground_bg.wasm"))),
  });
});

beforeEach(() => {
  asked = [];
  status = 200;
});

async function trained(method: object, seed = 3): Promise<number[]> {
  const small = { optimizer: { batch: 64 }, budget: { steps: 6 } };
  const session = await glue.WebSession.create({ seed, method, ...small }, "cpu", undefined);
  const { losses } = await session.advance(3);
  const { nll, slicedW2 } = await session.measure(100, 1, { kind: "rk4", steps: 4 }, ["likelihood", "sliced-w2"]);
  session.free();
  return [...losses, nll ?? Number.NaN, slicedW2 ?? Number.NaN];
}

const FIRST = [{ kind: "normalizing-flow", trainingSteps: 2 }, { kind: "flow-matching" }, { kind: "diffusion" }];

test("a first minute does without the rest; what needs it cannot without, once, and then is there for all", async () => {
  const rest = new Rest(first, URL_OF_REST);
  const before = [];
  for (const method of FIRST) before.push(await trained(method));
  expect(before.flat().every(Number.isFinite)).toBe(true);
  expect(asked).toEqual([]);

  // Instances of one module may be many; this one is lost in the middle of a call, as a worker's would be.
  for (const failing of [0, 404]) {
    status = failing;
    expect(() => glue.checkExperiment({ data: { kind: "nothing" } })).toThrow("the rest of it could not be fetched");
  }
  expect(asked).toEqual([URL_OF_REST, URL_OF_REST]);

  status = 200;
  const others = ["ot-flow", "jko-flow", "mean-flow", "coupling-flow", "stochastic-interpolant"];
  for (const kind of others) expect((await trained({ kind })).slice(0, 3).every(Number.isFinite)).toBe(true);
  expect(asked).toHaveLength(3);
  rest.take(await WebAssembly.compile(bytes));
  expect(() => glue.checkExperiment({ data: { kind: "nothing" } })).toThrow(
    expect.objectContaining({ field: "data.kind" }),
  );
  const after = [];
  for (const method of FIRST) after.push(await trained(method));
  expect(after).toEqual(before);
  expect(asked).toHaveLength(3);
});

test("an engine in one part needs none", async () => {
  const rest = new Rest({ memory: {} }, URL_OF_REST);
  expect(() => rest.take({} as WebAssembly.Module)).not.toThrow();
});
