import { positionsAt } from "../frame";
import { projectPoints } from "../projection";
import type { Layer } from "./layer";

/** The generated cloud on its way: at t = 1 it is noise, at t = 0 it should be the data. */
export const samples: Layer = ({ picture, projection, t }) => {
  if (picture.generated === null) return [];
  const at = projectPoints(positionsAt(picture.generated, t), t, projection);
  return [{ kind: "dots", at, radius: 1.9, hollow: false, role: "generated", opacity: 0.85 }];
};
