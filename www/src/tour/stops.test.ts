import { expect, test } from "vitest";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import { sharedOf } from "../state/shared";
import type { Change, PanelState, State } from "../state/state";
import { pan, scrub, setMotion, toggleLayer, zoom } from "../state/view";
import { look, STOPS, seenAsIn } from "./stops";

const STATE = initialState(true);
const ASKED: readonly Change[] = [scrub(0.31), toggleLayer("velocity"), setMotion("encode"), zoom(2), pan(1, 2)];

function trained(cost: Partial<PanelState>): State {
  const change = { origin: "seed" as const, step: 200, ...cost };
  return changePanel("b", change)(changePanel("a", { ...change, networkEvaluations: 38_400 })(STATE));
}

test("there are five, each with another look, and Back undoes each, from whatever was on screen", () => {
  expect(STOPS).toHaveLength(5);
  for (const moves of [true, false]) {
    for (const before of [STATE, ...ASKED.map((change) => change(STATE))]) {
      const left: State[] = [];
      let state = before;
      for (const stop of STOPS) {
        left.push(state);
        state = look(stop, moves)(state);
        expect(state.view.playing).toBe(moves);
        expect(state.view).not.toEqual(left.at(-1)?.view);
        // Nothing but the view is touched: no run, no setting.
        expect({ ...state, view: before.view }).toEqual(before);
      }
      while (left.length > 0) {
        const last = left.pop() as State;
        state = seenAsIn(last)(state);
        expect(state).toEqual(last);
      }
      expect(sharedOf(state)).toEqual(sharedOf(before));
    }
  }
});

test("each says something short, in words", () => {
  for (const state of [STATE, trained({ seconds: 0.4, networkEvaluations: 400 })]) {
    for (const stop of STOPS) {
      const said = stop.says(state);
      const words = said.join(" ").split(/\s+/);
      expect(words.length, stop.title).toBeLessThan(140);
      for (const one of said) {
        expect(one).toMatch(/[.]$/);
        expect(one).not.toMatch(/[=∫∇²θ$]|\b(NaN|undefined|null|Infinity)\b/);
      }
    }
  }
});

test("what a training step costs is said once it was measured here, and only then", () => {
  const says = (state: State) => STOPS[3]?.says(state).join(" ") ?? "";
  expect(says(STATE)).toContain("will stand here");
  const text = says(trained({ seconds: 0.4, networkEvaluations: 400 }));
  expect(text).toContain("the normalizing flow takes 2 ms and 192 passes");
  expect(text).toContain("one of flow matching 2 ms and 2.");
});
