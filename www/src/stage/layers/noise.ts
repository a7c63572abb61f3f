import { projectPoints } from "../projection";
import { histogram } from "./histogram";
import { type Layer, visibilityAt } from "./layer";

/** Points of Q, at the end t = 1; hollow. On a line, counted. */
export const noise: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.noise === null) return [];
  if (projection.kind === "line")
    return histogram(picture.noise, frame, { t: 1, way: "right", look: { role: "noise" } });
  const at = projectPoints(picture.noise, 1, projection);
  return [{ kind: "dots", at, radius: 2, hollow: true, role: "noise", opacity: 0.7 * visibilityAt(1, frame) }];
};
