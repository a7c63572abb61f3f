// The small pictures of what is on a torus or a sphere.
import { uniforms } from "../experiment/pictures";
import type { Engine } from "../library";
import type { Box } from "../stage/frame";
import type { Space } from "../stage/space/space";
import { SPACE_SCALES, viewBox } from "../stage/view";

/** Of a torus its square; of a sphere the half that is seen with longitude and latitude 0 in the middle. */
export function flattened(points: Float64Array, space: Space): Float64Array {
  return space === "torus" ? points : points.filter((_, i) => i % 3 > 0 && (points[i - (i % 3)] ?? 0) > 0);
}

export function boxOf(space: Space): Box {
  return viewBox([0, 0], [SPACE_SCALES[space], SPACE_SCALES[space]]);
}

/** As wide as usual. */
const WRAPPED = 0.8;

/** Noise on a space is no distribution by itself: here it is that on a torus. */
export async function noiseThumbnails(engine: Engine, count: number) {
  const normal = await engine.samplePoints("gaussian", count);
  const box = boxOf("torus");
  return [
    { kind: "uniform", points: spread(count), box },
    { kind: "wrapped-gaussian", points: normal.map((value) => WRAPPED * value), box },
  ] as const;
}

function spread(count: number): Float64Array {
  const uniform = uniforms();
  return Float64Array.from({ length: 2 * count }, () => Math.PI * (2 * uniform() - 1));
}
