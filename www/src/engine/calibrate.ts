// Times a few training steps on each device.
import { msg } from "../language";
import { type Calibration, fitted, operationsOf, type StepCost, TIMED, type Timed } from "./calibration";
import { Client } from "./client";
import type { DeviceKind } from "./protocol";
import { DEVICE_MS, within } from "./within";

/** The first steps compile kernels; so many more are timed. */
const WARM_UP = 2;
const TIMED_STEPS = [20, 5];

/** Refuses a device that cannot be opened, or computes other numbers than are known. */
export async function calibrate(): Promise<Calibration> {
  // One after the other: at once they would time each other.
  const webgpu = await costOn("webgpu");
  return { cpu: await costOn("cpu"), webgpu };
}

async function costOn(device: DeviceKind): Promise<StepCost> {
  const client = await Client.open(device);
  try {
    return await within(
      DEVICE_MS,
      timeSteps(client, device),
      device === "webgpu" ? msg("the graphics device") : msg("the CPU"),
    );
  } finally {
    client.dispose();
  }
}

async function timeSteps(client: Client, device: DeviceKind): Promise<StepCost> {
  await client.call("checkEngine", { device });
  const timed: Timed[] = [];
  for (const [i, experiment] of TIMED.entries()) {
    const steps = TIMED_STEPS[i] as number;
    await client.call("start", { experiment, device });
    await client.call("train", { steps: WARM_UP });
    const startMs = performance.now();
    await client.call("train", { steps });
    timed.push({ operations: operationsOf(experiment), ms: (performance.now() - startMs) / steps });
  }
  return fitted(timed[0] as Timed, timed[1] as Timed);
}
