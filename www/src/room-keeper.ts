// The room as the reader left it; where nothing is kept, a visit begins with the stages alone.
import { keepText, keptText } from "./kept-text";
import { roomFrom, roomText } from "./state/room";
import type { Room } from "./state/state";

const NAME = "flow-playground-room";

export function keptRoom(): Room {
  return roomFrom(keptText(NAME));
}

export function keepRoom(room: Room): void {
  keepText(NAME, roomText(room));
}
