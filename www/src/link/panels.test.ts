import { expect, test } from "vitest";
import type { SharedPanel } from "../state/shared";
import { one } from "./panels";

const PANEL: SharedPanel = { method: "flow-matching", own: {}, options: {}, step: 40, bits: "0f3a91c2" };

test("a training that went on with other budgets says them in order, in characters that no address escapes", () => {
  const extended = [
    { step: 20, budget: { kind: "steps", limit: 20 } },
    { step: 30, budget: { kind: "seconds", limit: 0.5 } },
    { step: 35, budget: { kind: "usual" } },
  ] as const;
  const text = one.write({ ...PANEL, extended });
  expect(text).toBe("flow-matching;step:40;bits:0f3a91c2;extended:20-steps/20~30-seconds/0.5~35-usual");
  expect(one.read(text)).toEqual({ ...PANEL, extended });
  expect(encodeURIComponent("~-")).toBe("~-");
  expect(one.read(one.write(PANEL))).toEqual(PANEL);
});

test.each(["20", "20-", "20-steps", "30-usual~20-usual", "0-usual", "20-usual~", "x-usual", "20-steps/0"])(
  "%s is no budgets before the present one",
  (text) => {
    expect(() => one.read(`flow-matching;step:40;extended:${text}`)).toThrow();
  },
);
