import { expect, test } from "vitest";
import { num } from "../language";
import { coordinate, inWords, plain, short, withError } from "./numbers";

const found = (value: number, spread: number | null = null) => ({ value, spread, standardError: spread });

test("a number ends where its error ends, two digits into it", () => {
  expect(withError(0.0604, 0.0123)).toEqual({ text: "0.060", spread: "± 0.012" });
  expect(withError(7.394, 0.5169)).toEqual({ text: "7.39", spread: "± 0.52" });
  expect(withError(0.00413, 0.00062)).toEqual({ text: "0.00413", spread: "± 0.00062" });
  expect(withError(2247.319, 130.2)).toEqual({ text: "2,250", spread: "± 130" });
  expect(withError(1.5, 0.0996)).toEqual({ text: "1.50", spread: "± 0.10" });
});

test("nothing is less than 0 by 0, and no error is 0", () => {
  expect(withError(-0.000_000_1, 0.0004)).toEqual({ text: "0.00000", spread: "± 0.00040" });
  for (const error of [3e-9, 1e-5, 0.0004, 0.3, 12, 4000]) {
    const { text, spread } = withError(-error / 1e6, error);
    expect(text).not.toMatch(/[-−]/);
    expect(spread).toMatch(/[1-9]/);
    const decimals = (shown: string) => shown.split(".")[1]?.length ?? 0;
    expect(decimals(text)).toBe(decimals(spread));
  }
});

test("no likelihood is told to more than arithmetic in 32 bits is worth", () => {
  expect(inWords("kl", found(-8.4e-7, 2.2e-7))).toBe("0.00000 ± 0.00010");
  expect(inWords("nll", found(2.8, 0.043))).toBe("2.800 ± 0.043");
  expect(inWords("kl", found(0.2))).toBe("0.200");
  expect(inWords("slicedW2", found(8.4e-7, 2.2e-7))).toBe("0.00000084 ± 0.00000022");
});

test("without an error three digits are shown, large and small", () => {
  expect(short(316_890.5546)).toBe("317,000");
  expect(short(0.004_134)).toBe("0.00413");
  expect(short(12.345)).toBe("12.3");
  expect(short(2.73e-5)).toBe("2.7e-5");
  expect(short(0)).toBe("0");
  expect([plain(0.03), plain(12), plain(317_000), plain(0.0305)]).toEqual(["0.03", "12", "317,000", "0.0305"]);
});

test("whole numbers stay whole, and what never comes says so", () => {
  expect(inWords("networkEvaluations", found(10_000))).toBe("10,000");
  expect(inWords("nfe", found(8))).toBe("8");
  expect(inWords("nfe", found(8.5, 2.1))).toBe("8.5 ± 2.1");
  expect(inWords("nfe", found(Number.POSITIVE_INFINITY))).toBe("never");
  expect(inWords("seconds", found(12, 1.34))).toBe("12.0 s ± 1.3 s");
});

test("what is below 0 has a minus, and no name or power of ten loses its hyphen", () => {
  const shown = [short(-0.004_134), plain(-0.5), coordinate(-2.71, 1), inWords("nll", found(-2.8, 0.043))];
  expect(shown).toEqual(["−0.00413", "−0.5", "−2.71", "−2.800 ± 0.043"]);
  expect(num((-1234.5).toLocaleString("en-US"))).toBe("−1,234.5");
  expect(num("4 (-3 without)")).toBe("4 (−3 without)");
  for (const text of ["8-gaussians", "1e-5", "2026-11-30", "t-1", "0.5"]) expect(num(text)).toBe(text);
});
