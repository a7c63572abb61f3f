// Keys that the focused control uses stay in the element: the page around may turn its slides by arrows, or search at "n".
// All others are the page's.

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const ALONG = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const FAR = ["Home", "End", "PageUp", "PageDown"];
const PRESS = [" ", "Enter"];
const ERASE = ["Backspace", "Delete"];
/** With Ctrl or ⌘: select all, copy, paste, cut, undo, redo. */
const EDIT = ["a", "c", "v", "x", "z", "y"];

/** A single sign, as letters and digits are. */
function isTyped(key: string): boolean {
  return [...key].length === 1;
}

function inText(key: string): boolean {
  return [...ALONG, ...FAR, ...ERASE, "Enter"].includes(key) || isTyped(key);
}

/** By the first selector that fits: what each control does something with. */
const CONTROLS: readonly (readonly [selector: string, uses: (key: string) => boolean])[] = [
  ["input[type=range]", (key) => [...ALONG, ...FAR].includes(key)],
  ["input[type=radio]", (key) => [...ALONG, " "].includes(key)],
  ["input[type=checkbox]", (key) => key === " "],
  ["input[type=file], input[type=button], button, summary", (key) => PRESS.includes(key)],
  ["a[href]", (key) => key === "Enter"],
  ["select", (key) => [...ALONG, ...FAR, ...PRESS].includes(key) || isTyped(key)],
  ["input, textarea", inText],
];

export function usesKey(
  control: { matches(selector: string): boolean },
  { key, ctrlKey, metaKey, altKey }: Keys,
): boolean {
  const [, uses] = CONTROLS.find(([selector]) => control.matches(selector)) ?? [];
  if (uses === undefined) return false;
  if (!ctrlKey && !metaKey) return uses(key) && !(altKey && !isTyped(key));
  return uses === inText && [...EDIT, ...ALONG, ...FAR, ...ERASE].includes(isTyped(key) ? key.toLowerCase() : key);
}

/** What a control has answered itself, and whatever closes a dialog, is used as well. */
function isUsed(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (event.defaultPrevented || !(target instanceof Element)) return event.defaultPrevented;
  return usesKey(target, event) || (event.key === "Escape" && target.closest("dialog[open]") !== null);
}

export function keepKeys(root: ShadowRoot): void {
  for (const type of ["keydown", "keypress", "keyup"] as const) {
    root.addEventListener(type, (event) => {
      if (isUsed(event as KeyboardEvent)) event.stopPropagation();
    });
  }
}
