// What the page opens with: what a link says, or what nobody chose.
import { isShipped } from "../experiment/presets";
import { placed, placedOver } from "./setup";
import { defaultShared, type Shared } from "./shared";
import type { Change, State } from "./state";
import { initialView } from "./view";

/** `moves` is false where the reader asks for as little motion as can be. */
export function initialState(moves: boolean, shared: Shared = defaultShared(), site: string | null = null): State {
  const { setup, user, panels, view } = shared;
  const still = moves || !view.playing ? {} : { playing: false, t: 0 };
  return {
    ...shared,
    user: user && { ...user, note: null },
    view: { ...initialView(moves), ...view, ...still },
    // Where nothing was trained and there are shipped weights, those are looked at.
    panels: placed(panels, (one) => (one.step === 0 && isShipped(one, setup) ? "pretrained" : "seed")),
    results: [],
    site,
    engine: { asked: "auto", reason: "", refusal: null, isMoving: false },
    notice: null,
    unfolded: [],
    explained: null,
    pointed: null,
    dialog: null,
    question: null,
  };
}

/** This instead of what is shown. What was found so far, and where it is computed, stays. */
export function showShared(shared: Shared, moves: boolean): Change {
  return (state) => {
    const opened = initialState(moves, shared, state.site);
    const { results, engine, theme } = state;
    return { ...opened, results, engine, theme, panels: placedOver(opened.panels, state) };
  };
}
