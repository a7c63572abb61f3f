import { expect, test } from "vitest";
import { optionsFor, ownKeysOf } from "./applies";
import { labelsOf } from "./labels";
import { METHOD_IDS } from "./methods";
import { DEFAULT_SETUP, experimentFor, presetOf } from "./presets";
import { samplersOf } from "./samplers";
import { isOfSnapshots, timesOfSnapshots } from "./snapshots";
import { tableFromText } from "./text";

test("the clock runs from the first snapshot to the last, as far apart as they are", () => {
  expect(timesOfSnapshots(["0", "1", "2.5", "4"])).toEqual([0, 0.25, 0.625, 1]);
  expect(timesOfSnapshots(["-2", " 6 "])).toEqual([0, 1]);
});

test("one method takes data for snapshots, and what they have no use for is not offered", () => {
  expect(METHOD_IDS.filter(isOfSnapshots)).toEqual(["snapshots"]);
  const panel = { method: "snapshots", own: {}, options: {} } as const;
  expect(ownKeysOf("snapshots", DEFAULT_SETUP)).not.toContain("noise");
  const places = optionsFor(panel, "branching").map(({ place }) => place);
  expect(places).toContain("snapshots.leaveOut");
  expect(places.filter((place) => place === "method.path" || place.startsWith("condition."))).toEqual([]);
  expect(optionsFor({ ...panel, method: "ot-coupling" }, "branching").map(({ place }) => place)).not.toContain(
    "snapshots.leaveOut",
  );
  expect(samplersOf({ ...panel, options: { "method.coupling": "independent" } }, "gaussian")).toEqual([]);
});

test("what is left out is in the experiment of such a method alone, whose noise is always the last snapshot", () => {
  const options = { "snapshots.leaveOut": 2 };
  const setup = { ...DEFAULT_SETUP, data: "branching", noise: "moons" } as const;
  const experiment = experimentFor({ method: "snapshots", own: {}, options }, setup);
  expect(experiment).toMatchObject({ snapshots: { leaveOut: 2 }, noise: { kind: "gaussian" } });
  expect(experimentFor({ method: "snapshots", own: {}, options: {} }, setup).snapshots).toEqual({});
  expect(experimentFor({ method: "ot-coupling", own: {}, options }, setup).snapshots).toBeUndefined();
  const [panel] = presetOf("snapshots").panels.map((choice) => experimentFor(choice, setup).snapshots);
  expect(panel).toEqual({ leaveOut: 2 });
});

test("times in a column are in their order, decimals and negative ones too", () => {
  const times = [10, -1, 1.5, 1.25, 2];
  const rows = times.flatMap((time) => Array.from({ length: 5 }, (_, i) => `${i},${time}`));
  const { classes } = labelsOf(tableFromText(`x,time\n${rows.join("\n")}`), 1);
  expect(classes).toEqual(["-1", "1.25", "1.5", "2", "10"]);
});
