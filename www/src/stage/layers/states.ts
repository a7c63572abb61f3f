import { curveVertices } from "./curves";
import type { Layer } from "./layer";

const NUM_FOLLOWED = 16;

/** The solver's own states: four Euler steps look like four Euler steps. */
export const states: Layer = ({ picture, projection }) => {
  if (picture.generated === null) return [];
  const at = curveVertices(picture.generated, NUM_FOLLOWED, projection);
  return [{ kind: "diamonds", at, radius: 2.6, role: "ink", opacity: 0.75 }];
};
