import { expect, test } from "vitest";
import { type Glue, Host } from "./host";
import type { Input, Reply, Request } from "./protocol";
import { type TakeTurn, unshared } from "./turns";

/** A session whose every step takes 10 ms of nothing but waiting, and which notices being entered twice. */
class FakeSession {
  step = 0;
  /** beyond this step no budget of seconds or evaluations lets it go */
  lastStep = Number.POSITIVE_INFINITY;
  freed = false;
  inside = false;
  experiment = { seed: 1, budget: { steps: 20 } };
  scaling = { center: [0, 0], scale: [1, 1] };
  dim = 2;
  numParameters = 10;

  get spent() {
    return Math.max(this.step / this.experiment.budget.steps, this.step >= this.lastStep ? 1 : 0);
  }

  get networkEvaluations() {
    return 3 * this.step;
  }

  asked: (number | undefined)[] = [];
  passesPerEvaluation = 1;

  classes() {
    return ["left", "right"];
  }

  numbers() {
    return [{ name: "x", mean: 0, deviation: 1, least: -3, greatest: 3 }];
  }

  observe(numbers: Float64Array, guidance: number) {
    this.asked = [...numbers, guidance];
  }

  ask(asked?: number, guidance?: number) {
    if (asked === 7) throw { code: "invalid-value", message: "class is 7; allowed: 0 to 1." };
    this.asked = [asked, guidance];
  }

  judges: number[] = [];

  readClassifier(file: Uint8Array) {
    if (file.length === 0) throw { code: "bad-weights", message: "0.weight is missing." };
    this.judges.push(...file);
  }

  addRound() {
    this.experiment = { seed: 1, budget: { steps: this.experiment.budget.steps + 10 } };
  }

  async advance(asked: number) {
    const numSteps = Math.max(0, Math.min(asked, this.lastStep - this.step));
    if (this.inside) throw new Error("entered twice");
    this.inside = true;
    await new Promise((resolve) => setTimeout(resolve, 10 * numSteps));
    this.inside = false;
    const losses = Array.from({ length: numSteps }, (_, i) => 1 / (this.step + i + 1));
    this.step += numSteps;
    const { step, spent, networkEvaluations } = this;
    return { step, losses, networkEvaluations, round: 0, spent, seconds: step / 100 };
  }

  snapshots() {
    return [0, this.step];
  }

  rewind(step: number) {
    this.step = Math.min(step, this.step);
    const { networkEvaluations, spent } = this;
    return { step: this.step, losses: [], networkEvaluations, round: 0, spent, seconds: this.step / 100 };
  }

  async checkpoint() {
    return Uint8Array.of(this.step);
  }

  restore(checkpoint: Uint8Array) {
    return this.rewindTo(checkpoint[0] ?? 0);
  }

  rewindTo(step: number) {
    this.step = step;
    return { step, losses: [], networkEvaluations: this.networkEvaluations, round: 0, spent: this.spent, seconds: 0 };
  }

  async sample(n: number) {
    if (this.inside) throw new Error("entered twice");
    return new Float64Array(2 * n);
  }

  free() {
    this.freed = true;
  }
}

/** A started host, with `ask` to send it a request and collect the reply. */
async function started(prepare: (session: FakeSession) => void = () => undefined, takeTurn: TakeTurn = unshared) {
  const sessions: FakeSession[] = [];
  const glue = {
    default: async () => ({}),
    WebSession: {
      create: async () => {
        const session = new FakeSession();
        prepare(session);
        sessions.push(session);
        return session;
      },
    },
  } as unknown as Glue;
  const replies: Reply[] = [];
  const waiting = new Map<number, (reply: Reply) => void>();
  const host = new Host(
    async () => glue,
    (reply) => {
      replies.push(reply);
      if (reply.kind === "done" || reply.kind === "failed") waiting.get(reply.id)?.(reply);
    },
    () => takeTurn,
  );
  let lastId = 0;
  const ask = <K extends Request["kind"]>(kind: K, input: Input<K>) => {
    const id = ++lastId;
    const answer = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    host.receive({ ...input, id, kind } as Request);
    return answer;
  };
  await ask("load", { module: {} as WebAssembly.Module, life: "", lock: "a" });
  await ask("start", { experiment: {}, device: "cpu" });
  return { ask, replies, sessions };
}

test("training reports its progress and then its result", async () => {
  const { ask, replies } = await started();
  const result = await ask("train", { steps: 7 });
  expect(result).toMatchObject({ kind: "done", value: { step: 7, networkEvaluations: 21, paused: false } });
  const losses = replies.flatMap((reply) => (reply.kind === "progress" ? reply.progress.losses : []));
  expect(losses).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => 1 / step));
});

test("without a number of steps it trains until the budget is spent, and then no more", async () => {
  const { ask } = await started();
  expect(await ask("train", {})).toMatchObject({ kind: "done", value: { step: 20, spent: 1, paused: false } });
  expect(await ask("train", {})).toMatchObject({ kind: "done", value: { step: 20 } });
  expect(await ask("train", { steps: 2 })).toMatchObject({ kind: "done", value: { step: 22 } });
});

test("training ends where the engine makes fewer steps than asked for", async () => {
  const { ask } = await started((session) => {
    session.lastStep = 5;
  });
  expect(await ask("train", { steps: 1000 })).toMatchObject({ value: { step: 5, spent: 1, paused: false } });
  expect(await ask("train", { steps: 1000 })).toMatchObject({ value: { step: 5, paused: false } });
});

test("where there is nothing to train it ends at once, without a loss", async () => {
  const { ask, replies } = await started((session) => {
    session.lastStep = 0;
  });
  expect(await ask("train", {})).toMatchObject({ value: { step: 0, spent: 1, loss: null, paused: false } });
  expect(await ask("train", { steps: 3 })).toMatchObject({ value: { step: 0, loss: null } });
  expect(replies.flatMap((reply) => (reply.kind === "progress" ? reply.progress.losses : []))).toEqual([]);
});

test("another round makes the budget longer, and a training under way goes on into it", async () => {
  const { ask } = await started();
  const training = ask("train", {});
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(await ask("addRound", {})).toMatchObject({ value: { experiment: { budget: { steps: 30 } } } });
  expect(await training).toMatchObject({ value: { step: 30, spent: 1, paused: false } });
  expect(await ask("addRound", {})).toMatchObject({ value: { training: { step: 30, spent: 0.75 } } });
  // Training that had ended is not taken up by itself.
  expect(await ask("train", {})).toMatchObject({ value: { step: 40, paused: false } });
});

test("a request is answered between chunks, never inside one", async () => {
  const { ask, replies } = await started();
  const training = ask("train", { steps: 1000 });
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(await ask("sample", { n: 3, sampling: {} })).toMatchObject({ kind: "done", value: new Float64Array(6) });
  await ask("pause", {});
  expect(await training).toMatchObject({ kind: "done", value: { paused: true } });
  expect(replies.some((reply) => reply.kind === "fatal")).toBe(false);
});

test("a second training is refused while one is under way", async () => {
  const { ask } = await started();
  const training = ask("train", { steps: 1000 });
  expect(await ask("train", { steps: 1 })).toMatchObject({ kind: "failed", error: { code: "already-training" } });
  await ask("pause", {});
  await training;
});

test("what is asked for holds after a reset, and what was refused was never asked for", async () => {
  const { ask, sessions } = await started();
  expect(await ask("ask", { asked: { class: 1, guidance: 3 } })).toMatchObject({
    kind: "done",
    value: { whyNoTruth: null, passesPerEvaluation: 1 },
  });
  expect(await ask("ask", { asked: { class: 7 } })).toMatchObject({ kind: "failed" });
  await ask("reset", {});
  expect(sessions.map(({ asked }) => asked)).toEqual([
    [1, 3],
    [1, 3],
  ]);
  await ask("ask", { asked: null });
  await ask("reset", {});
  expect(sessions[2]?.asked).toEqual([]);
});

test("what judges pictures is sent once: a reset keeps it, and what was refused judges nothing", async () => {
  const { ask, sessions } = await started();
  expect(await ask("judge", { classifier: Uint8Array.of(5) })).toMatchObject({ kind: "done" });
  expect(await ask("judge", { classifier: Uint8Array.of() })).toMatchObject({ kind: "failed" });
  await ask("reset", {});
  expect(sessions.map(({ judges }) => judges)).toEqual([[5], [5]]);
});

test("reset ends the training and starts a new session, freeing the old one", async () => {
  const { ask, sessions } = await started();
  const training = ask("train", { steps: 1000 });
  await ask("reset", {});
  expect(await training).toMatchObject({ value: { paused: true } });
  expect(sessions.map(({ freed }) => freed)).toEqual([true, false]);
  expect(await ask("train", { steps: 2 })).toMatchObject({ value: { step: 2, networkEvaluations: 6 } });
});

test("a run returns to an earlier step and trains on from there, but not while it trains", async () => {
  const { ask } = await started();
  const training = ask("train", { steps: 1000 });
  expect(await ask("rewind", { step: 0 })).toMatchObject({ kind: "failed", error: { code: "already-training" } });
  await ask("pause", {});
  await training;
  await ask("train", { steps: 3 });
  expect(await ask("rewind", { step: 2 })).toMatchObject({
    value: { step: 2, loss: null, seconds: 0.02, networkEvaluations: 6, spent: 0.1 },
  });
  expect(await ask("snapshots", {})).toMatchObject({ value: [0, 2] });
  // The mean is over what was trained since.
  expect(await ask("train", { steps: 1 })).toMatchObject({ value: { step: 3, loss: 1 / 3 } });
});

/** Turns that come when the test says so. */
function directedTurns(isOver = () => true) {
  const turns = { taken: 0, ended: 0, grant: () => {} };
  const take: TakeTurn = () => {
    turns.taken += 1;
    const ready = new Promise<void>((resolve) => {
      turns.grant = resolve;
    });
    const end = () => {
      turns.ended += 1;
    };
    return { ready, isOver, end };
  };
  return { turns, take };
}

test("training waits for its turn, chunk by chunk, and requests do not", async () => {
  const { turns, take } = directedTurns();
  const { ask, sessions } = await started(undefined, take);
  const training = ask("train", { steps: 2 });
  for (let asked = 0; asked < 3; asked++) {
    expect(await ask("sample", { n: 1, sampling: {} })).toMatchObject({ kind: "done" });
  }
  expect([turns.taken, sessions[0]?.step]).toEqual([1, 0]);
  while (sessions[0]?.step !== 2) {
    turns.grant();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await training).toMatchObject({ value: { step: 2, paused: false } });
  expect(turns.taken).toBe(2);
  expect(turns.ended).toBe(2);
});

test("a turn that is not over goes on, and is given back where training ends", async () => {
  const { turns, take } = directedTurns(() => false);
  const { ask } = await started(undefined, take);
  const training = ask("train", { steps: 20 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  turns.grant();
  expect(await training).toMatchObject({ value: { step: 20, paused: false } });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([turns.taken, turns.ended]).toEqual([1, 1]);
});

test("a pause gives up the place of a run that waits for its turn", async () => {
  const { turns, take } = directedTurns();
  const { ask } = await started(undefined, take);
  const training = ask("train", { steps: 2 });
  await ask("pause", {});
  expect(await training).toMatchObject({ value: { step: 0, paused: true } });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([turns.taken - turns.ended, (await ask("sample", { n: 1, sampling: {} })).kind]).toEqual([0, "done"]);
});

test("what training goes on from is sent when it ends, and another session takes it up", async () => {
  const { ask, replies } = await started();
  await ask("train", { steps: 7 });
  const sent = replies.flatMap((reply) => (reply.kind === "checkpoint" ? [reply.checkpoint] : []));
  expect(sent.at(-1)).toEqual({ bytes: Uint8Array.of(7), step: 7 });
  const other = await started();
  expect(await other.ask("restore", { checkpoint: Uint8Array.of(7) })).toMatchObject({
    value: { step: 7, loss: null },
  });
  expect(await other.ask("checkpoint", {})).toMatchObject({ value: { step: 7 } });
  expect(await other.ask("train", { steps: 2 })).toMatchObject({ value: { step: 9 } });
});

test("training that fails is over, and may be tried again", async () => {
  const report = { code: "diverged", message: "no longer a number" };
  const { ask, sessions } = await started();
  const [session] = sessions;
  const advance = FakeSession.prototype.advance;
  if (session) session.advance = () => Promise.reject(report);
  expect(await ask("train", { steps: 100 })).toMatchObject({ kind: "failed", error: report });
  if (session) session.advance = advance;
  expect(await ask("train", { steps: 2 })).toMatchObject({ kind: "done", value: { step: 2 } });
});

test("what Rust reports fails one request; anything else it throws is fatal", async () => {
  const report = { code: "bad-value", message: "no", field: "n" };
  const { ask, replies } = await started((session) => {
    session.sample = async (n) => {
      throw n === 1 ? report : new Error("unreachable executed");
    };
  });
  expect(await ask("sample", { n: 1, sampling: {} })).toEqual({ kind: "failed", id: 3, error: report });
  void ask("sample", { n: 2, sampling: {} });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(replies.at(-1)).toEqual({ kind: "fatal", message: "unreachable executed" });
});
