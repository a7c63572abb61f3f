// What the page opens with.
import { DEFAULT_PANELS, DEFAULT_SETUP } from "../experiment/presets";
import { placed } from "./setup";
import type { State } from "./state";
import { initialView } from "./view";

export function initialState(playing: boolean): State {
  return {
    setup: DEFAULT_SETUP,
    user: null,
    view: initialView(playing),
    panels: placed(DEFAULT_PANELS, "pretrained"),
    results: [],
    quality: "slicedW2",
    aboveFloor: false,
    engine: { asked: "auto", reason: "", refusal: null, isMoving: false },
    notice: null,
    unfolded: [],
    explained: null,
    pointed: null,
    dialog: null,
  };
}
