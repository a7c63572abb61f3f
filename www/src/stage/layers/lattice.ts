import { positionsAt } from "../frame";
import { projectAll, squareAt } from "../projection";
import { mended } from "./curves";
import type { Layer } from "./layer";

/** The lines of a grid that the flow carries along: where they crowd the density rises. */
export const lattice: Layer = ({ picture, projection, t }) => {
  if (picture.lattice === null) return [];
  const { curves, perLine } = picture.lattice;
  const vertices = mended(projectAll(positionsAt(curves, t), t, projection), perLine);
  const clip = squareAt(projection, t);
  return [
    { kind: "lines", vertices, numVertices: perLine, width: 0.9, dash: [], role: "lattice", opacity: 0.75, clip },
  ];
};
