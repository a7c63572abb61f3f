// What the page opens with: what a link says, or what nobody chose.
import { isShipped } from "../experiment/presets";
import { newPanel } from "./panel";
import { defaultShared, type Shared } from "./shared";
import { SLOTS, type Slot, type State } from "./state";
import { initialView } from "./view";

/** `moves` is false where the reader asks for as little motion as can be. */
export function initialState(moves: boolean, shared: Shared = defaultShared()): State {
  const { setup, user, panels, view, quality, aboveFloor, hidden, theme } = shared;
  const still = moves || !view.playing ? {} : { playing: false, t: 0 };
  return {
    setup,
    user: user && { ...user, note: null },
    view: { ...initialView(moves), ...view, ...still },
    panels: SLOTS.slice(0, panels.length).flatMap((slot, i) => panels.slice(i, i + 1).map((one) => opened(one, slot))),
    results: [],
    quality,
    aboveFloor,
    hidden,
    theme,
    engine: { asked: "auto", reason: "", refusal: null, isMoving: false },
    notice: null,
    unfolded: [],
    explained: null,
    pointed: null,
    dialog: null,
  };

  /** Where nothing was trained and there are shipped weights, those are looked at. */
  function opened({ step, bits: _, ...choice }: Shared["panels"][number], slot: Slot) {
    return newPanel(choice, slot, step === 0 && isShipped(choice, setup) ? "pretrained" : "seed");
  }
}
