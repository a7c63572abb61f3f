import { expect, test } from "vitest";
import type { MethodGroup } from "../experiment/methods";
import { claimsOf, type Judged } from "./claims";
import type { Found, Standing } from "./standing";

function found(value: number, standardError: number | null = null): Found {
  return { value, spread: standardError, standardError };
}

const LINE = { value: 0.03 };
const NEVER = found(Number.POSITIVE_INFINITY);

function judged(group: MethodGroup, of: Partial<Standing["of"]>, isFinished = true): Judged {
  const none = { nfe: null, nll: null, kl: null, slicedW2: null };
  const training = { seconds: null, networkEvaluations: null, secondsToLine: null, evaluationsToLine: null };
  const floor = { slicedW2Floor: null, slicedW2FloorSpread: null };
  return {
    title: group,
    group,
    standing: {
      seeds: 1,
      isFinished,
      apart: null,
      otherClock: null,
      clock: "cpu",
      ...floor,
      of: { ...none, ...training, ...of },
    },
  };
}

test("nothing is said where nothing was measured, or where one side is missing", () => {
  expect(claimsOf([judged("Likelihood", {}), judged("Flow matching", {})], 2, LINE)).toEqual([]);
  const alone = judged("Flow matching", { secondsToLine: found(3), kl: found(0.1) });
  expect(claimsOf([alone], 2, LINE)).toEqual([]);
  expect(claimsOf([alone, alone], 2, LINE)).toEqual([]);
});

test("seconds of two engines decide nothing, and beside both those of one engine do", () => {
  const on = (group: MethodGroup, seconds: number, clock: string | null) => {
    const { standing, ...rest } = judged(group, { secondsToLine: found(seconds) });
    return { ...rest, standing: { ...standing, clock } };
  };
  const [slow, gpu] = [on("Likelihood", 140, "cpu"), on("Flow matching", 1, "webgpu")];
  expect(claimsOf([slow, gpu], 2, LINE)).toEqual([]);
  expect(claimsOf([slow, on("Flow matching", 1, null)], 2, LINE)).toEqual([]);
  expect(claimsOf([gpu, slow, on("Flow matching", 10, "cpu")], 2, LINE)).toMatchObject([
    { here: expect.stringContaining("in 10.0 s") },
  ]);
});

test("training and quality are told with their numbers, for and against the deck", () => {
  const slow = judged("Likelihood", {
    secondsToLine: found(140),
    evaluationsToLine: found(90_000),
    kl: found(0.02, 0.01),
  });
  const fast = judged("Flow matching", {
    secondsToLine: found(10),
    evaluationsToLine: found(8000),
    kl: found(0.12, 0.01),
  });
  const [training, quality] = claimsOf([slow, fast], 2, LINE);
  expect(training).toMatchObject({
    here: "Flow matching comes to sliced W₂² 0.03 in 10.0 s and 8,000 network evaluations of training, Likelihood in 140.0 s and 90,000 network evaluations: 14 × faster.",
    verdict: "agrees",
  });
  expect(quality).toMatchObject({
    here: "Likelihood ends nearer to the data: KL 0.020 ± 0.010 against 0.120 ± 0.010 of Flow matching.",
    verdict: "agrees",
  });
  const swapped = claimsOf(
    [
      { ...slow, standing: fast.standing },
      { ...fast, standing: slow.standing },
    ],
    2,
    LINE,
  );
  expect(swapped.map(({ verdict }) => verdict)).toEqual(["differs", "differs"]);
});

test("a quality is told with the training that it took", () => {
  const panels = (kl: number) => [
    judged("Likelihood", { kl: found(0.02, 0.01), seconds: found(140) }),
    judged("Flow matching", { kl: found(kl, 0.01), seconds: found(2) }),
  ];
  expect(claimsOf(panels(0.12), 2, LINE)[0]?.here).toBe(
    "Likelihood ends nearer to the data: KL 0.020 ± 0.010 after 140.0 s of training against 0.120 ± 0.010 of Flow matching after 2.0 s of training.",
  );
  expect(claimsOf(panels(0.03), 2, LINE)[0]?.here).toBe(
    "KL is 0.020 ± 0.010 for Likelihood after 140.0 s of training and 0.030 ± 0.010 for Flow matching after 2.0 s of training: not told apart.",
  );
});

test("what chance could turn round decides nothing", () => {
  const panels = [judged("Likelihood", { kl: found(0.02, 0.01) }), judged("Flow matching", { kl: found(0.03, 0.01) })];
  expect(claimsOf(panels, 2, LINE)).toMatchObject([
    { verdict: "open", here: expect.stringMatching(/not told apart\.$/) },
  ]);
});

test("half a training costs nothing yet", () => {
  const panels = [
    judged("Likelihood", { secondsToLine: found(1) }, false),
    judged("Flow matching", { secondsToLine: found(5) }),
  ];
  expect(claimsOf(panels, 2, LINE)).toEqual([]);
});

test("where the KL of one is unknown, the NLL of both decides; and of many coordinates the deck says nothing", () => {
  const panels = [
    judged("Likelihood", { nll: found(2.4, 0.01), kl: found(0.1) }),
    judged("Diffusion", { nll: found(2.9, 0.01) }),
  ];
  expect(claimsOf(panels, 2, LINE)[0]?.here).toContain("NLL 2.400 ± 0.010");
  expect(claimsOf(panels, 64, LINE)).toEqual([]);
});

test("of several panels the best of each group stands for it", () => {
  const panels = [
    judged("Flow matching", { nfe: found(32) }),
    judged("Flow matching", { nfe: found(1) }),
    judged("Diffusion", { nfe: found(16) }),
  ];
  expect(claimsOf(panels, 2, LINE)[0]?.here).toBe(
    "Flow matching needs 1 evaluation for samples at sliced W₂² 0.03, Diffusion 16.",
  );
});

test("who never comes to the line is credited with nothing", () => {
  const panels = [judged("Flow matching", { nfe: found(8) }), judged("Diffusion", { nfe: NEVER })];
  expect(claimsOf(panels, 2, LINE)).toMatchObject([
    {
      here: "Flow matching needs 8 evaluations for samples at sliced W₂² 0.03; Diffusion never comes to it.",
      verdict: "agrees",
    },
  ]);
  const neither = [judged("Flow matching", { nfe: NEVER }), judged("Diffusion", { nfe: NEVER })];
  expect(claimsOf(neither, 2, LINE)).toEqual([]);
});

test("who was trained for too short a time to come to the line is not thereby slower", () => {
  const fast = judged("Flow matching", { secondsToLine: found(10, 0.3), seconds: found(12, 0.3) });
  const cut = (seconds: number) => judged("Likelihood", { secondsToLine: NEVER, seconds: found(seconds, 0.3) });
  expect(claimsOf([fast, cut(100)], 2, LINE)[0]).toMatchObject({
    here: "Flow matching comes to sliced W₂² 0.03 in 10.0 s ± 0.3 s of training; Likelihood does not in 100.0 s ± 0.3 s.",
    verdict: "agrees",
  });
  expect(claimsOf([fast, cut(2)], 2, LINE)[0]).toMatchObject({
    here: "Flow matching comes to sliced W₂² 0.03 in 10.0 s ± 0.3 s, Likelihood not in 2.0 s ± 0.3 s: not told apart.",
    verdict: "open",
  });
});

test("a panel that is set apart is in no verdict", () => {
  const panel = judged("Diffusion", { nfe: found(64) });
  const apart = { ...panel, standing: { ...panel.standing, apart: "has data of its own, circles" } };
  expect(claimsOf([judged("Flow matching", { nfe: found(8) }), apart], 2, LINE)).toEqual([]);
});
