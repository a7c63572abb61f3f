// What stands at the ends of time, in words: data and noise, or the first and the last of snapshots.
import { msg, num } from "../language";

/** "either" of stages that are not alike. */
export type Ends = "noise" | "snapshots" | "either";

interface Said {
  /** at t = 0, in a sentence: as subject or object */
  first: string;
  /** at t = 1 */
  last: string;
  /** where there is no room for a sentence */
  short: readonly [first: string, last: string];
}

const SAID: Readonly<Record<Ends, Said>> = {
  noise: { first: msg("the data"), last: msg("the noise"), short: [msg("data"), msg("noise")] },
  snapshots: { first: msg("the first snapshot"), last: msg("the last snapshot"), short: [msg("first"), msg("last")] },
  either: {
    first: msg("the data or the first snapshot"),
    last: msg("the noise or the last snapshot"),
    short: ["0", "1"],
  },
};

export function endsSaid(ends: Ends): Said {
  return SAID[ends];
}

/** Of stages side by side, each of which is of snapshots or not. */
export function endsOf(areSnapshots: readonly boolean[]): Ends {
  if (!areSnapshots.includes(true)) return "noise";
  return areSnapshots.includes(false) ? "either" : "snapshots";
}

/** What a hand on time is called. */
export function timeSaid(ends: Ends): string {
  const { first, last } = SAID[ends];
  return msg(`Time t, from ${first} at 0 to ${last} at 1`);
}

/** Below a tick of it: "t = 0 data". */
export function tickSaid(t: number, ends: Ends): string {
  if (t > 0 && t < 1) return num(String(t));
  return ends === "either" ? `t = ${t}` : `t = ${t} ${SAID[ends].short[t === 0 ? 0 : 1]}`;
}
