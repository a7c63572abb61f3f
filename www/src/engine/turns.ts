// Turns at training. Runs that all train at once on a small machine starve the page and each other, so at most one run
// fewer than there are processors computes training steps at any time; the others wait. Runs share a turn by the name of
// a Web Lock, which the browser hands round in the order it was asked for. Each turn brings the same time: what a run
// holds beyond it, because a single step of its lasts longer, it lets the others have before it is its turn again.
import { CHUNK_MS } from "./chunk";

/** A place in the queue. `end` gives the turn back, or the place up. */
export interface Turn {
  ready: Promise<void>;
  /** Whether its time is up. Who still needs it asks for the next one before this one ends, to be in the queue meanwhile. */
  isOver(): boolean;
  end(): void;
}

export type TakeTurn = () => Turn;

/** Locks belong to a site, and several pages of it may be open. */
const PAGE = `flow-playground-${Math.random().toString(36).slice(2)}`;
/** A computer that slept in a turn need not wait as long for the next. */
const MOST_OWED_MS = 60_000;

let runs = 0;

/** The lock of one more run, which it shares with every so-manieth. */
export function nextLock(processors: number): string {
  const slots = Math.max(1, (processors || 1) - 1);
  return `${PAGE}-${runs++ % slots}`;
}

/** Always its turn. */
export function unshared(): Turn {
  return { ready: Promise.resolve(), isOver: () => true, end: () => undefined };
}

/** How one run takes its turns at `lock`. The browser has no `locks` on a page without HTTPS. */
export function turnsAt(lock: string, locks: LockManager | undefined, now = () => performance.now()): TakeTurn {
  if (locks === undefined) return unshared;
  let leftMs = 0;
  return () => {
    let place = queueAt(lock, locks);
    let sinceMs: number | undefined;
    let isEnded = false;
    const usedMs = () => (sinceMs === undefined ? 0 : now() - sinceMs);
    const granted = async () => {
      await place.granted;
      while (!isEnded) {
        leftMs += CHUNK_MS;
        if (leftMs > 0) break;
        // Still owed: let the others go first.
        const next = queueAt(lock, locks);
        place.leave();
        place = next;
        await place.granted;
      }
      sinceMs = now();
    };
    const end = () => {
      if (!isEnded) leftMs = Math.max(leftMs - usedMs(), -MOST_OWED_MS);
      isEnded = true;
      place.leave();
    };
    return { ready: granted(), isOver: () => leftMs <= usedMs(), end };
  };
}

/** A place in the browser's own queue. */
function queueAt(lock: string, locks: LockManager): { granted: Promise<void>; leave: () => void } {
  const { promise: held, resolve: release } = withResolvers();
  const { promise: granted, resolve: grant } = withResolvers();
  const waiting = new AbortController();
  const request = locks.request(lock, { signal: waiting.signal }, () => {
    grant();
    return held;
  });
  // A frame without storage of its own may not lock: better to train out of turn than never.
  request.catch(grant);
  const leave = () => {
    waiting.abort();
    release();
  };
  return { granted, leave };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
