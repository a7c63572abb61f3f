import { onScreen } from "../field";
import { bracket, type Curves, type Inspection, numCurves } from "../frame";
import type { Mark } from "../marks";
import { type Projection, projectAll } from "../projection";
import { quantileOfSizes } from "../quantile";
import { curveVertices } from "./curves";
import type { Layer } from "./layer";

/** In one square for all times it is seen only about its own. */
const SEEN_WITHIN = 0.02;
/** of the square's side: how long the arrow of a fast velocity is, and the longest */
const FAST_ARROW = 0.2;
const LONGEST_ARROW = 0.36;
/** The conditional velocities scatter widely about their mean, which would be too short to be read if all had room. */
const NOT_FASTER = 0.5;

/** Paper around the arrows that matter, which lie over a cloud of the same color. */
const SURROUND = { width: 6, role: "glyph", shade: 0, opacity: 0.85 } as const;

type Vector = readonly [number, number];

/**
 * What the inspector found, at its own time: the conditional velocities through one point, their mean, and the learned
 * velocity, which should be that mean.
 */
export const inspection: Layer = ({ picture: { inspection: found }, projection, t }) => {
  if (found === null || (projection.kind === "square" && Math.abs(t - found.t) > SEEN_WITHIN)) return [];
  const at = projectAll(Float64Array.from(found.at), found.t, projection);
  if (!at.every(Number.isFinite)) return [];
  // Where x is seen against t, time goes by at a speed of 1.
  const drawn = ([x, y]: Vector): Vector => (projection.kind === "line" ? [1, y] : [x, y]);
  const conditional = found.paths === null ? [] : velocitiesAt(found.paths, found.t).map(drawn);
  const velocity = drawn(found.velocity);
  const mean = found.mean === null ? [] : [drawn(found.mean)];
  const known = [velocity, ...mean];
  const toScreen = arrowScale(known, conditional, projection);
  const arrows = (velocities: readonly Vector[]) => {
    const vectors = velocities.map(toScreen).filter((vector) => vector.every(Number.isFinite));
    return { kind: "arrows", vectors: Float32Array.from(vectors.flatMap((vector) => [...at, ...vector])) } as const;
  };
  const thin = { width: 1, head: 4, role: "path", opacity: 0.6 } as const;
  const thick = { width: 3, head: 10, opacity: 1 } as const;
  return [
    ...conditionalPaths(found, projection),
    { ...arrows(conditional), ...thin },
    { ...arrows(known), ...thick, ...SURROUND },
    { ...arrows(mean), ...thick, role: "path" },
    { ...arrows([velocity]), ...thick, role: "generated" },
    { kind: "dots", at, radius: 4.5, hollow: true, role: "generated", opacity: 1 },
  ];
};

function conditionalPaths({ paths }: Inspection, projection: Projection): Mark[] {
  if (paths === null) return [];
  const vertices = curveVertices(paths, numCurves(paths), projection);
  const numVertices = paths.times.length;
  return [{ kind: "lines", vertices, numVertices, width: 1, dash: [2, 3], role: "path", opacity: 0.45 }];
}

/** Velocities to pixels, one scale for all; the few that would be too long to be read keep their direction alone. */
function arrowScale(
  known: readonly Vector[],
  conditional: readonly Vector[],
  { box, side }: Projection,
): (velocity: Vector) => Vector {
  const speedOf = (velocity: Vector) => Math.hypot(...onScreen(box, ...velocity));
  const fast = Math.max(quantileOfSizes(known.map(speedOf), 1), quantileOfSizes(conditional.map(speedOf), NOT_FASTER));
  return (velocity) => {
    const length = Math.min(FAST_ARROW * side, (LONGEST_ARROW * side * fast) / speedOf(velocity)) / (fast || 1);
    const [dx, dy] = onScreen(box, ...velocity);
    return [dx * length, dy * length];
  };
}

/** How fast, and where to, each curve moves at time t. */
function velocitiesAt({ times, positions }: Curves, t: number): Vector[] {
  const n = positions.length / (2 * times.length);
  const { before } = bracket(times, t);
  const elapsed = (times[before + 1] ?? 0) - (times[before] ?? 0);
  const moved = (at: number) => ((positions[at + 2 * n] ?? 0) - (positions[at] ?? 0)) / elapsed;
  return Array.from({ length: n }, (_, i) => {
    const at = 2 * (before * n + i);
    return [moved(at), moved(at + 1)];
  });
}
