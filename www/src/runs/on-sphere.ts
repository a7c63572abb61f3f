// What is asked of a run all over a sphere.
import type { Run } from "../library";
import type { FieldSlices } from "../stage/frame";
import { spiralOfPoints, WHOLE_SPHERE } from "../stage/space/grid";

export { cellsOnSphere } from "../stage/space/grid";

const ARROWS_ON_SPHERE = 420;

export async function fieldOnSphere(run: Pick<Run, "velocity">, times: readonly number[]): Promise<FieldSlices> {
  const at = spiralOfPoints(ARROWS_ON_SPHERE);
  const velocity = new Float32Array(times.length * at.length);
  for (const [k, t] of times.entries()) velocity.set(await run.velocity(at, t), k * at.length);
  return { size: ARROWS_ON_SPHERE, box: WHOLE_SPHERE, times, velocity, divergence: null, at };
}
