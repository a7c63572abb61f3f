// Shortcuts on the page itself, for those who switched them on: single letters, which a browser leaves to the page.
import type { Around } from "../controls/actions";
import { usesKey } from "../embed/keys";
import { msg } from "../language";
import type { Page } from "../stand-in";
import { type Steering, steer, timeOf } from "../steering";

type Ask = (what: Around) => unknown;

export const SHORTCUT_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["T", msg("train, or pause it")],
  ["P", msg("play time, or pause it")],
  [msg("0 to 9"), msg("time t = 0, 0.1 to 0.9")],
  ["F", msg("present, in full screen")],
  ["?", msg("this help")],
];

const STEERING: ReadonlyMap<string, Steering> = new Map([
  ["t", { kind: "train" }],
  ["p", { kind: "play" }],
]);
const AROUND: ReadonlyMap<string, Around> = new Map([
  ["f", "present"],
  ["?", "help"],
]);

let life: AbortController | undefined;

/** Until they are switched off. */
export function listenForShortcuts(page: Page, ask: Ask): void {
  life?.abort();
  life = new AbortController();
  document.addEventListener("keydown", (event) => onKey(event, page, ask), { signal: life.signal });
}

export function stopShortcuts(): void {
  life?.abort();
}

function onKey(event: KeyboardEvent, { host, mounted }: Page, ask: Ask): void {
  const [target] = event.composedPath();
  const isTaken = event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey;
  // In a talk or a tour the page is hidden, or another's; in a dialog keys are the dialog's.
  if (isTaken || host.hidden || host.dataset.present !== undefined) return;
  if (document.querySelector("dialog[open]") !== null) return;
  if (target instanceof Element && usesKey(target, event)) return;
  if (!press(event.key.toLowerCase(), mounted, ask)) return;
  event.preventDefault();
}

/** Whether the key is one of them. */
function press(key: string, mounted: Page["mounted"], ask: Ask): boolean {
  const steering = timeOf(key) ?? STEERING.get(key);
  const around = AROUND.get(key);
  if (steering !== undefined) steer(mounted, steering);
  if (around !== undefined) ask(around);
  return steering !== undefined || around !== undefined;
}
