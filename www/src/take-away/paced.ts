// A moving picture by the clock: it lasts as long however many of its frames a busy machine draws.

export interface Clock {
  /** in milliseconds */
  now(): number;
  nextFrame(): Promise<void>;
  /** Nobody draws then, and browsers let timers run once a minute. */
  isHidden(): boolean;
  /** what is recorded rests until then */
  untilShown(): Promise<void>;
}

/** Calls `draw` with the share of the time that has gone by, from 0 to 1, the time hidden not counted. */
export async function paced(lengthMs: number, clock: Clock, draw: (share: number) => void): Promise<void> {
  let [spentMs, beforeMs] = [0, clock.now()];
  while (spentMs < lengthMs) {
    draw(spentMs / lengthMs);
    await clock.nextFrame();
    if (clock.isHidden()) {
      await clock.untilShown();
      beforeMs = clock.now();
    }
    const nowMs = clock.now();
    spentMs += nowMs - beforeMs;
    beforeMs = nowMs;
  }
  draw(1);
}
