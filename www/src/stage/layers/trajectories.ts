import { curveVertices } from "./curves";
import type { Layer } from "./layer";

export const NUM_TRAJECTORIES = 48;

/** Solution curves of the learned velocity field, whole. */
export const trajectories: Layer = ({ picture, projection }) => {
  if (picture.generated === null) return [];
  const vertices = curveVertices(picture.generated, NUM_TRAJECTORIES, projection);
  const numVertices = picture.generated.times.length;
  return [{ kind: "lines", vertices, numVertices, width: 1, dash: [], role: "trajectory", opacity: 0.38 }];
};
