// Where new runs compute, and what is said of it.
import { messageOf } from "../engine/error";
import { createEngine, type Engine, type Gpu, probeWebGpu } from "../library";
import type { AskedDevice, Change } from "../state/state";
import { placeEngine, say } from "../state/talk";

export class Engines {
  /** there at once: for the opening picture and the thumbnails */
  readonly cpu: Promise<Engine> = createEngine({ device: "cpu" });
  readonly #change: (change: Change) => void;
  #chosen: Promise<Engine>;
  /** counts those that were chosen */
  #turn = 0;

  constructor(device: AskedDevice, change: (change: Change) => void) {
    this.#change = change;
    this.#chosen = createEngine({ device });
    change(placeEngine({ asked: device }));
  }

  /** for training */
  get chosen(): Promise<Engine> {
    return this.#chosen;
  }

  /** What the engine says of itself, and again once it has measured. */
  async tell(): Promise<void> {
    const [engine, turn] = [await this.#chosen, this.#turn];
    this.#change(placeEngine({ reason: engine.deviceReason }));
    const { usable, reason } = await probeWebGpu((navigator as { gpu?: Gpu }).gpu, true);
    this.#change(placeEngine({ refusal: usable ? null : reason }));
    await engine.measured;
    if (turn === this.#turn) this.#change(placeEngine({ reason: engine.deviceReason }));
  }

  /**
   * On this device from now on. The runs go with it by `moveAll`, which resolves with why any stays where it is, in the middle
   * of training too. What is asked meanwhile is done meanwhile; the last choice counts.
   */
  async choose(device: AskedDevice, moveAll: (engine: Engine) => Promise<unknown[]>): Promise<void> {
    const turn = ++this.#turn;
    this.#change(placeEngine({ asked: device, isMoving: true }));
    this.#change(say(null));
    const engine = await createEngine({ device });
    await engine.measured;
    if (turn !== this.#turn) return;
    this.#chosen = Promise.resolve(engine);
    const refusals = await moveAll(engine);
    if (turn !== this.#turn) return;
    this.#change(placeEngine({ isMoving: false }));
    if (refusals.length > 0) this.#change(say({ kind: "error", at: "engine", text: messageOf(refusals[0]) }));
    await this.tell();
  }

  dispose(): void {
    for (const engine of [this.#chosen, this.cpu]) engine.then((one) => one.dispose()).catch(() => undefined);
  }
}
