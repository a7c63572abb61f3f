import { stateAt } from "./curves";
import type { Layer } from "./layer";

export const STATES_FOLLOWED = 16;

/** The solver's own states: four Euler steps look like four Euler steps. */
export const states: Layer = ({ picture: { generated }, projection }) => {
  if (generated === null) return [];
  const shown = generated.times.map((_, k) => stateAt(generated, k, STATES_FOLLOWED, projection));
  const at = Float32Array.from(shown.flatMap((points) => [...points]));
  return [{ kind: "diamonds", at, radius: 2.6, role: "ink", opacity: 0.75 }];
};
