// What there are weights of that were trained before, by `crate/examples/pretrain.rs`: the first view, and pictures by a U-Net.
import { msg } from "../language";
import { type MethodId, methodOf } from "./methods";
import { DEFAULT_PANELS, DEFAULT_SETUP, isSameButSampler, type PanelChoice, type Setup } from "./presets";

/** Pixels a side of what was learned, of data that have some. */
const SIDES_OF: Partial<Record<Setup["data"], readonly number[]>> = { "drawn-digits": [16, 28], digits: [8] };
const OF_PICTURES: readonly MethodId[] = ["flow-matching", "ot-coupling", "ddpm"];

/** What their file is called; null where there are none. */
export function shippedFor({ method, own, options }: PanelChoice, setup: Setup): string | null {
  if (Object.keys(own).length + Object.keys(options).length > 0) return null;
  if (isSameButSampler(setup, DEFAULT_SETUP)) {
    return DEFAULT_PANELS.some((panel) => panel.method === method) ? method : null;
  }
  return OF_PICTURES.includes(method) ? ofPictures(method, setup) : null;
}

/** Whether all of these are there without a training: to look at some of them beside others that are untrained would be no comparison. */
export function areThere(choices: readonly PanelChoice[], setup: Setup): boolean {
  return choices.every((one) => methodOf(one.method).group === msg("Truth") || shippedFor(one, setup) !== null);
}

/** Those are looked at whenever they are chosen; the first view's only at first. */
export function isShippedPicture(choice: PanelChoice, setup: Setup): boolean {
  return shippedFor(choice, setup) !== null && SIDES_OF[setup.data] !== undefined;
}

function ofPictures(method: MethodId, setup: Setup): string | null {
  const { data } = setup;
  const alike: Setup = { ...DEFAULT_SETUP, data, network: "u-net", side: setup.side };
  // Only drawn digits have sides to choose among.
  const side = SIDES_OF[data]?.find((one) => data !== "drawn-digits" || one === setup.side);
  return side === undefined || !isSameButSampler(setup, alike) ? null : `${data}-${side}.${method}`;
}
