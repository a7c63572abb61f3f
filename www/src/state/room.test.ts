import { expect, test } from "vitest";
import { initialState } from "./initial";
import { arrange, BARE_ROOM, drawerOf, isSaidUnseen, roomFrom, roomText } from "./room";
import { say } from "./talk";

test("what is kept of the room comes back, and an open drawer is not kept", () => {
  const pinned = { drawer: "pinned", evidence: "beside" } as const;
  expect(roomFrom(roomText(pinned))).toEqual(pinned);
  expect(roomFrom(roomText({ ...pinned, drawer: "open" })).drawer).toBe("closed");
});

for (const text of [null, "", "{", "null", "3", '{"drawer":"ajar","evidence":7}']) {
  test(`what cannot be read is as if nothing had been kept: ${text}`, () => {
    expect(roomFrom(text)).toEqual(BARE_ROOM);
  });
}

test("in someone else's page the settings stand there", () => {
  const state = arrange({ drawer: "closed" })(initialState(false, undefined, "https://example.org/"));
  expect(drawerOf(state)).toBe("pinned");
});

test("what is said in a closed drawer is said elsewhere", () => {
  const said = (at: string) => isSaidUnseen(say({ kind: "error", at, text: "no" })(initialState(false)));
  expect(["data", "noise.kind", "engine", "network.width"].map(said)).toEqual([true, true, true, true]);
  expect(["link", "seed", "a method.solver"].map(said)).toEqual([false, false, false]);
  expect(isSaidUnseen(initialState(false))).toBe(false);
});
