// What the panels share, which of them there are, and what they have come to.
import { type MethodId, methodOf } from "../experiment/methods";
import { kindOfOwn, seenAs, takesUNet } from "../experiment/networks";
import { PICTURE_DATA } from "../experiment/pictures";
import { type PanelChoice, presetOf, type Setup } from "../experiment/presets";
import { isForSpaces, spaceOf } from "../experiment/spaces";
import type { Camera } from "../stage/view";
import { newPanel } from "./panel";
import { type Result, record } from "./results";
import { type Change, type Origin, type PanelState, SLOTS, type State, type UserData } from "./state";
import { changeView, showWhole } from "./view";

export function placed<Choice extends PanelChoice>(
  choices: readonly Choice[],
  originOf: (choice: Choice) => Origin,
): PanelState[] {
  return choices.flatMap((choice, i) => SLOTS.slice(i, i + 1).map((slot) => newPanel(choice, slot, originOf(choice))));
}

/** These panels in the place of all others; what stood in a place before is seen there until the new is opened. */
export function placePanels(choices: readonly PanelChoice[]): Change {
  return (state) => ({
    ...state,
    panels: placedOver(
      placed(choices, () => "seed"),
      state,
    ),
  });
}

export function placedOver(panels: readonly PanelState[], state: State): PanelState[] {
  return panels.map((panel) => {
    const before = state.panels.find(({ slot }) => slot === panel.slot);
    return before === undefined ? panel : { ...panel, ...look(before) };
  });
}

function look({ picture, center, scale, dim }: PanelState): Pick<PanelState, "picture" | "center" | "scale" | "dim"> {
  return { picture, center, scale, dim };
}

export function changeSetup(setup: Partial<Setup>): Change {
  return (state) => {
    const next = { ...state.setup, ...setup };
    // Where a globe is turned to is no place of a plane.
    const isElsewhere = spaceOf(next) !== spaceOf(state.setup);
    return { ...(isElsewhere ? showWhole(state) : state), setup: next, notice: null };
  };
}

/** The same as a reader chooses it: on a space methods that are for the plane alone give way to those of its comparison. */
export function chooseSetup(setup: Partial<Setup>): Change {
  return (state) => {
    const chosen = changeSetup(setup)(state);
    const isOnSpace = spaceOf(chosen.setup) !== null;
    const fits = ({ method, own }: PanelChoice) => own.data !== undefined || isForSpaces(method);
    return !isOnSpace || chosen.panels.every(fits) ? chosen : placePanels(presetOf("sphere").panels)(chosen);
  };
}

/**
 * Pictures where there were none before are seen by a network that is made for them, and by the methods of the comparison of
 * pictures, if one on screen is not for them: its training takes more memory than there is, or days. `globe`: that they are
 * longitudes and latitudes, and where these are looked at.
 */
export function useUserData(user: UserData, globe?: Camera): Change {
  return (state) => {
    const chosen = chooseSetup({ data: "points", angles: globe ? "globe" : "none" })(state);
    const own = globe ? changeView({ camera: globe })(chosen) : chosen;
    const data = kindOfOwn(user);
    if (data === "points" || PICTURE_DATA.includes(seenAs(state.setup, state.user).data)) return { ...own, user };
    const areForPictures = state.panels.every(({ method }) => isForPictures(method));
    const panels = areForPictures ? own : placePanels(presetOf("pictures").panels)(own);
    return { ...changeSetup({ network: "u-net" })(panels), user };
  };
}

function isForPictures(id: MethodId): boolean {
  return takesUNet(id, "pictures") && methodOf(id).experiment.method.kind !== "normalizing-flow";
}

export function keepResult(result: Result): Change {
  return (state) => ({ ...state, results: record(state.results, result) });
}
