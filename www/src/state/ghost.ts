// A panel as it is now, kept to be compared with what becomes of it: a ghost.
import { msg, num } from "../language";
import { EMPTY_PICTURE } from "../stage/frame";
import { changePanel, titleOf } from "./panel";
import type { Change, PanelState, Slot } from "./state";

/** In the place of an earlier one. */
export function keepGhost(slot: Slot): Change {
  return changePanel(slot, (panel) => ({
    ghost: { ...panel, picture: EMPTY_PICTURE, ghost: null },
    picture: { ...panel.picture, ghost: panel.picture.generated },
  }));
}

export function dropGhost(slot: Slot): Change {
  return changePanel(slot, ({ picture }) => ({ ghost: null, picture: { ...picture, ghost: null } }));
}

export function ghostTitle(ghost: PanelState): string {
  return msg(`Ghost: ${titleOf(ghost)}, step ${num(ghost.step.toLocaleString("en-US"))}`);
}
