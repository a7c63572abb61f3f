// Which device trains an experiment faster, from a few timed training steps on each. A device's step takes a fixed time, and
// a time for each operation: two sizes tell both.

import type { ExperimentInput } from "../experiment/experiment";
import { msg, num } from "../language";
import type { DeviceKind } from "./protocol";

/** Milliseconds. */
export interface StepCost {
  fixed: number;
  perOperation: number;
}

export type Calibration = Record<DeviceKind, StepCost>;

/** A timed training step. */
export interface Timed {
  operations: number;
  ms: number;
}

/** What is timed: the page's own network, and a larger one. */
export const TIMED: readonly ExperimentInput[] = [
  { network: { width: 64, depth: 3 }, optimizer: { batch: 256 } },
  { network: { width: 128, depth: 3 }, optimizer: { batch: 1024 } },
];

/** The line through two measurements. A larger step that took less is noise, and means that size costs nothing. */
export function fitted(small: Timed, large: Timed): StepCost {
  const perOperation = Math.max(0, (large.ms - small.ms) / (large.operations - small.operations));
  return { fixed: Math.max(0, small.ms - perOperation * small.operations), perOperation };
}

/** Multiplications and additions of a training step, roughly: the width's square, as often as the loss passes the network. */
export function operationsOf({ network, optimizer, method }: ExperimentInput): number {
  const { width = 64, depth = 3 } = network ?? {};
  const { batch = 256 } = optimizer ?? {};
  return 2 * batch * width * (width * (depth - 1) + 6) * passesOf(method);
}

/** Forward and backward passes: a likelihood's at every stage of RK4, with two tangents along. */
function passesOf(method: ExperimentInput["method"]): number {
  const kind = method?.kind ?? "flow-matching";
  if (kind === "coupling-flow") return 3 * ((method as { layers?: number }).layers ?? 8);
  if (kind !== "normalizing-flow" && kind !== "ot-flow" && kind !== "jko-flow") return 3;
  const steps = (method as { trainingSteps?: number }).trainingSteps ?? 8;
  return 9 * 4 * steps;
}

export function stepMs({ fixed, perOperation }: StepCost, experiment: ExperimentInput): number {
  return fixed + perOperation * operationsOf(experiment);
}

/** The faster device and one sentence with both times. */
export function choose(
  calibration: Calibration,
  experiment: ExperimentInput,
  adapter: string,
): { device: DeviceKind; reason: string } {
  const [cpu, webgpu] = [stepMs(calibration.cpu, experiment), stepMs(calibration.webgpu, experiment)];
  const times = msg(`a training step takes about ${shown(cpu)} on the CPU and ${shown(webgpu)} on WebGPU (${adapter})`);
  return { device: webgpu < cpu ? "webgpu" : "cpu", reason: msg(`Measured here: ${times}.`) };
}

function shown(ms: number): string {
  return ms >= 0.1
    ? `${num(String(Number(ms.toPrecision(2))))} ms`
    : `${num(String(Number((1000 * ms).toPrecision(2))))} µs`;
}

/** What was measured is kept for the adapter's next visit. */
export class CalibrationStore {
  readonly #key: string;
  readonly #storage: Pick<Storage, "getItem" | "setItem"> | undefined;

  constructor(adapter: string, storage: Pick<Storage, "getItem" | "setItem"> | undefined) {
    this.#key = `flow-playground calibration 1: ${adapter}`;
    this.#storage = storage;
  }

  load(): Calibration | null {
    try {
      const found = JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
      return isCalibration(found) ? found : null;
    } catch {
      return null;
    }
  }

  save(calibration: Calibration): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(calibration));
    } catch {
      // Full, or forbidden: it is measured again.
    }
  }
}

function isCalibration(found: unknown): found is Calibration {
  const isCost = (cost: unknown) => {
    const { fixed, perOperation } = (cost ?? {}) as Partial<StepCost>;
    return Number.isFinite(fixed) && Number.isFinite(perOperation);
  };
  const { cpu, webgpu } = (found ?? {}) as Partial<Calibration>;
  return isCost(cpu) && isCost(webgpu);
}
