// What the page opens with: what a link says, or what nobody chose.
import type { PanelChoice } from "../experiment/presets";
import { areThere, shippedFor } from "../experiment/shipped";
import { BARE_ROOM } from "./room";
import { placed, placedOver } from "./setup";
import { defaultShared, type Shared } from "./shared";
import type { Change, State } from "./state";
import { initialView } from "./view";

/** `moves` is false where the reader asks for as little motion as can be. */
export function initialState(moves: boolean, shared: Shared = defaultShared(), site: string | null = null): State {
  const { setup, user, panels, view } = shared;
  const still = moves || !view.playing ? {} : { playing: false, t: 0 };
  const untrained = panels.filter(({ step }) => step === 0);
  // Where nothing was trained and there are shipped weights of all, those are looked at.
  const originOf = (one: PanelChoice) =>
    areThere(untrained, setup) && untrained.some((other) => other === one) && shippedFor(one, setup) !== null
      ? "pretrained"
      : "seed";
  return {
    ...shared,
    user: user && { ...user, note: null },
    view: { ...initialView(moves), ...view, ...still },
    panels: placed(panels, originOf),
    results: [],
    paces: {},
    series: null,
    site,
    room: BARE_ROOM,
    offersTour: false,
    engine: { asked: "auto", reason: "", refusal: null, isMoving: false },
    notice: null,
    left: null,
    unfolded: [],
    explained: null,
    pointed: null,
    dialog: null,
    drawing: null,
    question: null,
  };
}

/** This instead of what is shown. What was found and drawn so far, and where it is computed, stays. */
export function showShared(shared: Shared, moves: boolean): Change {
  return (state) => {
    const opened = initialState(moves, shared, state.site);
    const { results, paces, series, engine, theme, room, drawing, offersTour } = state;
    const kept = { results, paces, series, engine, theme, room, drawing, offersTour };
    return { ...opened, ...kept, panels: placedOver(opened.panels, state) };
  };
}
