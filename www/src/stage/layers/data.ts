import { projectPoints } from "../projection";
import { type Layer, visibilityOfEnd } from "./layer";

/** Points of P, at the end t = 0. */
export const data: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.data === null) return [];
  const at = projectPoints(picture.data, 0, projection);
  return [{ kind: "dots", at, radius: 1.6, hollow: false, role: "data", opacity: 0.62 * visibilityOfEnd(0, frame) }];
};
