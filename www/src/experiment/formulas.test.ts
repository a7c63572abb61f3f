import katex from "katex";
import { describe, expect, test } from "vitest";
import { explanationOf, WITH_A_CLASS } from "./formulas";
import { METHOD_IDS } from "./methods";

const ALL = [...METHOD_IDS.map((id) => [id, explanationOf(id)] as const), ["with a class", WITH_A_CLASS] as const];

describe.each(ALL)("%s", (_, { paragraph, loss, sampling, sources }) => {
  test("has a loss, a sampling equation and a source", () => {
    expect(loss.length).toBeGreaterThan(0);
    expect(sampling.length).toBeGreaterThan(0);
    expect(sources.length).toBeGreaterThan(0);
    expect(new Set([...loss, ...sampling]).size).toBe(loss.length + sampling.length);
  });

  test.each([...loss, ...sampling])("KaTeX sets %s", (tex) => {
    const markup = katex.renderToString(tex, {
      output: "mathml",
      displayMode: true,
      throwOnError: true,
      strict: "error",
    });
    expect(markup).toContain("<math");
  });

  test("is told in two to four sentences", () => {
    const sentences = paragraph.split(/(?<=[.:]) (?=[A-Z])/).length;
    expect(sentences).toBeGreaterThanOrEqual(2);
    expect(sentences).toBeLessThanOrEqual(4);
  });
});
