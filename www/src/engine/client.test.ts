import { beforeEach, expect, test, vi } from "vitest";
import { Client } from "./client";
import type { Reply, Request } from "./protocol";

class FakeWorker {
  onmessage: ((event: { data: Reply }) => void) | undefined;
  onerror: ((event: { message: string }) => void) | undefined;
  terminated = false;
  requests: Request[] = [];

  postMessage(request: Request) {
    this.requests.push(request);
    if (request.kind === "load") queueMicrotask(() => this.reply({ kind: "done", id: request.id, value: null }));
  }

  reply(data: Reply) {
    this.onmessage?.({ data });
  }

  terminate() {
    this.terminated = true;
  }
}

let worker: FakeWorker;
vi.mock("./spawn", () => ({ spawnWorker: () => worker }));
vi.mock("./bundle", () => ({ bundleFor: () => "cpu", compiledBundle: async () => ({}), restUrlOf: () => undefined }));
beforeEach(() => {
  worker = new FakeWorker();
});

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "resolved",
    (error) => error.code,
  );
}

test("each answer finds its own question, in any order", async () => {
  const client = await Client.open("cpu");
  const first = client.call("data", { n: 1, seed: 0 });
  const second = client.call("data", { n: 2, seed: 0 });
  const [firstId, secondId] = worker.requests.slice(1).map(({ id }) => id) as [number, number];
  worker.reply({ kind: "done", id: secondId, value: new Float32Array(4) });
  worker.reply({ kind: "done", id: firstId, value: new Float32Array(2) });
  expect([(await first).length, (await second).length]).toEqual([2, 4]);
});

test("a panic rejects everything that was asked and ends the worker", async () => {
  const client = await Client.open("cpu");
  const asked = [codeOf(client.call("pause", {})), codeOf(client.call("weights", {}))];
  worker.reply({ kind: "fatal", message: "panicked at src/lib.rs:1" });
  expect(await Promise.all(asked)).toEqual(["engine-lost", "engine-lost"]);
  expect(worker.terminated).toBe(true);
  await expect(client.call("weights", {})).rejects.toThrow("panicked at src/lib.rs:1");
});

test("a worker that can't be loaded counts as lost", async () => {
  const client = await Client.open("cpu");
  const asked = codeOf(client.call("pause", {}));
  worker.onerror?.({ message: "" });
  expect(await asked).toBe("engine-lost");
});

test("dispose rejects what was asked, once and for all", async () => {
  const client = await Client.open("cpu");
  const asked = codeOf(client.call("pause", {}));
  client.dispose();
  worker.onerror?.({ message: "late" });
  expect(await asked).toBe("disposed");
  expect(await codeOf(client.call("pause", {}))).toBe("disposed");
});
