import { expect, test } from "vitest";
import type { Group } from "../experiment/methods";
import { comparisons, type Judged } from "./claims";
import type { Found, Standing } from "./standing";

function found(value: number, standardError: number | null = null): Found {
  return { value, spread: standardError, standardError };
}

function judged(group: Group, of: Partial<Standing["of"]>, isFinished = true): Judged {
  const none = { seconds: null, networkEvaluations: null, nfe: null, nll: null, kl: null, slicedW2: null };
  return { title: group, group, standing: { seeds: 1, isFinished, slicedW2Floor: null, of: { ...none, ...of } } };
}

test("nothing is said where nothing was measured, or where one side is missing", () => {
  expect(comparisons([judged("Likelihood", {}), judged("Flow matching", {})], 2)).toEqual([]);
  const alone = judged("Flow matching", { seconds: found(3), kl: found(0.1) });
  expect(comparisons([alone], 2)).toEqual([]);
  expect(comparisons([alone, alone], 2)).toEqual([]);
});

test("training and quality are told with their numbers, for and against the deck", () => {
  const slow = judged("Likelihood", { seconds: found(140), kl: found(0.02, 0.01) });
  const fast = judged("Flow matching", { seconds: found(10), kl: found(0.12, 0.01) });
  const [training, quality] = comparisons([slow, fast], 2);
  expect(training).toMatchObject({
    here: "Flow matching trained 14 × faster than Likelihood: 10.0 s against 140.0 s.",
    verdict: "agrees",
  });
  expect(quality).toMatchObject({
    here: "Likelihood ends nearer to the data: KL 0.020 ± 0.010 against 0.120 ± 0.010 of Flow matching.",
    verdict: "agrees",
  });
  const swapped = comparisons(
    [
      { ...slow, standing: fast.standing },
      { ...fast, standing: slow.standing },
    ],
    2,
  );
  expect(swapped.map(({ verdict }) => verdict)).toEqual(["differs", "differs"]);
});

test("what chance could turn round decides nothing", () => {
  const panels = [judged("Likelihood", { kl: found(0.02, 0.01) }), judged("Flow matching", { kl: found(0.03, 0.01) })];
  expect(comparisons(panels, 2)).toMatchObject([{ verdict: "open", here: expect.stringMatching(/not told apart\.$/) }]);
});

test("half a training costs nothing yet", () => {
  const panels = [judged("Likelihood", { seconds: found(1) }, false), judged("Flow matching", { seconds: found(5) })];
  expect(comparisons(panels, 2)).toEqual([]);
});

test("where the KL of one is unknown, the NLL of both decides; and of many coordinates the deck says nothing", () => {
  const panels = [
    judged("Likelihood", { nll: found(2.4, 0.01), kl: found(0.1) }),
    judged("Diffusion", { nll: found(2.9, 0.01) }),
  ];
  expect(comparisons(panels, 2)[0]?.here).toContain("NLL 2.400 ± 0.010");
  expect(comparisons(panels, 64)).toEqual([]);
});

test("of several panels the best of each group stands for it", () => {
  const panels = [
    judged("Flow matching", { nfe: found(32) }),
    judged("Flow matching", { nfe: found(1) }),
    judged("Diffusion", { nfe: found(16) }),
  ];
  expect(comparisons(panels, 2)[0]?.here).toBe("Flow matching needs 1 evaluation to sample, Diffusion 16.");
});
