import { curveVertices, firstCurves, segment } from "./curves";
import type { Layer } from "./layer";
import { lookOfSamples } from "./samples";
import { numFollowed } from "./trajectories";

export const TAIL_OF_TIME = 0.12;
export const TAIL_VERTICES = 7;

/** The stretch that the followed particles have just come along from the noise, so that a still picture moves too. */
export const tails: Layer = ({ picture, projection, t }) => {
  if (picture.generated === null || t >= 1) return [];
  const followed = firstCurves(picture.generated, numFollowed(picture));
  const recent = segment(followed, [t, Math.min(1, t + TAIL_OF_TIME)], TAIL_VERTICES);
  const vertices = curveVertices(recent, numFollowed(picture), projection);
  const { role, shade } = lookOfSamples(picture);
  return [
    {
      kind: "lines",
      vertices,
      numVertices: TAIL_VERTICES,
      width: 1.6,
      dash: [],
      role,
      opacity: 0.8,
      ...(shade !== undefined && { shade }),
    },
  ];
};
