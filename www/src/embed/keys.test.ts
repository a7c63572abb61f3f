import { expect, test } from "vitest";
import { usesKey } from "./keys";

const NONE = { ctrlKey: false, metaKey: false, altKey: false };

/** A control that is what one of the selectors says. */
function control(is: string) {
  return { matches: (selector: string) => selector.split(", ").includes(is) };
}

test.each([
  ["input[type=range]", ["ArrowLeft", "ArrowUp", "Home", "PageDown"], ["n", " ", "Enter", "Tab", "Escape"]],
  ["button", [" ", "Enter"], ["n", "ArrowLeft", "Home", "Escape"]],
  ["summary", [" ", "Enter"], ["ArrowDown"]],
  ["a[href]", ["Enter"], [" ", "n"]],
  ["input[type=checkbox]", [" "], ["Enter", "ArrowLeft"]],
  ["input[type=radio]", [" ", "ArrowDown"], ["n"]],
  ["select", ["ArrowDown", "n", " ", "End"], ["Tab", "Escape", "F5"]],
  ["input", ["n", "ArrowLeft", "Backspace", " ", "Enter", "é"], ["Tab", "Escape", "F5"]],
  ["textarea", ["n", "ArrowUp", "Delete"], ["Tab", "Escape"]],
  ["div", [], ["n", "ArrowLeft", " ", "Enter"]],
] as const)("%s keeps %j and leaves %j to the page", (is, kept, left) => {
  for (const key of kept) expect(usesKey(control(is), { ...NONE, key }), key).toBe(true);
  for (const key of left) expect(usesKey(control(is), { ...NONE, key }), key).toBe(false);
});

test("a shortcut is the page's, but for those that edit a text", () => {
  for (const key of ["a", "C", "v", "z", "ArrowLeft"]) {
    expect(usesKey(control("input"), { ...NONE, ctrlKey: true, key }), key).toBe(true);
    expect(usesKey(control("button"), { ...NONE, ctrlKey: true, key }), key).toBe(false);
  }
  for (const key of ["s", "p", "Enter"])
    expect(usesKey(control("input"), { ...NONE, metaKey: true, key }), key).toBe(false);
  expect(usesKey(control("input[type=range]"), { ...NONE, altKey: true, key: "ArrowLeft" })).toBe(false);
});
