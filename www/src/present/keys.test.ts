import { expect, test } from "vitest";
import { steer } from "../steering";
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

test("Space asks for what the page's own button does, which says what takes long before it is begun", () => {
  let pressed = 0;
  const mounted = { change: () => undefined, toggleTraining: () => void pressed++ };
  expect(commandOf({ ...plain, key: " " })).toEqual({ kind: "train" });
  steer(mounted, { kind: "train" });
  expect(pressed).toBe(1);
});

test("what is pressed with Ctrl, Alt or ⌘, and every other key, is the browser's", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"])
    for (const key of ["PageDown", " ", "p", "3", "Escape"])
      expect(commandOf({ ...plain, [held]: true, key })).toBeNull();
  for (const key of ["Tab", "Enter", "F5", "F11", "a", "Home", "constructor", "toString"])
    expect(commandOf({ ...plain, key })).toBeNull();
});
