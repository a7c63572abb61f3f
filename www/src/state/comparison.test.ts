import { expect, test } from "vitest";
import { pixelNames } from "../experiment/pictures";
import { DEFAULT_SETUP, OFFERED_DATA, PLANAR_DATA, PRESET_IDS, presetOf, type Setup } from "../experiment/presets";
import { compare, shownPreset } from "./comparison";
import { initialState } from "./initial";
import { changeSetup, useUserData } from "./setup";
import type { State } from "./state";

const FRESH = initialState(false);
const OWN = (columns: readonly string[]) => ({ name: "mine", points: new Float64Array(), columns, note: null });

/** What may have been on screen: every comparison, also on every other data by a U-Net, and a reader's own points. */
const BEFORE: State[] = [FRESH, ...PRESET_IDS.map((id) => compare(id)(FRESH))].flatMap((state) => [
  state,
  ...OFFERED_DATA.map((data) => changeSetup({ data, network: "u-net" })(state)),
  useUserData(OWN(["x", "y"]))(state),
  changeSetup({ network: "u-net" })(useUserData(OWN(pixelNames({ side: 8, colors: 1 })))(state)),
]);

test.each(PRESET_IDS)("%s brings its own data, network and budget, whatever was on screen", (id) => {
  const { setup: its = {}, panels } = presetOf(id);
  for (const before of BEFORE) {
    const { setup, user, panels: shown } = compare(id)(before);
    expect(setup).toMatchObject(its);
    expect([setup.network, setup.noise]).toEqual([(its as Partial<Setup>).network ?? "perceptron", "gaussian"]);
    expect(setup.budget).toEqual((its as Partial<Setup>).budget ?? { kind: "usual" });
    expect(shown.map(({ method }) => method)).toEqual(panels.map(({ method }) => method));
    if ("data" in its) continue;
    // What it names no data for is compared in the plane, on the reader's choice where that is there.
    if (setup.data === "points") expect(user?.columns.length).toBe(2);
    else expect(PLANAR_DATA).toContain(setup.data);
  }
});

test.each(PRESET_IDS)("%s is the same, whichever comparison was chosen before", (id) => {
  for (const before of PRESET_IDS) expect(compare(id)(compare(before)(FRESH)).setup).toEqual(compare(id)(FRESH).setup);
});

test("a reader's own choice in the plane stays where a comparison names no data", () => {
  for (const data of PLANAR_DATA) {
    expect(compare("reflow")(changeSetup({ data, seed: 3, width: 32 })(FRESH)).setup).toEqual({
      ...DEFAULT_SETUP,
      data,
      seed: 3,
      width: 32,
    });
  }
});

test.each(PRESET_IDS)("%s is what is shown once it was chosen", (id) => {
  for (const before of BEFORE) expect(shownPreset(compare(id)(before))).toBe(id);
});

test("on other data two panels are what they are there", () => {
  const pictures = changeSetup(presetOf("likelihood-of-pictures").setup ?? {})(initialState(false));
  expect(shownPreset(pictures)).toBe("likelihood-of-pictures");
  expect(shownPreset(changeSetup({ data: "rings" })(pictures))).toBe("nf-vs-fm");
});

test("pictures that a reader opens come with a network and methods that are for them, and change nothing beside pictures", () => {
  const pictures = useUserData(OWN(pixelNames({ side: 28, colors: 1 })));
  const opened = pictures(FRESH);
  expect([opened.setup.network, opened.setup.data]).toEqual(["u-net", "points"]);
  expect(shownPreset(opened)).toBe("pictures");
  const fast = pictures(compare("one-step")(FRESH));
  expect([fast.setup.network, fast.panels.map(({ method }) => method)]).toEqual([
    "u-net",
    ["distilled", "mean-flow", "shortcut"],
  ]);
  const beside = changeSetup({ data: "glyphs" })(FRESH);
  expect(pictures(beside).panels).toEqual(beside.panels);
  expect(pictures(beside).setup.network).toBe("perceptron");
  expect(useUserData(OWN(["x", "y"]))(FRESH).setup).toEqual({ ...FRESH.setup, data: "points" });
});
