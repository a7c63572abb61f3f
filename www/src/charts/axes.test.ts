import { expect, test } from "vitest";
import { costAxis, doublingTicks, linearTicks, logDomain, logTicks, qualityAxis, ticksOf, tickText } from "./axes";

const SPANS = [1.2, 3, 30, 1e3, 1e6];
const LOWS = [1e-5, 0.003, 0.7, 12, 4e4];

test("a logarithmic domain holds its values, and never so few that nothing could be read", () => {
  for (const low of LOWS) {
    for (const span of SPANS) {
      const [start, stop] = logDomain([low * span, low]);
      expect(start).toBeLessThan(low);
      expect(stop).toBeGreaterThan(low * span);
      expect(stop / start).toBeGreaterThanOrEqual(2 - 1e-9);
    }
  }
  expect(logDomain([0, -1])).toEqual([0.1, 1]);
  expect(logDomain([5])[0]).toBeLessThan(5);
});

test("logarithmic ticks lie inside, are no more than asked for, and rise", () => {
  for (const low of LOWS) {
    for (const span of SPANS) {
      for (const most of [2, 4, 6]) {
        const ticks = logTicks([low, low * span], most);
        expect(ticks.length).toBeLessThanOrEqual(most);
        for (const tick of ticks) expect(tick >= low && tick <= low * span).toBe(true);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
      }
    }
  }
});

test("evaluations are marked at powers of two", () => {
  expect(doublingTicks([0.9, 70], 9)).toEqual([1, 2, 4, 8, 16, 32, 64]);
  expect(doublingTicks([0.9, 70], 4)).toEqual([1, 4, 16, 64]);
});

test("a cost is linear from 0 until it spans more than one and a half decades", () => {
  expect(costAxis([10, 20, 100])).toMatchObject({ type: "linear" });
  expect(costAxis([10, 20, 100]).domain[0]).toBe(0);
  expect(costAxis([1, 40])).toMatchObject({ type: "log" });
  expect(costAxis([])).toEqual({ type: "linear", domain: [0, 1] });
  expect(ticksOf(costAxis([10, 100]), 5)).toEqual(linearTicks([0, 106], 5));
});

test("below a floor there is room for a line of text", () => {
  const [low, high] = qualityAxis([0.01, 1], 0.002).domain;
  expect(low).toBeLessThan(0.002 * 0.6);
  expect(high).toBeGreaterThan(1);
  expect(qualityAxis([0.01, 1], undefined).domain).toEqual(logDomain([0.01, 1]));
});

test("ticks are written short", () => {
  expect([0, 0.001, 0.00001, 2.5, 300, 20_000, 1_500_000].map(tickText)).toEqual([
    "0",
    "0.001",
    "1e-5",
    "2.5",
    "300",
    "20k",
    "1.5M",
  ]);
});
