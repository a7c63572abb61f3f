import { projectPoints } from "../projection";
import { type Layer, visibilityOfEnd } from "./layer";

/** Points of Q, at the end t = 1; hollow. */
export const noise: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.noise === null) return [];
  const at = projectPoints(picture.noise, 1, projection);
  return [{ kind: "dots", at, radius: 2, hollow: true, role: "noise", opacity: 0.7 * visibilityOfEnd(1, frame) }];
};
