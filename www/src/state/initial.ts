// What the page opens with: what a link says, or what nobody chose.
import { isShipped } from "../experiment/presets";
import { placed } from "./setup";
import { defaultShared, type Shared } from "./shared";
import type { State } from "./state";
import { initialView } from "./view";

/** `moves` is false where the reader asks for as little motion as can be. */
export function initialState(moves: boolean, shared: Shared = defaultShared(), site: string | null = null): State {
  const { setup, user, panels, view, quality, qualityLine, columns, aboveFloor, hidden, theme } = shared;
  const still = moves || !view.playing ? {} : { playing: false, t: 0 };
  return {
    setup,
    user: user && { ...user, note: null },
    view: { ...initialView(moves), ...view, ...still },
    // Where nothing was trained and there are shipped weights, those are looked at.
    panels: placed(panels, (one) => (one.step === 0 && isShipped(one, setup) ? "pretrained" : "seed")),
    results: [],
    quality,
    qualityLine,
    columns,
    aboveFloor,
    hidden,
    site,
    theme,
    engine: { asked: "auto", reason: "", refusal: null, isMoving: false },
    notice: null,
    unfolded: [],
    explained: null,
    pointed: null,
    dialog: null,
    question: null,
  };
}
