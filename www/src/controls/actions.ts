import type { MethodId } from "../experiment/methods";
import type { Setup } from "../experiment/presets";
import type { Change, Slot } from "../state";

/** What a control can ask for: a change of the state alone, or something that needs the engine. */
export interface Actions {
  change(change: Change): void;
  toggleTraining(): void;
  trainOneStep(): void;
  reset(): void;
  /** data, seed or network: every panel starts anew */
  restart(setup: Partial<Setup>): void;
  /** another method: that panel starts anew */
  choose(slot: Slot, method: MethodId): void;
  /** one more block or reflow */
  addRound(slot: Slot): void;
  /** a file or pasted text; `chosen` two of its columns */
  read(source: Blob | string, name: string, chosen?: readonly [number, number]): void;
  exportSamples(slot: Slot): void;
}
