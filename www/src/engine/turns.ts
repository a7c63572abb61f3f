// Turns at training. Runs that all train at once on a small machine starve the page and each other, so at most one run
// fewer than there are processors computes a chunk of training steps at any time; the others wait, chunk by chunk.
// Runs share a turn by the name of a Web Lock, which the browser hands round in the order it was asked for.

/** A place in the queue. `end` gives the turn back, or the place up. */
export interface Turn {
  ready: Promise<void>;
  end(): void;
}

export type TakeTurn = () => Turn;

/** Locks belong to a site, and several pages of it may be open. */
const PAGE = `flow-playground-${Math.random().toString(36).slice(2)}`;

let runs = 0;

/** The lock of one more run, which it shares with every so-manieth. */
export function nextLock(processors: number): string {
  const slots = Math.max(1, (processors || 1) - 1);
  return `${PAGE}-${runs++ % slots}`;
}

/** Always its turn. */
export function unshared(): Turn {
  return { ready: Promise.resolve(), end: () => undefined };
}

/** How turns at `lock` are taken. The browser has no `locks` on a page without HTTPS. */
export function turnsAt(lock: string, locks: LockManager | undefined): TakeTurn {
  if (locks === undefined) return unshared;
  return () => {
    const { promise: held, resolve: release } = withResolvers();
    const { promise: ready, resolve: grant } = withResolvers();
    const waiting = new AbortController();
    const request = locks.request(lock, { signal: waiting.signal }, () => {
      grant();
      return held;
    });
    // A frame without storage of its own may not lock: better to train out of turn than never.
    request.catch(grant);
    const end = () => {
      waiting.abort();
      release();
    };
    return { ready, end };
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
