import type { Curves, Picture } from "../frame";
import type { Mark } from "../marks";
import { turning } from "../turning";
import { curveVertices, segmentsOf } from "./curves";
import type { Frame, Layer } from "./layer";

const NUM_TRAJECTORIES = 48;
/** Shades that are told apart: each is a mark of its own. */
export const TRAJECTORY_SHADES = 12;
export const TRAJECTORY_OPACITY = { plain: 0.38, time: 0.7, curvature: 0.7 } as const;

/** How many particles are followed; where pictures are on their way, those. */
export function numFollowed({ pictures }: Picture): number {
  return pictures?.n ?? NUM_TRAJECTORIES;
}

/** Solution curves of the learned velocity field, whole. */
export const trajectories: Layer = (frame) => {
  const { picture, projection, options } = frame;
  if (picture.generated === null) return [];
  const vertices = curveVertices(picture.generated, numFollowed(picture), projection);
  const numVertices = picture.generated.times.length;
  if (options.trajectoryColor === "plain") {
    return [
      {
        kind: "lines",
        vertices,
        numVertices,
        width: 1,
        dash: [],
        role: "trajectory",
        opacity: TRAJECTORY_OPACITY.plain,
      },
    ];
  }
  return shaded(frame, picture.generated, vertices, options.trajectoryColor);
};

function shaded(frame: Frame, curves: Curves, vertices: Float32Array, color: "time" | "curvature"): Mark[] {
  const shadeOf = color === "time" ? shadeOfTime(curves) : shadeOfTurning(frame, curves);
  return Array.from({ length: TRAJECTORY_SHADES }, (_, shade): Mark => {
    const segments = segmentsOf(vertices, curves.times.length, (i, k) => shadeOf(i, k) === shade);
    const lines = { kind: "lines", vertices: segments, numVertices: 2, width: 1.2, dash: [] } as const;
    return { ...lines, role: color, shade: shade / (TRAJECTORY_SHADES - 1), opacity: TRAJECTORY_OPACITY[color] };
  }).filter((mark) => mark.kind === "lines" && mark.vertices.length > 0);
}

type ShadeOf = (i: number, k: number) => number;

/** Where a segment stands in time. */
function shadeOfTime({ times }: Curves): ShadeOf {
  return (_, k) => nearestShade(((times[k] ?? 0) + (times[k + 1] ?? 0)) / 2);
}

function shadeOfTurning({ picture, projection }: Frame, curves: Curves): ShadeOf {
  const turnings = turning(curves, numFollowed(picture), projection.box);
  return (i, k) => nearestShade(turnings[i * (curves.times.length - 1) + k] ?? 0);
}

function nearestShade(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * (TRAJECTORY_SHADES - 1));
}
