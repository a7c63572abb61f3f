// What goes wrong on a graphics device is told to nobody who does not ask: a command that is refused leaves old numbers in
// memory, and a lost device answers never. So every device that the worker opens is asked.
import { msg } from "../language";

interface Device extends EventTarget {
  lost: Promise<{ reason: string; message: string }>;
  destroy(): void;
}

interface AdapterPrototype {
  requestDevice(this: unknown, ...descriptor: unknown[]): Promise<Device>;
}

declare global {
  /** The devices that this worker opened, for whoever looks into it. */
  var __flowPlaygroundDevices: Device[] | undefined;
}

/** Calls `trouble` with a sentence at the first loss or refusal of any device. */
export function watchDevices(prototype: AdapterPrototype | undefined, trouble: (sentence: string) => void): void {
  if (prototype === undefined) return;
  const requestDevice = prototype.requestDevice;
  const devices: Device[] = [];
  globalThis.__flowPlaygroundDevices = devices;
  prototype.requestDevice = async function (...descriptor) {
    const device = await requestDevice.apply(this, descriptor);
    devices.push(device);
    void device.lost.then(({ message }) => trouble(msg(`the graphics device was lost${because(message)}`)));
    device.addEventListener("uncapturederror", (event) => {
      const { error } = event as Event & { error?: { message?: string; constructor: { name: string } } };
      const isMemory = error?.constructor.name === "GPUOutOfMemoryError";
      const what = isMemory
        ? msg("the graphics device has not enough memory")
        : msg("the graphics device refused a command");
      trouble(`${what}${because(error?.message)}`);
    });
    return device;
  };
}

/** Its own words, without the lines that only we could use. */
function because(message: string | undefined): string {
  const first = message?.split("\n")[0]?.trim().replace(/\.$/, "");
  return first ? ` (${first})` : "";
}
