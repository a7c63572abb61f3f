import { expect, test } from "vitest";
import { PRESENT_PARTS, preparedFrom } from "./kept";

test("what was kept comes back, and what cannot be read is as if nothing had been", () => {
  const talk = { text: "#data=rings&v=1 Rings\n  a bad line", parts: ["caption", "time"] as const };
  expect(preparedFrom(JSON.stringify(talk))).toEqual(talk);
  for (const bad of [null, "", "{", "null", "7", '{"text":3,"parts":"all"}'])
    expect(preparedFrom(bad)).toEqual({ text: "", parts: PRESENT_PARTS });
  expect(preparedFrom('{"parts":["numbers","else",4]}').parts).toEqual(["numbers"]);
});
