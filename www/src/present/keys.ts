// What the keys of a keyboard, or of a remote that acts as one, ask of a presentation.
import { msg } from "../language";
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
  [msg("Page Down, → or ↓"), msg("next slide")],
  [msg("Page Up, ← or ↑"), msg("slide before")],
  [msg("Space"), msg("train, or pause it")],
  ["P", msg("play time, or pause it")],
  [msg("0 to 9"), msg("time t = 0, 0.1 to 0.9")],
  ["Esc", msg("leave")],
];
