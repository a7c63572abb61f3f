import { beforeEach, expect, test, vi } from "vitest";
import { FlowError } from "./error";
import { Keeper } from "./keeper";
import type { Checkpoint, DeviceKind, TrainingProgress } from "./protocol";

/** An engine that trains ten steps at a time, until it is told to die. */
class FakeClient {
  onCheckpoint: (checkpoint: Checkpoint) => void = () => undefined;
  step = 0;
  asked: string[] = [];
  ended: FlowError | undefined;
  #fail: (error: FlowError) => void = () => undefined;
  #pause: () => void = () => undefined;
  #training: Promise<unknown> = Promise.resolve();
  readonly device: DeviceKind;

  constructor(device: DeviceKind) {
    this.device = device;
  }

  async call(
    kind: string,
    input: { steps?: number; checkpoint?: Uint8Array },
    onProgress?: (p: TrainingProgress) => void,
  ) {
    this.asked.push(kind);
    if (this.ended) throw this.ended;
    if (kind === "checkEngine" && world.wrongAnswer.has(this.device)) throw new FlowError(WRONG);
    if (kind === "start") return { training: this.#state(), experiment: (input as { experiment?: object }).experiment };
    if (kind === "restore") this.step = input.checkpoint?.[0] ?? 0;
    if (kind === "checkpoint") return { bytes: Uint8Array.of(this.step), step: this.step };
    if (kind === "pause") {
      this.#pause();
      // As the worker does: the training's own answer first.
      await this.#training.catch(() => undefined);
    }
    if (kind === "train") {
      this.#training = this.#train(input.steps ?? 100, onProgress);
      return this.#training;
    }
    if (kind === "sample" && world.deadly) this.lose("out of memory");
    if (this.ended) throw this.ended;
    return this.#state();
  }

  #state() {
    return { step: this.step, round: 0, spent: 0, loss: 1, seconds: 0, networkEvaluations: 0 };
  }

  async #train(steps: number, onProgress: ((p: TrainingProgress) => void) | undefined) {
    const end = this.step + steps;
    let paused = false;
    this.#pause = () => {
      paused = true;
    };
    const dead = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    dead.catch(() => undefined);
    while (this.step < end && !paused) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 1)), dead]);
      const losses = Array.from({ length: Math.min(10, end - this.step) }, (_, i) => this.step + i);
      this.step += losses.length;
      onProgress?.({ ...this.#state(), losses });
      if (this.step % 20 === 0) this.onCheckpoint({ bytes: Uint8Array.of(this.step), step: this.step });
      world.afterChunk(this);
    }
    return { ...this.#state(), paused };
  }

  lose(message: string) {
    this.ended ??= new FlowError({ code: "engine-lost", message: `The engine stopped: ${message}.` });
    this.#fail(this.ended);
  }

  dispose() {
    this.ended ??= new FlowError({ code: "disposed", message: "This run was disposed." });
  }
}

const WRONG = { code: "engine-failed", message: "it computes 1 where 2 is right" };
const world = {
  clients: [] as FakeClient[],
  wrongAnswer: new Set<DeviceKind>(),
  deadly: false,
  afterChunk: (_client: FakeClient): void => undefined,
};

vi.mock("./client", () => ({
  Client: {
    open: async (device: DeviceKind) => {
      const client = new FakeClient(device);
      world.clients.push(client);
      return client;
    },
  },
}));

beforeEach(() => {
  vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
  Object.assign(world, { clients: [], wrongAnswer: new Set(), deadly: false, afterChunk: () => undefined });
});

async function opened(device: DeviceKind) {
  const { keeper } = await Keeper.open({ experiment: {}, device }, "asked for");
  const placements: string[] = [];
  keeper.onPlaced = ({ device, reason }) => placements.push(`${device}: ${reason}`);
  return { keeper, placements };
}

async function trained(keeper: Keeper, steps: number) {
  const losses: number[] = [];
  const result = await keeper.train(steps, (progress) => losses.push(...progress.losses));
  return { losses, result };
}

const ALL = Array.from({ length: 100 }, (_, i) => i);

test("training goes on from the last checkpoint, on the same device and then on the CPU, each step told once", async () => {
  const { keeper, placements } = await opened("webgpu");
  const deadAt = [30, 50];
  world.afterChunk = (client) => {
    if (client.step === deadAt[0]) {
      deadAt.shift();
      client.lose("the graphics device was lost");
    }
  };
  const { losses, result } = await trained(keeper, 100);
  expect(losses).toEqual(ALL);
  expect(result).toMatchObject({ step: 100, paused: false });
  expect(placements).toEqual([
    "webgpu: The engine stopped: the graphics device was lost. Training goes on from step 20 on WebGPU.",
    "cpu: The engine stopped: the graphics device was lost. Training goes on from step 40 on the CPU.",
  ]);
});

test("what is asked for, and by what pictures are judged, holds on the engine that takes over", async () => {
  const { keeper } = await opened("cpu");
  await keeper.call("ask", { asked: { class: 2 } });
  await keeper.call("judge", { classifier: Uint8Array.of(1) });
  world.clients[0]?.lose("out of memory");
  await keeper.call("data", { n: 1, seed: 1 });
  expect(world.clients[1]?.asked).toEqual(["start", "ask", "judge", "data"]);
});

test("a new device that computes wrongly is not taken", async () => {
  const { keeper } = await opened("webgpu");
  world.wrongAnswer.add("webgpu");
  world.clients[0]?.lose("its worker ended");
  expect((await trained(keeper, 100)).losses).toEqual(ALL);
  expect(keeper.placement.device).toBe("cpu");
});

test("what kills two engines fails alone, and the run lives on", async () => {
  const { keeper } = await opened("cpu");
  world.deadly = true;
  await expect(keeper.call("sample", { n: 1, sampling: {} })).rejects.toThrow(
    "This is too much for the engine, which stopped twice over it (out of memory). The run goes on without it.",
  );
  world.deadly = false;
  expect((await trained(keeper, 100)).losses).toEqual(ALL);
});

test("engines that are lost again and again are not replaced for ever", async () => {
  const { keeper } = await opened("webgpu");
  world.afterChunk = () => undefined;
  const end = vi.spyOn(FakeClient.prototype, "call");
  for (let i = 0; i < 8; i++) {
    world.clients.at(-1)?.lose("again");
    await keeper.call("pause", {}).catch(() => undefined);
  }
  await expect(keeper.call("pause", {})).rejects.toMatchObject({ code: "engine-lost" });
  expect(world.clients.length).toBeLessThan(8);
  end.mockRestore();
});

test("a run that moves in the middle of training makes every step once", async () => {
  const { keeper, placements } = await opened("cpu");
  const training = trained(keeper, 100);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await keeper.moveTo("webgpu", "because");
  expect((await training).losses).toEqual(ALL);
  expect(placements).toEqual(["webgpu: because"]);
  expect(world.clients[0]?.ended?.code).toBe("disposed");
});

test("a run that cannot move stays where it is and trains on", async () => {
  const { keeper, placements } = await opened("cpu");
  world.wrongAnswer.add("webgpu");
  const training = trained(keeper, 100);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(keeper.moveTo("webgpu", "because")).rejects.toThrow("it computes 1 where 2 is right");
  expect((await training).losses).toEqual(ALL);
  expect([keeper.placement.device, placements]).toEqual(["cpu", []]);
});

test("paused while it moves, it rests where it comes to", async () => {
  const { keeper, placements } = await opened("cpu");
  const training = trained(keeper, 100);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const moved = keeper.moveTo("webgpu", "because");
  await keeper.call("pause", {});
  await moved;
  const { losses, result } = await training;
  expect([result.paused, losses.length < 100, placements]).toEqual([true, true, ["webgpu: because"]]);
  // Nothing trains on behind it.
  const [, client] = world.clients;
  const { step } = client ?? {};
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(client?.step).toBe(step);
  expect((await trained(keeper, 100 - losses.length)).losses).toEqual(ALL.slice(losses.length));
});

test("told to move elsewhere before it has moved, it goes on there and makes every step once", async () => {
  const { keeper, placements } = await opened("cpu");
  const training = trained(keeper, 100);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([
    keeper.moveTo("webgpu", "first"),
    keeper.moveTo("cpu", "second"),
    keeper.moveTo("webgpu", "third"),
  ]);
  expect((await training).losses).toEqual(ALL);
  expect(placements).toEqual(["webgpu: first", "cpu: second", "webgpu: third"]);
});

test("given another budget in the middle of training it makes every step once, on an engine that has that budget", async () => {
  const { keeper } = await opened("cpu");
  const training = trained(keeper, 100);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { experiment, training: at } = await keeper.extend({ steps: 300 });
  expect([experiment, at.step > 0]).toEqual([{ budget: { steps: 300 } }, true]);
  expect((await training).losses).toEqual(ALL);
  world.clients.at(-1)?.lose("out of memory");
  await keeper.call("pause", {});
  expect((await keeper.extend({ steps: 400 })).experiment).toEqual({ budget: { steps: 400 } });
});

test("what was kept of another run is gone on with", async () => {
  const { keeper, started } = await Keeper.open({ experiment: {}, device: "cpu" }, "asked for", Uint8Array.of(60));
  expect(started.training.step).toBe(60);
  world.clients[0]?.lose("out of memory");
  expect((await trained(keeper, 40)).losses).toEqual(ALL.slice(60));
});
