// A run's engine, which may change under it: replaced when it is lost, or moved to another device. What was asked is asked
// again of the new one, and training goes on from the last checkpoint.

import type { ExperimentInput } from "../experiment/experiment";
import { msg } from "../language";
import { Client } from "./client";
import { FlowError, messageOf } from "./error";
import type {
  CallKind,
  Checkpoint,
  DeviceKind,
  Input,
  Output,
  SessionInput,
  Started,
  TrainingProgress,
  TrainingResult,
} from "./protocol";
import { nextLock } from "./turns";
import { DEVICE_MS, within } from "./within";

/** Where a run computes now, and why. */
export interface Placement {
  device: DeviceKind;
  /** one sentence */
  reason: string;
  /** whether it took over from an engine that was lost */
  isReplacement?: boolean;
}

type OnProgress = (progress: TrainingProgress) => void;
/** One engine of this run, from its opening to its end. */
interface Seat extends Placement {
  client: Client;
  started: Started;
}

/** Engines that are lost one after the other, without a step of training between, are not replaced for ever. */
const MOST_LOSSES = 4;
/** What was asked when two engines in a row were lost is what they are lost by. */
const MOST_LOSSES_OF_A_CALL = 2;
const NAMES: Record<DeviceKind, string> = { cpu: msg("the CPU"), webgpu: "WebGPU" };

export class Keeper {
  /** told of every change of place but the first */
  onPlaced: (placement: Placement) => void = () => undefined;
  #session: SessionInput;
  #seat: Promise<Seat>;
  #placement: Placement;
  #checkpoint: Checkpoint | undefined;
  /** what is in no checkpoint, by what a new engine is told of it */
  readonly #told = new Map<CallKind, Input<CallKind>>();
  /** engines lost since training last went on */
  #losses = 0;
  #lossesOnWebGpu = 0;
  /** how often it was told to pause: a training that waits for its seat, or for a new one, is then not begun */
  #pauses = 0;
  /** told to trainings that end because the run moves, and not because they are done */
  #isMoving = false;
  /** the last that was asked for, done or refused */
  #moves: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** With a `checkpoint` of the same experiment it goes on from there. */
  static async open(
    session: SessionInput,
    reason: string,
    checkpoint?: Uint8Array,
  ): Promise<{ keeper: Keeper; started: Started }> {
    const seat = await openSeat(session, { device: session.device, reason });
    const keeper = new Keeper(session, seat);
    if (checkpoint !== undefined) {
      try {
        await keeper.#takeUp(seat, checkpoint);
      } catch (error) {
        keeper.dispose();
        throw error;
      }
      keeper.#checkpoint = { bytes: checkpoint, step: seat.started.training.step };
    }
    return { keeper, started: seat.started };
  }

  private constructor(session: SessionInput, seat: Seat) {
    this.#session = session;
    this.#placement = seat;
    this.#seat = Promise.resolve(seat);
    this.#follow(seat);
  }

  get placement(): Placement {
    return this.#placement;
  }

  async call<K extends CallKind>(kind: K, input: Input<K>): Promise<Output<K>> {
    if (kind === "pause" || kind === "reset") this.#pauses += 1;
    for (let losses = 1; ; losses++) {
      const seat = await this.#seated();
      try {
        const output = await seat.client.call(kind, input);
        if (kind === "ask" || kind === "judge") this.#told.set(kind, input);
        this.#remember(kind, output, seat);
        return output;
      } catch (error) {
        if (!isLoss(error) || this.#disposed) throw error;
        this.#replace(seat, error);
        if (losses >= MOST_LOSSES_OF_A_CALL) throw tooMuch(error);
      }
    }
  }

  /** Trains for so many steps, or until the budget is spent, on whichever engines it takes. */
  async train(steps: number | undefined, onProgress: OnProgress): Promise<TrainingResult> {
    const pauses = this.#pauses;
    let reached: number | undefined;
    let end: number | undefined;
    const report: OnProgress = (progress) => {
      const first = progress.step - progress.losses.length;
      end ??= steps === undefined ? undefined : first + steps;
      // Steps that were made before the engine was lost are made again, but told once.
      const losses = progress.losses.slice(Math.max(0, (reached ?? first) - first));
      if (progress.step <= (reached ?? -1)) return;
      reached = progress.step;
      this.#losses = 0;
      onProgress({ ...progress, losses });
    };
    for (;;) {
      const seat = await this.#seated();
      if (pauses !== this.#pauses) return { ...seat.started.training, paused: true };
      const left = end === undefined ? steps : end - seat.started.training.step;
      try {
        const result = await seat.client.call("train", left === undefined ? {} : { steps: left }, report);
        if (!result.paused || !this.#isMoving) return result;
      } catch (error) {
        if (!isLoss(error) || this.#disposed) throw error;
        this.#replace(seat, error);
      }
    }
  }

  /** Goes on with everything on another device. Where that fails the run stays where it is, and trains on. */
  moveTo(device: DeviceKind, reason: string): Promise<void> {
    return this.#inTurn(async () => {
      const before = await this.#seated();
      if (before.device !== device) await this.#moveTo(before, { device, reason });
    });
  }

  /** Goes on with everything, trained until another budget is spent. Where that fails the run stays as it is, and trains on. */
  async extend(budget: NonNullable<ExperimentInput["budget"]>): Promise<Started> {
    await this.#inTurn(async () => {
      const before = await this.#seated();
      const was = this.#session;
      this.#session = { ...was, experiment: { ...was.experiment, budget } };
      try {
        await this.#moveTo(before, { device: before.device, reason: before.reason });
      } catch (error) {
        this.#session = was;
        throw error;
      }
    });
    return (await this.#seated()).started;
  }

  /** One after the other: from where the last came to. */
  #inTurn(move: () => Promise<void>): Promise<void> {
    const moved = this.#moves.then(move);
    this.#moves = moved.catch(() => undefined);
    return moved;
  }

  async #moveTo(before: Seat, placement: Placement): Promise<void> {
    this.#isMoving = true;
    const moved = this.#move(before, placement);
    // What is asked meanwhile waits for the outcome.
    this.#seat = moved.catch(() => before);
    try {
      this.#place(await moved);
      before.client.dispose();
      this.#lossesOnWebGpu = 0;
    } finally {
      this.#isMoving = false;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#seat.then(
      ({ client }) => client.dispose(),
      () => undefined,
    );
  }

  async #move(before: Seat, placement: Placement): Promise<Seat> {
    await before.client.call("pause", {});
    this.#checkpoint = await before.client.call("checkpoint", {});
    const { step } = this.#checkpoint;
    before.started = { ...before.started, training: { ...before.started.training, step } };
    // The training that was paused learns of it after this, and waits for the seat.
    return this.#sit(placement);
  }

  async #seated(): Promise<Seat> {
    const seat = await this.#seat;
    if (this.#disposed) throw new FlowError({ code: "disposed", message: msg("This run was disposed.") });
    return seat;
  }

  /** The first to notice has the lost engine replaced; the others find that it is. */
  #replace(lost: Seat, error: FlowError): void {
    if (this.#placement !== lost) return;
    this.#losses += 1;
    lost.client.lose(error.message);
    if (lost.device === "webgpu") this.#lossesOnWebGpu += 1;
    const seat = this.#losses > MOST_LOSSES ? Promise.reject(error) : this.#takeOver(lost, error);
    this.#seat = seat;
    // Also noticed where nobody waits for it.
    seat.then(
      (next) => this.#place(next),
      () => undefined,
    );
    this.#placement = { device: lost.device, reason: lost.reason };
  }

  /** The same device once more; then the CPU. */
  async #takeOver(lost: Seat, error: FlowError): Promise<Seat> {
    const step = this.#checkpoint?.step ?? 0;
    // A device that no longer answers fails the next read, which may be noticed before the browser says that it is lost.
    const cause =
      error.code === "engine-failed" ? msg("The engine stopped: the graphics device was lost.") : error.message;
    const told = (device: DeviceKind) => msg(`${cause} Training goes on from step ${step} on ${NAMES[device]}.`);
    if (lost.device === "webgpu" && this.#lossesOnWebGpu < 2) {
      try {
        return await this.#sit({ device: "webgpu", reason: told("webgpu"), isReplacement: true });
      } catch {
        // No second device: what follows needs none.
      }
    }
    return this.#sit({ device: "cpu", reason: told("cpu"), isReplacement: true });
  }

  async #sit(placement: Placement): Promise<Seat> {
    const seat = await openSeat({ ...this.#session, device: placement.device }, placement);
    try {
      if (this.#checkpoint !== undefined) await this.#takeUp(seat, this.#checkpoint.bytes);
      for (const [kind, input] of this.#told) await seat.client.call(kind, input);
      return seat;
    } catch (error) {
      seat.client.dispose();
      throw error;
    }
  }

  async #takeUp(seat: Seat, checkpoint: Uint8Array): Promise<void> {
    seat.started = { ...seat.started, training: await seat.client.call("restore", { checkpoint }) };
  }

  #place(seat: Seat): void {
    if (this.#disposed) {
      seat.client.dispose();
      return;
    }
    this.#placement = seat;
    this.#follow(seat);
    const { device, reason, isReplacement = false } = seat;
    this.onPlaced({ device, reason, isReplacement });
  }

  #follow({ client }: Seat): void {
    client.onCheckpoint = (checkpoint) => {
      this.#checkpoint = checkpoint;
    };
  }

  /** What a new engine must know beside the last checkpoint. */
  #remember<K extends CallKind>(kind: K, output: Output<K>, { client }: Seat): void {
    if (kind === "reset") this.#checkpoint = undefined;
    if (kind === "addRound") this.#session = { ...this.#session, experiment: (output as Started).experiment };
    if (kind !== "addRound" && kind !== "rewind") return;
    client.call("checkpoint", {}).then(
      (checkpoint) => {
        this.#checkpoint = checkpoint;
      },
      () => undefined,
    );
  }
}

/** An engine that computes what is known, with the session started on it. */
async function openSeat(session: SessionInput, placement: Placement): Promise<Seat> {
  const { device } = placement;
  // Runs on a GPU wait for it anyway.
  const client = await Client.open(
    device,
    device === "cpu" ? nextLock(globalThis.navigator?.hardwareConcurrency ?? 1) : undefined,
  );
  try {
    if (device === "webgpu")
      await within(DEVICE_MS, client.call("checkEngine", { device }), msg("the graphics device"));
    return { ...placement, client, started: await client.call("start", session) };
  } catch (error) {
    client.dispose();
    throw error;
  }
}

function isLoss(error: unknown): error is FlowError {
  return error instanceof FlowError && (error.code === "engine-lost" || error.code === "engine-failed");
}

function tooMuch(error: FlowError): FlowError {
  const cause = error.message.replace(`${msg("The engine stopped")}: `, "").replace(/\.$/, "");
  const message = msg(
    `This is too much for the engine, which stopped twice over it (${cause}). The run goes on without it.`,
  );
  return new FlowError({ code: "too-much", message }, { cause: error });
}

/** Why a run could not be moved, with the run as it was. */
export function notMoved(device: DeviceKind, error: unknown): FlowError {
  const message = msg(
    `This run stays where it is, because ${NAMES[device]} could not take it over: ${messageOf(error)}`,
  );
  return new FlowError({ code: "engine-unavailable", message }, { cause: error });
}
