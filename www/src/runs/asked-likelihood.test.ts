import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Measurement } from "../library";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import type { Change } from "../state/state";
import { AskedLikelihood, LIKELIHOOD_PARTS, type MeasuringRun, secondsFor } from "./asked-likelihood";
import { Place } from "./place";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Of a panel whose likelihood takes ten seconds, or as many as `most` pictures are held out. */
function asked({ most = 1000, partMs = 5000, fails = false } = {}) {
  const host = {
    state: initialState(false),
    change(by: Change) {
      this.state = by(this.state);
    },
  };
  host.change(changePanel("a", { likelihood: { seconds: 10, share: null, isWhole: false }, phase: "ready" }));
  const ns: number[] = [];
  let opened = 0;
  const open = async () => {
    opened += 1;
    let end: (error: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = reject;
    });
    ended.catch(() => undefined);
    return {
      measure: ({ n = 0 }) => {
        ns.push(n);
        const answer = { n: Math.min(n, most), nll: -n } as Measurement;
        const measured = new Promise<Measurement>((resolve, reject) =>
          setTimeout(() => (fails ? reject(new Error("It failed.")) : resolve(answer)), partMs),
        );
        return Promise.race([measured, ended]);
      },
      dispose: () => end(new Error("disposed")),
    } as unknown as MeasuringRun;
  };
  const likelihood = new AskedLikelihood(new Place("a", host as never));
  const parts: (number | undefined)[] = [];
  const measure = (key = "1") => likelihood.measure(key, open, () => parts.push(likelihood.found(key)?.n));
  const shown = () => host.state.panels.find(({ slot }) => slot === "a");
  return { likelihood, measure, shown, parts, ns, opened: () => opened };
}

test("a part comes soon and the whole after it, and how far it is is seen meanwhile", async () => {
  const { measure, likelihood, shown, parts } = asked();
  const whole = measure();
  await vi.advanceTimersByTimeAsync(5100);
  expect(parts).toEqual([LIKELIHOOD_PARTS[0]]);
  expect(shown()?.likelihood).toEqual({ seconds: 10, share: 0.5, isWhole: false });
  await vi.advanceTimersByTimeAsync(5000);
  await whole;
  expect(parts).toEqual([...LIKELIHOOD_PARTS]);
  expect(likelihood.found("1")?.n).toBe(LIKELIHOOD_PARTS[1]);
  expect(shown()?.likelihood).toEqual({ seconds: 10, share: null, isWhole: true });
});

test("stopped, what is done stays and the rest is gone on with", async () => {
  const { measure, likelihood, shown, ns } = asked();
  const first = measure();
  await vi.advanceTimersByTimeAsync(6000);
  likelihood.stop();
  await first;
  expect(likelihood.found("1")?.n).toBe(LIKELIHOOD_PARTS[0]);
  expect(shown()?.likelihood).toEqual({ seconds: 10, share: null, isWhole: false });
  expect(shown()?.error).toBe(null);
  const second = measure();
  await vi.advanceTimersByTimeAsync(6000);
  await second;
  expect(ns).toEqual([LIKELIHOOD_PARTS[0], LIKELIHOOD_PARTS[1], LIKELIHOOD_PARTS[1]]);
  expect(shown()?.likelihood?.isWhole).toBe(true);
});

test("of other weights nothing stays, and what is under way for the old ones ends", async () => {
  const { measure, likelihood, shown, parts } = asked();
  const first = measure();
  await vi.advanceTimersByTimeAsync(6000);
  likelihood.keepTo("2");
  await first;
  expect([likelihood.found("1"), likelihood.found("2")]).toEqual([null, null]);
  expect(shown()?.likelihood).toEqual({ seconds: 10, share: null, isWhole: false });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(parts).toEqual([LIKELIHOOD_PARTS[0]]);
});

test("where fewer are held out there is no second part; pressed twice it is measured once; what it fails of is said", async () => {
  const few = asked({ most: 9 });
  void few.measure();
  void few.measure();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([few.ns, few.opened(), few.shown()?.likelihood?.isWhole]).toEqual([[LIKELIHOOD_PARTS[0]], 1, true]);
  const failing = asked({ fails: true });
  void failing.measure();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(failing.shown()).toMatchObject({ error: "It failed.", likelihood: { share: null, isWhole: false } });
});

test("what it takes is foretold from a few pictures, from two of a slow network, and twice as much of a network twice as slow", async () => {
  const timed: number[] = [];
  const told = (kind: string, msPerPass: number) => {
    let ms = 0;
    const run = {
      dim: 64,
      experiment: { data: { kind } },
      data: async (n: number) => new Float64Array(n * 64),
      logDensityEstimate: async (points: Float64Array, { solver, steps }: { solver: string; steps: number }) => {
        timed.push(points.length / 64);
        ms += 9 * (points.length / 64) * msPerPass * steps * (solver === "rk4" ? 4 : 1);
      },
    };
    return secondsFor(run as never, () => ms);
  };
  const seconds = await told("digits", 0.1);
  // Five solves of 160 evaluations, of sixteen pictures with eight probes and of as many more as three passes of 64 are.
  expect(seconds).toBeCloseTo(5 * 160 * 16 * 9 * (1 + (64 * 3) / (16 * 9)) * 1e-4, 9);
  expect(await told("digits", 0.2)).toBeCloseTo(2 * seconds, 9);
  expect(await told("glyphs", 0.1)).toBeCloseTo(0.6 * seconds, 9);
  expect(timed.slice(0, 4)).toEqual([2, 2, 16, 16]);
  // Of two pictures alone no more than all passes are.
  expect(await told("digits", 100)).toBeCloseTo(5 * 160 * (16 + 64) * 3 * 0.1, 6);
  expect(timed.at(-1)).toBe(2);
});
