import type { MethodKind, Setup } from "../experiment/presets";
import type { Change } from "../state";

/** What a control can ask for: a change of the state alone, or something that needs the engine. */
export interface Actions {
  change(change: Change): void;
  toggleTraining(): void;
  trainOneStep(): void;
  reset(): void;
  /** data, seed or network: both panels start anew */
  restart(setup: Partial<Setup>): void;
  /** a file or pasted text; `chosen` two of its columns */
  read(source: Blob | string, name: string, chosen?: readonly [number, number]): void;
  exportSamples(method: MethodKind): void;
}
