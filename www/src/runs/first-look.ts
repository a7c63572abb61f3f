// What a panel is first seen with: few points, soon.
import { shapeOf } from "../experiment/pictures";
import { isStochastic, type Sampler } from "../experiment/samplers";
import type { Run, Trajectories } from "../library";

/** few, so that there is something to see at once; more follow */
const NUM_FIRST_PARTICLES = 256;
/** As many as are shown as such: a network of pictures takes as long for one. */
const NUM_FIRST_PICTURES = 16;

export function numFirst(dim: number, sampler: Sampler, particles: number): number {
  // Of fewer points an SDE's paths would be others.
  if (isStochastic(sampler)) return particles;
  return Math.min(particles, shapeOf(dim) === null ? NUM_FIRST_PARTICLES : NUM_FIRST_PICTURES);
}

/**
 * The points at both ends, and the way between them that is asked for: together, so that the engine goes on while the page finds
 * the plane of the data, which are `seen` first.
 */
export async function endsAndWay(
  run: Pick<Run, "data" | "labelled" | "noise">,
  { n, isLabelled }: { n: number; isLabelled: boolean },
  way: Promise<Trajectories[]>,
  seen: (data: Float64Array) => void,
) {
  const data = isLabelled ? run.labelled(n) : run.data(n).then((points) => ({ points, labels: null }));
  const known = data.then(({ points, labels }) => {
    seen(points);
    // A class may be told of data that have had some, and of which these have none.
    return labels?.length ? labels : null;
  });
  const [labels, noise, blocks] = await Promise.all([known, run.noise(n), way]);
  return { labels, noise, blocks };
}
