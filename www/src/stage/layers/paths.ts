import { numCurves } from "../frame";
import { curveVertices, stateAt } from "./curves";
import type { Layer } from "./layer";

/** How much is seen of them where pictures are to be seen. */
const BESIDE_PICTURES = 0.35;

/**
 * The curves training is made of: flow matching's conditional paths; for a normalizing flow, trajectories from data.
 * A ring at each end says who is paired with whom, filled for data and hollow for noise.
 */
export const paths: Layer = ({ picture: { paths, pictures }, projection }) => {
  if (paths === null) return [];
  const share = pictures === null ? 1 : BESIDE_PICTURES;
  const n = numCurves(paths);
  const numVertices = paths.times.length;
  const vertices = curveVertices(paths, n, projection);
  const latest = paths.times.indexOf(Math.max(...paths.times));
  const earliest = paths.times.indexOf(Math.min(...paths.times));
  const end = { kind: "dots", radius: 2.8, role: "path", opacity: 0.9 * share } as const;
  return [
    { kind: "lines", vertices, numVertices, width: 1.2, dash: [3, 3], role: "path", opacity: 0.75 * share },
    { ...end, at: stateAt(paths, earliest, n, projection), hollow: false },
    { ...end, at: stateAt(paths, latest, n, projection), hollow: true },
  ];
};
