import { numCurves } from "../frame";
import { curveVertices } from "./curves";
import type { Layer } from "./layer";

/** The curves training is made of: flow matching's conditional paths; for a normalizing flow, trajectories from data. */
export const paths: Layer = ({ picture, projection }) => {
  if (picture.paths === null) return [];
  const vertices = curveVertices(picture.paths, numCurves(picture.paths), projection);
  const numVertices = picture.paths.times.length;
  return [{ kind: "lines", vertices, numVertices, width: 1.2, dash: [3, 3], role: "path", opacity: 0.75 }];
};
