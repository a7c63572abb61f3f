// Every wait has an end. A driver that hangs settles no promise, and says nothing either.
import { msg } from "../language";
import { FlowError } from "./error";

/** To be told which adapter there is. */
export const ADAPTER_MS = 10_000;
/** To open a graphics device, compile for it and compute what is known: software adapters take half a minute. */
export const DEVICE_MS = 120_000;

/** What `work` comes to, or a refusal that says `what` gave no answer in so long. */
export async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = msg(`${what} gave no answer within ${ms / 1000} seconds`);
      reject(new FlowError({ code: "engine-unavailable", message }));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
