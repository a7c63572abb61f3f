// The comparisons that are offered: which of them is on screen, and what choosing one changes.
import { DEFAULT_SETUP, PLANAR_DATA, PRESET_IDS, type PresetId, presetOf, type Setup } from "../experiment/presets";
import { changeSetup, placePanels } from "./setup";
import type { Change, State } from "./state";
import { showColumns } from "./talk";

/**
 * Its panels on its own data and network. Where it names no data, a reader's choice in the plane stays; nothing does that was
 * chosen for the comparison before.
 */
export function compare(id: PresetId): Change {
  return (state) => {
    const { panels, setup, columns } = presetOf(id);
    const usual = { ...broughtBack(state), noise: DEFAULT_SETUP.noise, network: DEFAULT_SETUP.network };
    const data = isPlanar(state) ? {} : { data: DEFAULT_SETUP.data };
    return showColumns(columns)(changeSetup({ ...data, ...usual, ...setup })(placePanels(panels)(state)));
  };
}

function isPlanar({ setup: { data, angles }, user }: State): boolean {
  return data === "points" ? user?.columns.length === 2 && angles === "none" : PLANAR_DATA.includes(data);
}

/** What the comparison on screen was set up with, as far as that was left so, as it is where nobody chose. */
function broughtBack(state: State): Partial<Setup> {
  const id = shownPreset(state);
  const brought = Object.entries(id === undefined ? {} : (presetOf(id).setup ?? {})) as [keyof Setup, unknown][];
  const left = brought.filter(([key, value]) => isSame(state.setup[key], value));
  return Object.fromEntries(left.map(([key]) => [key, DEFAULT_SETUP[key]]));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Of several with the same panels, the one whose settings are chosen. */
export function shownPreset(state: State): PresetId | undefined {
  const shown = PRESET_IDS.filter((id) => isShown(id, state));
  return shown.length > 1 ? shown.reverse().find((id) => isSetUp(id, state)) : shown[0];
}

function isSetUp(id: PresetId, state: State): boolean {
  const wanted = Object.entries(presetOf(id).setup ?? {}) as [keyof State["setup"], unknown][];
  return wanted.every(([key, value]) => isSame(state.setup[key], value));
}

function isShown(id: PresetId, { panels }: State): boolean {
  const { panels: choices } = presetOf(id);
  const same = (i: number) => {
    const [panel, choice] = [panels[i], choices[i]];
    const written = ({ method, own, options, asks = {} }: NonNullable<typeof choice>) =>
      JSON.stringify([method, own, options, asks]);
    return panel !== undefined && choice !== undefined && written(panel) === written(choice);
  };
  return panels.length === choices.length && choices.every((_, i) => same(i));
}
