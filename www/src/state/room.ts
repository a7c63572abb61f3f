// How the room on the screen is shared out: nothing that a link carries.
import type { Change, Room, State } from "./state";

/** The stages first. */
export const BARE_ROOM: Room = { drawer: "closed", evidence: "below" };

export function arrange(part: Partial<Room>): Change {
  return (state) => ({ ...state, room: { ...state.room, ...part } });
}

/** In someone else's page there is no drawer: what is shown of the settings stands there. */
export function drawerOf({ room, site }: Pick<State, "room" | "site">): Room["drawer"] {
  return site === null ? room.drawer : "pinned";
}

/** What is said in the drawer, where that is closed. */
export function isSaidUnseen(state: State): boolean {
  const { at = "" } = state.notice ?? {};
  return drawerOf(state) === "closed" && !/^(|link|seed|[abcd] .*)$/.test(at);
}

/** As it is kept from one visit to the next: an open drawer that is not pinned is a passing thing. */
export function roomText({ drawer, evidence }: Room): string {
  return JSON.stringify({ drawer: drawer === "pinned" ? drawer : "closed", evidence } satisfies Room);
}

/** What cannot be read is as if nothing had been kept. */
export function roomFrom(text: string | null): Room {
  try {
    const { drawer, evidence } = JSON.parse(text ?? "{}") as Record<string, unknown>;
    return {
      drawer: drawer === "pinned" ? drawer : BARE_ROOM.drawer,
      evidence: evidence === "beside" ? evidence : BARE_ROOM.evidence,
    };
  } catch {
    return BARE_ROOM;
  }
}
