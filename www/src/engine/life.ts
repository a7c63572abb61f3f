// Whether a worker lives. One that crashed, or closed itself, raises no event; but the browser gives back the lock that
// it held, to whoever waits for it.

const PAGE = `flow-engine-${Math.random().toString(36).slice(2)}`;
let lives = 0;

export function nextLife(): string {
  return `${PAGE}-${lives++}`;
}

/** In the worker: holds its lock until it ends. Resolves once it does, or at once where the browser has no locks. */
export function holdForLife(life: string, locks: LockManager | undefined): Promise<void> {
  if (locks === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const forever = new Promise<void>(() => undefined);
    locks
      .request(life, () => {
        resolve();
        return forever;
      })
      // A frame without storage of its own may not lock: then the worker is not watched.
      .catch(() => resolve());
  });
}

/** On the page: tells once, when the worker that holds the lock is gone. Asked after it holds it. */
export function whenDead(life: string, locks: LockManager | undefined, tell: () => void): void {
  locks?.request(life, () => tell()).catch(() => undefined);
}
