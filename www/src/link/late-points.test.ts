import { expect, test, vi } from "vitest";
import { defaultShared } from "../state/shared";
import { linkTo, readAddress } from "./address";
import { fitsLink, POINTS } from "./late-points";
import { readLink, writeLink } from "./link";

const points = Float64Array.from({ length: 40 }, (_, i) => Math.fround(Math.sin(i)));
const OWN = { ...defaultShared(), user: { name: "mine", points, columns: ["x", "y"] } };
const PAGE = "https://example.org/";

test("own points are neither written nor read before the code of their links, and an address waits for it", async () => {
  expect(fitsLink(OWN.user)).toBe(true);
  expect(linkTo(defaultShared(), PAGE)).toBe(PAGE);
  expect(() => linkTo(OWN, PAGE)).toThrow("before the code of their links");
  expect(() => readLink("points=x,x,x&v=1")).toThrow("before the code of their links");
  vi.stubGlobal("document", { getElementById: () => null });
  // What a link with points is, by a copy of the code that nothing else has seen.
  vi.resetModules();
  const other = await import("./late-points");
  await other.POINTS.load();
  const hash = `#${(await import("./link")).writeLink(OWN)}`;
  expect(POINTS.now).toBeNull();
  vi.stubGlobal("location", { hash: "#seed=7&v=1" });
  expect(await readAddress()).toMatchObject({ kind: "shared", shared: { setup: { seed: 7 } } });
  expect(POINTS.now).toBeNull();
  vi.stubGlobal("location", { hash });
  expect(await readAddress()).toEqual({ kind: "shared", shared: OWN });
  expect(writeLink(OWN)).toBe(hash.slice(1));
  vi.unstubAllGlobals();
});
