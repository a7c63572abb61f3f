import { expect, test } from "vitest";
import { presetOf } from "../experiment/presets";
import { defaultShared, type Shared } from "../state/shared";
import { AddressKeeper } from "./address-keeper";
import { readLink } from "./link";

const HOME = "https://example.org/flow/";

/** A browser's history: entries, and at which of them one is. */
function browser() {
  const entries: { state: unknown; url: string }[] = [{ state: null, url: HOME }];
  let at = 0;
  const history = {
    pushState: (state: unknown, _: string, url?: string | URL | null) => {
      entries.splice(at + 1);
      entries.push({ state, url: String(url) });
      at++;
    },
    replaceState: (state: unknown, _: string, url?: string | URL | null) => {
      entries[at] = { state, url: String(url) };
    },
  };
  const keeper = new AddressKeeper(history);
  const tell = (shared: Shared, left: Shared | null = null) => keeper.tell(shared, left, entries[at]?.url);
  const go = (by: number) => {
    at += by;
    const shown = keeper.goTo(entries[at]?.state);
    if (shown) tell(shown);
    return shown;
  };
  return { entries, tell, go, url: () => entries[at]?.url, keeper };
}

const HOME_STATE = defaultShared();
const RINGS: Shared = { ...HOME_STATE, setup: { ...HOME_STATE.setup, data: "rings" } };
const KNOB: Shared = { ...RINGS, setup: { ...RINGS.setup, width: 16 } };
const COUPLINGS: Shared = {
  ...KNOB,
  panels: presetOf("couplings").panels.map((choice) => ({ ...choice, step: 0, bits: null })),
};

test("another data set or comparison is an entry, a knob is not, and Back undoes one after the other", () => {
  const { entries, tell, go, url } = browser();
  for (const shared of [HOME_STATE, HOME_STATE, RINGS, KNOB, COUPLINGS]) tell(shared);
  expect(entries).toHaveLength(3);
  expect(url()).toContain("panels=flow-matching,ot-coupling");
  expect(go(-1)).toEqual(KNOB);
  expect(go(-1)).toEqual(HOME_STATE);
  expect(url()).toBe(HOME);
  expect(go(2)).toEqual(COUPLINGS);
  expect(entries).toHaveLength(3);
});

test("a knob that a training was left for is an entry, but not where Back has left that training", () => {
  const { entries, tell, go } = browser();
  for (const shared of [HOME_STATE, RINGS]) tell(shared);
  tell(KNOB, RINGS);
  expect(entries).toHaveLength(3);
  expect(go(-1)).toBe(RINGS);
  // Trained there, and left by Back.
  const trained = { ...RINGS };
  tell(trained);
  const shown = go(-1);
  tell(shown as Shared, trained);
  expect(entries).toHaveLength(3);
});

test("what was changed after going back is kept there, and another comparison takes the place of what came after", () => {
  const { entries, tell, go, url } = browser();
  for (const shared of [HOME_STATE, RINGS, COUPLINGS]) tell(shared);
  go(-2);
  tell({ ...HOME_STATE, setup: { ...HOME_STATE.setup, seed: 3 } });
  expect(url()).toContain("seed=3");
  tell(RINGS);
  expect(entries).toHaveLength(2);
  expect(go(-1)?.setup.seed).toBe(3);
  expect(go(1)).toEqual(RINGS);
});

test("points that no link carries are there again after Back", () => {
  const { tell, go, url, entries } = browser();
  const user = (fill: number) => ({
    name: "large.csv",
    points: new Float64Array(100_000).fill(fill),
    columns: ["x", "y"],
  });
  const large = (fill: number): Shared => ({
    ...HOME_STATE,
    setup: { ...HOME_STATE.setup, data: "points" },
    user: user(fill),
  });
  for (const shared of [HOME_STATE, large(1), large(2)]) tell(shared);
  expect([entries.length, url()]).toEqual([3, HOME]);
  expect(go(-1)?.user?.points[0]).toBe(1);
});

test("what was opened stays as it was written, and entries of another visit are known by their address alone", () => {
  const { tell, url, keeper, entries } = browser();
  const link = `${HOME}#seed=8&panels=normalizing-flow,flow-matching&v=1`;
  (entries[0] as { url: string }).url = link;
  const read = readLink(link.slice(HOME.length));
  if (read.kind === "shared") tell(read.shared);
  expect(url()).toBe(link);
  expect(keeper.goTo({ page: "another", at: 0 })).toBeUndefined();
  expect(keeper.goTo(null)).toBeUndefined();
});

test("a browser that takes no more addresses stops nothing", () => {
  const refuse = () => {
    throw new Error("too often");
  };
  const keeper = new AddressKeeper({ pushState: refuse, replaceState: refuse });
  for (const shared of [HOME_STATE, RINGS, KNOB]) keeper.tell(shared, null, HOME);
});
