// The room as the reader left it, kept in the browser: of the page itself, never of someone else's.
import { roomFrom, roomText } from "./state/room";
import type { Room } from "./state/state";

const NAME = "flow-playground-room";

export function keptRoom(): Room {
  try {
    return roomFrom(localStorage.getItem(NAME));
  } catch {
    // A sandboxed frame has no store.
    return roomFrom(null);
  }
}

export function keepRoom(room: Room): void {
  try {
    localStorage.setItem(NAME, roomText(room));
  } catch {
    // Full, or forbidden: the next visit begins with the stages alone.
  }
}
