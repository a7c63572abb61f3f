// What keys ask of a playground, on the page or in a talk: to train, to play, to go to a time.
import type { Mounted } from "./playground";
import { scrub, togglePlaying } from "./state/view";

export type Steering = { kind: "train" } | { kind: "play" } | { kind: "time"; t: number };

/** A digit is a tenth of time; null where the key is no digit. */
export function timeOf(key: string): Steering | null {
  return /^\d$/.test(key) ? { kind: "time", t: Number(key) / 10 } : null;
}

export function steer(mounted: Pick<Mounted, "change" | "toggleTraining">, asked: Steering): void {
  if (asked.kind === "play") mounted.change(togglePlaying);
  else if (asked.kind === "time") mounted.change(scrub(asked.t));
  else mounted.toggleTraining();
}
