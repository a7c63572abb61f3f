import { expect, test } from "vitest";
import type { Result } from "../state/results";
import { resultsCsv, resultsJson, resultsLatex, resultsMarkdown } from "./kept-files";
import { intervalText, keptTable } from "./kept-results";

function result(width: number, seed: number, slicedW2: number, converged = true): Result {
  const experiment = { data: { kind: "moons" }, network: { width, depth: 3 } };
  const key = JSON.stringify([experiment, "cpu", 2, "Heun, 8"]);
  const found = { seconds: 2, networkEvaluations: 100, nll: 1, kl: 0.5, slicedW2, slicedW2Floor: 0.1, converged };
  return {
    key,
    title: "Flow matching",
    method: "flow-matching",
    data: "moons",
    dim: 2,
    seed,
    costs: [],
    course: [],
    n: 2048,
    solver: "Heun, 8",
    ...found,
  };
}

const RESULTS = [result(16, 1, 1), result(16, 2, 2), result(16, 3, 3, false), result(32, 1, 4)];

test("a row for each setting, with Student's interval of its seeds and what differs", () => {
  const { varied, rows } = keptTable(RESULTS);
  expect(varied).toEqual(["network.width"]);
  expect(rows.map(({ settings, seeds }) => [settings, seeds])).toEqual([
    [{ "network.width": 16 }, [1, 2, 3]],
    [{ "network.width": 32 }, [1]],
  ]);
  // Of 1, 2, 3: deviation 1, t of two degrees 4.303.
  expect(rows[0]?.of.slicedW2).toEqual({ mean: 2, deviation: 1, count: 3, half: 4.303 / Math.sqrt(3) });
  expect(rows[0]?.of.nll?.count).toBe(2);
  expect(rows[1]?.of.slicedW2?.half).toBe(null);
  expect(rows[0]).toMatchObject({ n: 2048, solver: "Heun, 8", device: "cpu" });
});

test("numbers have the digits that their interval leaves", () => {
  expect(intervalText({ mean: 0.123456, half: 0.00234, deviation: 1, count: 3 })).toBe("0.1235 ± 0.0023");
  expect(intervalText({ mean: 1234.5, half: 20, deviation: 1, count: 3 })).toBe("1235 ± 20");
  expect(intervalText({ mean: 0.123456, half: null, deviation: null, count: 1 })).toBe("0.123");
  expect(intervalText(null)).toBe("");
});

test("every format has every setting", () => {
  const csv = resultsCsv(RESULTS)
    .replace(/^\ufeff/, "")
    .trim()
    .split("\n");
  expect(csv).toHaveLength(5);
  expect(csv[0]).toMatch(/^"method","data","network.width","seed","slicedW2"/);
  expect(csv[4]).toBe('"Flow matching","moons",32,1,4,0.5,1,2,100,0.1,true,2048,"Heun, 8","cpu"');
  const json = JSON.parse(resultsJson(RESULTS));
  expect([json.summary.length, json.trainings.length, json.trainings[3].experiment.network.width]).toEqual([2, 4, 32]);
  expect(resultsMarkdown(RESULTS).split("\n")[2]).toMatch(/^\| Flow matching \| moons \| 16 \| 3 \| 2\.0 ± 2\.5 \|/);
  const latex = resultsLatex(RESULTS);
  expect(latex).toContain("sliced W$_2$$^2$ & KL");
  expect(latex).toContain("2.0 $\\pm$ 2.5");
  expect(latex.match(/\\\\\n/g)).toHaveLength(3);
});
