// What the keys of a keyboard, or of a remote that acts as one, ask of a presentation.
import { type Steering, timeOf } from "../steering";

export type Command = Steering | { kind: "slide"; by: 1 | -1 } | { kind: "leave" };

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const BY_KEY: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["PageDown", { kind: "slide", by: 1 }],
  ["ArrowRight", { kind: "slide", by: 1 }],
  ["ArrowDown", { kind: "slide", by: 1 }],
  ["PageUp", { kind: "slide", by: -1 }],
  ["ArrowLeft", { kind: "slide", by: -1 }],
  ["ArrowUp", { kind: "slide", by: -1 }],
  [" ", { kind: "train" }],
  ["p", { kind: "play" }],
  ["P", { kind: "play" }],
  ["Escape", { kind: "leave" }],
]);

/** Null where the key is the browser's. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Keys): Command | null {
  if (ctrlKey || metaKey || altKey) return null;
  return timeOf(key) ?? BY_KEY.get(key) ?? null;
}

/** What is said of them. */
export const PRESENT_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Page Down, → or ↓", "next slide"],
  ["Page Up, ← or ↑", "slide before"],
  ["Space", "train, or pause it"],
  ["P", "play time, or pause it"],
  ["0 to 9", "time t = 0, 0.1 to 0.9"],
  ["Esc", "leave"],
];
