import { expect, test } from "vitest";
import { commandOf } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test("digits are tenths of t, and a remote's keys step", () => {
  for (let digit = 0; digit <= 9; digit++)
    expect(commandOf({ ...plain, key: String(digit) })).toEqual({ kind: "time", t: digit / 10 });
  for (const key of ["PageDown", "ArrowRight", "ArrowDown"])
    expect(commandOf({ ...plain, key })).toEqual({ kind: "slide", by: 1 });
  for (const key of ["PageUp", "ArrowLeft", "ArrowUp"])
    expect(commandOf({ ...plain, key })).toEqual({ kind: "slide", by: -1 });
});

test("what is pressed with Ctrl, Alt or ⌘, and every other key, is the browser's", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"])
    for (const key of ["PageDown", " ", "p", "3", "Escape"])
      expect(commandOf({ ...plain, [held]: true, key })).toBeNull();
  for (const key of ["Tab", "Enter", "F5", "F11", "a", "Home", "constructor", "toString"])
    expect(commandOf({ ...plain, key })).toBeNull();
});
